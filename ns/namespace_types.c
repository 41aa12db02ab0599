#include "ns/namespace_types.h"

#include "lib/sys.h"

/* config-linux.md, "Namespaces"; namespaces(7). */
const struct namespace_type namespace_types[NAMESPACE_TYPES + 1] = {
	{"user", "user", CLONE_NEWUSER},
	{"mount", "mnt", CLONE_NEWNS},
	{"pid", "pid", CLONE_NEWPID},
	{"network", "net", CLONE_NEWNET},
	{"ipc", "ipc", CLONE_NEWIPC},
	{"uts", "uts", CLONE_NEWUTS},
	{"cgroup", "cgroup", CLONE_NEWCGROUP},
	{"time", "time", CLONE_NEWTIME},
	{},
};
