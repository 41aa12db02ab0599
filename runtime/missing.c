#include "runtime/missing.h"

#include "lib/err.h"
#include "lib/plan.h"
#include "runtime/container.h"

#include <string.h>

static bool has_word(const char *list, const char *word)
{
	size_t length = strlen(word);

	for (const char *at = list; at && *at; at += strspn(at, ",")) {
		size_t size = strcspn(at, ",");

		if (size == length && strncmp(at, word, size) == 0)
			return true;
		at += size;
	}
	return false;
}

void unenforced_add(struct unenforced *list, const char *what, const char *why, const char *origin)
{
	const struct runtime *runtime = list->runtime;
	cleanup_(text_free) struct text line = {};

	text_addf(&line, "not enforced on this host [%s]: %s (from %s)", what, why, origin);
	if (runtime->warn)
		runtime->warn(runtime->warn_data, text_str(&line));
	if (has_word(runtime->accept, "all") || has_word(runtime->accept, what) ||
	    has_word(list->refused.at, what))
		return;
	text_addf(&list->refused, "%s%s", list->refused.length ? "," : "", what);
}

int unenforced_end(struct unenforced *list, struct err *err)
{
	int r = 0;

	if (list->refused.length) {
		r = err_plain(err, -ENOTSUP, "this host can't enforce %s",
			      text_str(&list->refused));
		err_hint(err, "--accept-unenforced %s starts it without", text_str(&list->refused));
	}
	text_free(&list->refused);
	return r;
}

int missing_check(const struct runtime *runtime, const struct plan *plan, struct err *err)
{
	struct unenforced list = {.runtime = runtime};

	for (const struct missing *missing = plan->missing; missing; missing = missing->next)
		unenforced_add(&list, missing->what, missing->why, missing->origin);
	return unenforced_end(&list, err);
}
