#include "pve/translate/parts.h"

#include <string.h>

/* config-linux.md, "Namespaces": always these, and "user" where ids are mapped. Never "time". */
static const char *const namespaces[] = {"pid", "network", "ipc", "uts", "mount", "cgroup"};

static void add_namespaces(struct translation *t)
{
	const bool no_network = raw_net_none(t) != NULL;

	for (size_t i = 0; i < ARRAY_SIZE(namespaces); i++)
		if (!no_network || strcmp(namespaces[i], "network") != 0)
			push(t, &t->spec->linux.namespaces)->type = namespaces[i];
	if (!t->userns)
		return;
	note_origin(t, lxc_config_next(&t->lxc, NULL, "lxc.idmap")->origin, "linux.namespaces[%zu]",
		    t->spec->linux.namespaces.count);
	push(t, &t->spec->linux.namespaces)->type = "user";
}

/* The kernel refuses the whole map. Of two lines the later one is at fault; both are named. */
static int check_overlap(struct translation *t, const struct lxc_line *line)
{
	const char *overlap = idmap_overlap(t->arena, &t->idmap);

	if (!overlap)
		return 0;
	return err_wrong(t->err, idmap_free(t->arena, &t->idmap, *line->value),
			 "the kernel refuses the id map: %s", overlap);
}

static int read_idmap(struct translation *t)
{
	lxc_each(line, &t->lxc, "lxc.idmap")
	{
		bool uid = *line->value == 'u';
		size_t index = uid ? t->idmap.uid.count : t->idmap.gid.count;
		int r = idmap_line_read(t->arena, line->value, &t->idmap, t->err);

		if (r == 0)
			r = check_overlap(t, line);
		if (r < 0)
			return fail_from(t, r, line->origin);
		note_origin(t, line->origin, "linux.%s[%zu]", uid ? "uidMappings" : "gidMappings",
			    index);
	}
	return 0;
}

static int check_idmap(struct translation *t)
{
	const struct lxc_line *line = lxc_config_next(&t->lxc, NULL, "lxc.idmap");
	const bool gids = t->idmap.uid.count > 0;

	if (!line || (t->idmap.uid.count && t->idmap.gid.count))
		return 0;
	return fail_wrong(t, line->origin,
			  arena_printf(t->arena, "add a line for them: lxc.idmap: %c%s",
				       gids ? 'g' : 'u', line->value + 1),
			  "the id map has no %s", gids ? "gids (g ...)" : "uids (u ...)");
}

/* Everything in there is made by its root: pct check has the lines for other holes. */
static int check_root(struct translation *t, char type, const struct oci_id_mappings *ranges)
{
	const struct lxc_line *line = lxc_config_next(&t->lxc, NULL, "lxc.idmap");

	if (ranges->count == 0 || idmap_has_root(ranges))
		return 0;
	while (*line->value != type)
		line = lxc_config_next(&t->lxc, line, "lxc.idmap");
	return fail_wrong(t, line->origin, idmap_root_line(t->arena, ranges, type),
			  "the id map has no %cid 0, which the container is made by", type);
}

int translate_identity(struct translation *t)
{
	const struct lxc_line *first = lxc_config_next(&t->lxc, NULL, "lxc.idmap");
	int r = read_idmap(t);

	if (r == 0)
		r = check_idmap(t);
	if (r == 0)
		r = check_root(t, 'u', &t->idmap.uid);
	if (r == 0)
		r = check_root(t, 'g', &t->idmap.gid);
	if (r < 0)
		return r;
	t->userns = idmap_has(&t->idmap);
	if (t->userns)
		note_origin(t, first->origin, "linux.uidMappings");
	t->spec->linux.uid_mappings = t->idmap.uid;
	t->spec->linux.gid_mappings = t->idmap.gid;
	add_namespaces(t);
	return 0;
}
