#pragma once

#include <stdbool.h>
#include <stddef.h>

struct action;
struct arena;
struct subject;

/*
 * Layers in the order in which the kernel asks them. Each is a file with one function that says
 * what the layer has against an action, by values alone: pure.
 */

enum answer {
	ANSWER_NONE, /* the layer has no say in it                          */
	ANSWER_ALLOWS,
	ANSWER_HIDES,   /* it is done, but with something else than was meant  */
	ANSWER_UNKNOWN, /* may deny it: that can't be told from outside        */
	ANSWER_DENIES,
};

enum { KILLED = 4096 }; /* in place of an errno: the process is ended by SIGSYS */

struct finding {
	const char *layer;
	enum answer answer;
	int error;          /* of a denial: an errno value, or KILLED             */
	const char *why;    /* printable */
	const char *origin; /* the config's line; NULL: not known                 */
	const char *fix;    /* the smallest change that would allow it; NULL       */
};

enum { LAYERS_MAX = 32 };

/** struct judgement - what all layers say */
struct judgement {
	size_t count;
	struct finding findings[LAYERS_MAX];
	const struct finding *denial; /* the first; NULL: none */
	bool hidden, unsure;          /* some layer says so    */
};

/** judge() - ask every layer; strings live in the subject's arena */
void judge(const struct subject *subject, const struct action *action, struct judgement *judgement);

/* For the layers: */

/** finding_set() - verdict and reason; @error counts for a denial only */
void finding_set(struct finding *finding, const struct subject *subject, enum answer answer,
		 int error, const char *fmt, ...) __attribute__((format(printf, 5, 6)));

/** finding_fix() - origin and smallest change; @origin: a path of the spec, NULL: none */
void finding_fix(struct finding *finding, const struct subject *subject, const char *origin,
		 const char *fmt, ...) __attribute__((format(printf, 4, 5)));

typedef void judge_fn(const struct subject *subject, const struct action *action,
		      struct finding *finding);

judge_fn judge_seccomp, judge_known, judge_search, judge_path, judge_kind, judge_mount_flags,
	judge_ids, judge_mode, judge_sysctl, judge_device, judge_lsm, judge_read_only, judge_mask,
	judge_rights, judge_namespaces, judge_network, judge_far_firewall_out, judge_firewall,
	judge_far_firewall_in, judge_inside_out, judge_inside_in, judge_host_out, judge_host_in,
	judge_bridge, judge_socket, judge_special, judge_program, judge_limits, judge_taken,
	judge_absent, judge_entry, judge_running;
