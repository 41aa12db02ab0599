#include "lib/arena.h"
#include "oci/spec.h"
#include "seccomp/explain.h"
#include "seccomp/filter.h"

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A config.json whose profile is made, compiled and asked about. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint64_t args[FILTER_ARGS] = {1, 2, 3, 4, 5, 6};
	cleanup_(arena_free) struct arena arena = {};
	struct oci_spec spec;
	struct profile profile;
	struct program program;

	if (oci_spec_read(&arena, "config.json", (const char *)data, size, &spec, NULL) < 0 ||
	    !spec.linux.seccomp || profile_make(&arena, spec.linux.seccomp, &profile, NULL) < 0)
		return 0;
	(void)profile_key(&arena, "host", &profile);
	for (int number = 0; number < 500; number += 7)
		(void)explain_call(&profile, number, args);
	(void)filter_compile(&arena, &profile, &program, NULL);
	return 0;
}
