#include "debug/become.h"

#include "debug/isolation.h"
#include "lib/err.h"
#include "lib/host.h"
#include "lib/sys.h"
#include "runtime/join.h"

#include <grp.h>
#include <linux/capability.h>
#include <sched.h>
#include <sys/fsuid.h>
#include <sys/prctl.h>
#include <sys/stat.h>

static bool same_root(int root_fd)
{
	struct stat theirs, ours;

	return fstat(root_fd, &theirs) == 0 && stat("/", &ours) == 0 &&
	       theirs.st_dev == ours.st_dev && theirs.st_ino == ours.st_ino;
}

static int take_root(const struct isolation *isolation, struct err *err)
{
	if (isolation->root_fd < 0)
		return err_set(err, isolation->root_fd, "look at its root");
	if (same_root(isolation->root_fd))
		return 0;
	if (fchdir(isolation->root_fd) < 0 || chroot(".") < 0)
		return err_set(err, -errno, "change to its root");
	return chdir("/") < 0 ? err_set(err, -errno, "change to its root") : 0;
}

/* An id as it is called where we are: seen from outside, or from inside after the join. */
static uint32_t local(const struct idmap *map, uint32_t id)
{
	uint32_t inside = id;

	if (map)
		(void)idmap_inside(map, id, &inside); /* nobody: refused by the kernel */
	return inside;
}

/* Keeps capabilities: which of them stay is said at the end. */
static int take_ids(const struct isolation_creds *creds, const struct idmap *uids,
		    const struct idmap *gids, struct err *err)
{
	const uint32_t *uid = creds->uid, *gid = creds->gid;

	if (prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) < 0 ||
	    setresgid(local(gids, gid[0]), local(gids, gid[1]), local(gids, gid[2])) < 0 ||
	    setresuid(local(uids, uid[0]), local(uids, uid[1]), local(uids, uid[2])) < 0)
		return err_set(err, -errno, "take its ids");
	(void)setfsgid(local(gids, gid[3])); /* they only say what was before */
	(void)setfsuid(local(uids, uid[3]));
	return 0;
}

/* Root of the host takes the ids before it joins: they may be nobody's inside. setgroups may be
 * forbidden there, too. */
static int take_ids_outside(const struct isolation_creds *creds, struct err *err)
{
	uint64_t effective, permitted, inheritable;
	int r;

	if (setgroups(creds->group_count, creds->groups) < 0)
		return err_set(err, -errno, "take its groups");
	r = sys_capget(&effective, &permitted, &inheritable);
	if (r == 0)
		r = take_ids(creds, NULL, NULL, err);
	if (r == 0)
		r = sys_capset(permitted, permitted, inheritable);
	return r < 0 && !(err && err->num) ? err_set(err, r, "keep capabilities") : r;
}

static int join(const struct isolation *isolation, uint64_t namespaces, uint64_t *joined,
		struct err *err)
{
	int r = join_differing(isolation->pid, namespaces | CLONE_NEWUSER, joined, err);

	if (r < 0)
		return r;
	if (*joined && setns(isolation->pid_fd, (int)*joined) < 0)
		return err_set(err, -errno, "join its namespaces");
	return 0;
}

int isolation_become(const struct isolation *isolation, uint64_t namespaces, struct err *err)
{
	const struct isolation_creds *creds = &isolation->creds;
	const uint64_t needed = 1ULL << CAP_SETUID | 1ULL << CAP_SETGID;
	const bool outside = (isolation->host->capabilities & needed) == needed;
	uint64_t joined = 0;
	int r;

	if (prctl(PR_SET_DUMPABLE, 0) < 0)
		return err_set(err, -errno, "hide from the process");
	r = outside ? take_ids_outside(creds, err) : 0;
	if (r == 0)
		r = join(isolation, namespaces, &joined, err);
	if (r == 0 && namespaces & CLONE_NEWNS)
		r = take_root(isolation, err);
	if (r == 0 && !outside)
		r = take_ids(creds, joined & CLONE_NEWUSER ? &isolation->uid_map : NULL,
			     joined & CLONE_NEWUSER ? &isolation->gid_map : NULL, err);
	if (r < 0)
		return r;
	r = sys_capset(creds->effective, creds->permitted, creds->inheritable);
	if (r < 0)
		return err_set(err, r, "take its capabilities");
	if (creds->no_new_privs && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return err_set(err, -errno, "take its no_new_privs");
	/* A change of ids may have made it 2: see PR_SET_DUMPABLE in prctl(2). */
	return prctl(PR_SET_DUMPABLE, 0) < 0 ? err_set(err, -errno, "hide from the process") : 0;
}
