#include "runtime/undo.h"

#include "lib/err.h"
#include "lib/json.h"
#include "runtime/kinds.h"

static int undo_one(const struct json *entry, struct run *run, struct err *err)
{
	const char *name = json_string(entry, "kind");
	const struct json *record = json_find(entry, "record");
	const struct step_kind *kind = name ? step_kind_find(name) : NULL;
	int r;

	if (!kind || !kind->undo || !record)
		return name ? err_plain(err, -EBADMSG, "journal: unknown step '%s'", name)
			    : err_plain(err, -EBADMSG, "journal: a line can't be read");
	r = kind->undo(record, run, err);
	if (r < 0)
		err_add(err, "undo %s", name);
	return r;
}

int undo_journal(struct run *run, struct err *err)
{
	cleanup_(arena_free) struct arena arena = {};
	const struct json *entries, **newest_first;
	size_t n = 0;
	int r, result = 0;

	r = journal_read(&arena, run->state_fd, &entries, err);
	if (r < 0)
		return r;
	newest_first = arena_array(&arena, entries->count, sizeof(*newest_first));
	json_each (entry, entries)
		newest_first[n++] = entry;
	while (n-- > 0) {
		struct err one = {};

		r = undo_one(newest_first[n], run, &one);
		if (r < 0 && (result == 0 || result == -EBADMSG)) {
			result = r;
			*err = one;
		}
	}
	return result;
}
