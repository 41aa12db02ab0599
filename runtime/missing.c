#include "runtime/missing.h"

#include "lib/err.h"
#include "lib/plan.h"
#include "lib/text.h"
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

static bool accepted(const struct runtime *runtime, const char *what)
{
	return has_word(runtime->accept, "all") || has_word(runtime->accept, what);
}

static void say(const struct runtime *runtime, const struct missing *missing)
{
	cleanup_(text_free) struct text line = {};

	if (!missing->warning)
		text_addf(&line, "not enforced on this host [%s]: ", missing->what);
	text_addf(&line, "%s (from %s)", missing->why, missing->origin);
	if (runtime->warn)
		runtime->warn(runtime->warn_data, text_str(&line));
}

int missing_check(const struct runtime *runtime, const struct plan *plan, struct err *err)
{
	cleanup_(text_free) struct text refused = {};               /* "memory,cpu" */
	const char *given = runtime->accept ? runtime->accept : ""; /* the option takes its place */

	for (const struct missing *missing = plan->missing; missing; missing = missing->next) {
		say(runtime, missing);
		if (!missing->warning && !accepted(runtime, missing->what) &&
		    !has_word(refused.at, missing->what))
			text_addf(&refused, "%s%s", refused.length ? "," : "", missing->what);
	}
	if (!refused.length)
		return 0;
	err_plain(err, -ENOTSUP, "this host can't enforce %s", text_str(&refused));
	err_hint(err, "--accept-unenforced %s%s%s%s%s goes on without", given, *given ? "," : "",
		 text_str(&refused), runtime->accept_place ? " " : "",
		 runtime->accept_place ? runtime->accept_place : "");
	return -ENOTSUP;
}
