#include "pve/translate/parts.h"

#include <ctype.h>
#include <string.h>
#include <sys/capability.h>

static uint64_t all_capabilities(const struct translation *t)
{
	return t->facts->last_cap >= 63 ? UINT64_MAX : (1ULL << (t->facts->last_cap + 1)) - 1;
}

/* "sys_admin", or a number. Return: the capability, or -EINVAL. */
static int read_capability(const struct translation *t, const char *word)
{
	unsigned int number;
	cap_value_t value;

	if (parse_u32(word, &number) == 0)
		return number <= t->facts->last_cap ? (int)number : -EINVAL;
	if (cap_from_name(arena_printf(t->arena, "cap_%s", word), &value) < 0)
		return -EINVAL;
	return value;
}

/* All lines of lxc.cap.drop or .keep as one set. */
static int read_set(struct translation *t, const char *key, uint64_t *set)
{
	*set = 0;
	lxc_each(line, &t->lxc, key)
	{
		const char *rest = line->value;
		const char *word;
		size_t length;

		while ((word = next_word(&rest, &length))) {
			const char *name = arena_strndup(t->arena, word, length);
			int value;

			if (ends_with(key, ".keep") && strcmp(name, "none") == 0) {
				*set = 0;
				continue;
			}
			value = read_capability(t, name);
			if (value < 0)
				return fail_wrong(t, line->origin,
						  "write names of capabilities(7) in lower case: "
						  "sys_admin net_admin",
						  "'%s' is no capability", name);
			*set |= 1ULL << value;
		}
	}
	return 0;
}

/* The spec's spelling: "CAP_SYS_ADMIN". NULL for a number that libcap has no name for. */
static const char *spec_name(struct arena *arena, unsigned int capability)
{
	char *name = cap_to_name((cap_value_t)capability);
	char *upper = name ? arena_strdup(arena, name) : NULL;

	if (name)
		cap_free(name);
	for (char *at = upper; at && *at; at++)
		*at = (char)toupper((unsigned char)*at);
	return upper && starts_with(upper, "CAP_") ? upper : NULL;
}

static void add_names(struct translation *t, struct oci_strings *names)
{
	for (unsigned int i = 0; i <= t->facts->last_cap && i < 64; i++) {
		const char *name = t->capabilities & (1ULL << i) ? spec_name(t->arena, i) : NULL;

		if (name)
			*push(t, names) = name;
	}
}

static const char *caps_origin(const struct translation *t)
{
	const struct lxc_line *keep = lxc_config_last(&t->lxc, "lxc.cap.keep");
	const struct lxc_line *drop = lxc_config_last(&t->lxc, "lxc.cap.drop");

	return keep ? keep->origin : drop ? drop->origin : "Proxmox default: unprivileged";
}

/* What is left after drop or keep, in t->capabilities. */
static int find_capabilities(struct translation *t)
{
	const struct lxc_line *keep_line = lxc_config_last(&t->lxc, "lxc.cap.keep");
	uint64_t drop, keep;
	int r = read_set(t, "lxc.cap.drop", &drop);

	if (r == 0)
		r = read_set(t, "lxc.cap.keep", &keep);
	if (r < 0)
		return r;
	if (keep_line && drop)
		return fail_wrong(t, keep_line->origin, "write an empty lxc.cap.drop before it",
				  "lxc.cap.keep and lxc.cap.drop exclude each other");
	t->capabilities = all_capabilities(t) & (keep_line ? keep : ~drop);
	return 0;
}

static void keep_words(struct translation *t)
{
	cleanup_(text_free) struct text words = {};

	lxc_each(line, &t->lxc, "lxc.cap.drop")
		text_addf(&words, "%s%s", words.length ? " " : "", line->value);
	if (words.length)
		annotate(t, ANNOTATION_CAP_DROP, arena_strdup(t->arena, text_str(&words)));
}

/* LXC takes capabilities out of the bounding set only; init gets the rest by being root. */
int translate_caps(struct translation *t)
{
	struct oci_capabilities *capabilities = arena_alloc(t->arena, sizeof(*capabilities));
	int r = find_capabilities(t);

	if (r < 0)
		return r;
	add_names(t, &capabilities->bounding);
	if (strcmp(lxc_config_value(&t->lxc, "lxc.init.uid"), "") == 0 ||
	    strcmp(lxc_config_value(&t->lxc, "lxc.init.uid"), "0") == 0) {
		capabilities->effective = capabilities->bounding;
		capabilities->permitted = capabilities->bounding;
	}
	t->spec->process->capabilities = capabilities;
	note_origin(t, caps_origin(t), "process.capabilities");
	keep_words(t);
	return 0;
}
