#pragma once

#include <stdbool.h>

struct err;
struct stat;

/*
 * Loop devices (loop(4)). Those made here have LO_FLAGS_AUTOCLEAR: the kernel detaches them from
 * the image with their last user.
 */

/** struct loop_request - an image that is to be a block device */
struct loop_request {
	const char *name; /* of the image, for losetup(8) */
	int image_fd;
	bool readonly;
	/* Told the number before the device has the image, for who wants to know after a crash;
	 * or NULL. Called again when somebody else was faster. */
	int (*note)(void *data, int number, struct err *err);
	void *data;
};

/**
 * loop_attach() - take a free loop device for an image
 * Return: a descriptor, which keeps it until it is mounted; its number in *@number.
 */
int loop_attach(const struct loop_request *request, int *number, struct err *err);

/** loop_open() - /dev/loopN. Return: a descriptor or a negative errno. */
int loop_open(int number, int flags);

/** loop_has() - does an open loop device have that image? */
bool loop_has(int loop_fd, const struct stat *image);

/**
 * loop_find() - the loop device that has an image
 * Return: a descriptor, its number in *@number; -ENOENT: none has.
 */
int loop_find(const struct stat *image, int flags, int *number);
