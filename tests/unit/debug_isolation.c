#include "debug/isolation.h"

#include "lib/err.h"
#include "lib/file.h"
#include "lib/mountinfo.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

/* A process that has set itself up as @become says, and waits to be looked at. */
static pid_t start(bool (*become)(void))
{
	char done = 0;
	int ready[2];
	pid_t pid;

	if (pipe2(ready, O_CLOEXEC) < 0 || (pid = fork()) < 0)
		return -1;
	if (pid == 0) {
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
		done = become() ? 'y' : 'n';
		(void)write(ready[1], &done, 1);
		for (;;)
			(void)pause();
	}
	(void)close(ready[1]);
	(void)read(ready[0], &done, 1);
	(void)close(ready[0]);
	if (done == 'y')
		return pid;
	(void)kill(pid, SIGKILL);
	(void)waitpid(pid, NULL, 0);
	return -1;
}

static void end(pid_t pid)
{
	(void)kill(pid, SIGKILL);
	(void)waitpid(pid, NULL, 0);
}

static bool write_map(const char *file, unsigned int outside)
{
	char map[64];

	(void)snprintf(map, sizeof(map), "0 %u 1", outside);
	return file_write(AT_FDCWD, file, map) == 0;
}

static bool isolate(void)
{
	const unsigned int uid = getuid(), gid = getgid();

	return unshare(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWNET) == 0 &&
	       file_write(AT_FDCWD, "/proc/self/setgroups", "deny") == 0 &&
	       write_map("/proc/self/uid_map", uid) && write_map("/proc/self/gid_map", gid) &&
	       mount("none", "/tmp", "tmpfs", MS_NODEV | MS_RDONLY, NULL) == 0 &&
	       prctl(PR_CAPBSET_DROP, 21) == 0 && /* CAP_SYS_ADMIN */
	       prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
}

static bool stay(void)
{
	return true;
}

static const struct isolation_mount *topmost(const struct isolation *isolation, const char *target)
{
	const struct isolation_mount *found = NULL;

	for (size_t i = 0; i < isolation->mount_count; i++)
		if (strcmp(isolation->mounts[i].info->target, target) == 0)
			found = &isolation->mounts[i];
	return found;
}

static uint64_t own_namespace(const char *file)
{
	struct stat st = {};
	char path[64];

	(void)snprintf(path, sizeof(path), "/proc/self/ns/%s", file);
	(void)stat(path, &st);
	return st.st_ino;
}

Test(debug_isolation, a_process_like_us)
{
	cleanup_(isolation_free) struct isolation seen;
	struct err err = {};
	pid_t pid = start(stay);

	cr_assert_geq(pid, 0);
	cr_assert_eq(isolation_look(&seen, pid, &err), 0, "%s", err.what);
	for (size_t i = 0; i < NAMESPACE_TYPES; i++)
		cr_expect_eq(seen.namespaces[i].id, own_namespace(namespace_types[i].file), "%s",
			     namespace_types[i].type);
	cr_expect_eq(seen.creds.uid[1], geteuid());
	cr_expect_eq(seen.creds.gid[3], getegid());
	cr_expect_gt(seen.uid_map.count, 0);
	cr_expect_not(seen.chrooted);
	cr_expect_not_null(topmost(&seen, "/proc"));
	cr_expect_gt(seen.link_count, 0);
	end(pid);
}

Test(debug_isolation, a_process_apart)
{
	static const size_t apart[] = {NAMESPACE_USER, NAMESPACE_MOUNT, NAMESPACE_NET};
	cleanup_(isolation_free) struct isolation seen;
	const struct isolation_mount *tmp;
	struct err err = {};
	pid_t pid = start(isolate);

	if (pid < 0)
		cr_skip("no user namespaces here");
	cr_assert_eq(isolation_look(&seen, pid, &err), 0, "%s", err.what);
	for (size_t i = 0; i < ARRAY_SIZE(apart); i++) {
		const struct isolation_namespace *namespace = &seen.namespaces[apart[i]];

		cr_expect_not(namespace->host, "%s", namespace_types[apart[i]].type);
		cr_expect_neq(namespace->id, own_namespace(namespace_types[apart[i]].file));
		cr_expect_eq(namespace->owner,
			     i == 0 ? own_namespace("user") : seen.namespaces[NAMESPACE_USER].id);
	}
	cr_expect_eq(seen.namespaces[NAMESPACE_IPC].id, own_namespace("ipc"));
	cr_expect_not(seen.initial_userns);
	cr_assert_eq(seen.uid_map.count, 1);
	cr_expect_eq(seen.uid_map.ranges[0].inside, 0);
	cr_expect_eq(seen.uid_map.ranges[0].outside, getuid());
	cr_expect(seen.setgroups_denied);
	cr_expect(seen.creds.no_new_privs);
	cr_expect_eq(seen.creds.seccomp_mode, 0);
	cr_expect_not(seen.creds.bounding >> 21 & 1);
	cr_expect(isolation_capable(&seen, 12), "a new user namespace gives all capabilities");
	tmp = topmost(&seen, "/tmp");
	cr_assert_not_null(tmp);
	cr_expect_str_eq(tmp->info->type, "tmpfs");
	cr_expect(tmp->read_only);
	cr_assert_eq(seen.link_count, 1);
	cr_expect(seen.links[0].loopback);
	cr_expect_eq(seen.route_count, 0);
	end(pid);
}

static bool chroot_only(void)
{
	return chroot("/proc/self") == 0;
}

Test(debug_isolation, a_root_that_is_no_mount)
{
	cleanup_(isolation_free) struct isolation seen;
	struct err err = {};
	pid_t pid = start(chroot_only);

	if (pid < 0)
		cr_skip("chroot(2) is not for us");
	cr_assert_eq(isolation_look(&seen, pid, &err), 0, "%s", err.what);
	cr_expect(seen.chrooted);
	end(pid);
}

Test(debug_isolation, not_there)
{
	cleanup_(isolation_free) struct isolation seen;
	struct err err = {};
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	cr_assert_eq(waitid(P_PID, (id_t)pid, NULL, WEXITED | WNOWAIT), 0);
	cr_expect_eq(isolation_look(&seen, pid, &err), -ESRCH, "a zombie: %s", err.what);
	isolation_free(&seen);
	(void)waitpid(pid, NULL, 0);
	cr_expect_eq(isolation_look(&seen, pid, &err), -ESRCH);
	cr_expect_not_null(strstr(err.what, "there is no process"));
}
