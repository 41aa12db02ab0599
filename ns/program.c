#include "ns/program.h"

#include "lib/err.h"
#include "lib/own.h"
#include "lib/text.h"
#include "ns/passwd.h"
#include "oci/spec.h"

#include <ctype.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static const char default_path[] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

static const char *env_find(const struct oci_strings *env, const char *name)
{
	const char *found = NULL;
	size_t length = strlen(name);

	for (size_t i = 0; i < env->count; i++)
		if (strncmp(env->items[i], name, length) == 0 && env->items[i][length] == '=')
			found = env->items[i] + length + 1; /* the last one wins */
	return found;
}

/* Return: 0 when @path can be executed by somebody; who may, execve(2) decides. */
static int try_path(const char *path)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return -errno;
	if (S_ISDIR(st.st_mode))
		return -EISDIR;
	return st.st_mode & 0111 ? 0 : -EACCES;
}

static int search(const char *name, const char *folders, char *path, size_t size)
{
	int result = -ENOENT;

	for (const char *at = folders;; at++) {
		size_t length = strcspn(at, ":");
		int r;

		(void)snprintf(path, size, "%.*s/%s", length ? (int)length : 1, length ? at : ".",
			       name);
		r = try_path(path);
		if (r == 0)
			return 0;
		if (r == -EACCES)
			result = r;
		at += length;
		if (!*at)
			return result;
	}
}

/* In lower case: docker's client looks for these words as they are, to choose its exit status. */
static int cannot_run(int num, const char *name, struct err *err)
{
	const char *why = strerrordesc_np(-num);

	return err_plain(err, num, "exec: \"%s\": %c%s", name, tolower(*why), why + 1);
}

static int find_path(const struct oci_process *process, const char **path, struct err *err)
{
	const char *name = process->args.items[0];
	const char *folders = env_find(&process->env, "PATH");
	char found[PATH_MAX];
	int r;

	if (strchr(name, '/')) {
		r = try_path(name);
		*path = name;
		if (r < 0)
			cannot_run(r, name, err);
		if (r == -EACCES || r == -EPERM || r == -EISDIR)
			program_explain(name, err);
		err_hint(err, "the container's root file system has no such program: choose "
			      "another");
		return r;
	}
	r = search(name, folders ? folders : default_path, found, sizeof(found));
	if (r == -ENOENT) {
		err_set(err, r, "exec: \"%s\": executable file not found in $PATH", name);
		err_fact(err, "PATH is %s", folders ? folders : default_path);
		err_hint(err, "install it in the container, or write its whole path");
		return r;
	}
	if (r < 0)
		return cannot_run(r, name, err);
	*path = strdup(found);
	return *path ? 0 : cannot_run(-ENOMEM, name, err);
}

static const char **list_of(const struct oci_strings *strings)
{
	const char **list = calloc(strings->count + 1, sizeof(*list));

	for (size_t i = 0; list && i < strings->count; i++)
		list[i] = strings->items[i];
	return list;
}

static bool same_name(const char *a, const char *b)
{
	const size_t length = strcspn(a, "=");

	return strncmp(a, b, length) == 0 && (b[length] == '=' || !b[length]);
}

/* Of several settings of a variable the last one counts, but getenv(3) finds the first: only one
 * goes in. @home: the last of all; NULL: none. */
static const char **env_of(const struct oci_strings *env, const char *home)
{
	const char **list = calloc(env->count + 2, sizeof(*list));
	size_t count = 0;

	for (size_t i = 0; list && i < env->count; i++) {
		bool again = home && same_name(env->items[i], home);

		for (size_t later = i + 1; !again && later < env->count; later++)
			again = same_name(env->items[i], env->items[later]);
		if (!again)
			list[count++] = env->items[i];
	}
	if (list)
		list[count] = home;
	return list;
}

static const char *home_setting(const struct oci_process *process)
{
	cleanup_(text_free) struct text setting = {};
	const char *home = env_find(&process->env, "HOME");

	if (home && *home)
		return NULL;
	text_add(&setting, "HOME=");
	passwd_home(process->user.uid, &setting);
	return text_take(&setting);
}

int program_find(struct program *program, const struct oci_process *process, struct err *err)
{
	int r;

	if (process->args.count == 0)
		return err_plain(err, -EINVAL, "process.args: is missing");
	r = find_path(process, &program->path, err);
	if (r < 0)
		return r;
	program->argv = list_of(&process->args);
	program->envp = env_of(&process->env, home_setting(process));
	return program->argv && program->envp ? 0 : err_set(err, -ENOMEM, "prepare arguments");
}
