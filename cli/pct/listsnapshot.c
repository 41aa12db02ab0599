#include "cli/pct/pct.h"

#include "lib/arena.h"
#include "lib/err.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const struct option_row options[] = {{}};

enum { NAME_WIDTH = 30 };

/* struct node - a snapshot, or the present state ("current") */
struct node {
	const char *name;
	const char *description; /* its first line */
	const char *parent;      /* NULL: it is a root */
	long time;               /* seconds since 1970; the present comes last */
	bool current;
};

struct tree {
	struct arena *arena;
	struct node *nodes; /* in the order of their times */
	size_t count;
};

static int by_time(const void *a, const void *b)
{
	const struct node *x = a, *y = b;

	if (x->current != y->current)
		return x->current - y->current;
	return x->time != y->time ? (x->time > y->time) - (x->time < y->time)
				  : strcmp(x->name, y->name);
}

static const char *first_line(struct arena *arena, const struct pve_section *section)
{
	const char *text = section->description.at;

	if (!section->description.length || *text == '\n')
		return "no-description";
	return arena_strndup(arena, text, strcspn(text, "\n"));
}

static void add(struct tree *tree, struct pve_conf *conf, const struct pve_section *section,
		bool current)
{
	const struct pve_entry *parent = conf_find(section, "parent");
	const struct pve_entry *time = conf_find(section, "snaptime");

	tree->nodes[tree->count++] = (struct node){
		.name = current ? "current" : section->name,
		.description = current ? "You are here!" : first_line(tree->arena, section),
		.parent = parent && conf_snapshot(conf, parent->value) ? parent->value : NULL,
		.time = time ? strtol(time->value, NULL, 10) : 0,
		.current = current,
	};
}

static void print(const struct node *node, int depth)
{
	char time[32] = "";
	struct tm parts;
	int width = NAME_WIDTH - depth - 3;

	if (!node->current && node->time && localtime_r(&node->time, &parts))
		(void)strftime(time, sizeof(time), "%Y-%m-%d %H:%M:%S", &parts);
	(void)printf("%*s`-> %-*s %-23s %s\n", depth, "", width > 0 ? width : 0, node->name, time,
		     node->description);
}

/* A snapshot that is its own ancestor has no way to the root: it is not reached. */
static void print_below(const struct tree *tree, const char *parent, int depth)
{
	for (size_t i = 0; i < tree->count; i++) {
		const struct node *node = &tree->nodes[i];

		if (parent ? !node->parent || strcmp(node->parent, parent) != 0 : !!node->parent)
			continue;
		print(node, depth);
		if (!node->current)
			print_below(tree, node->name, depth + 1);
	}
}

static int run(struct pct *pct, const struct options *given, struct err *err)
{
	cleanup_(conf_free) struct pve_conf conf = {};
	struct tree tree = {.arena = pct->arena};
	size_t count = 1;
	int r = pct_load(pct, given->words[0], &conf, err);

	if (r < 0)
		return r;
	for (struct pve_section *at = conf.snapshots; at; at = at->next)
		count++;
	tree.nodes = arena_array(pct->arena, count, sizeof(*tree.nodes));
	for (struct pve_section *at = conf.snapshots; at; at = at->next)
		add(&tree, &conf, at, false);
	add(&tree, &conf, &conf.main, true);
	qsort(tree.nodes, tree.count, sizeof(*tree.nodes), by_time);
	print_below(&tree, NULL, 0);
	return 0;
}

const struct pct_verb pct_listsnapshot = {
	.name = "listsnapshot",
	.reads = true,
	.words = "<vmid>",
	.help = "the snapshots of a container, as a tree",
	.options = options,
	.words_min = 1,
	.words_max = 1,
	.run = run,
};
