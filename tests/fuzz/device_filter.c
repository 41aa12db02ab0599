/* A device filter of whatever bytes: it is run to its end, reading nothing but its own, and what is
 * read back of it as rules agrees with what it says. */

#include "tests/fuzz/fuzz.h"

#include "cgroup/device_filter.h"

#include <linux/bpf.h>
#include <string.h>

enum { INSNS_MAX = 64 }; /* so that rules can be read back in no time */

static void ask(const struct device_filter *filter, const struct device_request *request)
{
	struct device_verdict verdict = {};

	device_program_run(filter->insns, filter->count, request, &verdict);
	require((verdict.answer == DEVICE_UNCLEAR) == (verdict.why != NULL));
	require(verdict.insn <= filter->count);
}

/* A device that a rule names on its own has what the rule says. */
static void check_rule(const struct device_filters *filters, const struct device_rule *rule)
{
	struct device_verdict denial;

	if (rule->major < 0 || rule->minor < 0)
		return;
	require(device_filters_access(filters, rule->type, (unsigned int)rule->major,
				      (unsigned int)rule->minor, &denial) == rule->access);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	cleanup_(arena_free) struct arena arena = {};
	struct device_request request = {.type = 'c'};
	struct device_filter filter = {.id = 1, .name = "fuzz", .cgroup = "/"};
	const struct device_filters filters = {1, &filter};
	struct device_summary summary;
	struct bpf_insn *insns;

	if (size < 3 * sizeof(unsigned int))
		return 0;
	memcpy(&request.major, data, sizeof(request.major));
	memcpy(&request.minor, data + 4, sizeof(request.minor));
	request.access = data[8] & DEVICE_ALL;
	request.type = data[9] & 1 ? 'b' : 'c';
	filter.count = (size - 12) / sizeof(*insns);
	insns = arena_array(&arena, filter.count + 1, sizeof(*insns));
	memcpy(insns, data + 12, filter.count * sizeof(*insns));
	filter.insns = insns;
	ask(&filter, &request);
	if (filter.count > INSNS_MAX)
		return 0;
	device_filters_summary(&arena, &filters, &summary);
	for (size_t i = 0; i < summary.count; i++)
		check_rule(&filters, &summary.rules[i]);
	return 0;
}
