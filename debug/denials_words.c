#include "debug/denials_parts.h"

#include "cgroup/device_filter.h"
#include "cgroup/devices.h"
#include "lib/errno_name.h"
#include "lib/json.h"
#include "lib/own.h"
#include "lib/text.h"
#include "ns/cred.h"
#include "seccomp/calls.h"
#include "seccomp/explain.h"
#include "seccomp/verdict.h"

#include <linux/bpf.h>
#include <linux/seccomp.h>
#include <string.h>

/* What pctrun-watch has seen, and which line of the config is behind it. */

enum { MAX_ERRNO = 4095 };

/* linux/proc_ns.h: the number of the user namespace that the kernel starts with. */
#define FIRST_USER_NAMESPACE 0xEFFFFFFD

static uint64_t number(const struct json *event, const char *name)
{
	uint64_t value = 0;

	(void)json_u64(json_find(event, name), &value);
	return value;
}

/* Numbers of x32 have a bit that those of x86_64 lack. Return: NULL: none of this machine. */
static const struct call_arch *arch_of(uint32_t audit, uint32_t call)
{
	const struct call_arch *found = NULL;

	for (const struct call_arch *arch = call_arches(); arch->name; arch++)
		if (arch->audit == audit && (call & arch->first) == arch->first)
			found = arch;
	return found;
}

/* The call that something happened in: its name, else its number. */
static const char *call_of(struct arena *arena, const struct json *event)
{
	const uint32_t call = (uint32_t)number(event, "call");
	const struct call_arch *arch = arch_of((uint32_t)number(event, "arch"), call);
	const char *name = arch ? call_name(arena, arch, call) : NULL;

	return name ? name : arena_printf(arena, "system call %u", call);
}

/* ------------------------------------------------------------------ seccomp */

/* What a filter of the container's config says to the call, if it can have said what was seen.
 * @error: an errno; 0: the call got a signal, or another answer */
static bool is_verdict(const struct verdict *verdict, int error)
{
	switch (verdict->action & SECCOMP_RET_ACTION_FULL) {
	case SECCOMP_RET_ERRNO:
		return error == (int)(verdict->action & SECCOMP_RET_DATA);
	case SECCOMP_RET_TRACE:
	case SECCOMP_RET_USER_NOTIF:
		return true;
	case SECCOMP_RET_ALLOW:
	case SECCOMP_RET_LOG:
		return false;
	default:
		return error == 0;
	}
}

static void read_call(const struct json *event, struct verdict *verdict)
{
	size_t i = 0;

	json_each (arg, json_find(event, "args"))
		if (i < VERDICT_ARGS)
			(void)json_u64(arg, &verdict->arg[i++]);
	verdict->number = (uint32_t)number(event, "call");
	verdict->arch = arch_of((uint32_t)number(event, "arch"), verdict->number);
}

static void name_foreign(struct arena *arena, int error, const char *call, struct denial *denial)
{
	cleanup_(text_free) struct text action = {};

	action_text(SECCOMP_RET_ERRNO | (uint32_t)error, &action);
	denial->what = arena_printf(arena, "%s: %s", call,
				    error ? text_str(&action) : "a signal or another answer");
	denial->rule = "a filter that the config doesn't know: of a program in there, or of exec";
}

static void name_own(struct arena *arena, const struct verdict *verdict, int error,
		     const char *call, struct denial *denial)
{
	cleanup_(text_free) struct text action = {};

	action_text(verdict->action, &action);
	denial->what = arena_printf(arena, "%s: %s", call, text_str(&action));
	if (error && (verdict->action & SECCOMP_RET_ACTION_FULL) == SECCOMP_RET_USER_NOTIF)
		denial->what = arena_printf(arena, "%s: its listener answered %s", denial->what,
					    errno_name(arena, error));
	denial->rule = verdict->why;
	denial->origin = verdict->origin ? verdict->origin : "";
}

/* A listener that has done the call itself hasn't denied it. What ends a single thread is in the
 * kernel's log alone, or in both. */
static bool describe_seccomp(const struct suspect *suspect, struct arena *arena,
			     const struct json *event, struct denial *denial)
{
	const char *call = call_of(arena, event);
	struct verdict verdict = {.call = call};
	int64_t result = 0;
	int error;

	(void)json_i64(json_find(event, "error"), &result);
	error = result < 0 && result >= -MAX_ERRNO ? (int)-result : 0;
	read_call(event, &verdict);
	if (suspect->filters && verdict.arch)
		verdict_of(arena, suspect->filters, &verdict);
	else
		verdict.action = SECCOMP_RET_ALLOW;
	if (!is_verdict(&verdict, error)) {
		name_foreign(arena, error, call, denial);
		return true;
	}
	name_own(arena, &verdict, error, call, denial);
	return !(verdict.action == SECCOMP_RET_USER_NOTIF && !error) &&
	       verdict.action != SECCOMP_RET_KILL_THREAD;
}

/* ------------------------------------------------------------------ capabilities */

/* Where the config leaves a capability out: the first of the two that does. */
static void name_set(const struct suspect *suspect, unsigned int cap, struct denial *denial)
{
	const struct origin *bounding = suspect_origin(suspect, "cap.bound", "");
	const struct origin *user = suspect_origin(suspect, "user", "");

	denial->rule = "the config gives it: the process is of another user, or gave it up";
	if (bounding && !(suspect->bounding >> cap & 1)) {
		denial->rule = "not in its bounding set";
		denial->origin = bounding->from;
	} else if (user && !(suspect->effective >> cap & 1)) {
		denial->rule = "not in its effective set: process.capabilities";
		denial->origin = user->from;
	}
}

static const char *namespace_of(const struct suspect *suspect, uint64_t namespace)
{
	if (namespace == FIRST_USER_NAMESPACE)
		return "the host";
	return namespace == suspect->user_namespace ? "the container's user namespace"
						    : "another user namespace";
}

static bool describe_capability(const struct suspect *suspect, struct arena *arena,
				const struct json *event, struct denial *denial)
{
	const unsigned int cap = (unsigned int)number(event, "capability");
	const struct json *held = json_find(event, "held");
	const struct origin *users = suspect_origin(suspect, "idmap", "");
	const char *name = cap_name(cap);

	denial->what = arena_printf(
		arena, "%s over %s, in %s", name ? name : arena_printf(arena, "capability %u", cap),
		namespace_of(suspect, number(event, "namespace")), call_of(arena, event));
	if (!held || !held->boolean) {
		name_set(suspect, cap, denial);
		return true;
	}
	denial->rule = "it has that in a user namespace alone";
	denial->origin = users ? users->from : "";
	return true;
}

/* ------------------------------------------------------------------ devices */

/* Systemd's, an engine's, or that of a container around this one. */
static const char *foreign_filter(const struct suspect *suspect, struct arena *arena,
				  const struct device_rule *asked)
{
	const struct device_request request = {.type = asked->type,
					       .major = (unsigned int)asked->major,
					       .minor = (unsigned int)asked->minor,
					       .access = asked->access};
	struct device_verdict verdict = {};

	if (suspect->programs)
		verdict = device_filters_ask(suspect->programs, &request);
	if (verdict.answer == DEVICE_DENIED && verdict.filter)
		return arena_printf(arena, "a filter that isn't the container's own: %s",
				    device_filter_text(arena, verdict.filter));
	return "a filter of somebody else, on its cgroup or above it";
}

static bool describe_device(const struct suspect *suspect, struct arena *arena,
			    const struct json *event, struct denial *denial)
{
	const struct origin *origin = suspect_origin(suspect, "cgroup.devices", "");
	const struct device_rule asked = {
		.type = number(event, "type") == BPF_DEVCG_DEV_BLOCK ? 'b' : 'c',
		.major = (long)number(event, "major"),
		.minor = (long)number(event, "minor"),
		.access = (unsigned int)number(event, "access"),
	};
	cleanup_(text_free) struct text device = {}, deny = {};
	const struct device_rule *rule;

	device_rule_text(&asked, &device);
	denial->what = arena_printf(arena, "%s, in %s", text_str(&device), call_of(arena, event));
	if (!suspect->devices || !origin ||
	    devices_allow(suspect->devices, asked.type, asked.major, asked.minor, asked.access)) {
		denial->rule = foreign_filter(suspect, arena, &asked);
		return true;
	}
	rule = devices_denier(suspect->devices, &asked);
	if (rule)
		device_rule_text(rule, &deny);
	denial->rule =
		arena_printf(arena, "%s%s", rule ? "deny " : "no rule allows it", text_str(&deny));
	denial->origin = origin->from;
	return true;
}

/* ------------------------------------------------------------------ any */

bool watched_describe(const struct suspect *suspect, struct arena *arena, const struct json *event,
		      struct denial *denial)
{
	static const struct {
		const char *source;
		bool (*describe)(const struct suspect *suspect, struct arena *arena,
				 const struct json *event, struct denial *denial);
	} rows[] = {{"seccomp", describe_seccomp},
		    {"capability", describe_capability},
		    {"device", describe_device}};
	const char *source = json_string(event, "denied"), *name = json_string(event, "name");

	denial->origin = "";
	denial->program = name ? arena_strdup(arena, name) : "";
	denial->pid = (pid_t)number(event, "pid");
	denial->inside = (pid_t)number(event, "inside");
	for (size_t i = 0; source && i < ARRAY_SIZE(rows); i++)
		if (strcmp(rows[i].source, source) == 0) {
			denial->layer = rows[i].source;
			return rows[i].describe(suspect, arena, event, denial);
		}
	return false;
}
