#include "runtime/unenforced.h"

#include "lib/err.h"
#include "lib/plan.h"
#include "oci/annotations.h"
#include "oci/spec.h"

#include <criterion/criterion.h>
#include <string.h>

static const struct {
	const char *text;
	const char *error; /* a part of it; NULL: none */
} rows[] = {
	{"[]", NULL},
	{"[{\"what\":\"net.tag\",\"why\":\"tag=20\",\"origin\":\"net0: in 100.conf, line 9\"}]",
	 NULL},
	{"{}", "is no array"},
	{"[{\"what\":\"net.tag\"}]", "what, why and origin"},
	{"[1]", "what, why and origin"},
	{"[", ANNOTATION_UNENFORCED},
};

Test(runtime_unenforced, rows)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct oci_pair pair = {ANNOTATION_UNENFORCED, rows[i].text};
		struct oci_spec spec = {.annotations = {1, &pair}};
		cleanup_(plan_free) struct plan plan = {};
		struct err err = {};
		int r = unenforced_plan(&plan, &spec, &err);

		cr_expect_eq(r < 0, rows[i].error != NULL, "%s: %s", rows[i].text, err.what);
		cr_expect(!rows[i].error || strstr(err.what, rows[i].error), "%s: %s", rows[i].text,
			  err.what);
		if (i == 1) {
			cr_assert_not_null(plan.missing);
			cr_expect_str_eq(plan.missing->what, "net.tag");
			cr_expect_str_eq(plan.missing->origin, "net0: in 100.conf, line 9");
			cr_expect_null(plan.missing->next);
		}
	}
}
