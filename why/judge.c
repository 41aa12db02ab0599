#include "why/judge.h"

#include "lib/arena.h"
#include "lib/own.h"
#include "lib/text.h"
#include "why/subject.h"

#include <stdarg.h>
#include <stdio.h>

/* As do_sys_openat2(), do_new_mount() and the like go about it, Linux 5.10 to 6.18. */
static const struct {
	const char *name;
	judge_fn *judge;
} layers[] = {
	{"seccomp", judge_seccomp},
	{"call", judge_known},
	{"search", judge_search},
	{"path", judge_path},
	{"kind", judge_kind},
	{"entry", judge_taken},
	{"mount flags", judge_mount_flags},
	{"entry", judge_absent},
	{"id map", judge_ids},
	{"mode", judge_mode},
	{"entry", judge_entry},
	{"sysctl", judge_sysctl},
	{"capability", judge_rights},
	{"namespace", judge_namespaces},
	{"device filter", judge_device},
	{"security module", judge_lsm},
	{"running program", judge_running},
	{"read-only", judge_read_only},
	{"own rule", judge_special},
	{"program", judge_program},
	{"network", judge_network},
	{"rules inside", judge_inside_out},
	{"host rules", judge_host_in},
	{"far firewall", judge_far_firewall_out},
	{"firewall", judge_firewall},
	{"far firewall", judge_far_firewall_in},
	{"bridge", judge_bridge},
	{"host rules", judge_host_out},
	{"rules inside", judge_inside_in},
	{"socket", judge_socket},
	{"cgroup limits", judge_limits},
	{"mask", judge_mask},
};

_Static_assert(ARRAY_SIZE(layers) <= LAYERS_MAX, "room for a finding of each layer");

static __attribute__((format(printf, 3, 0))) void
set_text(const struct subject *subject, const char **to, const char *fmt, va_list args)
{
	struct arena *arena = (struct arena *)&subject->isolation.arena; /* is added to */
	char line[2048];

	(void)vsnprintf(line, sizeof(line), fmt, args);
	*to = arena_strdup(arena, line);
}

void finding_set(struct finding *finding, const struct subject *subject, enum answer answer,
		 int error, const char *fmt, ...)
{
	va_list args;

	finding->answer = answer;
	finding->error = error;
	va_start(args, fmt);
	set_text(subject, &finding->why, fmt, args);
	va_end(args);
}

void finding_fix(struct finding *finding, const struct subject *subject, const char *origin,
		 const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	set_text(subject, &finding->fix, fmt, args);
	va_end(args);
	if (origin)
		finding->origin = subject_origin(subject, origin);
}

void judge(const struct subject *subject, const struct action *action, struct judgement *judgement)
{
	*judgement = (struct judgement){};
	for (size_t i = 0; i < ARRAY_SIZE(layers); i++) {
		struct finding *finding = &judgement->findings[judgement->count];

		*finding = (struct finding){.layer = layers[i].name};
		layers[i].judge(subject, action, finding);
		if (finding->answer == ANSWER_NONE)
			continue;
		judgement->count++;
		judgement->hidden |= finding->answer == ANSWER_HIDES;
		judgement->unsure |= finding->answer == ANSWER_UNKNOWN;
		if (finding->answer == ANSWER_DENIES && !judgement->denial)
			judgement->denial = finding;
	}
}
