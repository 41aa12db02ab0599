#include "lib/err.h"
#include "lib/json.h"
#include "lib/run.h"
#include "lib/sys.h"
#include "lib/text.h"
#include "ns/cred.h"
#include "ns/cred_observe.h"

#include <grp.h>
#include <sys/prctl.h>
#include <sys/stat.h>

static void describe_set(struct text *text, uint64_t set)
{
	if (!set)
		text_add(text, "none");
	for (unsigned int cap = 0; cap < 64; cap++)
		if (set & 1ULL << cap && cap_name(cap))
			text_addf(text, "%s%s", set & ((1ULL << cap) - 1) ? "," : "",
				  cap_name(cap) + 4);
}

static void cap_bound_describe(const struct step *step, struct text *text)
{
	const struct cap_bound_step *bound = container_of(step, struct cap_bound_step, step);

	text_add(text, "keep ");
	describe_set(text, bound->keep);
}

static void cap_bound_write(const struct step *step, struct json_out *out)
{
	const struct cap_bound_step *bound = container_of(step, struct cap_bound_step, step);

	json_out_u64(out, "keep", bound->keep);
}

static int cap_bound_apply(const struct step *step, struct run *run, struct err *err)
{
	const struct cap_bound_step *bound = container_of(step, struct cap_bound_step, step);

	for (unsigned int cap = 0; cap <= bound->last; cap++) {
		if (bound->keep & 1ULL << cap || prctl(PR_CAPBSET_DROP, cap) == 0)
			continue;
		if (prctl(PR_CAPBSET_READ, cap) == 1) /* else the caller has lost it already */
			return err_set(err, -errno, "drop %s", cap_name(cap) ? cap_name(cap) : "?");
	}
	return 0;
}

const struct step_kind cap_bound_kind = {
	.name = "cap.bound",
	.describe = cap_bound_describe,
	.write = cap_bound_write,
	.apply = cap_bound_apply,
	.observe = cap_bound_observe,
};

static void user_describe(const struct step *step, struct text *text)
{
	const struct user_step *user = container_of(step, struct user_step, step);

	text_addf(text, "%u:%u", user->uid, user->gid);
	for (size_t i = 0; i < user->group_count && !user->keep_groups; i++)
		text_addf(text, "%s%u", i ? "," : ", groups ", user->groups[i]);
	text_addf(text, "%s, umask %04o, capabilities ",
		  user->keep_groups ? ", the caller's groups" : "", (unsigned int)user->umask);
	describe_set(text, user->effective);
}

static void user_write(const struct step *step, struct json_out *out)
{
	const struct user_step *user = container_of(step, struct user_step, step);

	json_out_u64(out, "uid", user->uid);
	json_out_u64(out, "gid", user->gid);
	json_out_u64(out, "umask", user->umask);
	json_out_u64(out, "effective", user->effective);
	json_out_u64(out, "permitted", user->permitted);
	json_out_u64(out, "inheritable", user->inheritable);
	json_out_u64(out, "ambient", user->ambient);
}

/* In a user namespace, what its map doesn't have is no id at all. */
static int id_failed(const char *kind, uint32_t id, struct err *err)
{
	int r = err_set(err, -errno, "set %s %u", kind, id);

	if (r == -EINVAL)
		err_hint(err, "the container's id map has no %s %u: choose another, or map it",
			 kind, id);
	return r;
}

static int set_ids(const struct user_step *user, struct err *err)
{
	if (!user->keep_groups && setgroups(user->group_count, user->groups) < 0 &&
	    (errno != EPERM || user->group_count > 0)) /* "deny" in the user namespace */
		return err_set(err, -errno, "set supplementary groups");
	if (setresgid(user->gid, user->gid, user->gid) < 0)
		return id_failed("gid", user->gid, err);
	/* Keeps the permitted set over the change to another uid; capset() follows. */
	if (user->uid != 0 && prctl(PR_SET_KEEPCAPS, 1) < 0)
		return err_set(err, -errno, "keep capabilities");
	return setresuid(user->uid, user->uid, user->uid) < 0 ? id_failed("uid", user->uid, err)
							      : 0;
}

static int set_ambient(uint64_t ambient, struct err *err)
{
	for (unsigned int cap = 0; cap < 64; cap++)
		if (ambient & 1ULL << cap &&
		    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, cap, 0, 0) < 0)
			return err_set(err, -errno, "can't raise ambient capability %s",
				       cap_name(cap));
	return 0;
}

static int user_apply(const struct step *step, struct run *run, struct err *err)
{
	const struct user_step *user = container_of(step, struct user_step, step);
	uint64_t effective, permitted, inheritable, have;
	int r;

	(void)umask(user->umask);
	r = sys_capget(&effective, &have, &inheritable);
	if (r < 0)
		return err_set(err, r, "read capabilities");
	r = set_ids(user, err);
	if (r < 0)
		return r;
	permitted = have & user->permitted; /* what the caller can't give is left out */
	r = sys_capset(user->effective & permitted, permitted, user->inheritable & have);
	if (r < 0)
		return err_set(err, r, "set capabilities");
	return set_ambient(user->ambient & permitted, err);
}

const struct step_kind user_kind = {
	.name = "user",
	.describe = user_describe,
	.write = user_write,
	.apply = user_apply,
	.observe = user_observe,
};

static void nnp_describe(const struct step *step, struct text *text)
{
	text_add(text, "no new privileges by execve");
}

static void nnp_write(const struct step *step, struct json_out *out)
{
	json_out_bool(out, "noNewPrivileges", true);
}

static int nnp_apply(const struct step *step, struct run *run, struct err *err)
{
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ? err_set(err, -errno, "set") : 0;
}

const struct step_kind nnp_kind = {
	.name = "nnp",
	.describe = nnp_describe,
	.write = nnp_write,
	.apply = nnp_apply,
	.observe = nnp_observe,
};
