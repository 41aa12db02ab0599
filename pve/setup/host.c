#include "pve/setup/setup.h"

#include "lib/file.h"
#include "lib/text.h"

#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

static const char *own_zone(struct arena *arena)
{
	static const char zones[] = "/usr/share/zoneinfo/";
	char path[PATH_MAX];

	if (!realpath("/etc/localtime", path) || !starts_with(path, zones))
		return NULL;
	return arena_strdup(arena, path + strlen(zones));
}

void setup_ask_host(struct arena *arena, struct setup *setup)
{
	/* A host without the file has no name servers to hand on. */
	(void)file_read(arena, AT_FDCWD, "/etc/resolv.conf", 0, &setup->resolv_conf, NULL, NULL);
	setup->timezone = own_zone(arena);
}
