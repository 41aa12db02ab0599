#include "lib/err.h"
#include "lib/file.h"
#include "lib/json.h"
#include "lib/run.h"
#include "lib/sys.h"
#include "lib/text.h"
#include "lib/within.h"
#include "ns/sysctl.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

/* Through the engine's own procfs: what is mounted over /proc/sys does not count. */
static int sysctl_apply(const struct step *step, struct run *run, struct err *err)
{
	const struct sysctl_step *sysctl = container_of(step, struct sysctl_step, step);
	cleanup_close int fd = sys_open_beneath(run->proc_fd, sysctl->file, O_WRONLY);
	int r;

	if (fd < 0)
		return err_sys(err, fd, "openat2", "open /proc/%s", sysctl->file);
	r = write_all(fd, sysctl->value, strlen(sysctl->value));
	return r < 0 ? err_sys(err, r, "write", "write '%s'", sysctl->value) : 0;
}

static const struct {
	int num;
	const char *fact, *hint;
} meanings[] = {
	{ENOENT, "this kernel has no such file in a namespace of the container's",
	 "sysctl -a lists those there are; a module may have to be loaded"},
	{EINVAL, "the kernel takes no such value",
	 "write a value as the host's file has it: cat it"},
	{ERANGE, "the value is out of the kernel's range",
	 "write a value as the host's file has it"},
	{EACCES, "in the container's user namespace it is read-only",
	 "set it on the host, for all"},
	{EPERM, "it takes rights over the host's user namespace", "set it on the host, for all"},
};

static void sysctl_explain(const struct step *step, struct run *run, struct err *err)
{
	for (size_t i = 0; i < ARRAY_SIZE(meanings); i++)
		if (meanings[i].num == err->num) {
			err_fact(err, "%s", meanings[i].fact);
			err_hint(err, "%s", meanings[i].hint);
		}
}

/* The kernel puts its own blanks between numbers. */
static bool same_words(const char *a, const char *b)
{
	const char *word_a, *word_b;
	size_t length_a, length_b;

	do {
		word_a = next_word(&a, &length_a);
		word_b = next_word(&b, &length_b);
		if (!word_a || !word_b)
			return word_a == word_b;
	} while (length_a == length_b && strncmp(word_a, word_b, length_a) == 0);
	return false;
}

static int sysctl_observe(const struct step *step, struct run *run, struct observation *seen,
			  struct err *err)
{
	const struct sysctl_step *sysctl = container_of(step, struct sysctl_step, step);
	char path[PATH_MAX], line[256];
	int r;

	(void)snprintf(path, sizeof(path), "/proc/%s", sysctl->file);
	r = run_read_within(run, sysctl->flag, path, line, sizeof(line));
	if (r < 0)
		return observe(seen, OBSERVED_UNSEEN, "%s can't be read", path);
	return observe(seen, same_words(line, sysctl->value) ? OBSERVED_HOLDS : OBSERVED_DIFFERS,
		       "%s", line);
}

static void sysctl_describe(const struct step *step, struct text *text)
{
	const struct sysctl_step *sysctl = container_of(step, struct sysctl_step, step);

	text_addf(text, "%s = %s", sysctl->file + strlen("sys/"), sysctl->value);
}

static void sysctl_write(const struct step *step, struct json_out *out)
{
	const struct sysctl_step *sysctl = container_of(step, struct sysctl_step, step);

	json_out_string(out, "file", sysctl->file);
	json_out_string(out, "value", sysctl->value);
}

const struct step_kind sysctl_kind = {
	.name = "sysctl",
	.describe = sysctl_describe,
	.write = sysctl_write,
	.apply = sysctl_apply,
	.explain = sysctl_explain,
	.observe = sysctl_observe,
};
