#include "pve/lint/parts.h"

#include "pve/lxc/config.h"
#include "pve/lxc/idmap.h"

#include <stdlib.h>
#include <string.h>

enum { USUAL_COUNT = 65536 }; /* of ids that a distribution counts on: nobody is 65534 */

/* One line of the map. */
struct range {
	const struct pve_entry *entry;
	uint32_t inside, host, count;
};

struct ranges {
	size_t count;
	struct range *items;
};

static int by_inside(const void *a, const void *b)
{
	const uint32_t one = ((const struct range *)a)->inside;
	const uint32_t other = ((const struct range *)b)->inside;

	return one < other ? -1 : one > other;
}

/* Lines that can't be read end a start, which says so. */
static void add_range(const struct linting *l, const struct pve_entry *entry, char type,
		      struct ranges *ranges)
{
	struct idmap map = {};
	const struct oci_id_mappings *read = type == 'u' ? &map.uid : &map.gid;

	if (*entry->value != type || idmap_line_read(l->arena, entry->value, &map, NULL) < 0)
		return;
	ranges->items[ranges->count++] = (struct range){
		entry, read->items[0].container_id, read->items[0].host_id, read->items[0].size};
}

static void read_ranges(const struct linting *l, char type, struct ranges *ranges)
{
	size_t lines = 0;

	entry_each(entry, &l->conf->main.raw) lines++;
	ranges->items = arena_array(l->arena, lines, sizeof(*ranges->items));
	entry_each(entry, &l->conf->main.raw)
	{
		const char *key = lxc_key_rename(l->arena, entry->key);

		if (key && strcmp(key, "lxc.idmap") == 0)
			add_range(l, entry, type, ranges);
	}
	qsort(ranges->items, ranges->count, sizeof(*ranges->items), by_inside);
}

static bool is_free(const struct ranges *ranges, uint64_t host, uint64_t count)
{
	for (size_t i = 0; i < ranges->count; i++)
		if (host < (uint64_t)ranges->items[i].host + ranges->items[i].count &&
		    ranges->items[i].host < host + count)
			return false;
	return true;
}

/* Ids of the host for a hole: those that go on where the range before it ends, as a map has them
 * whose middle was cut out; else those behind all others. */
static uint64_t host_for(const struct ranges *ranges, const struct range *before, uint64_t first,
			 uint64_t count)
{
	uint64_t end = 0;

	if (before && is_free(ranges, (uint64_t)before->host + (first - before->inside), count))
		return (uint64_t)before->host + (first - before->inside);
	for (size_t i = 0; i < ranges->count; i++) {
		const uint64_t after = (uint64_t)ranges->items[i].host + ranges->items[i].count;

		end = after > end ? after : end;
	}
	return end;
}

static void find_hole(const struct linting *l, char type, const struct ranges *ranges,
		      const struct range *before, uint64_t first, uint64_t next)
{
	const uint64_t host = host_for(ranges, before, first, next - first);
	const struct range *blamed = before ? before : &ranges->items[0];

	lint_find(l, blamed->entry,
		  arena_printf(l->arena, "add lxc.idmap: %c %lu %lu %lu", type, first, host,
			       next - first),
		  "%s of the container %s no id on the host: files of theirs are nobody's, and no "
		  "process can become them",
		  next - first == 1
			  ? arena_printf(l->arena, "%cid %lu", type, first)
			  : arena_printf(l->arena, "%cids %lu to %lu", type, first, next - 1),
		  next - first == 1 ? "has" : "have");
}

static void check_kind(const struct linting *l, char type)
{
	struct ranges ranges = {};
	const struct range *before = NULL;
	uint64_t next = 0;

	read_ranges(l, type, &ranges);
	if (ranges.count == 0)
		return;
	for (size_t i = 0; i < ranges.count; i++) {
		const struct range *range = &ranges.items[i];

		if (range->inside > next)
			find_hole(l, type, &ranges, before, next, range->inside);
		before = range;
		next = (uint64_t)range->inside + range->count;
	}
	if (next < USUAL_COUNT)
		find_hole(l, type, &ranges, before, next, USUAL_COUNT);
}

/* Ranges that overlap end a start: the translation has the line that would be right. */
void lint_idmap(const struct linting *l)
{
	check_kind(l, 'u');
	check_kind(l, 'g');
}
