#include "net/vlan_bridge.h"

#include "lib/err.h"
#include "lib/file.h"
#include "tests/unit/apart.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

static bool map_root(const char *file, unsigned int id)
{
	char map[32];

	(void)snprintf(map, sizeof(map), "0 %u 1\n", id);
	return file_write(AT_FDCWD, file, map) == 0;
}

/* A /run/lock of its own: the host's may be in use. */
static bool with_own_folder(void)
{
	const uid_t uid = geteuid();
	const gid_t gid = getegid();

	return unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0 &&
	       file_write(AT_FDCWD, "/proc/self/setgroups", "deny") == 0 &&
	       map_root("/proc/self/uid_map", uid) && map_root("/proc/self/gid_map", gid) &&
	       mount("none", "/run/lock", "tmpfs", 0, NULL) == 0;
}

static int try_twice(void)
{
	struct err err = {};
	int first, second;

	if (!with_own_folder())
		return NO_NAMESPACES;
	first = vlan_bridge_lock(0, &err);
	second = vlan_bridge_lock(0, &err);
	if (first < 0 || second != -ETIMEDOUT || !strstr(err.what, "got timeout") ||
	    !strstr(err.hint, "fuser /run/lock/pve-network.lck"))
		return WRONG;
	(void)close(first);
	return vlan_bridge_lock(0, &err) < 0 ? WRONG : FINE;
}

Test(vlan_bridge, lock_of_another)
{
	run_apart(try_twice);
}
