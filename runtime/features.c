#include "runtime/features.h"

#include "lib/arena.h"
#include "ns/cred.h"
#include "ns/mount.h"
#include "oci/features.h"

static const char *cap_word(size_t index)
{
	return cap_name((unsigned int)index);
}

/* What @word says for 0, 1 ..., as a list that ends with NULL. */
static const char *const *list_of(struct arena *arena, const char *(*word)(size_t index))
{
	const char **list;
	size_t count = 0;

	while (word(count))
		count++;
	list = arena_array(arena, count + 1, sizeof(*list));
	for (size_t i = 0; i < count; i++)
		list[i] = word(i);
	return list;
}

char *features_text(void)
{
	cleanup_(arena_free) struct arena arena = {};
	const struct oci_features features = {
		.mount_options = list_of(&arena, mount_opts_word),
		.capabilities = list_of(&arena, cap_word),
		.cgroup_systemd = true,
		.checkpoint = true,
		.seccomp = true,
		.apparmor = true,
		.selinux = true,
		.intel_rdt = true,
		.memory_policy = true,
		.net_devices = true,
		.version = PCTRUN_VERSION,
	};

	return oci_features_write(&features);
}
