#include "lib/bitlist.h"

#include "lib/own.h"

#include <limits.h>
#include <string.h>

enum { WORD_BITS = sizeof(unsigned long) * CHAR_BIT };

/* The number at *@at, which moves behind it. Return: -1 for none. */
static long number(const char **at)
{
	char *end;
	long value = **at >= '0' && **at <= '9' ? strtol(*at, &end, 10) : -1;

	if (value >= 0)
		*at = end;
	return value;
}

static int read_range(const char **at, unsigned long *bits, size_t count)
{
	long first = number(at), last = first;

	if (**at == '-') {
		(*at)++;
		last = number(at);
	}
	if (first < 0 || last < first)
		return -EINVAL;
	if ((size_t)last >= count)
		return -ERANGE;
	for (long bit = first; bit <= last; bit++)
		bits[bit / WORD_BITS] |= 1UL << (bit % WORD_BITS);
	return 0;
}

int bitlist_read(const char *list, unsigned long *bits, size_t count)
{
	unsigned long found[count / WORD_BITS + 1];
	int r;

	memset(found, 0, sizeof(found));
	do {
		r = read_range(&list, found, count);
		if (r < 0)
			return r;
	} while (*list == ',' && *++list);
	if (*list || list[-1] == ',')
		return -EINVAL;
	memcpy(bits, found, (count + WORD_BITS - 1) / WORD_BITS * sizeof(*bits));
	return 0;
}
