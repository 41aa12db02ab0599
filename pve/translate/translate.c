#include "pve/translate/translate.h"

#include "pve/translate/parts.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* ---------------------------------------------------------------------------- writing down */

__attribute__((format(printf, 2, 0))) static const char *format(struct arena *arena,
								const char *fmt, va_list args)
{
	char line[1024];

	vsnprintf(line, sizeof(line), fmt, args);
	return arena_strdup(arena, line);
}

void note_origin(struct translation *t, const char *origin, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	json_out_string(t->origins, format(t->arena, fmt, args), origin);
	va_end(args);
}

void annotate(struct translation *t, const char *name, const char *value)
{
	map_set(t, &t->spec->annotations, name, value);
}

void annotate_take(struct translation *t, const char *name, char *value)
{
	annotate(t, name, arena_strdup(t->arena, value));
	free(value);
}

void annotate_json(struct translation *t, const char *name, struct json_out *out)
{
	const char *text;

	json_out_end(out);
	text = json_out_keep(out, t->arena);
	if (strcmp(text, "[]") != 0 && strcmp(text, "{}") != 0)
		annotate(t, name, text);
}

static void add_warning(struct translation *t, bool unenforced, const char *what,
			const char *origin, const char *text)
{
	*push(t, t->notices) = (struct pve_notice){unenforced, what, text, origin};
}

void advise(struct translation *t, const char *what, const char *origin, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	add_warning(t, false, what, origin, format(t->arena, fmt, args));
	va_end(args);
}

void unenforced(struct translation *t, const char *what, const char *origin, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	add_warning(t, true, what, origin, format(t->arena, fmt, args));
	va_end(args);
}

int fail(struct translation *t, int num, const char *origin, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	err_plain(t->err, num, "%s", format(t->arena, fmt, args));
	va_end(args);
	return fail_from(t, num, origin);
}

int fail_wrong(struct translation *t, const char *origin, const char *hint, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	err_wrong(t->err, hint, "%s", format(t->arena, fmt, args));
	va_end(args);
	return fail_from(t, -EINVAL, origin);
}

int fail_absent(struct translation *t, const struct lxc_line *line)
{
	fail(t, -ENOENT, line->origin, "there is no file %s", line->value);
	err_hint(t->err, "create it on the host, or remove this line");
	return -ENOENT;
}

int fail_from(struct translation *t, int num, const char *origin)
{
	err_origin(t->err, origin);
	return num;
}

void map_set(struct translation *t, struct oci_map *map, const char *name, const char *value)
{
	for (size_t i = 0; i < map->count; i++) {
		if (strcmp(map->items[i].name, name) != 0)
			continue;
		map->items[i].value = value;
		return;
	}
	*push(t, map) = (struct oci_pair){name, value};
}

const char *joined(struct arena *arena, const struct oci_strings *strings)
{
	cleanup_(text_free) struct text text = {};

	for (size_t i = 0; i < strings->count; i++)
		text_addf(&text, "%s%s", i ? "," : "", strings->items[i]);
	return arena_strdup(arena, text_str(&text));
}

/* Other runtimes look at it before they read on, and older ones know nothing but 1.0; every member
 * that came later is passed over where it isn't known. */
#define OCI_VERSION "1.0.2"

/* ----------------------------------------------------------------------- one after the other */

static int (*const subjects[])(struct translation *) = {
	check_texts,       lines_from_options, translate_identity,     translate_caps,
	translate_process, translate_limits,   translate_device_rules, translate_devices,
	translate_volumes, translate_mounts,   translate_net,          translate_firewall,
	translate_seccomp, translate_apparmor, translate_hooks,        translate_unused,
};

/* The bundle says what it lacks, for whoever runs it or looks at it later. */
static void annotate_unenforced(struct translation *t)
{
	struct json_out *out = json_out_new(false);

	json_out_array(out, NULL);
	for (size_t i = 0; i < t->notices->count; i++) {
		const struct pve_notice *notice = &t->notices->items[i];

		if (!notice->unenforced)
			continue;
		json_out_object(out, NULL);
		json_out_string(out, "what", notice->what);
		json_out_string(out, "why", notice->text);
		json_out_string(out, "origin", notice->origin);
		json_out_end(out);
	}
	annotate_json(t, ANNOTATION_UNENFORCED, out);
}

int pve_translate(struct arena *arena, const struct pve_conf *conf, const struct pve_facts *facts,
		  struct oci_spec *spec, struct pve_notices *notices, struct err *err)
{
	struct oci_spec result = {.oci_version = OCI_VERSION};
	struct translation t = {
		.arena = arena,
		.conf = conf,
		.facts = facts,
		.spec = &result,
		.notices = notices,
		.lxc.arena = arena,
		.origins = json_out_new(false),
		.extras = json_out_new(false),
		.err = err,
	};
	int r = 0;

	*notices = (struct pve_notices){};
	result.process = arena_alloc(arena, sizeof(*result.process));
	result.linux.resources = arena_alloc(arena, sizeof(*result.linux.resources));
	json_out_object(t.origins, NULL);
	json_out_object(t.extras, NULL);
	note_origin(&t, "Proxmox default", "%s", ""); /* the rest of the document */
	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(subjects); i++)
		r = subjects[i](&t);
	annotate_unenforced(&t);
	annotate_json(&t, ANNOTATION_MOUNT_EXTRAS, t.extras);
	annotate_json(&t, ANNOTATION_ORIGIN, t.origins);
	if (r == 0)
		*spec = result;
	return r;
}
