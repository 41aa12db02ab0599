#include "lib/fds.h"

#include "lib/sys.h"

#include <stdlib.h>

static int by_number(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

void fds_close_others(int first, int *kept, size_t count)
{
	qsort(kept, count, sizeof(*kept), by_number);
	for (size_t i = 0; i < count; i++) {
		if (kept[i] > first)
			(void)sys_close_range((unsigned int)first, (unsigned int)kept[i] - 1, 0);
		if (kept[i] >= first)
			first = kept[i] + 1;
	}
	(void)sys_close_range((unsigned int)first, ~0U, 0);
}
