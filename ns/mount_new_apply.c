#include "lib/err.h"
#include "lib/fs.h"
#include "lib/own.h"
#include "lib/sys.h"
#include "ns/mount.h"
#include "ns/mount_new.h"

#include <fcntl.h>
#include <string.h>

/* Not among the options in text: a label has commas of its own. */
static int set_context(int fs_fd, const char *context, struct err *err)
{
	int r = sys_fsconfig(fs_fd, FSCONFIG_SET_STRING, "context", context, 0);

	return r < 0 ? fs_failed(fs_fd, r, err, "set the SELinux context") : 0;
}

/* "none" is what a line that binds or remounts has for a type, or one that names none. */
static int no_type(const char *type, struct err *err)
{
	err_plain(err, -ENODEV, "this kernel has no file system \"%s\"", type);
	if (strcmp(type, "none") == 0)
		err_hint(err, "name one of /proc/filesystems as its type, or add the option bind");
	else
		err_hint(err, "modprobe %s, or name one of /proc/filesystems", type);
	return -ENODEV;
}

static int make(const char *type, const char *source, const char *data, const char *context,
		unsigned int attributes, struct err *err)
{
	cleanup_close int fs_fd = sys_fsopen(type);
	int r;

	if (fs_fd == -ENODEV)
		return no_type(type, err);
	if (fs_fd < 0)
		return err_sys(err, fs_fd, "fsopen", "open file system \"%s\"", type);
	r = source ? sys_fsconfig(fs_fd, FSCONFIG_SET_STRING, "source", source, 0) : 0;
	if (r < 0)
		return fs_failed(fs_fd, r, err, "set the source");
	r = fs_configure(fs_fd, data, err);
	if (r == -EINVAL)
		err_hint(err,
			 "mend that option, or leave it out: mount(8) and %s(5) have those of "
			 "%s",
			 type, type);
	if (r == 0 && context)
		r = set_context(fs_fd, context, err);
	if (r < 0)
		return r;
	r = sys_fsconfig(fs_fd, FSCONFIG_CMD_CREATE, NULL, NULL, 0);
	if (r < 0)
		return fs_failed(fs_fd, r, err, "make the file system");
	r = sys_fsmount(fs_fd, attributes);
	return r < 0 ? fs_failed(fs_fd, r, err, "mount the file system") : r;
}

int mount_new_simple(const char *type, const char *data, unsigned int attributes, struct err *err)
{
	return make(type, NULL, data, NULL, attributes, err);
}

static int set_propagation(int mnt_fd, const struct mount_opts *opts, struct err *err)
{
	struct mount_attr attr = {
		.propagation = opts->propagation ? opts->propagation : opts->propagation_recursive,
	};
	int r;

	if (!attr.propagation)
		return 0;
	r = sys_mount_setattr(mnt_fd, "", AT_EMPTY_PATH, &attr);
	return r < 0 ? err_sys(err, r, "mount_setattr", "set the propagation") : 0;
}

int mount_new(const struct mount_values *values, const char *data, struct err *err)
{
	const uint64_t attributes = values->opts.set | values->opts.set_recursive;
	cleanup_close int mnt_fd = -EBADF;
	int r;

	mnt_fd = make(values->type, values->source, data, values->context, (unsigned int)attributes,
		      err);
	if (mnt_fd < 0)
		return mnt_fd;
	r = set_propagation(mnt_fd, &values->opts, err);
	return r < 0 ? r : take_fd(&mnt_fd);
}
