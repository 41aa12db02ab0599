#include "ns/tty_observe.h"

#include "lib/mountinfo.h"
#include "lib/run.h"
#include "ns/tty.h"

#include <string.h>

int tty_observe(const struct step *step, struct run *run, struct observation *seen, struct err *err)
{
	const struct tty_step *tty = container_of(step, struct tty_step, step);
	cleanup_(arena_free) struct arena arena = {};
	const struct mountinfo *list, *mount;
	int r;

	if (!tty->path)
		return observe(seen, OBSERVED_UNSEEN, "bound on nothing");
	r = mountinfo_read(&arena, run->pid_dir_fd, &list, err);
	if (r < 0)
		return r;
	mount = mountinfo_find(list, tty->path);
	if (!mount)
		return observe(seen, OBSERVED_DIFFERS, "nothing is mounted on %s", tty->path);
	return observe(seen, strcmp(mount->type, "devpts") == 0 ? OBSERVED_HOLDS : OBSERVED_DIFFERS,
		       "%s: %s %s", tty->path, mount->type, mount->root);
}
