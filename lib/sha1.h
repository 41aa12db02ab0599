#pragma once

#include <stddef.h>

/*
 * SHA-1 (RFC 3174), for digests that Proxmox shows and compares: a check against changes by
 * accident, nothing that secures.
 */

/** sha1_hex() - the digest of @length bytes at @data as 40 lower-case digits, terminated. */
void sha1_hex(const void *data, size_t length, char hex[41]);
