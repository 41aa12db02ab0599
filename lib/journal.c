#include "lib/err.h"
#include "lib/fds.h"
#include "lib/file.h"
#include "lib/json.h"
#include "lib/run.h"

#include <fcntl.h>
#include <limits.h>
#include <string.h>

struct journal {
	int fd;
};

int journal_open(int state_fd, struct journal **journal, struct err *err)
{
	int fd = openat(state_fd, "journal", O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW,
			0600);

	if (fd < 0)
		return file_failed(state_fd, "journal", -errno, err, "open");
	*journal = calloc(1, sizeof(**journal));
	if (!*journal) {
		close_fd(fd);
		return err_set(err, -ENOMEM, "open the journal");
	}
	(*journal)->fd = fd;
	return 0;
}

void journal_close(struct journal *journal)
{
	if (!journal)
		return;
	close_fd(journal->fd);
	free(journal);
}

static int write_failed(const struct journal *journal, int num, struct err *err)
{
	char path[PATH_MAX] = "the journal";

	(void)fd_path(journal->fd, path, sizeof(path));
	return file_failed(AT_FDCWD, path, num, err, "write");
}

/*
 * The state directory is a tmpfs: what was written is there for every other process at once, and
 * a power cut takes both the journal and what it speaks of, so nothing is gained by fsync.
 */
int journal_add(struct journal *journal, const char *kind, struct json_out *out, struct err *err)
{
	cleanup_free char *record = json_out_take(out);
	cleanup_(text_free) struct text line = {};
	int r;

	text_addf(&line, "{\"kind\":\"%s\",\"record\":%s}\n", kind, record);
	r = write_all(journal->fd, text_str(&line), line.length);
	return r < 0 ? write_failed(journal, r, err) : 0;
}

/* A line that is none reads as null. */
static void add_line(struct arena *arena, const char *line, size_t length, struct text *array)
{
	const struct json *entry;

	if (array->length > 1)
		text_addc(array, ',');
	if (json_read(arena, "journal", line, length, &entry, NULL) < 0)
		text_add(array, "null");
	else
		text_addn(array, line, length);
}

int journal_read(struct arena *arena, int state_fd, const struct json **root, struct err *err)
{
	cleanup_(text_free) struct text array = {};
	const char *text = "";
	size_t length = 0;
	int r;

	r = file_read(arena, state_fd, "journal", 0, &text, &length, err);
	if (r < 0 && r != -ENOENT)
		return r;
	err_clear(err);
	text_addc(&array, '[');
	for (const char *line = text, *end; (end = strchr(line, '\n')); line = end + 1)
		add_line(arena, line, (size_t)(end - line), &array);
	text_addc(&array, ']');
	return json_read(arena, "journal", text_str(&array), array.length, root, err);
}

int run_journal(struct run *run, const struct step *step, struct err *err)
{
	struct json_out *out;

	if (!run->journal)
		return 0;
	out = json_out_new(false);
	json_out_object(out, NULL);
	step->kind->write(step, out);
	json_out_end(out);
	return journal_add(run->journal, step->kind->name, out, err);
}

int run_note(struct run *run, const struct step *step, struct json_out *out, struct err *err)
{
	if (!run->journal) {
		json_out_free(out);
		return 0;
	}
	return journal_add(run->journal, step->kind->name, out, err);
}
