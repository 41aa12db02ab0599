#include "debug/probe.h"

#include "debug/probe_parts.h"

#include "lib/err.h"
#include "net/rate.h"

static const struct probe probes[] = {
	{"user-namespace", "unprivileged containers", probe_userns},
	{"controllers", "limits", probe_controllers},
	{"cgroup", "limits and freezing", probe_delegation},
	{"device-filter", "which devices a container may use", probe_bpf},
	{"seccomp-notify", "system calls that a program on the host answers", probe_notify},
	{"keys", "session keyrings of unprivileged containers", probe_keys},
	{"inotify", "systemd and file watchers in unprivileged containers", probe_inotify},
	{"rate", "limits of how fast an interface may be", probe_rate, &rate_kind},
	{"apparmor", "the generated profiles", probe_apparmor},
	{"binfmt", "programs of other processors", probe_binfmt},
};

const struct probe *probe_at(size_t index)
{
	return index < ARRAY_SIZE(probes) ? &probes[index] : NULL;
}

int probe_failed(struct text *text, const struct err *err)
{
	char line[1600];

	text_add(text, err_text(err, line, sizeof(line)));
	return -err->num;
}
