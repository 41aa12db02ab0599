#pragma once

#include "oci/spec.h"

struct json_out;

/* runtime.md, "State"; with the members that engines expect of a runtime's `state` command. */
struct oci_state {
	const char *oci_version;
	const char *id;
	const char *status;  /* "creating" "created" "running" "paused" "stopped" */
	int64_t pid;         /* 0: none */
	const char *bundle;  /* absolute */
	const char *rootfs;  /* absolute */
	const char *created; /* RFC 3339 with nanoseconds, UTC */
	const char *owner;
	struct oci_map annotations;
};

/** oci_state_write() - state.json's text, the caller's to free. */
char *oci_state_write(const struct oci_state *state, bool indented);
void oci_state_put(const struct oci_state *state, struct json_out *out); /* as an array's item */
