#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct err;
struct isolation;

/** struct reach - what a process could do with a path of its own, by the kernel's word */
struct reach {
	const char *path;
	int error; /* 0; -ENOENT, -EACCES...; -ETIMEDOUT: a file system in there doesn't answer */
	mode_t mode;
	dev_t device;            /* of a device node                       */
	unsigned long fs;        /* *_MAGIC of linux/magic.h               */
	bool read_only, nodev;   /* the mount                              */
	bool readable, writable; /* access(2) with its ids and capabilities */
};

/**
 * reach_look() - look at each path of @list, filling what is behind @path
 *
 * A child becomes the process as far as files are concerned (isolation_become()) and asks; nothing
 * is opened for reading or writing. Links are followed as they lead in there, magic ones are not.
 * The device filter and the security label that it asks with are the caller's.
 */
int reach_look(const struct isolation *isolation, struct reach *list, size_t count,
	       struct err *err);

/**
 * reach_nodes() - the device nodes below /dev of a process, in @paths
 * @paths: room for @most strings that live in the isolation's arena
 * @cut: set where there are more
 *
 * Other file systems below it (pts, shm) are left out. Return: how many, or a negative errno.
 */
int reach_nodes(struct isolation *isolation, const char **paths, size_t most, bool *cut,
		struct err *err);
