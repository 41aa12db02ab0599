#include "pve/conf/hwaddr.h"

#include "lib/arena.h"
#include "lib/own.h"
#include "lib/sha1.h"
#include "lib/text.h"

#include <stdio.h>
#include <string.h>
#include <sys/random.h>

enum { BYTES = 6 };

static const char *write_hwaddr(struct arena *arena, const char *prefix, unsigned char bytes[BYTES])
{
	cleanup_(text_free) struct text text = {};

	bytes[0] = (unsigned char)((bytes[0] & 0xfe) | 0x02); /* local, of one station */
	text_add(&text, prefix ? prefix : "BC:24:11");
	for (size_t i = 0; text.length < strlen("00:00:00:00:00:00") && i < BYTES; i++)
		text_addf(&text, "%s%02X", text.length ? ":" : "", bytes[i]);
	return arena_strdup(arena, text_str(&text));
}

const char *hwaddr_random(struct arena *arena, const char *prefix)
{
	unsigned char bytes[BYTES];

	return getrandom(bytes, sizeof(bytes), 0) == sizeof(bytes)
		       ? write_hwaddr(arena, prefix, bytes)
		       : NULL;
}

const char *hwaddr_of(struct arena *arena, const char *prefix, const char *seed)
{
	unsigned char bytes[BYTES] = {};
	char hex[41];

	sha1_hex(seed, strlen(seed), hex);
	for (size_t i = 0; i < BYTES; i++)
		(void)sscanf(hex + 2 * i, "%2hhx", &bytes[i]);
	return write_hwaddr(arena, prefix, bytes);
}
