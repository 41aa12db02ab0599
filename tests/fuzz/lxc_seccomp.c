#include "pve/lxc/seccomp.h"

#include "lib/err.h"
#include "lib/own.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_rule(const struct oci_seccomp_rule *rule)
{
	if (!rule->names.count || !rule->action || rule->args.count > 6)
		abort();
	for (size_t i = 0; i < rule->args.count; i++)
		if (!rule->args.items[i].op || rule->args.items[i].index > 5)
			abort();
}

/* What is read is whole, and what isn't says why. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = {};
	struct oci_seccomp seccomp = {};
	struct oci_strings notes = {};
	struct err err = {};
	int r = lxc_seccomp_read(&arena, "profile", (const char *)data, size, "x86_64", &seccomp,
				 &notes, &err);

	if ((r < 0) != (err.num != 0) || (r == 0 && !seccomp.default_action))
		abort();
	for (size_t i = 0; i < seccomp.syscalls.count; i++)
		check_rule(&seccomp.syscalls.items[i]);
	arena_free(&arena);
	return 0;
}
