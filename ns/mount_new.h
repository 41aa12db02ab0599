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

/** copy_up() - fill the tmpfs @to_fd with the tree @from_fd: owners, modes, attributes, devices. */
int copy_up(int from_fd, int to_fd, struct err *err);
