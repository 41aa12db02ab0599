#include "debug/audit_record.h"
#include "debug/denials_parts.h"

#include "lib/cgroup_line.h"
#include "lib/err.h"
#include "lib/printable.h"
#include "lib/text.h"
#include "runtime/filters.h"
#include "seccomp/calls.h"

#include <fcntl.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <string.h>

enum { RECORD_MAX = 8192 }; /* more than the kernel ever gives at once */

int kernel_log_open(struct err *err)
{
	int fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	return fd < 0 ? err_set(err, -errno, "open /dev/kmsg") : fd;
}

/* A process of its cgroup, or of one below. */
static bool lives_there(const struct suspect *suspect, pid_t pid)
{
	cleanup_(arena_free) struct arena arena = {};
	const size_t length = suspect->cgroup ? strlen(suspect->cgroup) : 0;
	const char *cgroup = cgroup_of_process(&arena, AT_FDCWD,
					       arena_printf(&arena, "/proc/%d/cgroup", (int)pid));

	return cgroup && length > 1 && strncmp(cgroup, suspect->cgroup, length) == 0 &&
	       (cgroup[length] == '/' || cgroup[length] == '\0');
}

static bool is_gone(pid_t pid)
{
	char path[32];

	(void)snprintf(path, sizeof(path), "/proc/%d", (int)pid);
	return access(path, F_OK) < 0;
}

/* Return: 1: it is one of the container; 0: it isn't; -1: likely, but the process is gone. */
static int is_of(const struct suspect *suspect, const struct audit_record *record)
{
	uint32_t inside;

	if (suspect->sees_pids && !is_gone(record->pid))
		return lives_there(suspect, record->pid);
	if (record->kind == RECORD_APPARMOR)
		return suspect->profile && strcmp(suspect->profile, record->profile) == 0 ? -1 : 0;
	return suspect->own_users && record->has_uid &&
			       idmap_inside(&suspect->uids, record->uid, &inside)
		       ? -1
		       : 0;
}

/* Return: NULL for one that this machine can't run. */
static const char *arch_name(uint32_t audit)
{
	const struct call_arch *arch = call_arches();

	while (arch->name && arch->audit != audit)
		arch++;
	return arch->name;
}

/* "rule on uname: ERRNO ENOSYS (from linux.seccomp.syscalls[0] in config.json)" */
static void split_rule(struct arena *arena, const char *line, struct denial *denial)
{
	static const char from[] = " (from ";
	const size_t length = strcspn(line, "\n");
	const char *rule = arena_strndup(arena, line, length);
	const char *origin = strstr(rule, from);

	denial->rule = rule;
	if (!origin || !ends_with(rule, ")"))
		return;
	denial->rule = arena_strndup(arena, rule, (size_t)(origin - rule));
	origin += strlen(from);
	denial->origin = arena_strndup(arena, origin, strlen(origin) - 1);
}

/* Two lines and more: "uname: ERRNO ENOSYS", then a rule. */
static void describe_call(const struct suspect *suspect, struct arena *arena,
			  const struct audit_record *record, struct denial *denial)
{
	const struct filters_call call = {
		.arch = arch_name(record->arch),
		.call = arena_printf(arena, "%ld", record->call),
	};
	cleanup_(text_free) struct text text = {};
	const char *lines;
	size_t first;

	if (!suspect->filters || !call.arch ||
	    filters_explain(arena, suspect->filters, &call, &text, NULL, NULL) < 0) {
		denial->what = arena_printf(arena, "system call %ld of architecture %x: action %x",
					    record->call, record->arch, record->action);
		return;
	}
	lines = arena_strdup(arena, text_str(&text));
	first = strcspn(lines, "\n");
	denial->what = arena_strndup(arena, lines, first);
	lines += first;
	split_rule(arena, lines + strspn(lines, "\n "), denial);
}

static void describe_apparmor(const struct suspect *suspect, struct arena *arena,
			      const struct audit_record *record, struct denial *denial)
{
	const struct origin *origin = suspect_origin(suspect, "apparmor", "");

	denial->what = arena_printf(arena, "%s%s%s%s%s", printable(arena, record->operation),
				    *record->name ? " " : "", printable(arena, record->name),
				    *record->denied ? ": " : "", printable(arena, record->denied));
	denial->rule = arena_printf(arena, "profile %s", printable(arena, record->profile));
	denial->origin = origin ? origin->from : "whoever has set it";
}

/* Programs in the kernel see what a filter denies, but not a call that ends one of several threads,
 * nor one that is let through. */
static bool is_told_elsewhere(const struct suspect *suspect, const struct audit_record *record)
{
	const uint32_t action = record->action & SECCOMP_RET_ACTION_FULL;

	return suspect->calls_seen && record->kind == RECORD_SECCOMP && action != SECCOMP_RET_LOG &&
	       action != SECCOMP_RET_KILL_THREAD;
}

/* Of one event there may be several records, but each comes from either source once. */
static bool came_already(struct records *records, enum record_source source, unsigned long serial)
{
	const size_t other = source == RECORD_OF_LOG ? RECORD_OF_SOCKET : RECORD_OF_LOG;
	const size_t count = ARRAY_SIZE(records->late[0].serials);

	records->late[source].serials[records->late[source].next++ % count] = serial;
	for (size_t i = 0; i < count; i++)
		if (records->late[other].serials[i] == serial)
			return true;
	return false;
}

void records_take(struct records *records, enum record_source source, const char *line)
{
	const struct suspect *suspect = records->suspect;
	cleanup_(arena_free) struct arena arena = {};
	struct denial denial = {.rule = "", .origin = "", .what = ""};
	struct audit_record record;
	int is;

	if (!audit_record_read(&arena, line, &record) || is_told_elsewhere(suspect, &record))
		return;
	is = is_of(suspect, &record);
	if (!is || came_already(records, source, record.serial))
		return;
	denial.likely = is < 0;
	denial.program = printable(&arena, record.comm);
	denial.pid = record.pid;
	denial.layer = record.kind == RECORD_SECCOMP ? "seccomp" : "apparmor";
	if (record.kind == RECORD_SECCOMP)
		describe_call(suspect, &arena, &record, &denial);
	else
		describe_apparmor(suspect, &arena, &record, &denial);
	collection_add(records->collection, &denial, 1);
}

static unsigned long usec_of(const char *record)
{
	unsigned long usec;

	return sscanf(record, "%*u,%*u,%lu", &usec) == 1 ? usec : 0;
}

/* A read(2) is a record: "6,37280,3869036500,-;the text", further lines are its details. */
unsigned long kernel_log_read(int log_fd, struct records *records)
{
	char record[RECORD_MAX];
	unsigned long lost = 0;

	for (;;) {
		const ssize_t n = read(log_fd, record, sizeof(record) - 1);
		char *text;

		if (n < 0 && (errno == EPIPE || errno == EINTR))
			continue; /* overwritten before we came to it: goes on with the oldest */
		if (n <= 0)
			return lost;
		record[n] = '\0';
		text = strchr(record, ';');
		if (!text || usec_of(record) < records->suspect->since_usec)
			continue;
		text[strcspn(text, "\n")] = '\0';
		lost += audit_records_lost(text);
		records_take(records, RECORD_OF_LOG, text);
	}
}
