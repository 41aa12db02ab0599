#include "pve/translate/parts.h"

#include <string.h>

/* Hooks are shell commands to LXC. Here each is a hook of the spec that runs a shell, at the point
 * of the container's life that comes nearest. */

#define DEFAULT_PATH "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

enum stage { STAGE_CREATE_RUNTIME, STAGE_CREATE_CONTAINER, STAGE_START_CONTAINER, STAGE_POSTSTOP };

/* In the order in which LXC runs them. */
static const struct hook_kind {
	const char *key;
	enum stage stage;
	const char *member; /* the spec's name of the stage */
	bool container;     /* runs in the container's namespaces: with its environment */
} hook_kinds[] = {
	{"lxc.hook.pre-start", STAGE_CREATE_RUNTIME, "createRuntime", false},
	{"lxc.hook.pre-mount", STAGE_CREATE_CONTAINER, "createContainer", true},
	{"lxc.hook.mount", STAGE_CREATE_CONTAINER, "createContainer", true},
	{"lxc.hook.autodev", STAGE_CREATE_CONTAINER, "createContainer", true},
	{"lxc.hook.start", STAGE_START_CONTAINER, "startContainer", true},
	{"lxc.hook.stop", STAGE_POSTSTOP, "poststop", false},
	{"lxc.hook.post-stop", STAGE_POSTSTOP, "poststop", false},
};

static struct oci_hook_list *stage_list(struct translation *t, enum stage stage)
{
	struct oci_hook_list *lists[] = {
		[STAGE_CREATE_RUNTIME] = &t->spec->hooks.create_runtime,
		[STAGE_CREATE_CONTAINER] = &t->spec->hooks.create_container,
		[STAGE_START_CONTAINER] = &t->spec->hooks.start_container,
		[STAGE_POSTSTOP] = &t->spec->hooks.poststop,
	};

	return lists[stage];
}

static void add_env(struct translation *t, struct oci_strings *env, const char *name,
		    const char *value)
{
	*push(t, env) = arena_printf(t->arena, "%s=%s", name, value);
}

static bool version_1(const struct translation *t)
{
	return strcmp(lxc_config_value(&t->lxc, "lxc.hook.version"), "1") == 0;
}

/* LXC_*: lxc.container.conf(5), "Hooks". The root is where the bundle has it. */
static void add_lxc_variables(struct translation *t, const struct hook_kind *kind,
			      struct oci_strings *env)
{
	const char *bundle = t->facts->bundle ? t->facts->bundle : "";
	const char *image = oci_map_find(&t->spec->annotations, ANNOTATION_ROOTFS_IMAGE);
	const char *root = image ? arena_printf(t->arena, "%s/%s", bundle, t->spec->root.path)
				 : t->spec->root.path;

	add_env(t, env, "LXC_NAME", t->conf->id);
	add_env(t, env, "LXC_CONFIG_FILE", arena_printf(t->arena, "%s/config.json", bundle));
	add_env(t, env, "LXC_ROOTFS_MOUNT", root);
	add_env(t, env, "LXC_ROOTFS_PATH", image ? image : root);
	add_env(t, env, "LXC_HOOK_VERSION", version_1(t) ? "1" : "0");
	add_env(t, env, "LXC_HOOK_TYPE", kind->key + strlen("lxc.hook."));
	add_env(t, env, "LXC_HOOK_SECTION", "lxc");
	add_env(t, env, "LXC_CGNS_AWARE", "1");
	add_env(t, env, "LXC_LOG_LEVEL", "ERROR");
	if (kind->stage == STAGE_POSTSTOP)
		add_env(t, env, "LXC_TARGET", "stop");
}

static void add_user_variables(struct translation *t, const char *key, struct oci_strings *env)
{
	lxc_each(line, &t->lxc, key)
	{
		const char *value = pve_names_find(&t->facts->environment, line->value);

		if (strchr(line->value, '='))
			*push(t, env) = line->value;
		else if (value)
			add_env(t, env, line->value, value);
	}
}

static void add_hook(struct translation *t, const struct hook_kind *kind,
		     const struct lxc_line *line)
{
	struct oci_hook_list *list = stage_list(t, kind->stage);
	const char *type = kind->key + strlen("lxc.hook.");
	struct oci_hook *hook;

	note_origin(t, line->origin, "hooks.%s[%zu]", kind->member, list->count);
	hook = push(t, list);
	hook->path = "/bin/sh";
	*push(t, &hook->args) = "sh";
	*push(t, &hook->args) = "-c";
	*push(t, &hook->args) = version_1(t) ? arena_printf(t->arena, "exec %s", line->value)
					     : arena_printf(t->arena, "exec %s '%s' 'lxc' '%s'",
							    line->value, t->conf->id, type);
	hook->env_set = true;
	*push(t, &hook->env) = DEFAULT_PATH;
	add_lxc_variables(t, kind, &hook->env);
	if (!kind->container)
		return;
	add_user_variables(t, "lxc.environment", &hook->env);
	add_user_variables(t, "lxc.environment.hooks", &hook->env);
}

int translate_hooks(struct translation *t)
{
	bool autodev = strcmp(lxc_config_value(&t->lxc, "lxc.autodev"), "0") != 0;

	for (size_t i = 0; i < ARRAY_SIZE(hook_kinds); i++) {
		const struct hook_kind *kind = &hook_kinds[i];

		lxc_each(line, &t->lxc, kind->key)
		{
			if (!autodev && strcmp(kind->key, "lxc.hook.autodev") == 0)
				advise(t, kind->key, line->origin,
				       "it does not run, as lxc.autodev is 0");
			else
				add_hook(t, kind, line);
		}
	}
	return 0;
}
