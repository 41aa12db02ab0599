#include "net/stale.h"

#include "lib/arena.h"
#include "lib/json.h"
#include "lib/own.h"
#include "lib/run.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>

static bool journal_names(int state_fd, const char *host)
{
	cleanup_(arena_free) struct arena arena = {};
	const struct json *entries;

	if (journal_read(&arena, state_fd, &entries, NULL) < 0)
		return true; /* it may */
	json_each (entry, entries) {
		const char *other = json_string(json_find(entry, "record"), "host");

		if (other && strcmp(other, host) == 0)
			return true;
	}
	return false;
}

static bool any_other_names(const struct run *run, DIR *root, const char *host)
{
	const struct dirent *entry;
	bool named = false;

	while (!named && (entry = readdir(root))) {
		cleanup_close int state_fd = -EBADF;

		if (*entry->d_name == '.' || strcmp(entry->d_name, run->id) == 0)
			continue;
		state_fd = openat(dirfd(root), entry->d_name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		named = state_fd >= 0 && journal_names(state_fd, host);
	}
	return named;
}

bool stale_host_end(const struct run *run, const char *host)
{
	DIR *root = run->state_root && run->id ? opendir(run->state_root) : NULL;
	bool stale = root && !any_other_names(run, root, host);

	if (root)
		(void)closedir(root);
	return stale;
}

void name_note_taken(const struct step *step, struct run *run, const char *member, const char *name)
{
	struct json_out *out = json_out_new(false);

	json_out_object(out, NULL);
	json_out_string(out, member, name);
	json_out_bool(out, "taken", true);
	json_out_end(out);
	(void)run_note(run, step, out, NULL); /* the start fails anyway */
}

/* Return: how often the journal has @name since it was last taken; -1: that it is. */
static int count_records(const struct run *run, const char *member, const char *name)
{
	cleanup_(arena_free) struct arena arena = {};
	const struct json *entries;
	int count = 0;

	if (run->state_fd < 0 || journal_read(&arena, run->state_fd, &entries, NULL) < 0)
		return 0;
	json_each (entry, entries) {
		const struct json *record = json_find(entry, "record");
		const char *other = json_string(record, member);

		if (!other || strcmp(other, name) != 0)
			continue;
		if (json_find(record, "taken"))
			count = -1;
		else
			count = count < 0 ? 1 : count + 1;
	}
	return count;
}

bool name_is_taken(const struct run *run, const char *member, const char *name)
{
	return count_records(run, member, name) < 0;
}

bool name_is_own(const struct run *run, const char *member, const char *name)
{
	return count_records(run, member, name) > 1;
}
