#include "pve/translate_parts.h"

#include <string.h>

/* config-linux.md, "Namespaces": always these, and "user" where ids are mapped. Never "time". */
static const char *const namespaces[] = {"pid", "network", "ipc", "uts", "mount", "cgroup"};

static void add_namespaces(struct translation *t)
{
	for (size_t i = 0; i < ARRAY_SIZE(namespaces); i++)
		push(t, &t->spec->linux.namespaces)->type = namespaces[i];
	note_origin(t, "Proxmox default", "linux.namespaces");
	if (!t->userns)
		return;
	note_origin(t, lxc_config_next(&t->lxc, NULL, "lxc.idmap")->origin, "linux.namespaces[%zu]",
		    t->spec->linux.namespaces.count);
	push(t, &t->spec->linux.namespaces)->type = "user";
}

static int read_idmap(struct translation *t)
{
	lxc_each(line, &t->lxc, "lxc.idmap")
	{
		bool uid = *line->value == 'u';
		size_t index = uid ? t->idmap.uid.count : t->idmap.gid.count;
		int r = idmap_line_read(t->arena, line->value, &t->idmap, t->err);

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
	const char *overlap = idmap_overlap(t->arena, &t->idmap);

	if (overlap)
		return fail(t, -EINVAL, line->origin, "the kernel refuses the id map: %s", overlap);
	if (line && (!t->idmap.uid.count || !t->idmap.gid.count))
		return fail(t, -EINVAL, line->origin, "the id map has no %s: add a line for them",
			    t->idmap.uid.count ? "gids (g ...)" : "uids (u ...)");
	return 0;
}

int translate_identity(struct translation *t)
{
	int r = read_idmap(t);

	if (r == 0)
		r = check_idmap(t);
	if (r < 0)
		return r;
	t->userns = idmap_has(&t->idmap);
	t->spec->linux.uid_mappings = t->idmap.uid;
	t->spec->linux.gid_mappings = t->idmap.gid;
	add_namespaces(t);
	return 0;
}
