#include "cgroup/scope_run.h"

#include "cgroup/scope.h"
#include "lib/arena.h"
#include "lib/err.h"
#include "lib/helper.h"
#include "lib/own.h"
#include "lib/text.h"

#include <string.h>

#define PROGRAM "pctrun-scope"

/* ------------------------------------------------------------------ its words */

struct words {
	const char **argv;
	size_t count;
};

static size_t count_properties(const struct scope *scope)
{
	size_t count = 0;

	for (const struct scope_property *p = scope->first; p; p = p->next)
		for (const char *const *word = p->words; *word; word++)
			count++;
	return count;
}

static void add(struct words *words, const char *word)
{
	words->argv[words->count++] = word;
}

/* "pctrun-scope --user DIR VERB UNIT", with room for @more words and a NULL. */
static struct words begin(struct arena *arena, const char *user_dir, const char *verb,
			  const char *unit, size_t more)
{
	struct words words = {.argv = arena_array(arena, more + 6, sizeof(*words.argv))};

	add(&words, helper_find(arena, PROGRAM));
	if (user_dir) {
		add(&words, "--user");
		add(&words, user_dir);
	}
	add(&words, verb);
	add(&words, unit);
	return words;
}

static void add_properties(struct words *words, const struct scope *scope)
{
	for (const struct scope_property *p = scope->first; p; p = p->next)
		for (const char *const *word = p->words; *word; word++)
			add(words, *word);
}

/* ------------------------------------------------------------------ what it is asked for */

/* A path means that it stays: it has more to do. Everything else ends with it. */
static void read_answer(int fd, struct text *answer)
{
	char buffer[1024];
	ssize_t n;

	while ((n = read(fd, buffer, sizeof(buffer))) != 0) {
		if (n < 0 && errno != EINTR)
			return;
		if (n > 0)
			text_addn(answer, buffer, (size_t)n);
		if (text_str(answer)[0] == '/' && strchr(text_str(answer), '\n'))
			return;
	}
}

const char *scope_user_dir(const struct scope *scope)
{
	return scope->user ? getenv("XDG_RUNTIME_DIR") : NULL;
}

static int check_user(const struct scope *scope, struct err *err)
{
	if (!scope->user || scope_user_dir(scope))
		return 0;
	err_plain(err, -ENOENT, "start %s: XDG_RUNTIME_DIR isn't set", scope->unit);
	err_hint(err, "it says where the user's systemd is; log in as the user, not by su");
	return -ENOENT;
}

int scope_start(struct arena *arena, const struct scope *scope, const char *description,
		struct helper *keeper, const char **cgroup, struct err *err)
{
	cleanup_(text_free) struct text answer = {};
	struct words words = begin(arena, scope_user_dir(scope), "start", scope->unit,
				   count_properties(scope) + 3);
	const char *said;
	int r = check_user(scope, err);

	if (r < 0)
		return r;
	add(&words, "Description");
	add(&words, "s");
	add(&words, description);
	add_properties(&words, scope);
	r = helper_start(words.argv, keeper, err);
	if (r < 0)
		return r;
	read_answer(keeper->socket_fd, &answer);
	said = text_str(&answer);
	if (said[0] == '/') {
		*cgroup = arena_strndup(arena, said, strcspn(said, "\n"));
		return 0;
	}
	close_fd(keeper->socket_fd);
	r = helper_end(keeper, PROGRAM, said, err);
	return r < 0 ? r : err_plain(err, -EIO, "start %s: " PROGRAM " said nothing", scope->unit);
}

int scope_set(const struct scope *scope, struct err *err)
{
	cleanup_(arena_free) struct arena arena = {};
	cleanup_(text_free) struct text answer = {};
	struct words words =
		begin(&arena, scope_user_dir(scope), "set", scope->unit, count_properties(scope));
	int r = check_user(scope, err);

	if (r < 0)
		return r;
	add_properties(&words, scope);
	return helper_ask(words.argv, NULL, &answer, err);
}

int scope_stop(const char *unit, const char *user_dir, const char *description, struct err *err)
{
	cleanup_(arena_free) struct arena arena = {};
	cleanup_(text_free) struct text answer = {};
	struct words words = begin(&arena, user_dir, "stop", unit, 1);

	add(&words, description);
	return helper_ask(words.argv, NULL, &answer, err);
}
