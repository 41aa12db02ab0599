#include "runtime/join.h"

#include "lib/err.h"
#include "lib/own.h"
#include "ns/namespace_types.h"

#include <sched.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

int join_differing(pid_t pid, uint64_t which, uint64_t *flags, struct err *err)
{
	*flags = 0;
	for (const struct namespace_type *type = namespace_types; type->type; type++) {
		const char *file = type->file;
		char theirs_path[64], ours_path[64];
		struct stat theirs, ours;

		if (!(which & type->flag))
			continue;
		(void)snprintf(theirs_path, sizeof(theirs_path), "/proc/%d/ns/%s", (int)pid, file);
		(void)snprintf(ours_path, sizeof(ours_path), "/proc/self/ns/%s", file);
		if (stat(ours_path, &ours) < 0)
			continue; /* this kernel has none of the type */
		if (stat(theirs_path, &theirs) < 0)
			return err_set(err, -errno, "look at the container's %s namespace", file);
		if (theirs.st_ino != ours.st_ino)
			*flags |= type->flag;
	}
	return 0;
}

int join_as_root(pid_t pid, int pid_fd, uint64_t which, struct err *err)
{
	uint64_t flags;
	int r = join_differing(pid, which, &flags, err);

	if (r < 0)
		return r;
	if (flags && setns(pid_fd, (int)flags) < 0)
		return err_set(err, -errno, "join the container's namespaces");
	/* One without an id map has no root: its capabilities are ours all the same. */
	if (flags & CLONE_NEWUSER && (setgid(0) < 0 || setuid(0) < 0) && errno != EINVAL)
		return err_set(err, -errno, "become the container's root");
	return 0;
}
