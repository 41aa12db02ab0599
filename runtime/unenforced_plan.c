#include "lib/err.h"
#include "lib/json.h"
#include "lib/plan.h"
#include "oci/annotations.h"
#include "oci/spec.h"
#include "runtime/unenforced.h"

#include <string.h>

static int note(struct plan *plan, const struct json *item, struct err *err)
{
	const char *what = json_string(item, "what"), *why = json_string(item, "why");
	const char *origin = json_string(item, "origin");

	if (!what || !why || !origin)
		return err_plain(err, -EINVAL,
				 "annotations." ANNOTATION_UNENFORCED
				 ": each item is an object with what, why and origin");
	plan_missing(plan, what, origin, "%s", why);
	return 0;
}

int unenforced_plan(struct plan *plan, const struct oci_spec *spec, struct err *err)
{
	const char *text = oci_map_find(&spec->annotations, ANNOTATION_UNENFORCED);
	const struct json *list;
	int r;

	if (!text)
		return 0;
	r = json_read(&plan->arena, "annotations." ANNOTATION_UNENFORCED, text, strlen(text), &list,
		      err);
	if (r == 0 && list->type != JSON_ARRAY)
		r = err_plain(err, -EINVAL, "annotations." ANNOTATION_UNENFORCED ": is no array");
	if (r < 0)
		return r;
	json_each (item, list) {
		r = note(plan, item, err);
		if (r < 0)
			return r;
	}
	return 0;
}
