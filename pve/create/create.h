#pragma once

#include "pve/etc/etc.h"

#include <stdbool.h>
#include <stdint.h>

struct err;

struct create_request {
	const struct etc *etc;
	const char *id;
	const char *archive;  /* path, or volume id ("local:vztmpl/x.tar.zst")     */
	const char *storage;  /* of volumes that don't name one; NULL: "local"      */
	const char *password; /* NULL: none                                        */
	const char *keys;     /* lines for authorized_keys; NULL: none             */
	/* Files are owned by 0 to 65535, and shown through a mount with the container's map: every
	 * volume that is made gets idmap=passthrough, which holds at each start. */
	bool shift_free;
	bool ignore_errors;  /* members of the archive that can't be extracted are passed over */
	const char *bwlimit; /* KiB/s of the archive, a number; NULL: what storage.cfg and
			      * datacenter.cfg say */
	/* Options as the user wrote them: @count pairs of key and value. rootfs and mpN may ask for
	 * a new volume: "8", "local:8,mp=/srv". Raw lxc.idmap lines stand among them. */
	const char *const (*options)[2];
	size_t count;
	/* What there is to say: what is done, and what was passed over; or NULL. */
	void (*say)(void *data, const char *text);
	void (*warn)(void *data, const char *text);
	void (*progress)(void *data, uint64_t done, uint64_t total); /* bytes; or NULL */
	void *data;
};

/**
 * create_container() - make a container from a template
 *
 * Its config says `lock: create` from the beginning to the end, and names a volume before the
 * volume is made. On failure nothing of it is left; after a crash `pct unlock` and `pct destroy`
 * remove what the config names.
 * Return: 0; -EEXIST when the id is taken; -EINVAL for a request that makes no sense.
 */
int create_container(const struct create_request *request, struct err *err);
