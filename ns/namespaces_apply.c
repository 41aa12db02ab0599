#include "lib/err.h"
#include "lib/explain.h"
#include "lib/json.h"
#include "lib/plan.h"
#include "lib/run.h"
#include "lib/sys.h"
#include "lib/text.h"
#include "ns/namespaces.h"

#include <fcntl.h>
#include <linux/nsfs.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

enum { JOINED_MAX = 8 };

/* The stage has other steps too. */
static const struct namespace_step *namespace_from(const struct step *step)
{
	while (step && step->kind != &namespace_kind)
		step = step->next;
	return step ? container_of(step, struct namespace_step, step) : NULL;
}

#define each_namespace(namespace, plan)                                                            \
	for (const struct namespace_step *namespace = namespace_from((plan)->first[STEP_CLONE]);   \
	     namespace; namespace = namespace_from(namespace->step.next))

uint64_t namespaces_new(const struct plan *plan)
{
	uint64_t flags = 0;

	each_namespace(namespace, plan) flags |=
		namespace->path || namespace->later ? 0 : namespace->flag;
	return flags;
}

bool namespaces_joined(const struct plan *plan)
{
	each_namespace(namespace, plan) if (namespace->path) return true;
	return false;
}

static int no_namespace(const struct namespace_step *namespace, int num, struct err *err)
{
	err_sys(err, -num, "open", "open the %s namespace %s", namespace->type, namespace->path);
	err_origin(err, namespace->step.origin);
	explain_path(err, namespace->path);
	if (num == ENOENT)
		err_hint(err,
			 "make it before (ip netns add, unshare --net=FILE), or leave path out "
			 "for a new one");
	return -num;
}

int namespace_open(const struct namespace_step *namespace, struct err *err)
{
	cleanup_close int fd = open(namespace->path, O_RDONLY | O_CLOEXEC);
	int type;

	if (fd < 0)
		return no_namespace(namespace, errno, err);
	type = ioctl(fd, NS_GET_NSTYPE);
	if (type < 0 || (uint64_t)(unsigned int)type != namespace->flag) {
		err_wrong(err,
			  "name a file below /proc/PID/ns, or one that holds such a "
			  "namespace",
			  "%s is no %s namespace", namespace->path, namespace->type);
		err_origin(err, namespace->step.origin);
		return -EINVAL;
	}
	return take_fd(&fd);
}

static bool is_ours(const struct stat *theirs, const char *file)
{
	struct stat ours;
	char path[64];

	(void)snprintf(path, sizeof(path), "/proc/self/ns/%s", file);
	return stat(path, &ours) == 0 && theirs->st_ino == ours.st_ino;
}

static bool same_as_ours(int fd, const char *file)
{
	struct stat theirs;

	return fstat(fd, &theirs) == 0 && is_ours(&theirs, file);
}

bool namespaces_other_user(const struct plan *plan)
{
	struct stat theirs;

	each_namespace(namespace,
		       plan) if (namespace->flag == CLONE_NEWUSER) return !namespace->path ||
		stat(namespace->path, &theirs) < 0 || !is_ours(&theirs, namespace->file);
	return false;
}

/* One round: what the kernel refuses now may belong to the user namespace that is entered next. */
static int enter_round(const struct namespace_step *const *list, int *fds, size_t count, bool user,
		       bool last, struct err *err)
{
	for (size_t i = 0; i < count; i++) {
		if (fds[i] < 0 || (list[i]->flag == CLONE_NEWUSER) != user)
			continue;
		if (setns(fds[i], (int)list[i]->flag) == 0)
			fds[i] = close_fd(fds[i]);
		else if (last || errno != EPERM)
			return err_set(err, -errno, "join the %s namespace %s", list[i]->type,
				       list[i]->path);
	}
	return 0;
}

/* What belongs to our user namespace can't be entered any more by who has left that. */
static bool can_wait(const struct plan *plan, int fd)
{
	cleanup_close int owner_fd = ioctl(fd, NS_GET_USERNS);

	return !namespaces_other_user(plan) || (owner_fd >= 0 && !same_as_ours(owner_fd, "user"));
}

int namespaces_join(const struct plan *plan, int *cgroup_fd, struct err *err)
{
	const struct namespace_step *list[JOINED_MAX];
	int fds[JOINED_MAX], r = 0;
	size_t count = 0;

	each_namespace(namespace, plan)
	{
		if (!namespace->path || count == JOINED_MAX)
			continue;
		r = namespace_open(namespace, err);
		if (r < 0)
			return r;
		fds[count] = r;
		if (same_as_ours(r, namespace->file))
			fds[count] = close_fd(r); /* the kernel refuses one's own user namespace */
		if (namespace->flag == CLONE_NEWCGROUP && fds[count] >= 0 && can_wait(plan, r))
			*cgroup_fd = take_fd(&fds[count]);
		list[count++] = namespace;
	}
	r = enter_round(list, fds, count, false, false, err);
	if (r == 0)
		r = enter_round(list, fds, count, true, true, err);
	if (r == 0)
		r = enter_round(list, fds, count, false, true, err);
	return r;
}

static void namespace_describe(const struct step *step, struct text *text)
{
	const struct namespace_step *namespace = container_of(step, struct namespace_step, step);

	text_addf(text, "%s %s", namespace->path ? "join" : "new", namespace->type);
	if (namespace->path)
		text_addf(text, " %s", namespace->path);
}

static void namespace_write(const struct step *step, struct json_out *out)
{
	const struct namespace_step *namespace = container_of(step, struct namespace_step, step);

	json_out_string(out, "type", namespace->type);
	if (namespace->path)
		json_out_string(out, "path", namespace->path);
}

static int namespace_observe(const struct step *step, struct run *run, struct observation *seen,
			     struct err *err)
{
	const struct namespace_step *namespace = container_of(step, struct namespace_step, step);
	struct stat theirs, wanted;
	char file[32], ours[64];
	bool same;

	(void)snprintf(file, sizeof(file), "ns/%s", namespace->file);
	(void)snprintf(ours, sizeof(ours), "/proc/self/ns/%s", namespace->file);
	if (fstatat(run->pid_dir_fd, file, &theirs, 0) < 0 ||
	    stat(namespace->path ? namespace->path : ours, &wanted) < 0)
		return observe(seen, OBSERVED_UNSEEN, "%s can't be read", file);
	same = theirs.st_ino == wanted.st_ino;
	return observe(seen, same == (namespace->path != NULL) ? OBSERVED_HOLDS : OBSERVED_DIFFERS,
		       "%s:[%lu]%s", namespace->file, theirs.st_ino,
		       same && !namespace->path ? ", the host's own" : "");
}

const struct step_kind namespace_kind = {
	.name = "namespace",
	.describe = namespace_describe,
	.write = namespace_write,
	.observe = namespace_observe,
};
