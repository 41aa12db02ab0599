#include "runtime/criu_namespaces.h"

#include "lib/err.h"
#include "lib/own.h"
#include "lib/plan.h"
#include "lib/run.h"
#include "net/device.h"
#include "net/net.h"
#include "ns/namespaces.h"
#include "runtime/criu.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* The names are those that other runtimes give them: an image knows nothing else of them. */
static const struct shared {
	const char *file; /* of /proc/PID/ns, and CRIU's word */
	const char *name;
} shared[CRIU_NAMESPACES] = {
	{"net", "extRootNetNS"},
	{"pid", "extRootPidNS"},
};

int criu_namespaces_check(const struct plan *plan, struct err *err)
{
	for (const struct step *step = plan->first[STEP_ATTACH]; step; step = step->next) {
		if (step->kind != &veth_kind && step->kind != &device_kind)
			continue;
		err_plain(err, -ENOTSUP, "CRIU can't take along an interface of the host's");
		err_hint(err, "a network namespace that is joined by path can have some");
		err_origin(err, step->origin);
		return -ENOTSUP;
	}
	return 0;
}

/* Return: CRIU_NAMESPACES where CRIU has no such kind. */
static size_t kind_of(const struct namespace_step *namespace)
{
	size_t i = 0;

	while (i < CRIU_NAMESPACES && strcmp(shared[i].file, namespace->file) != 0)
		i++;
	return i;
}

static int refuse(const struct namespace_step *namespace, struct err *err)
{
	err_plain(err, -ENOTSUP, "CRIU can't leave out a %s namespace that is joined by path",
		  namespace->type);
	err_origin(err, namespace->step.origin);
	return -ENOTSUP;
}

/* Those that are joined by path, by kind; none stays NULL. */
static int find_joined(const struct plan *plan,
		       const struct namespace_step *joined[CRIU_NAMESPACES], struct err *err)
{
	for (const struct step *step = plan->first[STEP_CLONE]; step; step = step->next) {
		const struct namespace_step *namespace =
			container_of(step, struct namespace_step, step);
		size_t kind;

		if (step->kind != &namespace_kind || !namespace->path)
			continue;
		kind = kind_of(namespace);
		if (kind == CRIU_NAMESPACES)
			return refuse(namespace, err);
		joined[kind] = namespace;
	}
	return 0;
}

static int leave(struct criu *criu, const struct shared *kind, const struct run *look,
		 struct err *err)
{
	char path[16], inode[32];
	struct stat st;

	(void)snprintf(path, sizeof(path), "ns/%s", kind->file);
	if (fstatat(look->pid_dir_fd, path, &st, 0) < 0)
		return err_set(err, -errno, "look at /proc/%d/%s", (int)look->pid, path);
	(void)snprintf(inode, sizeof(inode), "%lu", (unsigned long)st.st_ino);
	criu_external(criu, kind->file, inode, kind->name);
	return 0;
}

int criu_namespaces_leave(struct criu *criu, const struct plan *plan, const struct run *look,
			  struct err *err)
{
	const struct namespace_step *joined[CRIU_NAMESPACES] = {};
	int r = find_joined(plan, joined, err);

	for (size_t i = 0; r == 0 && i < CRIU_NAMESPACES; i++)
		if (joined[i])
			r = leave(criu, &shared[i], look, err);
	return r;
}

static int open_joined(const struct namespace_step *namespace, int *fd, struct err *err)
{
	*fd = namespace_open(namespace, err);
	if (*fd < 0)
		err_origin(err, namespace->step.origin);
	return *fd < 0 ? *fd : 0;
}

int criu_namespaces_open(const struct plan *plan, int fds[CRIU_NAMESPACES], struct err *err)
{
	const struct namespace_step *joined[CRIU_NAMESPACES] = {};
	int r = find_joined(plan, joined, err);

	for (size_t i = 0; r == 0 && i < CRIU_NAMESPACES; i++)
		if (joined[i])
			r = open_joined(joined[i], &fds[i], err);
	return r;
}

void criu_namespaces_inherit(struct criu *criu, const int fds[CRIU_NAMESPACES])
{
	for (size_t i = 0; i < CRIU_NAMESPACES; i++)
		if (fds[i] >= 0)
			criu_inherit(criu, shared[i].name, fds[i]);
}
