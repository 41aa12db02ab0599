#include "runtime/missing.h"

#include "lib/err.h"
#include "lib/plan.h"
#include "lib/text.h"
#include "runtime/container.h"

#include <string.h>

static bool accepted(const char *list, const char *what)
{
	size_t length = strlen(what);

	for (const char *at = list; at && *at; at += strspn(at, ",")) {
		size_t word = strcspn(at, ",");

		if ((word == 3 && strncmp(at, "all", 3) == 0) ||
		    (word == length && strncmp(at, what, word) == 0))
			return true;
		at += word;
	}
	return false;
}

int missing_check(const struct runtime *runtime, const struct plan *plan, struct err *err)
{
	cleanup_(text_free) struct text refused = {};

	for (const struct missing *missing = plan->missing; missing; missing = missing->next) {
		cleanup_(text_free) struct text line = {};

		text_addf(&line, "not enforced on this host: %s (from %s)", missing->why,
			  missing->origin);
		if (!accepted(runtime->accept, missing->what))
			text_addf(&refused, "%s%s [%s] (from %s)", refused.length ? "; " : "",
				  missing->why, missing->what, missing->origin);
		else if (runtime->warn)
			runtime->warn(runtime->warn_data, text_str(&line));
	}
	if (!refused.length)
		return 0;
	err_plain(err, -ENOTSUP, "this host can't enforce: %s", text_str(&refused));
	err_hint(err, "--accept-unenforced all, or a list of the words in brackets, starts it "
		      "without them");
	return -ENOTSUP;
}
