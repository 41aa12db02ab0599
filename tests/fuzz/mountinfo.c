/*
 * /proc/PID/mountinfo of a container that calls its mount points what it likes: every field of a
 * line that is taken is there, and the topmost mount on a target is one of the list.
 */

#include "tests/fuzz/fuzz.h"

#include "lib/mountinfo.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	cleanup_(arena_free) struct arena arena = {};
	const char *text = arena_strndup(&arena, (const char *)data, size);
	const struct mountinfo *list = mountinfo_parse(&arena, text);

	for (const struct mountinfo *mount = list; mount; mount = mount->next) {
		const struct mountinfo *found = mountinfo_find(list, mount->target);

		(void)require(mount->root && mount->type && mount->source && mount->propagation);
		(void)require(found && strcmp(found->target, mount->target) == 0);
		(void)mountinfo_has(mount->options, "ro");
		(void)mountinfo_has(mount->super_options, "rw");
	}
	return 0;
}
