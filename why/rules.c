#include "why/rules.h"

#include "debug/isolation.h"
#include "lib/arena.h"
#include "lib/err.h"
#include "lib/file.h"
#include "lib/host.h"
#include "lib/own.h"
#include "lib/printable.h"
#include "lib/text.h"
#include "lib/worker.h"
#include "runtime/join.h"

#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/*
 * Both are gathered where they are, as one text: a line with the names of iptables' tables, then
 * what pctrun-nft says.
 */

struct gathering {
	const struct isolation *isolation;
	int proc_fd;   /* the host's procfs, which answers by the reader's namespaces */
	int memory_fd; /* what was gathered */
};

/* A table is in such a file, a line for each, once iptables-legacy has looked at it. Those of both
 * families have the same names. */
static void add_legacy(struct text *text, int proc_fd, const char *path)
{
	cleanup_(arena_free) struct arena arena = {};
	const char *names;

	if (file_read(&arena, proc_fd, path, 0, &names, NULL, NULL) < 0)
		return;
	for (size_t length; *names; names += length + (names[length] == '\n')) {
		const char *name;

		length = strcspn(names, "\n");
		name = arena_strndup(&arena, names, length);
		if (!line_has_word(text_str(text), name))
			text_addf(text, "%s ", name);
	}
}

static int gather(int proc_fd, struct text *text, struct err *err)
{
	cleanup_(text_free) struct text answer = {};
	int r = tables_ask(&answer, err);

	if (r < 0)
		return r;
	add_legacy(text, proc_fd, "self/net/ip_tables_names");
	add_legacy(text, proc_fd, "self/net/ip6_tables_names");
	text_addc(text, '\n');
	text_addn(text, text_str(&answer), answer.length);
	return 0;
}

static int gather_within(void *data, struct err *err)
{
	const struct gathering *gathering = data;
	const struct isolation *isolation = gathering->isolation;
	cleanup_(text_free) struct text text = {};
	int r = join_as_root(isolation->pid, isolation->pid_fd,
			     CLONE_NEWNET | (isolation->host->ordinary ? CLONE_NEWUSER : 0), err);

	if (r == 0)
		r = gather(gathering->proc_fd, &text, err);
	if (r < 0)
		return r;
	r = write_all(gathering->memory_fd, text_str(&text), text.length);
	return r < 0 ? err_set(err, r, "keep its rules") : 0;
}

static int gather_inside(struct gathering *gathering, struct text *text, struct err *err)
{
	int r = worker_run(gather_within, gathering, err);

	if (r < 0)
		return r;
	if (lseek(gathering->memory_fd, 0, SEEK_SET) < 0)
		return err_set(err, -errno, "read its rules");
	r = read_to_end(gathering->memory_fd, text);
	return r < 0 ? err_set(err, r, "read its rules") : 0;
}

static struct rules *read_gathered(struct arena *arena, int r, const char *text, struct err *err)
{
	struct rules *rules = arena_alloc(arena, sizeof(*rules));
	const size_t length = strcspn(text, "\n");
	char line[1024];

	if (length > 0)
		rules->legacy = printable(arena, arena_strndup(arena, text, length - 1));
	if (r == 0)
		r = tables_read(arena, text[length] ? text + length + 1 : "", &rules->tables, err);
	if (r < 0)
		rules->unseen = printable(arena, err_text(err, line, sizeof(line)));
	return rules;
}

static void leave_out_ours(struct tables *tables)
{
	size_t kept = 0;

	for (size_t i = 0; i < tables->count; i++)
		if (!starts_with(tables->items[i].name, "pctrun-"))
			tables->items[kept++] = tables->items[i];
	tables->count = kept;
}

const struct rules *rules_look(struct arena *arena)
{
	cleanup_close int proc_fd = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	cleanup_(text_free) struct text text = {};
	struct rules *rules;
	struct err err = {};
	int r = gather(proc_fd, &text, &err);

	rules = read_gathered(arena, r, text_str(&text), &err);
	leave_out_ours(&rules->tables);
	return rules;
}

const struct rules *rules_look_inside(struct arena *arena, const struct isolation *isolation)
{
	cleanup_close int proc_fd = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	cleanup_close int memory_fd = memfd_create("rules", MFD_CLOEXEC);
	struct gathering gathering = {isolation, proc_fd, memory_fd};
	cleanup_(text_free) struct text text = {};
	struct err err = {};
	int r = gather_inside(&gathering, &text, &err);

	return read_gathered(arena, r, text_str(&text), &err);
}
