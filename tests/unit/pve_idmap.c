#include "pve/lxc/idmap.h"

#include "lib/err.h"
#include "lib/text.h"

#include <criterion/criterion.h>

static void add_text(struct text *text, char type, const struct oci_id_mappings *mappings)
{
	for (size_t i = 0; i < mappings->count; i++)
		text_addf(text, "%s%c %u %u %u", text->length ? ", " : "", type,
			  mappings->items[i].container_id, mappings->items[i].host_id,
			  mappings->items[i].size);
}

static const char *as_text(const struct idmap *map, struct text *text)
{
	text_clear(text);
	add_text(text, 'u', &map->uid);
	add_text(text, 'g', &map->gid);
	return text_str(text);
}

static void read_lines(struct arena *arena, const char *const *lines, struct idmap *map)
{
	struct err err = {};

	for (; *lines; lines++)
		cr_assert_eq(idmap_line_read(arena, *lines, map, &err), 0, "%s: %s", *lines,
			     err.what);
}

Test(idmap, lines)
{
	static const struct {
		const char *line;
		const char *map; /* NULL: refused */
	} rows[] = {
		{"u 0 100000 65536", "u 0 100000 65536"},
		{"g\t0  100000 65536 ", "g 0 100000 65536"},
		{"b 0 100000 65536", NULL},
		{"uu 0 100000 65536", NULL},
		{"u 0 100000", NULL},
		{"u 0 100000 65536 1", NULL},
		{"u 0 100000 0", NULL},
		{"u 0 -1 5", NULL},
		{"u 4294967290 0 10", NULL},
		{"u 0 99999999999999999999 10", NULL},
		{"", NULL},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		cleanup_(text_free) struct text text = {};
		struct arena arena = {};
		struct idmap map = {};
		struct err err = {};
		int r = idmap_line_read(&arena, rows[i].line, &map, &err);

		cr_expect_eq(r, rows[i].map ? 0 : -EINVAL, "'%s' gave %d", rows[i].line, r);
		cr_expect_str_eq(as_text(&map, &text), rows[i].map ? rows[i].map : "", "'%s'",
				 rows[i].line);
		cr_expect_eq(err.num != 0, rows[i].map == NULL, "'%s'", rows[i].line);
		arena_free(&arena);
	}
}

static const char *const host_1000[] = {
	"u 0 100000 1000",
	"g 0 100000 1000",
	"u 1000 1000 1",
	"g 1000 1000 1",
	"u 1001 101001 64535",
	"g 1001 101001 64535",
	NULL,
};

Test(idmap, derived_ids)
{
	struct arena arena = {};
	struct idmap map = {};

	read_lines(&arena, host_1000, &map);
	cr_expect(idmap_has(&map));
	cr_expect_eq(idmap_root(&map.uid), 100000);
	cr_expect_eq(idmap_to_inside(&map.uid, 100020), 20);
	cr_expect_eq(idmap_to_inside(&map.uid, 1000), 1000);
	cr_expect_eq(idmap_to_inside(&map.uid, 101001), 1001);
	cr_expect_eq(idmap_to_inside(&map.uid, 101000), 101000, "an id that nothing maps stays");
	cr_expect_null(idmap_overlap(&arena, &map));
	arena_free(&arena);
}

Test(idmap, overlap)
{
	static const struct {
		const char *lines[3];
		const char *text;
	} rows[] = {
		{{"u 0 100000 10", "u 5 200000 10"},
		 "u 0 100000 10 and u 5 200000 10 both map id 5 inside"},
		{{"g 0 100000 10", "g 20 100009 1"},
		 "g 0 100000 10 and g 20 100009 1 both map id 100009 of the host"},
		{{"u 0 100000 10", "g 0 100000 10"}, NULL},
		{{"u 0 100000 10", "u 10 100010 10"}, NULL},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct arena arena = {};
		struct idmap map = {};
		const char *text;

		read_lines(&arena, rows[i].lines, &map);
		text = idmap_overlap(&arena, &map);
		cr_expect_str_eq(text ? text : "", rows[i].text ? rows[i].text : "", "%s",
				 rows[i].lines[1]);
		arena_free(&arena);
	}
}

/* The examples of pve-container's documentation, and the edges. */
Test(idmap, mount)
{
	static const char *const by_default[] = {"u 0 100000 65536", "g 0 100000 65536", NULL};
	static const char *const thousand[] = {"u 0 100000 1000", "u 1000 1000 1",
					       "u 1001 101001 64535", NULL};
	static const struct {
		const char *const *container;
		const char *text;
		const char *map; /* NULL: refused */
	} rows[] = {
		{by_default, "u:1000:1000:1",
		 "u 100000 100000 1000, u 1000 101000 1, u 101001 101001 64535, "
		 "g 100000 100000 65536"},
		{by_default, "u:1000:1000:1;g:1000:1000:1",
		 "u 100000 100000 1000, u 1000 101000 1, u 101001 101001 64535, "
		 "g 100000 100000 1000, g 1000 101000 1, g 101001 101001 64535"},
		{by_default, "u:65530:10:20",
		 "u 100000 100000 65530, u 10 165530 6, g 100000 100000 65536"},
		{by_default, "u:70000:5:1", "u 100000 100000 65536, g 100000 100000 65536"},
		{by_default, "passthrough", "u 0 100000 65536, g 0 100000 65536"},
		{by_default, "u:10:5:1;u:2:3:1",
		 "u 100000 100000 2, u 3 100002 1, u 100003 100003 7, u 5 100010 1, "
		 "u 100011 100011 65525, g 100000 100000 65536"},
		{thousand, "u:999:7:3",
		 "u 100000 100000 999, u 7 100999 1, u 8 1000 1, u 9 101001 1, "
		 "u 101002 101002 64534"},
		{by_default, "u:0:5:10;u:9:50:1", NULL},
		{by_default, "u:0:5:10;u:20:14:1", NULL},
		{by_default, "u:1:1:0", NULL},
		{by_default, "u:1:1", NULL},
		{by_default, "u:1:1:1;", NULL},
		{by_default, "x:1:1:1", NULL},
		{by_default, "u:1:1:1:1", NULL},
		{by_default, "u:1::1", NULL},
		{by_default, "", NULL},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		cleanup_(text_free) struct text text = {};
		struct arena arena = {};
		struct idmap container = {};
		struct idmap map = {};
		struct err err = {};
		int r;

		read_lines(&arena, rows[i].container, &container);
		r = idmap_mount_read(&arena, rows[i].text, &container, &map, &err);
		cr_expect_eq(r, rows[i].map ? 0 : -EINVAL, "'%s' gave %d: %s", rows[i].text, r,
			     err.what);
		cr_expect_str_eq(as_text(&map, &text), rows[i].map ? rows[i].map : "", "'%s'",
				 rows[i].text);
		arena_free(&arena);
	}
}
