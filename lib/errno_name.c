#include "lib/errno_name.h"

#include "lib/arena.h"

#include <string.h>

const char *errno_name(struct arena *arena, int num)
{
	const char *name = strerrorname_np(num);

	return name ? name : arena_printf(arena, "%d", num);
}
