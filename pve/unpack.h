#pragma once

#include <stdint.h>

struct err;
struct idmap;

struct unpack {
	int fd;                  /* the archive, at its start                  */
	uint64_t total;          /* its size                                   */
	const struct idmap *map; /* ids that files may have; NULL: any         */
	void (*progress)(void *data, uint64_t done, uint64_t total); /* or NULL */
	void *data;
};

/**
 * unpack_archive() - extract into the current directory, see template_extract()
 *
 * Context: a process whose root is the directory.
 */
int unpack_archive(const struct unpack *unpack, struct err *err);
