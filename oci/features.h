#pragma once

/* The newest runtime-spec that all of this knows. */
#define OCI_VERSION_NEWEST "1.3.0"

#include <stdbool.h>

/*
 * runtime-spec, features.md and features-linux.md: what this program knows, whatever the host can
 * do. Lists end with NULL; what other folders' tables hold comes from the caller.
 */
struct oci_features {
	const char *const *mount_options;
	const char *const *capabilities;
	/* Whether this version acts on them: */
	bool seccomp, apparmor, selinux, intel_rdt, net_devices, memory_policy;
	bool cgroup_systemd;
	bool checkpoint;
	const char *version; /* of this program, as an annotation */
};

/** oci_features_write() - the document `pctrun features` prints; the caller frees it. */
char *oci_features_write(const struct oci_features *features);
