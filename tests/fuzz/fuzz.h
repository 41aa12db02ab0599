#pragma once

#include "lib/err.h"
#include "lib/host.h"
#include "lib/json.h"
#include "lib/plan.h"
#include "lib/text.h"

/* What the targets share: a condition that must hold, a host to plan for, a plan put into words. */

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static inline int require(bool holds)
{
	if (!holds)
		__builtin_trap();
	return 0;
}

static const struct host fuzz_host = {
	.machine = "x86_64",
	.cgroup_root = "/sys/fs/cgroup",
	.resctrl = "/sys/fs/resctrl",
	.controllers = ~0U,
	.capabilities = ~0ULL,
	.last_cap = 40,
	.initial_userns = true,
	.apparmor = true,
	.selinux = true,
	.numa = true,
	.time_namespace = true,
};

static inline void fuzz_describe_step(const struct step *step, struct json_out *out)
{
	cleanup_(text_free) struct text text = {};

	json_out_object(out, NULL);
	step->kind->describe(step, &text);
	if (step->kind->write)
		step->kind->write(step, out);
	json_out_end(out);
}

static inline void fuzz_describe(const struct plan *plan)
{
	struct json_out *out = json_out_new(false);

	json_out_array(out, NULL);
	for (int stage = 0; stage < STEP_STAGES; stage++)
		step_each (step, plan, stage)
			fuzz_describe_step(step, out);
	json_out_end(out);
	json_out_free(out);
}
