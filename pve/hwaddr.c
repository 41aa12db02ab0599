#include "pve/hwaddr.h"

#include "lib/arena.h"
#include "lib/text.h"

#include <string.h>
#include <sys/random.h>

const char *hwaddr_random(struct arena *arena, const char *prefix)
{
	cleanup_(text_free) struct text text = {};
	unsigned char bytes[6];

	if (getrandom(bytes, sizeof(bytes), 0) != sizeof(bytes))
		return NULL;
	bytes[0] = (unsigned char)((bytes[0] & 0xfe) | 0x02); /* local, of one station */
	text_add(&text, prefix ? prefix : "BC:24:11");
	for (size_t i = 0; text.length < strlen("00:00:00:00:00:00") && i < 6; i++)
		text_addf(&text, "%s%02X", text.length ? ":" : "", bytes[i]);
	return arena_strdup(arena, text_str(&text));
}
