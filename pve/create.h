#pragma once

#include "pve/etc.h"

#include <stdbool.h>
#include <stdint.h>

struct err;

struct create_request {
	const struct etc *etc;
	const char *id;
	const char *archive;  /* path, or volume id ("local:vztmpl/x.tar.zst")     */
	const char *storage;  /* NULL: "local"                                     */
	const char *password; /* NULL: none                                        */
	const char *keys;     /* lines for authorized_keys; NULL: none             */
	bool shift_free;      /* files are owned by 0 to 65535, mapped by a mount  */
	/* Options in their stored form (schema_check_api()); rootfs as "local:8", "8" or absent;
	 * @count pairs of key and value. */
	const char *const (*options)[2];
	size_t count;
	void (*progress)(void *data, uint64_t done, uint64_t total); /* or NULL */
	void *data;
};

/**
 * create_container() - make a container from a template
 *
 * Its config says `lock: create` from the beginning to the end. On failure nothing of it is left.
 * Return: 0; -EEXIST when the id is taken.
 */
int create_container(const struct create_request *request, struct err *err);
