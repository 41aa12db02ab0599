#include "runtime/unplanned.h"

#include "lib/plan.h"
#include "oci/spec.h"

static void note(struct plan *plan, bool asked, const char *what, const char *path)
{
	if (asked)
		plan_missing(plan, what, plan_origin(plan, "%s", path),
			     "%s is not supported by this version", path);
}

static void note_process(struct plan *plan, const struct oci_process *process)
{
	note(plan, process->apparmor_profile, "apparmor", "process.apparmorProfile");
	note(plan, process->selinux_label, "selinux", "process.selinuxLabel");
	note(plan, process->scheduler, "scheduler", "process.scheduler");
	note(plan, process->io_priority.set, "ioPriority", "process.ioPriority");
}

int unplanned_check(struct plan *plan, const struct oci_spec *spec, struct err *err)
{
	const struct oci_linux *linux = &spec->linux;

	if (spec->process)
		note_process(plan, spec->process);
	note(plan, linux->time_offsets.monotonic.set || linux->time_offsets.boottime.set, "time",
	     "linux.timeOffsets");
	note(plan, linux->net_devices.count > 0, "netDevices", "linux.netDevices");
	note(plan, linux->mount_label, "selinux", "linux.mountLabel");
	note(plan, linux->intel_rdt, "intelRdt", "linux.intelRdt");
	note(plan, linux->memory_policy.mode, "memoryPolicy", "linux.memoryPolicy");
	note(plan, linux->personality.domain, "personality", "linux.personality");
	return 0;
}
