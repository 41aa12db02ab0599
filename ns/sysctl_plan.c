#include "lib/err.h"
#include "lib/plan.h"
#include "lib/text.h"
#include "ns/spec_help.h"
#include "ns/sysctl.h"
#include "oci/spec.h"

#include <string.h>

/* Which namespace a parameter belongs to; a name that ends in '/' stands for all below it. */
static const struct {
	const char *file, *namespace;
} owners[] = {
	{"kernel/msgmax", "ipc"}, {"kernel/msgmnb", "ipc"},
	{"kernel/msgmni", "ipc"}, {"kernel/sem", "ipc"},
	{"kernel/shmall", "ipc"}, {"kernel/shmmax", "ipc"},
	{"kernel/shmmni", "ipc"}, {"kernel/shm_rmid_forced", "ipc"},
	{"fs/mqueue/", "ipc"},    {"net/", "network"},
	{"user/", "user"},        {"kernel/domainname", "uts"},
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

static bool is_own(const struct oci_spec *spec, const char *file)
{
	for (size_t i = 0; i < ARRAY_SIZE(owners); i++)
		if (owned_by(owners[i].file, file))
			return spec_namespace(spec, owners[i].namespace);
	return false;
}

static int plan_one(struct plan *plan, const struct oci_spec *spec, const struct oci_pair *pair,
		    struct err *err)
{
	char *file = file_of(plan, pair->name);
	struct sysctl_step *step;

	if (strcmp(file, "sys/kernel/hostname") == 0)
		return err_plain(err, -EINVAL, "linux.sysctl[\"%s\"]: is set by hostname",
				 pair->name);
	if (strstr(file, "..") || !is_own(spec, file + strlen("sys/")))
		return err_plain(err, -EINVAL, "sysctl %s is not in a separate kernel namespace",
				 pair->name);
	step = plan_step(plan, &sysctl_kind, STEP_ENTER, sizeof(*step),
			 plan_origin(plan, "linux.sysctl.%s", pair->name));
	step->file = file;
	step->value = pair->value;
	return 0;
}

int sysctl_plan(struct plan *plan, const struct oci_spec *spec, struct err *err)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < spec->linux.sysctl.count; i++)
		r = plan_one(plan, spec, &spec->linux.sysctl.items[i], err);
	return r;
}
