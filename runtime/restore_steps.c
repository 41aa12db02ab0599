#include "runtime/restore_steps.h"

#include "cgroup/cgroup.h"
#include "cgroup/rdt.h"
#include "cgroup/scope.h"
#include "lib/err.h"
#include "ns/idmap.h"
#include "ns/mount.h"
#include "ns/root.h"
#include "runtime/creation.h"
#include "seccomp/filter.h"

/*
 * Maps of mounts are read from a user namespace: CRIU makes the container's own later, from the
 * images, and another one with the same maps does as well.
 */
static int make_user_namespace(const struct step *step, struct creation *creation, struct err *err)
{
	const struct idmap_step *idmap = container_of(step, struct idmap_step, step);
	int fd = userns_fd_for(&idmap->uid, &idmap->gid, err);

	creation->run.userns_fd = fd;
	return fd < 0 ? fd : 0;
}

static int pass_over(const struct step *step, struct creation *creation, struct err *err)
{
	return 0;
}

static int apply(const struct step *step, struct creation *creation, struct err *err)
{
	return step_apply(step, &creation->run, err);
}

/* Of a stage most steps are done, or most are not; these are the others. */
struct exception {
	const struct step_kind *kind;
	int (*act)(const struct step *step, struct creation *creation, struct err *err);
};

/* A process brings its filter along. */
static const struct exception before[] = {
	{&filter_program_kind, pass_over}, {&listener_kind, pass_over}, {}};

static const struct exception maps[] = {{&idmap_kind, make_user_namespace},
					{&mount_idmap_kind, apply},
					{&root_idmap_kind, apply},
					{}};

static const struct exception attached[] = {{&cgroup_keeper_kind, apply},
					    {&cgroup_limit_kind, apply},
					    {&cgroup_properties_kind, apply},
					    {&rdt_task_kind, apply},
					    {}};

static int do_stage(struct creation *creation, enum step_stage stage,
		    const struct exception *exceptions,
		    int (*usual)(const struct step *, struct creation *, struct err *),
		    struct err *err)
{
	int r = 0;

	for (const struct step *step = creation->plan.first[stage]; r == 0 && step;
	     step = step->next) {
		const struct exception *exception = exceptions;

		while (exception->kind && exception->kind != step->kind)
			exception++;
		r = (exception->kind ? exception->act : usual)(step, creation, err);
	}
	return r;
}

int restore_prepare(struct creation *creation, struct err *err)
{
	int r = do_stage(creation, STEP_PREPARE, before, apply, err);

	return r < 0 ? r : do_stage(creation, STEP_MAP, maps, pass_over, err);
}

bool restore_group(const struct plan *plan, gid_t *group)
{
	step_each (step, plan, STEP_MAP)
		if (step->kind == &idmap_kind)
			return idmap_outside(&container_of(step, struct idmap_step, step)->gid, 0,
					     group);
	return false;
}

int restore_attach(struct creation *creation, struct err *err)
{
	int r = do_stage(creation, STEP_MAP, attached, pass_over, err);

	return r < 0 ? r : do_stage(creation, STEP_ATTACH, attached, pass_over, err);
}
