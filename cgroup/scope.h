#pragma once

#include "cgroup/cgroup.h"

struct limits_request;
struct oci_resources;

/*
 * A container's cgroup as a transient scope of systemd: linux.cgroupsPath is "slice:prefix:name".
 * systemd makes the cgroup and keeps the tree above it; the scope is delegated, so everything in it
 * is done as without systemd, by the files. What systemd has properties for is told to it too: it
 * writes its own values again at every daemon-reload.
 *
 * pctrun-scope talks to systemd (libexec/scope.c). It is the scope's first process: the container's
 * is born into a cgroup that is there. It leaves when that has happened, or when this process ends
 * before.
 */

/** struct scope_property - words as busctl(1) takes them, NULL behind the last */
struct scope_property {
	const char *const *words; /* "MemoryMax", "t", "67108864" */
	struct scope_property *next;
};

/** struct scope - a unit and its properties, in the order in which they are set */
struct scope {
	struct arena *arena; /* of the properties */
	const char *unit;    /* "libpod-1f2e.scope" */
	const char *slice;   /* "machine.slice"     */
	bool user;           /* of the user's manager instead of the system's */
	struct scope_property *first, **end;
};

/** struct cgroup_scope_step - "cgroup.scope": sets what cgroup.create sets */
struct cgroup_scope_step {
	struct step step;
	struct cgroup_place place;
	struct scope scope;
	uint32_t wanted;               /* as struct cgroup_create_step */
	int keeper_slot, process_slot; /* run->slots: its socket, its pidfd */
};

/** struct cgroup_keeper_step - "cgroup.keeper": the scope's first process leaves it */
struct cgroup_keeper_step {
	struct step step;
	const char *unit;
	int keeper_slot, process_slot;
};

/** struct cgroup_properties_step - "cgroup.properties": a running scope's are changed */
struct cgroup_properties_step {
	struct step step;
	struct scope scope;
};

extern const struct step_kind cgroup_scope_kind;
extern const struct step_kind cgroup_keeper_kind;
extern const struct step_kind cgroup_properties_kind;

/**
 * scope_plan() - what cgroup_plan() does, with systemd's scope instead of cgroup.create
 *
 * Without linux.cgroupsPath it is pctrun-ID.scope in system.slice, for an ordinary user in the
 * user.slice of his own manager. Annotations org.systemd.property.NAME, with a value in GVariant's
 * text form, become further properties.
 * Return: 0; -EINVAL for names and values that make no sense.
 */
int scope_plan(struct plan *plan, const struct oci_spec *spec, const char *id, struct err *err);

/** scope_update_plan() - limits_plan() for a running scope; what tells systemd is STEP_ATTACH */
int scope_update_plan(const struct limits_request *request, const char *unit,
		      const struct oci_resources *resources, struct err *err);

/** scope_add() - a property; one of that name that is there is replaced. @values: NULL behind the
 * last; kept, not copied. */
void scope_add(struct scope *scope, const char *name, const char *signature,
	       const char *const *values);
void scope_add_one(struct scope *scope, const char *name, const char *signature, const char *value);

/** scope_add_steps() - the properties that stand for the limits and the device filter of @plan */
void scope_add_steps(struct scope *scope, const struct plan *plan);

/**
 * scope_value_read() - GVariant's text form as busctl's words; pure
 * @text: "uint64 30", "'a b'", "true", "['a.service']", "@as []"
 * @signature, @words: NULL behind the last word; in @arena
 * Return: 0; -EINVAL.
 */
int scope_value_read(struct arena *arena, const char *text, const char **signature,
		     const char *const **words);
