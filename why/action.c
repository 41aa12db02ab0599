#include "why/action.h"

#include "lib/arena.h"
#include "lib/err.h"
#include "lib/own.h"
#include "lib/signals.h"
#include "lib/text.h"
#include "ns/namespace_types.h"
#include "seccomp/calls.h"
#include "why/action_reader.h"

#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <string.h>

void action_add_call(struct action *action, const char *name, uint64_t one, uint64_t two,
		     uint64_t three)
{
	struct action_call *call = &action->calls[action->call_count];

	*call = (struct action_call){.name = name, .args = {one, two, three}};
	if (call_find(call_arches(), name, &call->number, NULL) == 0)
		action->call_count++;
}

int action_read_path(struct action_reader *reader, const char *path)
{
	if (path[0] != '/')
		return err_plain(reader->err, -EINVAL, "'%s': a path in there has to begin with /",
				 path);
	if (strlen(path) >= PATH_MAX)
		return err_set(reader->err, -ENAMETOOLONG, "path");
	reader->action->path = path;
	return 0;
}

/* As open(3) of the C library does it. */
static void open_call(struct action *action)
{
	static const int modes[] = {[ACCESS_READ] = O_RDONLY,
				    [ACCESS_WRITE] = O_WRONLY,
				    [ACCESS_READ | ACCESS_WRITE] = O_RDWR};

	action_add_call(action, "openat", (uint32_t)AT_FDCWD, 0, (uint64_t)modes[action->access]);
}

static int read_open(struct action_reader *reader)
{
	int r = action_read_path(reader, reader->words[0]);

	reader->action->kind = ACTION_OPEN;
	reader->action->access = reader->access;
	reader->action->device = reader->access == (ACCESS_READ | ACCESS_WRITE);
	open_call(reader->action);
	return r;
}

static int read_exec(struct action_reader *reader)
{
	reader->action->kind = ACTION_EXEC;
	reader->action->access = ACCESS_EXEC;
	action_add_call(reader->action, "execve", 0, 0, 0);
	return action_read_path(reader, reader->words[0]);
}

/* What is made or removed is a name in a folder, and it is the folder's rights that count. */
static int read_name(struct action_reader *reader, enum action_kind kind)
{
	const char *path = reader->words[0], *slash = strrchr(path, '/');
	struct action *action = reader->action;

	if (slash && (!slash[1] || strcmp(slash + 1, ".") == 0 || strcmp(slash + 1, "..") == 0))
		return err_plain(reader->err, -EINVAL, "'%s': ends with no name in a folder", path);
	action->kind = kind;
	action->access = ACCESS_WRITE | ACCESS_EXEC;
	action->name = slash ? slash + 1 : NULL;
	if (slash && slash > path)
		path = arena_strndup(reader->arena, path, (size_t)(slash - path));
	else if (slash)
		path = "/";
	return action_read_path(reader, path);
}

static int read_create(struct action_reader *reader)
{
	action_add_call(reader->action, "openat", (uint32_t)AT_FDCWD, 0,
			O_WRONLY | O_CREAT | O_EXCL);
	return read_name(reader, ACTION_CREATE);
}

static int read_remove(struct action_reader *reader)
{
	action_add_call(reader->action, "unlinkat", (uint32_t)AT_FDCWD, 0, 0);
	return read_name(reader, ACTION_REMOVE);
}

/* As sysctl(8) reads them: "net/ipv4/conf/eth0.1", "net.ipv4.conf.eth0/1"; the first separator is
 * the one, the other is a dot of a name. */
static void take_apart(char *key)
{
	const bool dots = key[strcspn(key, "./")] == '.';

	for (char *at = key; dots && *at; at++)
		*at = *at == '.' ? '/' : *at == '/' ? '.' : *at;
}

static int read_sysctl(struct action_reader *reader)
{
	const char *value = strchr(reader->words[0], '=');
	size_t length = value ? (size_t)(value - reader->words[0]) : strlen(reader->words[0]);
	char *key = arena_strndup(reader->arena, reader->words[0], length);

	if (!*key || strstr(key, ".."))
		return err_plain(reader->err, -EINVAL, "'%s': no sysctl", reader->words[0]);
	take_apart(key);
	reader->action->kind = ACTION_OPEN;
	reader->action->access = value ? ACCESS_WRITE : ACCESS_READ;
	open_call(reader->action);
	return action_read_path(reader, arena_printf(reader->arena, "/proc/sys/%s", key));
}

static int read_mount(struct action_reader *reader)
{
	if (!*reader->words[0])
		return err_plain(reader->err, -EINVAL, "a type of file system is missing");
	reader->action->kind = ACTION_MOUNT;
	reader->action->fstype = reader->words[0];
	action_add_call(reader->action, "mount", 0, 0, 0);
	return 0;
}

static int read_unshare(struct action_reader *reader)
{
	reader->action->kind = ACTION_UNSHARE;
	for (size_t i = 0; i < reader->count; i++) {
		uint64_t flag = 0;

		for (const struct namespace_type *type = namespace_types; type->type; type++)
			if (strcmp(reader->words[i], type->type) == 0 ||
			    strcmp(reader->words[i], type->file) == 0)
				flag = type->flag;
		if (!flag)
			return err_plain(reader->err, -EINVAL, "'%s': no kind of namespace",
					 reader->words[i]);
		reader->action->flags |= flag;
	}
	action_add_call(reader->action, "unshare", reader->action->flags, 0, 0);
	return 0;
}

static int read_kill(struct action_reader *reader)
{
	struct action *action = reader->action;
	unsigned int pid;

	action->kind = ACTION_KILL;
	action->signal = SIGTERM;
	if (parse_u32(reader->words[0], &pid) < 0 || pid == 0 || pid > INT32_MAX)
		return err_plain(reader->err, -EINVAL, "'%s': no process id", reader->words[0]);
	action->target = (pid_t)pid;
	if (reader->count > 1) /* 0 asks whether one could be sent */
		action->signal =
			strcmp(reader->words[1], "0") == 0 ? 0 : signal_read(reader->words[1]);
	if (action->signal < 0)
		return err_plain(reader->err, -EINVAL, "'%s': no signal", reader->words[1]);
	action_add_call(action, "kill", pid, (uint64_t)action->signal, 0);
	return 0;
}

static int read_syscall(struct action_reader *reader)
{
	struct action_call *call = &reader->action->calls[0];
	int r = call_find(call_arches(), reader->words[0], &call->number, reader->err);

	reader->action->kind = ACTION_SYSCALL;
	call->name = r == 0 ? call_name(reader->arena, call_arches(), call->number) : NULL;
	if (!call->name)
		call->name = reader->words[0];
	for (size_t i = 1; r == 0 && i < reader->count; i++) {
		char *end;

		errno = 0;
		call->args[i - 1] = strtoull(reader->words[i], &end, 0);
		if (errno || *end || end == reader->words[i])
			r = err_plain(reader->err, -EINVAL,
				      "'%s': an argument is a number, as 5 or 0x10",
				      reader->words[i]);
	}
	reader->action->call_count = 1;
	return r;
}

static const struct row {
	const char *word, *rest;
	size_t least, most; /* words behind it */
	int (*read)(struct action_reader *reader);
	unsigned int access;
} rows[] = {
	{"open", "PATH", 1, 1, read_open, ACCESS_READ},
	{"read", "PATH", 1, 1, read_open, ACCESS_READ},
	{"write", "PATH", 1, 1, read_open, ACCESS_WRITE},
	{"device", "PATH", 1, 1, read_open, ACCESS_READ | ACCESS_WRITE},
	{"exec", "PATH", 1, 1, read_exec, 0},
	{"create", "PATH", 1, 1, read_create, 0},
	{"remove", "PATH", 1, 1, read_remove, 0},
	{"sysctl", "KEY[=VALUE]", 1, 1, read_sysctl, 0},
	{"mount", "FSTYPE", 1, 1, read_mount, 0},
	{"unshare", "NAMESPACE...", 1, NAMESPACE_TYPES, read_unshare, 0},
	{"bind", "PORT|udp/PORT", 1, 1, action_read_bind, 0},
	{"connect", "ADDRESS PORT|udp/PORT|icmp[/TYPE] or PATH|@NAME [dgram|seqpacket]", 1, 2,
	 action_read_connect, 0},
	{"accept", "ADDRESS PORT|udp/PORT|icmp[/TYPE]", 2, 2, action_read_accept, 0},
	{"kill", "PID [SIGNAL]", 1, 2, read_kill, 0},
	{"syscall", "NAME [ARGUMENT...]", 1, 1 + CALL_ARGS, read_syscall, 0},
};

void action_help(struct text *text, const char *between)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		text_addf(text, "%s%s %s", i ? between : "", rows[i].word, rows[i].rest);
}

static const struct row *row_find(const char *word)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (strcmp(rows[i].word, word) == 0)
			return &rows[i];
	return NULL;
}

static const char *join_words(struct arena *arena, char *const *words, size_t count)
{
	cleanup_(text_free) struct text text = {};

	for (size_t i = 0; i < count; i++)
		text_addf(&text, "%s%s", i ? " " : "", words[i]);
	return arena_strdup(arena, text_str(&text));
}

int action_read(struct arena *arena, char *const *words, size_t count, struct action *action,
		struct err *err)
{
	const struct row *row = count ? row_find(words[0]) : NULL;
	struct action_reader reader = {.arena = arena, .action = action, .err = err};

	*action = (struct action){};
	if (!row) {
		cleanup_(text_free) struct text known = {};

		action_help(&known, ", ");
		return err_plain(err, -EINVAL, "an action is one of: %s", text_str(&known));
	}
	reader.words = words + 1;
	reader.count = count - 1;
	reader.access = row->access;
	if (reader.count < row->least || reader.count > row->most)
		return err_plain(err, -EINVAL, "it is written: %s %s", row->word, row->rest);
	action->words = join_words(arena, words, count);
	return row->read(&reader);
}
