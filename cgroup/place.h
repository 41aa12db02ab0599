#pragma once

#include "cgroup/cgroup.h"

struct json_out;
struct limits_request;
struct oci_spec;
struct run;
struct text;

/* Inside cgroup/: where a cgroup is, and what its kinds of steps do. */

void place_describe(const struct cgroup_place *place, struct text *text);
void place_write(const struct cgroup_place *place, struct json_out *out);

/** place_own() - the directory of the caller's own cgroup, in @arena; NULL: unknown */
const char *place_own(struct arena *arena, const char *mount);

/* An ancestor that cgroup.create made bears this attribute, so that the last container to leave
 * can remove it. cgroup2 has user attributes since Linux 5.7; without them it stays. */
#define CGROUP_MADE_ATTRIBUTE "user.pctrun.made"

/** place_inner() - set @place->inner from the annotation. Return: 0; -EINVAL for no name. */
int place_inner(const struct oci_spec *spec, struct cgroup_place *place, struct err *err);

/** cgroup_contents_plan() - limits, device filter and owner of a cgroup that a step before made */
int cgroup_contents_plan(const struct limits_request *request, const struct oci_spec *spec,
			 uint32_t *needed, struct err *err);

/**
 * cgroup_take() - run's descriptors and paths of a cgroup that is there now
 * @controllers: turned on below it where there is an inner one, as far as that works
 * @keeper: the process that is in it, and has to be in the inner one then; 0: none
 * @cgroup_fd: becomes @run's
 */
int cgroup_take(struct run *run, const struct cgroup_place *place, const char *directory,
		uint32_t controllers, pid_t keeper, int *cgroup_fd, struct err *err);

/** cgroup_kill() - end everything in @directory and wait for that
 * Return: 0, also when it is gone; 1 when its inode is another: a later one, not ours; -EPERM when
 * it is no container's. */
int cgroup_kill(const char *directory, uint64_t inode, struct err *err);

int cgroup_create_apply(const struct step *step, struct run *run, struct err *err);
int cgroup_create_undo(const struct json *record, struct run *run, struct err *err);
int cgroup_create_observe(const struct step *step, struct run *run, struct observation *seen,
			  struct err *err);
int cgroup_owner_apply(const struct step *step, struct run *run, struct err *err);
int cgroup_owner_observe(const struct step *step, struct run *run, struct observation *seen,
			 struct err *err);
int cgroup_scope_apply(const struct step *step, struct run *run, struct err *err);
int cgroup_scope_undo(const struct json *record, struct run *run, struct err *err);
int cgroup_scope_observe(const struct step *step, struct run *run, struct observation *seen,
			 struct err *err);
int cgroup_keeper_apply(const struct step *step, struct run *run, struct err *err);
int cgroup_properties_apply(const struct step *step, struct run *run, struct err *err);
