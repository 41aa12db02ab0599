/* process.json of exec: whatever passes the checks can be planned, described and written. */

#include "tests/fuzz/fuzz.h"

#include "runtime/plan.h"

static int plan_it(const struct oci_process *process)
{
	const struct plan_request request = {.id = "fuzz", .bundle = "/bundle"};
	cleanup_(plan_free) struct plan plan = {};
	struct oci_spec spec = {};
	struct err err = {};

	if (plan_make_exec(&plan, &spec, process, &fuzz_host, &request, &err) < 0)
		return require(*err.what);
	fuzz_describe(&plan);
	return 0;
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	cleanup_(arena_free) struct arena arena = {};
	struct oci_process process;
	struct err err = {};

	if (oci_process_read(&arena, "input", (const char *)data, size, &process, &err) < 0 ||
	    oci_process_check(&process, &err) < 0)
		return require(*err.what);
	return plan_it(&process);
}
