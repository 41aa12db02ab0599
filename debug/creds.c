#include "debug/isolation.h"
#include "debug/parts.h"

#include "lib/file.h"
#include "lib/proc_status.h"
#include "lib/text.h"

#include <string.h>

static void read_sets(struct arena *arena, const char *status, struct isolation_creds *creds)
{
	const struct {
		const char *name;
		uint64_t *set;
	} rows[] = {
		{"CapInh", &creds->inheritable}, {"CapPrm", &creds->permitted},
		{"CapEff", &creds->effective},   {"CapBnd", &creds->bounding},
		{"CapAmb", &creds->ambient},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const char *value = proc_status(arena, status, rows[i].name);

		*rows[i].set = value ? strtoull(value, NULL, 16) : 0;
	}
}

/* Return: how many numbers @line had; at most @most. */
static size_t read_ids(const char *line, uint32_t *ids, size_t most)
{
	const char *word;
	size_t length, count = 0;

	while (line && count < most && (word = next_word(&line, &length)))
		ids[count++] = (uint32_t)strtoul(word, NULL, 10);
	return count;
}

static void read_groups(struct arena *arena, const char *line, struct isolation_creds *creds)
{
	const size_t most = line ? strlen(line) / 2 + 1 : 0;
	uint32_t *groups = arena_array(arena, most + 1, sizeof(*groups));

	creds->group_count = read_ids(line, groups, most);
	creds->groups = groups;
}

static int read_number(struct arena *arena, const char *status, const char *name)
{
	const char *value = proc_status(arena, status, name);

	return value ? (int)strtol(value, NULL, 10) : -1;
}

/* The first file is AppArmor's alone, where several modules have labels (since Linux 5.8). */
static const char *read_label(struct isolation *isolation)
{
	static const char *const files[] = {"attr/apparmor/current", "attr/current"};
	char line[4096];

	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		if (file_line(isolation->pid_dir_fd, files[i], line, sizeof(line)) > 0)
			return arena_strdup(&isolation->arena, line);
	return NULL;
}

/* As it is: status(5) has some of its bytes escaped. It may have line breaks. */
static const char *read_name(struct isolation *isolation)
{
	const char *name;
	size_t length;

	if (file_read(&isolation->arena, isolation->pid_dir_fd, "comm", 0, &name, &length, NULL) <
	    0)
		return "";
	return arena_strndup(&isolation->arena, name, length ? length - 1 : 0);
}

void look_creds(struct isolation *isolation)
{
	struct arena *arena = &isolation->arena;
	struct isolation_creds *creds = &isolation->creds;
	const char *text;
	int r = file_read(arena, isolation->pid_dir_fd, "status", 0, &text, NULL, NULL);

	*creds = (struct isolation_creds){.name = "", .seccomp_mode = -1, .seccomp_filters = -1};
	if (r < 0) {
		isolation_unseen(isolation, "its credentials", r);
		return;
	}
	creds->name = read_name(isolation);
	(void)read_ids(proc_status(arena, text, "Uid"), creds->uid, ARRAY_SIZE(creds->uid));
	(void)read_ids(proc_status(arena, text, "Gid"), creds->gid, ARRAY_SIZE(creds->gid));
	read_groups(arena, proc_status(arena, text, "Groups"), creds);
	read_sets(arena, text, creds);
	creds->no_new_privs = read_number(arena, text, "NoNewPrivs") == 1;
	creds->seccomp_mode = read_number(arena, text, "Seccomp");
	creds->seccomp_filters = read_number(arena, text, "Seccomp_filters");
	creds->label = read_label(isolation);
}
