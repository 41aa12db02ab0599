#include "cli/pct/pct.h"
#include "cli/pct/power.h"

#include "lib/arena.h"
#include "lib/err.h"
#include "lib/sys.h"
#include "lib/worker.h"
#include "pve/volumes/volumes.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/vfs.h>

static const struct option_row options[] = {{}};

enum { STATFS_SECONDS = 3 };

enum { MP, VOLUME, SIZE, USED, AVAIL, USE, PATH, CELLS };

struct row {
	const char *cells[CELLS];
};

struct table {
	struct pct *pct;
	const struct volumes *volumes;
	struct statfs *st; /* shared with the child that looks */
	struct row *rows;
	size_t count;
};

/* "1.5G"; whole bytes below 1024. */
static const char *show_bytes(struct arena *arena, uint64_t bytes)
{
	static const char units[] = "KMGT";
	double value = (double)bytes;
	size_t unit = 0;

	if (bytes < 1024)
		return arena_printf(arena, "%lu", (unsigned long)bytes);
	for (value /= 1024; value >= 1024 && units[unit + 1]; unit++)
		value /= 1024;
	return value < 1024 ? arena_printf(arena, "%.1f%c", value, units[unit]) : "";
}

/* struct look - one file system, looked at by a child: with memory that both have */
struct look {
	int root_fd;
	const char *mp;
	struct statfs *st;
};

static int look_at(void *data, struct err *err)
{
	const struct look *look = data;
	cleanup_close int fd = sys_open_in_root(look->root_fd, look->mp, O_PATH | O_DIRECTORY, 0);

	if (fd < 0 || fstatfs(fd, look->st) < 0)
		return err_set(err, fd < 0 ? fd : -errno, "look at %s", look->mp);
	return 0;
}

static int add_row(struct table *table, const struct new_volume *volume, int root_fd,
		   struct err *err)
{
	struct arena *arena = table->pct->arena;
	const struct statfs *st = table->st;
	struct look look = {root_fd, volume->mount.mp ? volume->mount.mp : "/", table->st};
	int r = worker_run_within(STATFS_SECONDS, look_at, &look, err);
	uint64_t total, used;

	if (r < 0) {
		err_add(err, "%s", volume->key);
		return r;
	}
	total = st->f_blocks * (uint64_t)st->f_bsize;
	used = (st->f_blocks - st->f_bfree) * (uint64_t)st->f_bsize;
	table->rows[table->count++] = (struct row){{
		volume->key,
		volume->mount.volume,
		show_bytes(arena, total),
		show_bytes(arena, used),
		show_bytes(arena, st->f_bavail * (uint64_t)st->f_bsize),
		arena_printf(arena, "%.1f", total ? 100.0 * (double)used / (double)total : 0.0),
		look.mp,
	}};
	return 0;
}

static void print(const struct table *table)
{
	int widths[CELLS] = {};

	for (size_t i = 0; i < table->count; i++)
		for (int cell = 0; cell < PATH; cell++) {
			int length = (int)strlen(table->rows[i].cells[cell]);

			widths[cell] = length > widths[cell] ? length : widths[cell];
		}
	for (size_t i = 0; i < table->count; i++) {
		const char *const *cells = table->rows[i].cells;

		(void)printf("%-*s %-*s", widths[MP], cells[MP], widths[VOLUME], cells[VOLUME]);
		for (int cell = SIZE; cell < PATH; cell++)
			(void)printf(" %*s", widths[cell], cells[cell]);
		(void)printf(" %s\n", cells[PATH]);
	}
}

/* What can't be looked at is said, and the others are shown. */
static void show(struct table *table, int root_fd)
{
	struct err err = {};
	char line[1600];

	table->rows = arena_array(table->pct->arena, STAGED_MAX + 1, sizeof(*table->rows));
	table->rows[table->count++] =
		(struct row){{"MP", "Volume", "Size", "Used", "Avail", "Use%", "Path"}};
	for (const struct new_volume *at = table->volumes->first; at; at = at->next)
		if (add_row(table, at, root_fd, &err) < 0)
			pct_warn(NULL, err_text(&err, line, sizeof(line)));
	print(table);
	(void)fflush(stdout); /* before the end of a child that may be us */
}

/* In a child: of its mounts nobody sees anything, and nothing stays of them. */
static int show_stopped(void *data, struct err *err)
{
	struct table *table = data;
	cleanup_close int root_fd = -EBADF;
	int r = worker_hide_mounts(err);

	if (r < 0)
		return r;
	root_fd = volumes_mount(table->volumes, err);
	if (root_fd < 0)
		return root_fd;
	show(table, root_fd);
	return 0;
}

static int show_running(struct table *table, const char *id, struct err *err)
{
	cleanup_close int root_fd = container_root(&table->pct->runtime, id, err);

	if (root_fd < 0)
		return root_fd;
	show(table, root_fd);
	return 0;
}

static int run(struct pct *pct, const struct options *given, struct err *err)
{
	cleanup_(power_end) struct power power = POWER_NONE;
	struct volumes volumes;
	struct table table = {.pct = pct, .volumes = &volumes};
	bool running;
	int r = power_begin(&power, pct, given->words[0], err);

	if (r < 0)
		return r;
	running = pct_running(pct, power.id);
	if (!running)
		r = conf_check_lock(&power.conf, NULL, err);
	if (r == 0)
		r = volumes_read(&pct->etc, &power.conf, &volumes, err);
	if (r < 0)
		return r;
	table.st = mmap(NULL, sizeof(*table.st), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
			-1, 0);
	if (table.st == MAP_FAILED)
		return err_set(err, -errno, "get memory");
	return running ? show_running(&table, power.id, err)
		       : worker_run(show_stopped, &table, err);
}

const struct pct_verb pct_df = {
	.name = "df",
	.words = "<vmid>",
	.help = "how full a container's volumes are, also of a stopped one",
	.options = options,
	.words_min = 1,
	.words_max = 1,
	.run = run,
};
