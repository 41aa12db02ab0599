#pragma once

#include <stdbool.h>

struct err;

/*
 * File systems by fsopen(2): options, what the file system itself says of a failure, and those
 * that are on a device.
 */

/** fs_configure() - the options in @data, with commas, one after the other. */
int fs_configure(int fs_fd, const char *data, struct err *err);

/** fs_failed() - fill @err with @num and what the file system wrote about it into @fs_fd. */
int fs_failed(int fs_fd, int num, struct err *err, const char *what);

/** struct fs_device - the file system that is on a block device */
struct fs_device {
	const char *device;
	const char *type; /* NULL: ask the kernel: ext4, xfs, btrfs     */
	const char *data; /* the file system's options with commas      */
	bool readonly;    /* the device is not written                  */
};

/**
 * fs_mount() - mount it, detached
 * Return: a descriptor of the mount; -EINVAL where no type is right.
 */
int fs_mount(const struct fs_device *fs, struct err *err);

/** fs_name() - the type of the file system behind a descriptor; NULL: none that we know. */
const char *fs_name(int fd);
