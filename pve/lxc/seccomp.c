#include "pve/lxc/seccomp.h"

#include "lib/err.h"
#include "lib/list.h"
#include "lib/text.h"
#include "pve/lxc/seccomp_parts.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <seccomp.h>
#include <string.h>

/* Other architectures' sections, known and passed over. */
static const char *const other_arches[] = {
	"x86_64", "amd64",   "x86",      "x32",       "aarch64",     "arm64",       "arm",
	"armhf",  "riscv64", "ppc64le",  "ppc64",     "ppc",         "s390x",       "mips",
	"mipsel", "mips64",  "mipsel64", "mips64n32", "mipsel64n32", "loongarch64",
};

struct action {
	const char *action; /* "SCMP_ACT_ERRNO" */
	struct opt_u64 errnum;
};

struct reader {
	struct arena *arena;
	const char *name;
	unsigned int line;
	const struct lxc_seccomp_machine *machine;
	struct action rule_action; /* of rules that name none         */
	bool elsewhere;            /* in another architecture's section */
	bool notify_noted;
	struct oci_seccomp *seccomp;
	struct oci_strings *notes;
	struct err *err;
};

/* @hint: what it could be instead */
static int wrong(const struct reader *reader, const char *what, const char *text, const char *hint)
{
	return err_wrong(reader->err, hint, "%s, line %u: %s: '%s'", reader->name, reader->line,
			 what, text);
}

static void note(struct reader *reader, const char *text)
{
	*list_push(reader->arena, reader->notes) =
		arena_printf(reader->arena, "%s, line %u: %s", reader->name, reader->line, text);
}

/* A number in C notation that is @rest's next word up to one of @ends. */
static int read_number(const char *text, const char **end, uint64_t *value)
{
	char *stop;

	if (!isdigit((unsigned char)*text))
		return -EINVAL;
	errno = 0;
	*value = strtoull(text, &stop, 0);
	*end = stop;
	return errno ? -errno : 0;
}

static const char *copy_word(struct reader *reader, const char **rest)
{
	size_t length;
	const char *word = next_word(rest, &length);

	return word ? arena_strndup(reader->arena, word, length) : NULL;
}

/* "errno" is followed by its number: "errno 1", "errno(1)" is none. */
static int read_errno(struct reader *reader, const char **rest, struct action *action)
{
	const char *word = copy_word(reader, rest);
	const char *end = NULL;
	uint64_t value = 0;

	if (!word || read_number(word, &end, &value) < 0 || *end || value > 4095)
		return wrong(reader, "errno needs a number from 0 to 4095", word ? word : "",
			     "write errno 1");
	*action = (struct action){"SCMP_ACT_ERRNO", {true, value}};
	return 0;
}

static int read_notify(struct reader *reader, const char **rest, struct action *action)
{
	if (!reader->notify_noted)
		note(reader, "'notify' without a proxy that answers: the calls get ENOSYS");
	reader->notify_noted = true;
	*action = (struct action){"SCMP_ACT_ERRNO", {true, ENOSYS}};
	return 0;
}

static const struct action_word {
	const char *word;
	const char *action;
	int (*read)(struct reader *reader, const char **rest, struct action *action);
} action_words[] = {
	{"kill", "SCMP_ACT_KILL"},     {"allow", "SCMP_ACT_ALLOW"},     {"trap", "SCMP_ACT_TRAP"},
	{"errno", .read = read_errno}, {"notify", .read = read_notify},
};

/* An action at the start of *@rest, which moves behind it; none there is fine.
 * Return: 1 if there was one, 0, or a negative errno. */
static int read_action(struct reader *reader, const char **rest, struct action *action)
{
	const char *after = *rest;
	const char *word = copy_word(reader, &after);

	if (!word || *word == '[')
		return 0;
	for (size_t i = 0; i < ARRAY_SIZE(action_words); i++) {
		int r = 0;

		if (strcmp(word, action_words[i].word) != 0)
			continue;
		if (action_words[i].read)
			r = action_words[i].read(reader, &after, action);
		else
			*action = (struct action){action_words[i].action};
		*rest = after;
		return r < 0 ? r : 1;
	}
	return wrong(reader, "no such action (kill, errno NUMBER, allow, trap, notify)", word,
		     "write one of kill, errno NUMBER, allow, trap, notify");
}

static const struct {
	const char *words[2];
	const char *op;
} comparisons[] = {
	{{"SCMP_CMP_NE", "!="}, "SCMP_CMP_NE"},
	{{"SCMP_CMP_LT", "<"}, "SCMP_CMP_LT"},
	{{"SCMP_CMP_LE", "<="}, "SCMP_CMP_LE"},
	{{"SCMP_CMP_EQ", "=="}, "SCMP_CMP_EQ"},
	{{"SCMP_CMP_GE", ">="}, "SCMP_CMP_GE"},
	{{"SCMP_CMP_GT", ">"}, "SCMP_CMP_GT"},
	{{"SCMP_CMP_MASKED_EQ", "&="}, "SCMP_CMP_MASKED_EQ"},
};

static const char *comparison_find(const char *word, size_t length)
{
	for (size_t i = 0; i < ARRAY_SIZE(comparisons); i++)
		for (size_t j = 0; j < 2; j++)
			if (strlen(comparisons[i].words[j]) == length &&
			    strncmp(comparisons[i].words[j], word, length) == 0)
				return comparisons[i].op;
	return NULL;
}

static const char *skip_blanks(const char *at)
{
	return at + strspn(at, " \t");
}

static int read_arg_number(const char **at, const char *ends, uint64_t *value)
{
	int r = read_number(skip_blanks(*at), at, value);

	*at = skip_blanks(*at);
	if (r < 0 || !**at || !strchr(ends, **at))
		return -EINVAL;
	return 0;
}

/* "[index,value,op]" or "[index,value,op,mask]" at *@at, which moves behind the ']'. Files name
 * the value and then the mask; the spec has the mask in "value" and the value in "valueTwo". */
static int read_arg(const char **at, struct oci_seccomp_arg *arg)
{
	uint64_t index, value, mask = 0;
	const char *op;
	size_t length;

	(*at)++;
	if (read_arg_number(at, ",", &index) < 0 || index > 5)
		return -EINVAL;
	(*at)++;
	if (read_arg_number(at, ",", &value) < 0)
		return -EINVAL;
	op = skip_blanks(*at + 1);
	length = strcspn(op, " \t,]");
	*at = skip_blanks(op + length);
	*arg = (struct oci_seccomp_arg){(uint32_t)index, value, 0, comparison_find(op, length)};
	if (!arg->op)
		return -EINVAL;
	if (**at == ',') {
		(*at)++;
		if (read_arg_number(at, "]", &mask) < 0)
			return -EINVAL;
	}
	if (**at != ']')
		return -EINVAL;
	(*at)++;
	if (strcmp(arg->op, "SCMP_CMP_MASKED_EQ") == 0) {
		arg->value = mask;
		arg->value_two = value;
	}
	return 0;
}

static int read_args(struct reader *reader, const char *rest, struct oci_seccomp_rule *rule)
{
	struct oci_seccomp_arg args[6];

	for (rest = skip_blanks(rest); *rest; rest = skip_blanks(rest)) {
		if (*rest == ',') { /* between arguments, as some profiles write them */
			rest++;
			continue;
		}
		if (*rest != '[' || rule->args.count == ARRAY_SIZE(args) ||
		    read_arg(&rest, &args[rule->args.count]) < 0)
			return wrong(reader,
				     "arguments are written [INDEX,VALUE,COMPARISON] or "
				     "[INDEX,VALUE,COMPARISON,MASK]",
				     rest, "write [0,1,SCMP_CMP_EQ]");
		rule->args.count++;
	}
	if (rule->args.count) {
		rule->args.items = arena_array(reader->arena, rule->args.count, sizeof(*args));
		memcpy(rule->args.items, args, rule->args.count * sizeof(*args));
	}
	return 0;
}

static void keep_rule(struct reader *reader, const char *name, const struct action *action,
		      const struct oci_seccomp_rule *condition)
{
	struct oci_seccomp_rule *rule = list_push(reader->arena, &reader->seccomp->syscalls);

	*rule = *condition;
	*list_push(reader->arena, &rule->names) = name;
	rule->action = action->action;
	rule->errno_ret = action->errnum;
}

static int read_rule(struct reader *reader, const char *line)
{
	struct oci_seccomp_rule condition = {};
	struct action action = reader->rule_action;
	const char *rest = line;
	const char *name = copy_word(reader, &rest);
	int r = read_action(reader, &rest, &action);

	if (r >= 0)
		r = read_args(reader, rest, &condition);
	if (r < 0 || reader->elsewhere)
		return r;
	if (strcmp(name, "reject_force_umount") == 0)
		lxc_seccomp_add_builtin(reader->arena, "umount2", reader->seccomp);
	else
		keep_rule(reader, name, &action, &condition);
	return 0;
}

static bool word_in(const char *word, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count && words[i]; i++)
		if (strcasecmp(words[i], word) == 0)
			return true;
	return false;
}

static int read_section(struct reader *reader, const char *line)
{
	const char *end = strchr(line, ']');
	char *word;

	if (!end || end[1 + strspn(end + 1, " \t")])
		return wrong(reader, "a section header is written [ARCHITECTURE]", line,
			     "write [x86_64], [arm64] or [all]");
	word = arena_strndup(reader->arena, line + 1, (size_t)(end - line - 1));
	reader->elsewhere = false;
	if (strcasecmp(word, "all") == 0)
		return 0;
	if (reader->machine &&
	    word_in(word, reader->machine->words, ARRAY_SIZE(reader->machine->words)))
		return 0;
	if (!word_in(word, other_arches, ARRAY_SIZE(other_arches)))
		return wrong(reader, "no such architecture", word,
			     "write [x86_64], [arm64] or [all]");
	reader->elsewhere = true;
	note(reader, arena_printf(reader->arena,
				  "rules under [%s] are left out: a bundle has rules for all "
				  "architectures only",
				  word));
	return 0;
}

/* Line 2: which list it is, and then what happens to the calls that it denies. */
static int read_policy(struct reader *reader, const char *line)
{
	static const char *const deny_words[] = {"denylist", "blacklist"};
	static const char *const allow_words[] = {"allowlist", "whitelist"};
	const char *rest = line;
	const char *word = copy_word(reader, &rest);
	struct action denied = {"SCMP_ACT_KILL"};
	int r = read_action(reader, &rest, &denied);

	if (r < 0)
		return r;
	if (word && word_in(word, deny_words, ARRAY_SIZE(deny_words))) {
		reader->rule_action = denied;
		reader->seccomp->default_action = "SCMP_ACT_ALLOW";
		return 0;
	}
	if (!word || !word_in(word, allow_words, ARRAY_SIZE(allow_words)))
		return wrong(reader, "write denylist or allowlist here", line,
			     "write denylist, or allowlist and what happens to all else: allowlist "
			     "errno 1");
	reader->rule_action = (struct action){"SCMP_ACT_ALLOW"};
	reader->seccomp->default_action = denied.action;
	reader->seccomp->default_errno_ret = denied.errnum;
	return 0;
}

/* Version 1: allowed system calls by number, everything else kills. */
static int read_call_number(struct reader *reader, const char *line)
{
	const struct action allow = {"SCMP_ACT_ALLOW"};
	const struct oci_seccomp_rule condition = {};
	unsigned int number;
	char *name;

	if (strcmp(line, "whitelist") == 0 || strcmp(line, "allowlist") == 0)
		return 0;
	if (parse_u32(line, &number) < 0 || number > INT_MAX)
		return wrong(reader, "version 1 lists numbers of system calls", line,
			     "write numbers, or begin the file with 2 and use names");
	name = seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, (int)number);
	if (!name) {
		note(reader,
		     arena_printf(reader->arena, "no system call has the number %u", number));
		return 0;
	}
	keep_rule(reader, arena_strdup(reader->arena, name), &allow, &condition);
	free(name);
	return 0;
}

static int read_v2(struct reader *reader, const char *line)
{
	if (!reader->seccomp->default_action)
		return read_policy(reader, line);
	return *line == '[' ? read_section(reader, line) : read_rule(reader, line);
}

/* The version line; says which function reads the others. */
static int read_version(struct reader *reader, const char *line,
			int (**read)(struct reader *, const char *))
{
	if (strcmp(line, "1") != 0 && strcmp(line, "2") != 0)
		return wrong(reader, "a profile starts with its version, 1 or 2", line,
			     "begin it with 2, then denylist or allowlist");
	*read = *line == '1' ? read_call_number : read_v2;
	if (*line == '1')
		reader->seccomp->default_action = "SCMP_ACT_KILL";
	return 0;
}

static const char *trimmed(struct arena *arena, const char *line, size_t length)
{
	while (length && isspace((unsigned char)line[length - 1]))
		length--;
	while (length && isspace((unsigned char)*line)) {
		line++;
		length--;
	}
	return arena_strndup(arena, line, length);
}

static int read_lines(struct reader *reader, const char *text, const char *end)
{
	int (*read)(struct reader *, const char *) = NULL;

	while (text < end) {
		const char *stop = memchr(text, '\n', (size_t)(end - text));
		const char *line;
		int r;

		stop = stop ? stop : end;
		line = trimmed(reader->arena, text, (size_t)(stop - text));
		text = stop + 1;
		reader->line++;
		if (!*line || (*line == '#' && read))
			continue;
		r = read ? read(reader, line) : read_version(reader, line, &read);
		if (r < 0)
			return r;
	}
	if (!reader->seccomp->default_action)
		return wrong(reader, "the file ends before it says what it is", "",
			     "begin it with 2, then denylist or allowlist");
	return 0;
}

int lxc_seccomp_read(struct arena *arena, const char *name, const char *text, size_t length,
		     const char *machine, struct oci_seccomp *seccomp, struct oci_strings *notes,
		     struct err *err)
{
	struct oci_seccomp result = {.flags_set = true};
	struct reader reader = {
		.arena = arena,
		.name = name,
		.machine = lxc_seccomp_machine(machine),
		.seccomp = &result,
		.notes = notes,
		.err = err,
	};
	int r = read_lines(&reader, text, text + length);

	if (r < 0)
		return r;
	lxc_seccomp_set_arches(arena, machine, &result);
	*seccomp = result;
	return 0;
}
