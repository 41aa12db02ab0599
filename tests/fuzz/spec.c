/*
 * config.json: whatever is read is written so that it reads as the same document; what passes the
 * checks can be planned, described and written.
 */

#include "tests/fuzz/fuzz.h"

#include "runtime/plan.h"

#include <string.h>

static int plan_it(const struct oci_spec *spec)
{
	const struct plan_request request = {.id = "fuzz", .bundle = "/bundle"};
	cleanup_(plan_free) struct plan plan = {};
	struct err err = {};

	if (plan_make(&plan, spec, &fuzz_host, &request, &err) < 0)
		return require(*err.what);
	fuzz_describe(&plan);
	return 0;
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	cleanup_(arena_free) struct arena arena = {};
	cleanup_free char *once = NULL, *twice = NULL;
	struct err err = {};
	struct oci_spec spec;

	if (oci_spec_read(&arena, "input", (const char *)data, size, &spec, &err) < 0)
		return require(*err.what);
	(void)(oci_spec_check(&spec, &err) < 0 ? require(*err.what) : plan_it(&spec));
	once = oci_spec_write(&spec);
	(void)require(oci_spec_read(&arena, "written", once, strlen(once), &spec, &err) == 0);
	twice = oci_spec_write(&spec);
	return require(strcmp(once, twice) == 0);
}
