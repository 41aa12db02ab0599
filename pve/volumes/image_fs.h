#pragma once

#include <stdbool.h>
#include <stdint.h>

struct err;

/** image_fs_has_room() - is there an ext4 in an image of @size bytes that could be bigger? */
bool image_fs_has_room(const char *path, uint64_t size);

/**
 * image_fs_grow() - let the ext4 of an image have all of it, by resize2fs(8)
 *
 * As a mounted file system, a container's or our own for that time: the tools wait for multiple
 * mount protection on one that nobody has mounted. They have to do it without CAP_SYS_RESOURCE;
 * one that is in use stays as it is then.
 */
int image_fs_grow(const char *path, struct err *err);
