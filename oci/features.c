#include "oci/features.h"

#include "lib/json.h"
#include "oci/annotations.h"
#include "oci/words.h"

static const char *const hooks[] = {
	"prestart", "createRuntime", "createContainer", "startContainer", "poststart", "poststop",
	NULL};

/* A name that ends with a dot stands for all that begin with it: features.md. */
static const char *const unsafe_annotations[] = {"org.pctrun.", ANNOTATION_CRIU_CONFIG, NULL};

static void write_list(struct json_out *out, const char *name, const char *const *words)
{
	json_out_array(out, name);
	for (; words && *words; words++)
		json_out_string(out, NULL, *words);
	json_out_end(out);
}

static void write_enabled(struct json_out *out, const char *name, bool enabled)
{
	json_out_object(out, name);
	json_out_bool(out, "enabled", enabled);
	json_out_end(out);
}

static void write_cgroup(struct json_out *out, bool systemd)
{
	json_out_object(out, "cgroup");
	json_out_bool(out, "v1", false);
	json_out_bool(out, "v2", true);
	json_out_bool(out, "systemd", systemd);
	json_out_bool(out, "systemdUser", systemd);
	json_out_bool(out, "rdma", true);
	json_out_end(out);
}

static void write_seccomp(struct json_out *out, bool enabled)
{
	json_out_object(out, "seccomp");
	json_out_bool(out, "enabled", enabled);
	write_list(out, "actions", oci_words_seccomp_action);
	write_list(out, "operators", oci_words_seccomp_operator);
	write_list(out, "archs", oci_words_seccomp_arch);
	write_list(out, "knownFlags", oci_words_seccomp_flag);
	write_list(out, "supportedFlags", oci_words_seccomp_flag);
	json_out_end(out);
}

static void write_intel_rdt(struct json_out *out, bool known)
{
	json_out_object(out, "intelRdt");
	json_out_bool(out, "enabled", known);
	json_out_bool(out, "schemata", known);
	json_out_bool(out, "monitoring", known);
	json_out_end(out);
}

static void write_memory_policy(struct json_out *out, bool known)
{
	json_out_object(out, "memoryPolicy");
	write_list(out, "modes", known ? oci_words_memory_mode : NULL);
	write_list(out, "flags", known ? oci_words_memory_flag : NULL);
	json_out_end(out);
}

static void write_linux(struct json_out *out, const struct oci_features *features)
{
	json_out_object(out, "linux");
	write_list(out, "namespaces", oci_words_namespace);
	write_list(out, "capabilities", features->capabilities);
	write_cgroup(out, features->cgroup_systemd);
	write_seccomp(out, features->seccomp);
	write_enabled(out, "apparmor", features->apparmor);
	write_enabled(out, "selinux", features->selinux);
	write_intel_rdt(out, features->intel_rdt);
	write_memory_policy(out, features->memory_policy);
	json_out_object(out, "mountExtensions");
	write_enabled(out, "idmap", true);
	json_out_end(out);
	write_enabled(out, "netDevices", features->net_devices);
	json_out_end(out);
}

char *oci_features_write(const struct oci_features *features)
{
	struct json_out *out = json_out_new(true);

	json_out_object(out, NULL);
	json_out_string(out, "ociVersionMin", "1.0.0");
	json_out_string(out, "ociVersionMax", OCI_VERSION_NEWEST);
	write_list(out, "hooks", hooks);
	write_list(out, "mountOptions", features->mount_options);
	write_linux(out, features);
	json_out_object(out, "annotations");
	json_out_string(out, "org.pctrun.version", features->version);
	json_out_string(out, "org.opencontainers.runc.checkpoint.enabled",
			features->checkpoint ? "true" : "false");
	json_out_end(out);
	write_list(out, "potentiallyUnsafeConfigAnnotations", unsafe_annotations);
	json_out_end(out);
	return json_out_take(out);
}
