#include "net/firewall_table.h"

#include "lib/err.h"
#include "lib/helper.h"
#include "lib/json.h"
#include "lib/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* ------------------------------------------------------------------ reading */

static const char *const kinds[] = {
	[TABLE_CHAIN] = "chain", [TABLE_SET] = "set", [TABLE_MAP] = "map", [TABLE_RULE] = "rule"};

/* Handles are counted through a table's life: they are nothing that somebody asked for. */
static const char *text_of(struct arena *arena, const struct json *object)
{
	struct json_out *out = json_out_new(false);

	json_out_object(out, NULL);
	json_each (member, object)
		if (strcmp(member->name, "handle") != 0)
			json_out_value(out, member->name, member);
	json_out_end(out);
	return json_out_keep(out, arena);
}

static int read_item(struct arena *arena, enum table_kind kind, const struct json *object,
		     struct table_item *item, struct err *err)
{
	const struct json *handle = json_find(object, "handle");

	*item = (struct table_item){
		.kind = kind,
		.family = json_string(object, "family"),
		.name = json_string(object, kind == TABLE_RULE ? "chain" : "name"),
		.comment = json_string(object, "comment"),
		.json = object,
		.text = text_of(arena, object),
	};
	if (!item->family || !item->name || !handle || json_u64(handle, &item->handle) < 0)
		return err_plain(err, -EINVAL, "pctrun-nft: a %s without family, name or handle",
				 kinds[kind]);
	return 0;
}

/* Its only member, whose name says what it is. NULL: nothing that counts here. */
static const struct json *find_kind(const struct json *object, enum table_kind *kind)
{
	const struct json *found = NULL;

	for (size_t i = 0; !found && i < ARRAY_SIZE(kinds); i++) {
		found = json_find(object, kinds[i]);
		*kind = (enum table_kind)i;
	}
	return found;
}

static int read_list(struct arena *arena, const struct json *list, struct table *table,
		     struct err *err)
{
	int r = 0;

	json_each (object, list) {
		enum table_kind kind;
		const struct json *found = find_kind(object, &kind);

		if (found && r == 0)
			r = read_item(arena, kind, found, &table->items[table->count++], err);
	}
	return r;
}

enum { DOCUMENTS = 2 }; /* one of each family */

int table_read(struct arena *arena, const char *name, const char *text, struct table *table,
	       struct err *err)
{
	const struct json *lists[DOCUMENTS] = {};
	size_t documents = 0, room = 0;
	int r = 0;

	*table = (struct table){.name = name};
	for (const char *at = text; *at && documents < DOCUMENTS;) {
		size_t length = strcspn(at, "\n");
		const struct json *root;

		if (length > 0) {
			r = json_read(arena, "pctrun-nft", at, length, &root, err);
			if (r < 0)
				return r;
			lists[documents] = json_find(root, "nftables");
			room += lists[documents] ? lists[documents]->count : 0;
			documents++;
		}
		at += length + (at[length] == '\n');
	}
	table->items = arena_array(arena, room, sizeof(*table->items));
	for (size_t i = 0; r == 0 && i < documents; i++)
		r = read_list(arena, lists[i], table, err);
	return r;
}

static bool is_of(const struct table *table, const struct table_item *item, const char *name)
{
	return strcmp(table->family, item->family) == 0 && strcmp(table->name, name) == 0;
}

/* nft says one table after the other. */
int tables_read(struct arena *arena, const char *text, struct tables *tables, struct err *err)
{
	struct table all, *table = NULL;
	int r = table_read(arena, "", text, &all, err);

	if (r < 0)
		return r;
	*tables = (struct tables){.items = arena_array(arena, all.count, sizeof(struct table))};
	for (size_t i = 0; i < all.count; i++) {
		struct table_item *item = &all.items[i];
		const char *name = json_string(item->json, "table");

		name = name ? name : "";
		if (!table || !is_of(table, item, name)) {
			table = &tables->items[tables->count++];
			*table = (struct table){name, item->family, 0, item};
		}
		table->count++;
	}
	return 0;
}

static int ask(struct arena *arena, const char *verb, const char *name, const char *script,
	       struct table *table, struct err *err)
{
	const char *const argv[] = {helper_find(arena, "pctrun-nft"), verb, name, NULL};
	cleanup_(text_free) struct text answer = {};
	int r = helper_ask(argv, script, &answer, err);

	return r < 0 ? r : table_read(arena, name, text_str(&answer), table, err);
}

int table_fetch(struct arena *arena, const char *name, struct table *table, struct err *err)
{
	return ask(arena, "list", name, NULL, table, err);
}

int tables_ask(struct text *answer, struct err *err)
{
	cleanup_(arena_free) struct arena arena = {};
	const char *const argv[] = {helper_find(&arena, "pctrun-nft"), "all", NULL};

	return helper_ask(argv, NULL, answer, err);
}

int table_make(struct arena *arena, const char *name, const char *script, struct table *table,
	       struct err *err)
{
	return ask(arena, "make", name, script, table, err);
}

bool table_is_there(const struct table *table)
{
	for (size_t i = 0; i < table->count; i++)
		if (strcmp(table->items[i].family, "bridge") == 0)
			return true;
	return false;
}

const struct table_item *table_find(const struct table *table, enum table_kind kind,
				    const char *family, const char *name)
{
	for (size_t i = 0; i < table->count; i++)
		if (table->items[i].kind == kind && strcmp(table->items[i].family, family) == 0 &&
		    strcmp(table->items[i].name, name) == 0)
			return &table->items[i];
	return NULL;
}

/* ------------------------------------------------------------------ comparing */

struct comparison {
	const struct table *want, *have;
	struct text *text;
	size_t differences;
};

static __attribute__((format(printf, 2, 3))) void differs(struct comparison *comparison,
							  const char *fmt, ...)
{
	char line[512];
	va_list args;

	va_start(args, fmt);
	(void)vsnprintf(line, sizeof(line), fmt, args);
	va_end(args);
	text_addf(comparison->text, "%s%s", comparison->differences++ ? "; " : "", line);
}

static void compare_named(struct comparison *comparison)
{
	const struct table *want = comparison->want, *have = comparison->have;

	for (size_t i = 0; i < want->count; i++) {
		const struct table_item *item = &want->items[i], *found;

		if (item->kind == TABLE_RULE)
			continue;
		found = table_find(have, item->kind, item->family, item->name);
		if (!found)
			differs(comparison, "the %s %s is gone", kinds[item->kind], item->name);
		else if (strcmp(found->text, item->text) != 0)
			differs(comparison, "the %s %s is another", kinds[item->kind], item->name);
	}
	for (size_t i = 0; i < have->count; i++) {
		const struct table_item *item = &have->items[i];

		if (item->kind != TABLE_RULE &&
		    !table_find(want, item->kind, item->family, item->name))
			differs(comparison, "the %s %s is nobody's", kinds[item->kind], item->name);
	}
}

/* The next rule of a chain at @from or behind. Return: its place; @table->count: there is none. */
static size_t next_rule(const struct table *table, const struct table_item *chain, size_t from)
{
	while (from < table->count && !(table->items[from].kind == TABLE_RULE &&
					strcmp(table->items[from].family, chain->family) == 0 &&
					strcmp(table->items[from].name, chain->name) == 0))
		from++;
	return from;
}

/* As next_rule(), of one that is the same as @rule. */
static size_t same_rule(const struct table *table, const struct table_item *rule, size_t from)
{
	for (from = next_rule(table, rule, from); from < table->count;
	     from = next_rule(table, rule, from + 1))
		if (strcmp(table->items[from].text, rule->text) == 0)
			break;
	return from;
}

/* Those of @chain before @end are nobody's. Return: the place of the first that may be somebody's.
 */
static size_t pass_foreign(struct comparison *comparison, const struct table_item *chain,
			   size_t from, size_t end)
{
	const struct table *have = comparison->have;

	for (from = next_rule(have, chain, from); from < end;
	     from = next_rule(have, chain, from + 1))
		differs(comparison, "nobody's rule is in chain %s, handle %lu%s%s", chain->name,
			have->items[from].handle, have->items[from].comment ? ": " : "",
			have->items[from].comment ? have->items[from].comment : "");
	return from;
}

/* Both in their order: what isn't found where it should be or behind is missing, and what stands in
 * front of what is found has been put there. */
static void compare_rules(struct comparison *comparison, const struct table_item *chain)
{
	const struct table *want = comparison->want, *have = comparison->have;
	size_t at = 0;

	for (size_t i = next_rule(want, chain, 0); i < want->count;
	     i = next_rule(want, chain, i + 1)) {
		size_t found = same_rule(have, &want->items[i], at);

		if (found == have->count)
			differs(comparison, "a rule of chain %s is missing: %s", chain->name,
				want->items[i].comment ? want->items[i].comment : "");
		else
			at = pass_foreign(comparison, chain, at, found) + 1;
	}
	(void)pass_foreign(comparison, chain, at, have->count);
}

size_t table_compare(const struct table *want, const struct table *have, struct text *text)
{
	struct comparison comparison = {.want = want, .have = have, .text = text};

	compare_named(&comparison);
	for (size_t i = 0; i < want->count; i++)
		if (want->items[i].kind == TABLE_CHAIN &&
		    table_find(have, TABLE_CHAIN, want->items[i].family, want->items[i].name))
			compare_rules(&comparison, &want->items[i]);
	return comparison.differences;
}
