#include "pve/lxc/idmap.h"

#include "lib/err.h"
#include "lib/list.h"
#include "lib/text.h"

#include <ctype.h>
#include <string.h>

static void add(struct arena *arena, struct oci_id_mappings *mappings, uint32_t inside,
		uint32_t outside, uint32_t count)
{
	*list_push(arena, mappings) = (struct oci_id_mapping){inside, outside, count};
}

static struct oci_id_mappings *of_type(struct idmap *map, char type)
{
	return type == 'u' ? &map->uid : &map->gid;
}

void idmap_default(struct arena *arena, struct idmap *map)
{
	*map = (struct idmap){};
	add(arena, &map->uid, 0, 100000, 65536);
	add(arena, &map->gid, 0, 100000, 65536);
}

bool idmap_has(const struct idmap *map)
{
	return map->uid.count || map->gid.count;
}

/* One number of a line; ranges may not run over the last id, 2^32-1 (which means "no id"). */
static int read_id(const char *word, size_t length, uint32_t *id)
{
	char digits[16];

	if (length >= sizeof(digits))
		return -ERANGE;
	memcpy(digits, word, length);
	digits[length] = '\0';
	return parse_u32(digits, id);
}

static bool range_fits(uint32_t first, uint32_t count)
{
	return count > 0 && (uint64_t)first + count <= UINT32_MAX;
}

int idmap_line_read(struct arena *arena, const char *line, struct idmap *map, struct err *err)
{
	const char *rest = line;
	uint32_t numbers[3];
	size_t length;
	const char *word = next_word(&rest, &length);
	char type = word && length == 1 ? *word : '\0';
	int r = type == 'u' || type == 'g' ? 0 : -EINVAL;

	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(numbers); i++) {
		word = next_word(&rest, &length);
		r = word ? read_id(word, length, &numbers[i]) : -EINVAL;
	}
	if (r < 0 || next_word(&rest, &length))
		return err_wrong(err,
				 "write 'u 0 100000 65536': u or g, first id inside, first id on "
				 "the host, count",
				 "'%s' is no id map", line);
	if (!range_fits(numbers[0], numbers[2]) || !range_fits(numbers[1], numbers[2]))
		return err_wrong(err, "the count is at least 1, and no id above 4294967294",
				 "id map '%s': the range is empty or too long", line);
	add(arena, of_type(map, type), numbers[0], numbers[1], numbers[2]);
	return 0;
}

static bool ranges_meet(uint32_t a, uint32_t a_count, uint32_t b, uint32_t b_count)
{
	return (uint64_t)a < (uint64_t)b + b_count && (uint64_t)b < (uint64_t)a + a_count;
}

static const char *overlap_text(struct arena *arena, char type, const struct oci_id_mapping *a,
				const struct oci_id_mapping *b)
{
	bool inside = ranges_meet(a->container_id, a->size, b->container_id, b->size);
	uint32_t first = inside ? a->container_id : a->host_id;
	uint32_t second = inside ? b->container_id : b->host_id;

	return arena_printf(arena, "%c %u %u %u and %c %u %u %u both map id %u %s", type,
			    a->container_id, a->host_id, a->size, type, b->container_id, b->host_id,
			    b->size, first > second ? first : second,
			    inside ? "inside" : "of the host");
}

static const char *overlap(struct arena *arena, char type, const struct oci_id_mappings *mappings)
{
	for (size_t i = 0; i < mappings->count; i++) {
		const struct oci_id_mapping *a = &mappings->items[i];

		for (size_t j = i + 1; j < mappings->count; j++) {
			const struct oci_id_mapping *b = &mappings->items[j];

			if (ranges_meet(a->container_id, a->size, b->container_id, b->size) ||
			    ranges_meet(a->host_id, a->size, b->host_id, b->size))
				return overlap_text(arena, type, a, b);
		}
	}
	return NULL;
}

const char *idmap_overlap(struct arena *arena, const struct idmap *map)
{
	const char *text = overlap(arena, 'u', &map->uid);

	return text ? text : overlap(arena, 'g', &map->gid);
}

const char *idmap_free(struct arena *arena, const struct idmap *map, char type)
{
	const struct oci_id_mappings *ranges = type == 'u' ? &map->uid : &map->gid;
	const struct oci_id_mapping *last = &ranges->items[ranges->count - 1];
	uint64_t inside = last->container_id, host = last->host_id;

	for (size_t i = 0; i + 1 < ranges->count; i++) {
		const struct oci_id_mapping *range = &ranges->items[i];

		if (ranges_meet(range->container_id, range->size, last->container_id, last->size) &&
		    (uint64_t)range->container_id + range->size > inside)
			inside = (uint64_t)range->container_id + range->size;
		if (ranges_meet(range->host_id, range->size, last->host_id, last->size) &&
		    (uint64_t)range->host_id + range->size > host)
			host = (uint64_t)range->host_id + range->size;
	}
	return arena_printf(arena, "write %c %lu %lu %u: where the other range ends", type, inside,
			    host, last->size);
}

bool idmap_has_root(const struct oci_id_mappings *ranges)
{
	for (size_t i = 0; i < ranges->count; i++)
		if (ranges->items[i].container_id == 0)
			return true;
	return false;
}

const char *idmap_root_line(struct arena *arena, const struct oci_id_mappings *ranges, char type)
{
	uint32_t first = UINT32_MAX;
	uint64_t end = 0;

	for (size_t i = 0; i < ranges->count; i++) {
		const struct oci_id_mapping *range = &ranges->items[i];
		const uint64_t behind = (uint64_t)range->host_id + range->size;

		first = range->container_id < first ? range->container_id : first;
		end = behind > end ? behind : end;
	}
	return arena_printf(arena, "add lxc.idmap: %c 0 %lu %u", type, end, first);
}

uint32_t idmap_root(const struct oci_id_mappings *mappings)
{
	for (size_t i = mappings->count; i-- > 0;)
		if (mappings->items[i].container_id == 0)
			return mappings->items[i].host_id;
	return 0;
}

uint32_t idmap_to_inside(const struct oci_id_mappings *mappings, uint32_t id)
{
	for (size_t i = 0; i < mappings->count; i++) {
		const struct oci_id_mapping *range = &mappings->items[i];

		if (id >= range->host_id && id - range->host_id < range->size)
			return range->container_id + (id - range->host_id);
	}
	return id;
}

/* "u:1000:1000:1" (its end at @end) into @entries; host_id is the id on the disk here. */
static int read_entry(struct arena *arena, const char *entry, const char *end,
		      struct idmap *entries, struct err *err)
{
	char type = *entry;
	const char *at = entry + 1;
	uint32_t numbers[3];
	int r = type == 'u' || type == 'g' ? 0 : -EINVAL;

	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(numbers); i++) {
		const char *digits = at + 1;

		if (at >= end || *at != ':') {
			r = -EINVAL;
			break;
		}
		for (at = digits; at < end && isdigit((unsigned char)*at); at++)
			;
		r = read_id(digits, (size_t)(at - digits), &numbers[i]);
	}
	if (r < 0 || at != end || !range_fits(numbers[0], numbers[2]) ||
	    !range_fits(numbers[1], numbers[2]))
		return err_plain(err, -EINVAL,
				 "'%.*s' is no id map entry: write 'passthrough', or 'u:CONTAINER:"
				 "DISK:COUNT' entries with ';' between",
				 (int)(end - entry), entry);
	add(arena, of_type(entries, type), numbers[0], numbers[1], numbers[2]);
	return 0;
}

static int read_entries(struct arena *arena, const char *text, struct idmap *entries,
			struct err *err)
{
	const char *shared;

	for (const char *at = text;; at++) {
		const char *end = strchrnul(at, ';');
		int r = read_entry(arena, at, end, entries, err);

		if (r < 0)
			return r;
		if (!*end)
			break;
		at = end;
	}
	shared = idmap_overlap(arena, entries);
	return shared ? err_plain(err, -EINVAL, "id map '%s': %s", text, shared) : 0;
}

static void sort_by_inside(struct oci_id_mappings *mappings)
{
	for (size_t i = 1; i < mappings->count; i++) {
		struct oci_id_mapping moved = mappings->items[i];
		size_t at = i;

		for (; at > 0 && mappings->items[at - 1].container_id > moved.container_id; at--)
			mappings->items[at] = mappings->items[at - 1];
		mappings->items[at] = moved;
	}
}

/* One range of the container's map, cut up by the sorted entries that meet it. Gaps between them
 * keep the host's ids on the disk. */
static void cut_range(struct arena *arena, const struct oci_id_mapping *range,
		      const struct oci_id_mappings *entries, struct oci_id_mappings *out)
{
	uint32_t done = 0;

	for (size_t i = 0; i < entries->count; i++) {
		const struct oci_id_mapping *entry = &entries->items[i];
		uint64_t entry_end = (uint64_t)entry->container_id + entry->size;
		uint64_t range_end = (uint64_t)range->container_id + range->size;
		uint32_t from, to;

		if (!ranges_meet(entry->container_id, entry->size, range->container_id,
				 range->size))
			continue;
		from = entry->container_id > range->container_id
			       ? entry->container_id - range->container_id
			       : 0;
		to = (uint32_t)((entry_end < range_end ? entry_end : range_end) -
				range->container_id);
		if (from > done)
			add(arena, out, range->host_id + done, range->host_id + done, from - done);
		add(arena, out, entry->host_id + (range->container_id + from - entry->container_id),
		    range->host_id + from, to - from);
		done = to;
	}
	if (range->size > done)
		add(arena, out, range->host_id + done, range->host_id + done, range->size - done);
}

static void cut_ranges(struct arena *arena, const struct oci_id_mappings *container,
		       struct oci_id_mappings *entries, struct oci_id_mappings *out)
{
	sort_by_inside(entries);
	for (size_t i = 0; i < container->count; i++)
		cut_range(arena, &container->items[i], entries, out);
}

int idmap_mount_read(struct arena *arena, const char *text, const struct idmap *container,
		     struct idmap *map, struct err *err)
{
	struct idmap entries = {};
	struct idmap result = {};
	int r;

	if (strcmp(text, "passthrough") == 0) {
		*map = *container;
		return 0;
	}
	r = read_entries(arena, text, &entries, err);
	if (r < 0)
		return r;
	cut_ranges(arena, &container->uid, &entries.uid, &result.uid);
	cut_ranges(arena, &container->gid, &entries.gid, &result.gid);
	*map = result;
	return 0;
}
