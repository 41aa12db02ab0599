#include "lib/err.h"
#include "lib/file.h"
#include "lib/json.h"
#include "oci/spec.h"
#include "pve/conf/conf.h"
#include "pve/facts/facts.h"
#include "pve/translate/translate.h"
#include "tests/unit/pve_facts_json.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <glob.h>

/* tests/data/translate-NAME/ holds VMID.conf, facts.json, the config.json that has to come out, and
 * notices.txt: one line each, and the error where there is one.
 * PCTRUN_WRITE_CASES=1 writes the last two anew, for a look at `git diff`. */

static const char *read_text(struct arena *arena, const char *folder, const char *name,
			     size_t *length)
{
	const char *path = arena_printf(arena, "%s/%s", folder, name);
	const char *text = "";

	*length = 0;
	(void)file_read(arena, AT_FDCWD, path, 0, &text, length, NULL); /* absent: "" */
	return text;
}

static void read_facts(struct arena *arena, const char *folder, struct pve_facts *facts)
{
	size_t length;
	const char *text = read_text(arena, folder, "facts.json", &length);

	facts_from_json(arena, folder, text, length, facts);
}

static void read_conf(struct arena *arena, const char *folder, struct pve_conf *conf)
{
	cleanup_(text_free) struct text pattern = {};
	struct err err = {};
	const char *text, *name;
	size_t length;
	glob_t found;

	text_addf(&pattern, "%s/*.conf", folder);
	cr_assert_eq(glob(text_str(&pattern), 0, NULL, &found), 0, "%s: no config", folder);
	name = strrchr(found.gl_pathv[0], '/') + 1;
	text = read_text(arena, folder, name, &length);
	cr_assert_eq(conf_read(conf, arena_strndup(arena, name, strcspn(name, ".")), text, length,
			       false, &err),
		     0, "%s: %s", folder, err.what);
	globfree(&found);
}

static void add_notices(struct text *text, const struct pve_notices *notices)
{
	for (size_t i = 0; i < notices->count; i++) {
		const struct pve_notice *notice = &notices->items[i];

		text_addf(text, "%s %s: %s (%s)\n", notice->unenforced ? "unenforced" : "notice",
			  notice->what, notice->text, notice->origin);
	}
}

/* The bundle as text into @config, everything said about it into @notices. */
static void translate_case(struct arena *arena, const char *folder, struct text *config,
			   struct text *notices)
{
	cleanup_(conf_free) struct pve_conf conf = {};
	struct pve_notices said = {};
	struct pve_facts facts = {};
	struct oci_spec spec = {};
	struct err err = {};
	int r;

	read_conf(arena, folder, &conf);
	read_facts(arena, folder, &facts);
	r = pve_translate(arena, &conf, &facts, &spec, &said, &err);
	add_notices(notices, &said);
	if (r == 0) {
		cleanup_free char *text = oci_spec_write(&spec);

		text_addf(config, "%s", text);
		if (!ends_with(text, "\n"))
			text_add(config, "\n");
	} else {
		text_addf(notices, "error: %s (%s)\n", err.what, err.origin);
	}
}

static void write_case(const char *folder, const char *name, const struct text *text)
{
	cleanup_(text_free) struct text path = {};
	struct err err = {};

	text_addf(&path, "%s/%s", folder, name);
	if (text->length)
		cr_expect_eq(file_replace(AT_FDCWD, text_str(&path), text_str(text), text->length,
					  0644, false, &err),
			     0, "%s", err.what);
	else
		(void)unlink(text_str(&path));
}

static unsigned int first_difference(const char *a, const char *b)
{
	unsigned int line = 1;

	for (; *a && *a == *b; a++, b++)
		line += *a == '\n';
	return line;
}

static void compare(struct arena *arena, const char *folder, const char *name,
		    const struct text *got)
{
	size_t length;
	const char *wanted = read_text(arena, folder, name, &length);

	cr_expect_str_eq(text_str(got), wanted, "%s/%s, line %u", folder, name,
			 first_difference(text_str(got), wanted));
}

static void check_case(const char *folder)
{
	cleanup_(text_free) struct text config = {};
	cleanup_(text_free) struct text notices = {};
	struct arena arena = {};

	translate_case(&arena, folder, &config, &notices);
	if (getenv("PCTRUN_WRITE_CASES")) {
		write_case(folder, "config.json", &config);
		write_case(folder, "notices.txt", &notices);
	}
	compare(&arena, folder, "config.json", &config);
	compare(&arena, folder, "notices.txt", &notices);
	arena_free(&arena);
}

Test(translate, cases)
{
	glob_t found;

	cr_assert_eq(glob("tests/data/translate-*", GLOB_ONLYDIR, NULL, &found), 0,
		     "no cases: run from the top folder");
	for (size_t i = 0; i < found.gl_pathc; i++)
		check_case(found.gl_pathv[i]);
	globfree(&found);
}
