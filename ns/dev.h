#pragma once

#include "lib/step.h"
#include "ns/target.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct err;
struct oci_spec;
struct plan;
struct run;

/*
 * Device nodes. Where mknod(2) is ours to call, a node is made in the container's /dev; in a user
 * namespace the host's node is bound over an empty file. Devices that a Proxmox config passes
 * through get an owner of their own, so they are made anew on a small tmpfs of the host's.
 *
 *	dev.source   PREPARE* the host's node as a detached mount
 *	dev.node     PREPARE  a passed-through node on the tmpfs, which the first of them makes
 *	dev.stage    ENTER    such a node as a detached mount; its tmpfs joins the mount namespace
 *	                      for that, where the kernel asks for it
 *	dev          ENTER    the node in its place
 *	dev.links    ENTER    fd, stdin, stdout, stderr, ptmx
 *	dev.readonly ENTER    /dev itself, where its mount asks for that
 *
 * (*) or what plan_source_stage() says
 */
struct dev_step {
	struct step step;
	const char *path; /* in the container */
	struct target target;
	const char *source; /* on the host      */
	mode_t mode;        /* with the type: S_IFCHR | 0666 */
	unsigned int major, minor;
	uint32_t uid, gid; /* the container's; of dev.node the host's */
	enum dev_how { DEV_MAKE, DEV_BIND, DEV_BIND_STAGED } how;
	int slot;       /* the detached node */
	int stage_slot; /* the tmpfs         */
	char name[12];  /* on the tmpfs      */
};

extern const struct step_kind dev_source_kind, dev_node_kind, dev_stage_kind, dev_kind,
	dev_links_kind, dev_readonly_kind;

/**
 * dev_plan() - all of a container's device nodes and links; after mount_plan()
 *
 * A /dev that is a bind is somebody's finished one: only passed-through nodes are added.
 */
int dev_plan(struct plan *plan, const struct oci_spec *spec, struct err *err);

int dev_source_apply(const struct step *step, struct run *run, struct err *err);
int dev_node_apply(const struct step *step, struct run *run, struct err *err);
int dev_stage_apply(const struct step *step, struct run *run, struct err *err);
int dev_apply(const struct step *step, struct run *run, struct err *err);
/** dev_revert() - take the node from a running container. Context: its root, in its namespaces. */
int dev_revert(const struct step *step, struct run *run, struct err *err);
int dev_links_apply(const struct step *step, struct run *run, struct err *err);
int dev_readonly_apply(const struct step *step, struct run *run, struct err *err);
int dev_observe(const struct step *step, struct run *run, struct observation *seen,
		struct err *err);
int dev_links_observe(const struct step *step, struct run *run, struct observation *seen,
		      struct err *err);

/** dev_same() - are both about one node of the container? For steps of one kind. */
bool dev_same(const struct step *one, const struct step *other);

/** struct dev_link - a symbolic link of /dev; the list ends with a NULL name */
extern const struct dev_link {
	const char *name;
	const char *to;
} dev_links[];

/** dev_open_host() - the host's node at @path, detached, if it is that device. */
int dev_open_host(const char *path, mode_t type, unsigned int major, unsigned int minor,
		  uint64_t attributes, struct err *err);
