#include "runtime/criu_log.h"

#include "lib/arena.h"
#include "lib/printable.h"
#include "lib/text.h"

#include <string.h>

enum { REASONS = 2 };

/* "(00.031415) Error (criu/mount.c:123): mnt: Mount 5 is unreachable": from the last colon of the
 * head on. Return: NULL for a line that is no error. */
static const char *error_of(const char *line, size_t length, size_t *rest)
{
	const char *mark = memmem(line, length, "Error (", 7);
	const char *end = line + length;
	const char *head = mark ? memmem(mark, (size_t)(end - mark), "): ", 3) : NULL;

	if (!head)
		return NULL;
	*rest = (size_t)(end - head) - 3;
	return head + 3;
}

/* The last line of every log that failed: "Dumping FAILED." */
static bool says_nothing(const char *error, size_t length)
{
	return memmem(error, length, "FAILED.", 7);
}

void criu_log_reason(const char *log, struct text *reason)
{
	cleanup_(arena_free) struct arena arena = {};
	int found = 0;

	for (const char *line = log; *line && found < REASONS; line += *line == '\n') {
		const size_t length = strcspn(line, "\n");
		size_t rest = 0;
		const char *error = error_of(line, length, &rest);

		line += length;
		if (!error || says_nothing(error, rest))
			continue;
		text_add(reason, found++ ? "; " : "");
		/* Names of files are the container's words. */
		text_add_printable(reason, arena_strndup(&arena, error, rest));
	}
}
