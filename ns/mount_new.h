#pragma once

struct err;
struct mount_values;

/**
 * mount_new() - a new file system of @values' type, detached
 * @data: its options with commas
 *
 * In the namespaces of the caller. Return: a descriptor, or a negative errno with what the file
 * system itself said.
 */
int mount_new(const struct mount_values *values, const char *data, struct err *err);

/** mount_new_simple() - a tmpfs or the like without attributes of the mount. */
int mount_new_simple(const char *type, const char *data, unsigned int attributes, struct err *err);

/** fs_configure() - the options in @data, with commas, one after the other. */
int fs_configure(int fs_fd, const char *data, struct err *err);

/** fs_failed() - fill @err with @num and what the file system wrote about it into @fs_fd. */
int fs_failed(int fs_fd, int num, struct err *err, const char *what);

/** copy_up() - fill the tmpfs @to_fd with the tree @from_fd: owners, modes, attributes, devices. */
int copy_up(int from_fd, int to_fd, struct err *err);
