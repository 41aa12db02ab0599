#include "lib/err.h"
#include "lib/plan.h"
#include "lib/text.h"
#include "ns/spec_help.h"
#include "ns/sysctl.h"
#include "oci/spec.h"

#include <sched.h>
#include <string.h>

/* Which namespace a parameter belongs to; a name that ends in '/' stands for all below it. */
static const struct {
	const char *file, *namespace;
	int flag;
} owners[] = {
	{"kernel/msgmax", "ipc", CLONE_NEWIPC}, {"kernel/msgmnb", "ipc", CLONE_NEWIPC},
	{"kernel/msgmni", "ipc", CLONE_NEWIPC}, {"kernel/sem", "ipc", CLONE_NEWIPC},
	{"kernel/shmall", "ipc", CLONE_NEWIPC}, {"kernel/shmmax", "ipc", CLONE_NEWIPC},
	{"kernel/shmmni", "ipc", CLONE_NEWIPC}, {"kernel/shm_rmid_forced", "ipc", CLONE_NEWIPC},
	{"fs/mqueue/", "ipc", CLONE_NEWIPC},    {"net/", "network", CLONE_NEWNET},
	{"user/", "user", CLONE_NEWUSER},       {"kernel/domainname", "uts", CLONE_NEWUTS},
};

/* sysctl.d(5): the first separator decides; "net.ipv4.conf.eth0/100.x" is eth0.100. */
static char *file_of(struct plan *plan, const char *name)
{
	char *file = arena_printf(&plan->arena, "sys/%s", name);
	const char *first = strpbrk(name, "./");

	if (!first || *first == '/')
		return file;
	for (char *at = file + strlen("sys/"); *at; at++)
		*at = *at == '.' ? '/' : *at == '/' ? '.' : *at;
	return file;
}

static bool owned_by(const char *owner, const char *file)
{
	return ends_with(owner, "/") ? starts_with(file, owner) : strcmp(owner, file) == 0;
}

/* Return: the flag of the container's own namespace that has it; 0: none of its own. */
static int own_namespace(const struct oci_spec *spec, const char *file)
{
	for (size_t i = 0; i < ARRAY_SIZE(owners); i++)
		if (owned_by(owners[i].file, file))
			return spec_namespace(spec, owners[i].namespace) ? owners[i].flag : 0;
	return 0;
}

static int plan_one(struct plan *plan, const struct oci_spec *spec, const struct oci_pair *pair,
		    struct err *err)
{
	char *file = file_of(plan, pair->name);
	int flag = own_namespace(spec, file + strlen("sys/"));
	struct sysctl_step *step;

	if (strcmp(file, "sys/kernel/hostname") == 0)
		return err_plain(err, -EINVAL, "linux.sysctl[\"%s\"]: is set by hostname",
				 pair->name);
	if (strstr(file, "..") || !flag)
		return err_wrong(err, "set it on the host: it is the same for all containers",
				 "sysctl %s is not in a separate kernel namespace", pair->name);
	step = plan_step(plan, &sysctl_kind, STEP_ENTER, sizeof(*step),
			 plan_origin(plan, "linux.sysctl.%s", pair->name));
	step->file = file;
	step->value = pair->value;
	step->flag = flag;
	plan->procfs = true;
	return 0;
}

int sysctl_plan(struct plan *plan, const struct oci_spec *spec, struct err *err)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < spec->linux.sysctl.count; i++)
		r = plan_one(plan, spec, &spec->linux.sysctl.items[i], err);
	return r;
}
