#include "pve/facts/cpulist.h"

#include "lib/text.h"

#include <stdlib.h>
#include <string.h>

#define CPUS_MAX 8192

/* Digits at *@at, which moves behind them. */
static int read_cpu(const char **at, uint32_t *cpu)
{
	size_t length = strspn(*at, "0123456789");
	char digits[8];

	if (!length || length >= sizeof(digits))
		return -EINVAL;
	memcpy(digits, *at, length);
	digits[length] = '\0';
	*at += length;
	return parse_u32(digits, cpu) < 0 || *cpu >= CPUS_MAX ? -EINVAL : 0;
}

static int add_range(struct cpulist *list, uint32_t first, uint32_t last)
{
	if (last < first || (list->count && first <= list->items[list->count - 1]))
		return -EINVAL;
	for (uint32_t cpu = first; cpu <= last; cpu++)
		list->items[list->count++] = cpu;
	return 0;
}

int cpulist_read(struct arena *arena, const char *text, struct cpulist *list)
{
	struct cpulist result = {.items = arena_array(arena, CPUS_MAX, sizeof(*result.items))};

	while (*text) {
		uint32_t first, last;

		if (read_cpu(&text, &first) < 0)
			return -EINVAL;
		last = first;
		if (*text == '-') {
			text++;
			if (read_cpu(&text, &last) < 0)
				return -EINVAL;
		}
		if (add_range(&result, first, last) < 0)
			return -EINVAL;
		if (*text && (*text++ != ',' || !*text))
			return -EINVAL;
	}
	*list = result;
	return 0;
}

const char *cpulist_write(struct arena *arena, const struct cpulist *list)
{
	cleanup_(text_free) struct text text = {};

	for (size_t i = 0; i < list->count;) {
		size_t end = i + 1;

		while (end < list->count && list->items[end] == list->items[end - 1] + 1)
			end++;
		text_addf(&text, "%s%u", i ? "," : "", list->items[i]);
		if (end > i + 1)
			text_addf(&text, "-%u", list->items[end - 1]);
		i = end;
	}
	return arena_strdup(arena, text_str(&text));
}

static int ascending(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

void cpulist_choose(struct cpulist *list, size_t wanted, const uint32_t *random)
{
	if (wanted >= list->count)
		return;
	for (size_t i = 0; i < wanted; i++) {
		size_t other = i + random[i] % (list->count - i);
		uint32_t chosen = list->items[other];

		list->items[other] = list->items[i];
		list->items[i] = chosen;
	}
	list->count = wanted;
	qsort(list->items, wanted, sizeof(*list->items), ascending);
}
