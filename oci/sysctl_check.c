#include "lib/err.h"
#include "lib/text.h"
#include "oci/check.h"

#include <string.h>

/*
 * Which namespace holds a sysctl: ipc_namespaces(7), network_namespaces(7), user_namespaces(7). All
 * others are the host's, whoever writes them.
 */
static const struct {
	const char *name; /* with a '/' at its end: all below */
	const char *type;
} owners[] = {
	{"kernel/msgmax", "ipc"}, {"kernel/msgmnb", "ipc"},
	{"kernel/msgmni", "ipc"}, {"kernel/sem", "ipc"},
	{"kernel/shmall", "ipc"}, {"kernel/shmmax", "ipc"},
	{"kernel/shmmni", "ipc"}, {"kernel/shm_rmid_forced", "ipc"},
	{"fs/mqueue/", "ipc"},    {"kernel/domainname", "uts"},
	{"net/", "network"},      {"user/", "user"},
};

/* As a path below /proc/sys. Whichever of '.' and '/' comes first separates, sysctl(8). */
static void path_of(const char *name, struct text *path)
{
	bool dots = name[strcspn(name, "./")] == '.';

	for (; *name; name++)
		if (dots && (*name == '.' || *name == '/'))
			text_addc(path, *name == '.' ? '/' : '.');
		else
			text_addc(path, *name);
}

static bool has_bad_part(const char *path)
{
	for (const char *part = path;; part++) {
		size_t length = strcspn(part, "/");

		if (length == 0 || (length == 1 && part[0] == '.') ||
		    (length == 2 && part[0] == '.' && part[1] == '.'))
			return true;
		part += length;
		if (!*part)
			return false;
	}
}

static const char *owner_of(const char *path)
{
	for (size_t i = 0; i < ARRAY_SIZE(owners); i++)
		if (ends_with(owners[i].name, "/") ? starts_with(path, owners[i].name)
						   : strcmp(path, owners[i].name) == 0)
			return owners[i].type;
	return NULL;
}

static int check_pair(const struct oci_spec *spec, const struct oci_pair *pair, struct err *err)
{
	cleanup_(text_free) struct text path = {};
	const char *type;

	path_of(pair->name, &path);
	if (has_bad_part(text_str(&path)))
		return err_plain(err, -EINVAL, "linux.sysctl[\"%s\"]: is no name of a sysctl",
				 pair->name);
	if (strchr(pair->value, '\n'))
		return err_plain(err, -EINVAL, "linux.sysctl[\"%s\"]: holds a line break",
				 pair->name);
	if (strcmp(text_str(&path), "kernel/hostname") == 0)
		return err_plain(err, -EINVAL, "linux.sysctl[\"%s\"]: use the member hostname",
				 pair->name);
	type = owner_of(text_str(&path));
	if (!type)
		return err_wrong(err, "set it on the host: it is the same for all containers",
				 "linux.sysctl[\"%s\"]: is not in a separate kernel namespace",
				 pair->name);
	if (!oci_namespace_find(spec, type))
		return err_plain(err, -EINVAL,
				 "linux.sysctl[\"%s\"]: needs a %s namespace in linux.namespaces",
				 pair->name, type);
	return 0;
}

int oci_sysctl_check(const struct oci_spec *spec, struct err *err)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < spec->linux.sysctl.count; i++)
		r = check_pair(spec, &spec->linux.sysctl.items[i], err);
	return r;
}
