#include "pve/create/parts.h"

#include "lib/text.h"
#include "pve/change/option.h"
#include "pve/conf/idmap.h"
#include "pve/conf/mount.h"

#include <string.h>

/* What a container gets that nobody asked for otherwise. */
static void set_defaults(struct creation *creation)
{
	const char *const defaults[][2] = {
		{"unprivileged", "1"},
		{"hostname", arena_printf(&creation->arena, "CT%s", creation->request->id)},
		{"memory", "512"},
		{"swap", "512"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(defaults); i++)
		conf_set(&creation->conf, &creation->conf.main, defaults[i][0], defaults[i][1]);
}

static int set_option(struct creation *creation, const char *key, const char *text, struct err *err)
{
	const struct option_host host = {.storages = &creation->storages,
					 .datacenter = &creation->datacenter};
	struct pve_section *section = &creation->conf.main;
	const char *value = text;
	int r;

	if (strcmp(key, "lxc.idmap") == 0) {
		conf_raw_add(&creation->conf, section, key, text);
		return 0;
	}
	if (starts_with(key, "unused")) {
		if (creation->request->warn)
			creation->request->warn(
				creation->request->data,
				arena_printf(&creation->arena,
					     "ignoring '%s': a new container has no unused volumes",
					     key));
		return 0;
	}
	r = option_store(&creation->arena, &host, key, text, &value, err);
	if (r < 0)
		return option_bad(key, r, err);
	if (strcmp(key, "env") == 0)
		conf_env_add(&creation->conf, section, value);
	else
		conf_set(&creation->conf, section, key, value);
	return 0;
}

static int read_map(struct creation *creation, struct err *err)
{
	int r = conf_idmap(&creation->arena, &creation->conf.main, &creation->map, err);

	return r < 0 ? option_bad("lxc.idmap", r, err) : 0;
}

int creation_read_options(struct creation *creation, struct err *err)
{
	const struct create_request *request = creation->request;
	int r = 0;

	set_defaults(creation);
	/* Mounts are read with the volumes. */
	for (size_t i = 0; r == 0 && i < request->count; i++)
		if (!conf_is_mount(request->options[i][0]))
			r = set_option(creation, request->options[i][0], request->options[i][1],
				       err);
	if (r == 0)
		r = read_map(creation, err);
	if (r == 0 && request->shift_free && !idmap_has(&creation->map)) {
		err_plain(err, -EINVAL, "a privileged container's files have the host's ids");
		r = option_bad("shift-free", -EINVAL, err);
	}
	return r < 0 ? r : creation_read_volumes(creation, err);
}
