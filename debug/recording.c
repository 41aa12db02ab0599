#include "debug/recording.h"

#include "lib/arena.h"
#include "lib/json.h"
#include "lib/own.h"
#include "lib/text.h"
#include "seccomp/words.h"

#include <errno.h>
#include <seccomp.h>
#include <string.h>

/*
 * What pctrun itself does between loading the filter and executing the program. With
 * noNewPrivileges that is execve alone; else the filter has to be loaded while there is the right
 * to, and ids and capabilities are given up behind it, the start waited for and descriptors closed.
 */
static const char *const last_calls[] = {"execve"};
static const char *const calls_behind[] = {
	"capget", "capset",  "close_range", "execve",    "exit_group", "getpid",    "prctl",
	"read",   "recvmsg", "sendmsg",     "setgroups", "setresgid",  "setresuid", "umask",
};

static const struct call_arch *arch_at(size_t index)
{
	return index < RECORDED_ARCHES ? &call_arches()[index] : NULL;
}

void recording_note(struct recording *recording, uint32_t audit, uint32_t call, enum recorded how)
{
	const struct call_arch *arch;

	for (size_t i = 0; (arch = arch_at(i)) && arch->name; i++) {
		const uint32_t number = call ^ arch->first;

		if (arch->audit == audit && number < CALL_NUMBERS) {
			recording->calls[i][number] |= how;
			return;
		}
	}
}

size_t recording_count(const struct recording *recording)
{
	size_t count = 0;

	for (size_t i = 0; i < RECORDED_ARCHES; i++)
		for (size_t number = 0; number < CALL_NUMBERS; number++)
			count += recording->calls[i][number] & RECORDED_USED;
	return count;
}

/* x86_64's write is i386's write: a name in a profile is of all its architectures. */
struct names {
	struct arena arena;
	const char *names[RECORDED_ARCHES * CALL_NUMBERS];
	size_t count;
};

static void add_name(struct names *names, const char *name)
{
	for (size_t i = 0; i < names->count; i++)
		if (strcmp(names->names[i], name) == 0)
			return;
	names->names[names->count++] = name;
}

static void add_runtime(struct names *names, bool filter_last)
{
	const char *const *calls = filter_last ? last_calls : calls_behind;
	const size_t count = filter_last ? ARRAY_SIZE(last_calls) : ARRAY_SIZE(calls_behind);

	for (size_t i = 0; i < count; i++)
		add_name(names, calls[i]);
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Of all calls that bear one of @wanted and none of @unwanted, sorted. */
static void find_names(const struct recording *recording, unsigned int wanted,
		       unsigned int unwanted, struct names *names)
{
	const struct call_arch *arch;

	for (size_t i = 0; (arch = arch_at(i)) && arch->name; i++)
		for (uint32_t number = 0; number < CALL_NUMBERS; number++) {
			const unsigned int how = recording->calls[i][number];
			const char *name;

			if (!(how & wanted) || how & unwanted)
				continue;
			name = call_name(&names->arena, arch, number | arch->first);
			if (name)
				add_name(names, name);
		}
	qsort(names->names, names->count, sizeof(names->names[0]), compare_names);
}

void recording_denied(const struct recording *recording, struct text *text)
{
	struct names *names = calloc(1, sizeof(*names));

	if (!names)
		abort();
	find_names(recording, RECORDED_DENIED, RECORDED_USED, names);
	for (size_t i = 0; i < names->count; i++)
		text_addf(text, "%s%s", i ? ", " : "", names->names[i]);
	arena_free(&names->arena);
	free(names);
}

/* The machine's own, and those whose programs were seen. */
static void write_arches(const struct recording *recording, struct json_out *out)
{
	static const uint8_t none[CALL_NUMBERS];
	const struct call_arch *arch;

	json_out_array(out, "architectures");
	for (size_t i = 0; (arch = arch_at(i)) && arch->name; i++)
		if (i == 0 || memcmp(recording->calls[i], none, sizeof(none)) != 0)
			json_out_string(out, NULL, arch_word(arch->scmp));
	json_out_end(out);
}

char *recording_profile(const struct recording *recording, bool with_denied)
{
	struct json_out *out = json_out_new(true);
	struct names *names = calloc(1, sizeof(*names));

	if (!names)
		abort();
	add_runtime(names, recording->filter_last);
	find_names(recording, RECORDED_USED | (with_denied ? RECORDED_DENIED : 0), 0, names);
	json_out_object(out, NULL);
	json_out_string(out, "defaultAction", "SCMP_ACT_ERRNO");
	json_out_u64(out, "defaultErrnoRet", EPERM);
	write_arches(recording, out);
	json_out_array(out, "syscalls");
	json_out_object(out, NULL);
	json_out_strings(out, "names", names->names, names->count);
	json_out_string(out, "action", "SCMP_ACT_ALLOW");
	json_out_end(out);
	json_out_end(out);
	json_out_end(out);
	arena_free(&names->arena);
	free(names);
	return json_out_take(out);
}
