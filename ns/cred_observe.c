#include "ns/cred_observe.h"

#include "lib/err.h"
#include "lib/file.h"
#include "lib/proc_status.h"
#include "lib/run.h"
#include "ns/cred.h"
#include "ns/userns.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { STATUS_MAX = 16 * 1024 };

/* The value of a line of /proc/PID/status. Return: false when there is no such line. */
static bool status_value(struct run *run, const char *name, char *value, size_t size)
{
	cleanup_(arena_free) struct arena arena = {};
	const char *text, *found = NULL;

	if (file_read(&arena, run->pid_dir_fd, "status", STATUS_MAX, &text, NULL, NULL) == 0)
		found = proc_status(&arena, text, name);
	if (found)
		(void)snprintf(value, size, "%s", found);
	return found;
}

static int unseen(const char *name, struct observation *seen)
{
	return observe(seen, OBSERVED_UNSEEN, "the kernel doesn't show %s", name);
}

int cap_bound_observe(const struct step *step, struct run *run, struct observation *seen,
		      struct err *err)
{
	const struct cap_bound_step *bound = container_of(step, struct cap_bound_step, step);
	uint64_t most = run->host ? run->host->capabilities : ~0ULL, set;
	char value[64];

	if (!status_value(run, "CapBnd", value, sizeof(value)))
		return unseen("CapBnd", seen);
	set = strtoull(value, NULL, 16);
	/* A user namespace has all of them to begin with; the initial one what the caller had. */
	return observe(seen,
		       set == bound->keep || set == (bound->keep & most) ? OBSERVED_HOLDS
									 : OBSERVED_DIFFERS,
		       "CapBnd = %016" PRIx64, set);
}

/* An id as the container has it, from its own map of /proc/PID. */
static bool id_inside(struct run *run, const char *map_file, uint32_t outside, uint32_t *inside)
{
	cleanup_(arena_free) struct arena arena = {};
	struct idmap map;
	const char *text;

	if (file_read(&arena, run->pid_dir_fd, map_file, 0, &text, NULL, NULL) < 0)
		return false;
	idmap_read(&arena, text, &map);
	return idmap_inside(&map, outside, inside);
}

static bool read_id(struct run *run, const char *name, const char *map_file, uint32_t *id)
{
	char value[64];

	return status_value(run, name, value, sizeof(value)) &&
	       id_inside(run, map_file, (uint32_t)strtoul(value, NULL, 10), id);
}

/*
 * A program that runs as root gets the bounding set at execve, and what it drops later is its own
 * affair, ids and capabilities alike. What must hold is that one that isn't root has become nobody
 * else, and that nothing is inheritable that was not asked for.
 */
int user_observe(const struct step *step, struct run *run, struct observation *seen,
		 struct err *err)
{
	const struct user_step *user = container_of(step, struct user_step, step);
	uint32_t uid, gid;
	char value[64];
	uint64_t set;
	bool same;

	if (!status_value(run, "CapInh", value, sizeof(value)) ||
	    !read_id(run, "Uid", "uid_map", &uid) || !read_id(run, "Gid", "gid_map", &gid))
		return unseen("ids and CapInh", seen);
	set = strtoull(value, NULL, 16);
	same = set == user->inheritable &&
	       (user->uid == 0 || (uid == user->uid && gid == user->gid));
	return observe(seen, same ? OBSERVED_HOLDS : OBSERVED_DIFFERS,
		       "uid %u, gid %u, CapInh = %016" PRIx64, uid, gid, set);
}

int nnp_observe(const struct step *step, struct run *run, struct observation *seen, struct err *err)
{
	char value[16];

	if (!status_value(run, "NoNewPrivs", value, sizeof(value)))
		return unseen("NoNewPrivs", seen);
	return observe(seen, value[0] == '1' ? OBSERVED_HOLDS : OBSERVED_DIFFERS, "NoNewPrivs = %s",
		       value);
}
