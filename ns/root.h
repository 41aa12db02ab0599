#pragma once

#include "lib/step.h"
#include "ns/mount.h"

#include <stdbool.h>
#include <stdint.h>

struct err;
struct oci_spec;
struct plan;
struct run;

/*
 * The container's root. root.open (at plan_source_stage()) makes it a detached tree; root.idmap
 * (MAP) shows it through the container's id map, where that is asked for; root.attach (ENTER,
 * first) puts it into the container's mount namespace and cuts that off from the host's; root.pivot
 * (ENTER, last) makes it "/" and lets go of everything else.
 */
struct root_step {
	struct step step;
	struct mount_values values; /* of the root's own mount; source: its path on the host */
	bool own_tree;              /* kernel made our mounts slaves: a new user namespace   */
	uint64_t host_propagation;  /* of what is left of the host's tree: MS_SLAVE, MS_PRIVATE */
	uint64_t propagation;       /* of the new "/" at the end; 0: stays as it is          */
	bool propagation_recursive;
	bool readonly;
	bool idmapped; /* of root.pivot: the root is to be seen through an id map */
	bool no_pivot; /* pivot_root(2) is refused or unwanted: chroot(2)       */
};

extern const struct step_kind root_open_kind, root_idmap_kind, root_attach_kind, root_pivot_kind;

/**
 * root_plan() - root.open, root.idmap, root.attach: to be called before all that mounts and
 * after what maps ids
 * @no_pivot: asked for by the caller; an initramfs as the host's root asks for it too
 */
int root_plan(struct plan *plan, const struct oci_spec *spec, const char *bundle, bool no_pivot,
	      struct err *err);

/** root_pivot_plan() - root.pivot: to be called after all that mounts. */
int root_pivot_plan(struct plan *plan, const struct oci_spec *spec, const char *bundle,
		    bool no_pivot, struct err *err);

int root_open_apply(const struct step *step, struct run *run, struct err *err);
int root_idmap_apply(const struct step *step, struct run *run, struct err *err);
int root_attach_apply(const struct step *step, struct run *run, struct err *err);
int root_pivot_apply(const struct step *step, struct run *run, struct err *err);
int root_pivot_observe(const struct step *step, struct run *run, struct observation *seen,
		       struct err *err);
