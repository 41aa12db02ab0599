#include "pve/setup/parts.h"

#include "lib/own.h"
#include "lib/sys.h"
#include "pve/conf/property.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>

enum { FIRST_NESTED = 242, FIRST_CGROUP2 = 232 };

bool setup_has_systemd(const struct setup *setup)
{
	const struct guest guest = setup_guest(setup);

	return guest_same(&guest, "/sbin/init", "/lib/systemd/systemd") ||
	       guest_same(&guest, "/sbin/init", "/usr/lib/systemd/systemd");
}

/* From the name of the library that only this version has: libsystemd-shared-252.so. */
static unsigned int version_in(const struct setup *setup, const char *folder)
{
	int fd = sys_open_in_root(setup->root_fd, folder, O_RDONLY | O_DIRECTORY, 0);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	unsigned int version = 0;
	const struct dirent *entry;

	if (!dir) {
		close_fd(fd);
		return 0;
	}
	while (version == 0 && (entry = readdir(dir)))
		(void)sscanf(entry->d_name, "libsystemd-shared-%u", &version);
	(void)closedir(dir);
	return version;
}

/* Where distributions have systemd's own library: Debian 13 among the architecture's. */
static unsigned int systemd_version(const struct setup *setup)
{
	static const char *const folders[] = {
		"/lib/systemd",
		"/usr/lib/systemd",
		"/usr/lib64/systemd",
		"/usr/lib/x86_64-linux-gnu/systemd",
		"/usr/lib/aarch64-linux-gnu/systemd",
	};
	unsigned int version = 0;

	for (size_t i = 0; version == 0 && i < ARRAY_SIZE(folders); i++)
		version = version_in(setup, folders[i]);
	return version;
}

static bool nesting(const struct setup *setup)
{
	const char *value = setup_option(setup, "features");
	cleanup_(arena_free) struct arena arena = {};
	struct pve_features features = {};

	return value &&
	       property_read(&arena, pve_features_properties, value, &features, NULL) == 0 &&
	       features.nesting.set && features.nesting.value;
}

void setup_check_systemd(const struct setup *setup)
{
	unsigned int version;

	if (!setup_has_systemd(setup))
		return;
	version = systemd_version(setup);
	if (version >= FIRST_NESTED && !nesting(setup))
		setup_warn(setup, "Systemd %u detected. You may need to enable nesting.", version);
	if (version > 0 && version < FIRST_CGROUP2)
		setup_warn(setup, "Systemd %u detected: too old for cgroup version 2", version);
}
