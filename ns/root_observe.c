#include "lib/mountinfo.h"
#include "lib/run.h"
#include "ns/root.h"

#include <linux/mount.h>
#include <string.h>

int root_pivot_observe(const struct step *step, struct run *run, struct observation *seen,
		       struct err *err)
{
	const struct root_step *root = container_of(step, struct root_step, step);
	cleanup_(arena_free) struct arena arena = {};
	const struct mountinfo *list, *mount;
	int r;

	r = mountinfo_read(&arena, run->pid_dir_fd, &list, err);
	if (r < 0)
		return r;
	mount = mountinfo_find(list, "/");
	if (!mount)
		return observe(seen, OBSERVED_UNSEEN, "the process' root is no mount");
	if (root->readonly && !mountinfo_has(mount->options, "ro"))
		return observe(seen, OBSERVED_DIFFERS, "/ is writable: %s", mount->options);
	if (root->idmapped && !mountinfo_has(mount->options, "idmapped"))
		return observe(seen, OBSERVED_DIFFERS, "/ has no id map: %s", mount->options);
	if (root->propagation == MS_SHARED && !strstr(mount->propagation, "shared:"))
		return observe(seen, OBSERVED_DIFFERS, "/ is not shared");
	return observe(seen, OBSERVED_HOLDS, "%s %s, %s%s%s", mount->type, mount->root,
		       mount->options, *mount->propagation ? ", " : "", mount->propagation);
}
