#pragma once

#include "pve/lxc/idmap.h"

#include <stdbool.h>
#include <stdint.h>

struct err;

/*
 * Templates: tar archives of a root file system, packed with gzip, xz, zstd or bzip2, or not.
 */

struct template_request {
	const char *archive;     /* path on the host, for messages                         */
	int fd;                  /* of template_open(); borrowed                           */
	int root_fd;             /* directory to extract into                              */
	const struct idmap *map; /* the container's; NULL or without ranges: ids as they are */
	bool ignore_errors;      /* warn of members that fail, and go on                   */
	double bwlimit;          /* KiB of the archive a second; 0: no limit               */
	/* Called in the child: of members that were passed over, and now and then with bytes of the
	 * archive read so far, and its size. NULL: never. */
	void (*warn)(void *data, const char *text);
	void (*progress)(void *data, uint64_t done, uint64_t total);
	void *data;
};

/** template_open() - open an archive to be extracted. Return: a descriptor; -EINVAL: it is none. */
int template_open(const char *archive, struct err *err);

/**
 * template_extract() - extract an archive in the container's id map
 *
 * Owners are numbers; permissions, user.* attributes, file capabilities, ACLs, hard links and
 * holes are kept; files that exist already and ./dev/ are left out. A child process does it, in
 * the container's user namespace, with the directory as its root: no name or link in the archive
 * leads out of it.
 * Return: 0; the error names archive and member.
 */
int template_extract(const struct template_request *request, struct err *err);
