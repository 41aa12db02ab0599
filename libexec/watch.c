/*
 * pctrun-watch: has the kernel tell what it denies to a container, and which system calls that
 * uses. pctrun runs it for `denials`, so that nothing else links libbpf.
 *
 *	pctrun-watch CGROUP NAMESPACE SOURCE... [waiting]
 *
 * CGROUP is the folder of the container's cgroup, NAMESPACE the inode number of its pid namespace.
 * A SOURCE is capability, device or seccomp; waiting says that its program hasn't been started: its
 * first process is the runtime's own. Each line of the answer is one object:
 *
 *	{"blind": SOURCE, "why": "..."}                 it can't be had, the others go on
 *	{"ready": [SOURCE...]}                          what happens from now on is seen
 *	{"denied": SOURCE, "count": N, ...}             so many more of one kind
 *	{"used": CALL, "arch": N}                       a system call that was let through, once
 *	{"lost": SOURCE, "count": N}                    denials beyond the most kinds that are kept
 *	{"missed": SOURCE, "count": N}                  the kernel didn't look, whoever it was
 *
 * It goes on until its stdin ends; the last lines come then. A failure is printed as two lines:
 * what failed, what to do. The exit status is its errno.
 */

#include "libexec/watch.h"

#include "lib/arena.h"
#include "lib/err.h"
#include "lib/json.h"
#include "lib/own.h"
#include "lib/printable.h"
#include "lib/text.h"
#include "libexec/watch_source.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

enum { TICK_MS = 200 };

static void write_capability(const struct watch_kind *kind, struct json_out *out)
{
	json_out_u64(out, "capability", kind->capability.number);
	json_out_u64(out, "namespace", kind->capability.namespace);
	json_out_bool(out, "held", kind->capability.held);
}

static void write_device(const struct watch_kind *kind, struct json_out *out)
{
	json_out_u64(out, "type", kind->device.type);
	json_out_u64(out, "major", kind->device.major);
	json_out_u64(out, "minor", kind->device.minor);
	json_out_u64(out, "access", kind->device.access);
}

static void write_seccomp(const struct watch_kind *kind, struct json_out *out)
{
	json_out_i64(out, "error", kind->seccomp.error);
}

static const struct source_row {
	const char *name;
	const char *programs[WATCH_POINTS];
	void (*write)(const struct watch_kind *kind, struct json_out *out);
} rows[] = {
	{"capability", {"born", "capability"}, write_capability},
	{"device", {"device"}, write_device},
	{"seccomp", {"born", "enter", "leave"}, write_seccomp},
};

struct watch {
	int cgroup_fd;
	struct watch_settings settings;
	bool wanted[ARRAY_SIZE(rows)];
	struct watch_source sources[ARRAY_SIZE(rows)];
};

static void say(struct json_out *out)
{
	json_out_end(out);
	json_out_print(out, stdout);
}

static struct json_out *begin(void)
{
	struct json_out *out = json_out_new(false);

	json_out_object(out, NULL);
	return out;
}

static void say_number(const char *what, const char *source, uint64_t count)
{
	struct json_out *out = begin();

	json_out_string(out, what, source);
	json_out_u64(out, "count", count);
	say(out);
}

/* ------------------------------------------------------------------ what the tables have */

static void say_denial(const struct source_row *row, const struct watch_denial *denial,
		       uint64_t count)
{
	cleanup_(arena_free) struct arena arena = {};
	struct json_out *out = begin();
	char name[WATCH_NAME + 1] = "";

	memcpy(name, denial->kind.name, WATCH_NAME);
	json_out_string(out, "denied", row->name);
	json_out_u64(out, "count", count);
	json_out_string(out, "name", printable(&arena, name));
	json_out_u64(out, "pid", denial->pid);
	json_out_u64(out, "inside", denial->inside);
	json_out_u64(out, "arch", denial->kind.arch);
	json_out_u64(out, "call", (uint32_t)denial->kind.call);
	json_out_array(out, "args");
	for (size_t i = 0; i < ARRAY_SIZE(denial->args); i++)
		json_out_u64(out, NULL, denial->args[i]);
	json_out_end(out);
	row->write(&denial->kind, out);
	say(out);
}

/* The count comes last in the kernel, so it is looked at first here. */
static void say_denials(const struct source_row *row, struct watch_source *source)
{
	const struct watch_table *table = source->table;
	uint64_t count;

	for (size_t i = 0; i < WATCH_KINDS; i++) {
		count = __atomic_load_n(&table->denials[i].count, __ATOMIC_ACQUIRE);
		if (count == source->told[i])
			continue;
		say_denial(row, &table->denials[i], count - source->told[i]);
		source->told[i] = count;
	}
	count = __atomic_load_n(&table->lost, __ATOMIC_RELAXED);
	if (count != source->lost)
		say_number("lost", row->name, count - source->lost);
	source->lost = count;
}

static void say_calls(struct watch_source *source)
{
	static const struct {
		uint32_t arch, first;
	} arches[WATCH_ARCHES] = {{WATCH_OWN, 0}, {WATCH_COMPAT, 0}, {WATCH_OWN, WATCH_X32}};
	const struct watch_table *table = source->table;

	for (size_t i = 0; i < ARRAY_SIZE(arches); i++)
		for (uint32_t call = 0; call < WATCH_CALLS; call++) {
			uint8_t *called = &source->called[i * WATCH_CALLS + call];
			struct json_out *out;

			if (*called || !__atomic_load_n(&table->calls[i][call], __ATOMIC_RELAXED))
				continue;
			*called = true;
			out = begin();
			json_out_u64(out, "used", arches[i].first | call);
			json_out_u64(out, "arch", arches[i].arch);
			say(out);
		}
}

static void say_all(struct watch *watch)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if (!watch->sources[i].table)
			continue;
		say_denials(&rows[i], &watch->sources[i]);
		say_calls(&watch->sources[i]);
	}
	(void)fflush(stdout);
}

/* ------------------------------------------------------------------ from beginning to end */

static void start(struct watch *watch)
{
	struct json_out *ready;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct err why = {};
		struct json_out *out;
		char line[1024];

		memcpy(watch->sources[i].programs, rows[i].programs, sizeof(rows[i].programs));
		if (!watch->wanted[i] || watch_source_start(&watch->sources[i], watch->cgroup_fd,
							    &watch->settings, &why) == 0)
			continue;
		out = begin();
		json_out_string(out, "blind", rows[i].name);
		json_out_string(out, "why", err_text(&why, line, sizeof(line)));
		say(out);
	}
	ready = begin();
	json_out_array(ready, "ready");
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (watch->sources[i].table)
			json_out_string(ready, NULL, rows[i].name);
	json_out_end(ready);
	say(ready);
	(void)fflush(stdout);
}

/* Return: whether whoever wants to know still does. */
static bool is_wanted(void)
{
	struct pollfd in = {.fd = STDIN_FILENO, .events = POLLIN};
	char byte;

	if (poll(&in, 1, TICK_MS) <= 0)
		return true;
	return read(STDIN_FILENO, &byte, 1) > 0;
}

static void stop(struct watch *watch)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		watch_source_stop(&watch->sources[i]);
	say_all(watch);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		uint64_t misses =
			watch->sources[i].table ? watch_source_misses(&watch->sources[i]) : 0;

		if (misses)
			say_number("missed", rows[i].name, misses);
		watch_source_free(&watch->sources[i]);
	}
	(void)fflush(stdout);
}

static int read_word(struct watch *watch, const char *word)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (strcmp(word, rows[i].name) == 0) {
			watch->wanted[i] = true;
			return 0;
		}
	if (strcmp(word, "waiting") != 0)
		return -EINVAL;
	watch->settings.waiting = true;
	return 0;
}

static int read_words(struct watch *watch, char **words)
{
	int r = words[0] && words[1] ? parse_u32(words[1], &watch->settings.pid_namespace)
				     : -EINVAL;

	for (size_t i = 2; r == 0 && words[i]; i++)
		r = read_word(watch, words[i]);
	return r;
}

int main(int argc, char **argv)
{
	static struct watch watch;

	if (read_words(&watch, argv + 1) < 0) {
		(void)printf("usage: pctrun-watch CGROUP NAMESPACE SOURCE... [waiting]\n");
		return EINVAL;
	}
	watch.cgroup_fd = open(argv[1], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (watch.cgroup_fd < 0) {
		const int num = errno;

		(void)printf("open %s: %s\n\n", argv[1], strerror(num));
		return num;
	}
	/* What a terminal sends to the caller must not end it before the last lines. */
	(void)setsid();
	start(&watch);
	while (is_wanted())
		say_all(&watch);
	stop(&watch);
	return 0;
}
