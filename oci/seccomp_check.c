#include "lib/err.h"
#include "oci/check.h"

#include <stdio.h>
#include <string.h>

/* config-linux.md, "Seccomp". Names of system calls that this machine doesn't have are fine. */

enum { CALL_ARGS = 6, ERRNO_LIMIT = 4095 }; /* MAX_ERRNO of the kernel */

static bool takes_errno(const char *action)
{
	return strcmp(action, "SCMP_ACT_ERRNO") == 0 || strcmp(action, "SCMP_ACT_TRACE") == 0;
}

static int check_errno(const char *path, const char *action, const struct opt_u64 *errno_ret,
		       struct err *err)
{
	if (errno_ret->set && !takes_errno(action))
		return err_plain(err, -EINVAL, "%s: only with SCMP_ACT_ERRNO and SCMP_ACT_TRACE",
				 path);
	if (errno_ret->set && strcmp(action, "SCMP_ACT_ERRNO") == 0 &&
	    errno_ret->value > ERRNO_LIMIT)
		return err_plain(err, -EINVAL, "%s: %lu is above %d", path, errno_ret->value,
				 ERRNO_LIMIT);
	return 0;
}

static int check_args(const char *path, const struct oci_seccomp_rule *rule, struct err *err)
{
	for (size_t i = 0; i < rule->args.count; i++) {
		const struct oci_seccomp_arg *arg = &rule->args.items[i];
		char list[128];
		int r;

		if (arg->index >= CALL_ARGS)
			return err_plain(err, -EINVAL, "%s.args[%zu].index: %u is above %d", path,
					 i, arg->index, CALL_ARGS - 1);
		(void)snprintf(list, sizeof(list), "%s.args", path);
		r = oci_item_check(list, i, ".op", arg->op, oci_words_seccomp_operator, err);
		if (r < 0)
			return r;
	}
	return 0;
}

static int check_rule(const struct oci_seccomp_rule *rule, size_t index, struct err *err)
{
	char path[64], errno_path[80];
	int r;

	(void)snprintf(path, sizeof(path), "linux.seccomp.syscalls[%zu]", index);
	(void)snprintf(errno_path, sizeof(errno_path), "%s.errnoRet", path);
	if (rule->names.count == 0)
		return err_plain(err, -EINVAL, "%s.names: is empty", path);
	r = oci_item_check("linux.seccomp.syscalls", index, ".action", rule->action,
			   oci_words_seccomp_action, err);
	if (r == 0)
		r = check_errno(errno_path, rule->action, &rule->errno_ret, err);
	return r < 0 ? r : check_args(path, rule, err);
}

int oci_seccomp_check(const struct oci_seccomp *seccomp, struct err *err)
{
	int r;

	r = oci_word_check("linux.seccomp.defaultAction", seccomp->default_action,
			   oci_words_seccomp_action, err);
	if (r == 0 && strcmp(seccomp->default_action, "SCMP_ACT_NOTIFY") == 0)
		r = err_plain(err, -EINVAL,
			      "linux.seccomp.defaultAction: SCMP_ACT_NOTIFY would stop the "
			      "runtime itself");
	if (r == 0)
		r = check_errno("linux.seccomp.defaultErrnoRet", seccomp->default_action,
				&seccomp->default_errno_ret, err);
	if (r == 0 && seccomp->listener_metadata && !seccomp->listener_path)
		r = err_plain(err, -EINVAL, "linux.seccomp.listenerMetadata: needs listenerPath");
	if (r == 0)
		r = oci_words_check("linux.seccomp.architectures", &seccomp->architectures,
				    oci_words_seccomp_arch, err);
	if (r == 0)
		r = oci_words_check("linux.seccomp.flags", &seccomp->flags, oci_words_seccomp_flag,
				    err);
	for (size_t i = 0; r == 0 && i < seccomp->syscalls.count; i++)
		r = check_rule(&seccomp->syscalls.items[i], i, err);
	return r;
}
