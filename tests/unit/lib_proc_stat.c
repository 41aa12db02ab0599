#include "lib/proc_stat.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

Test(lib_proc_stat, own)
{
	struct proc_stat stat;

	cr_assert_eq(proc_stat_read(getpid(), &stat), 0);
	cr_assert_eq(stat.state, 'R');
	cr_assert_gt(stat.start, 0);
}

Test(lib_proc_stat, a_name_that_looks_like_more)
{
	struct proc_stat before, after;

	cr_assert_eq(proc_stat_read(getpid(), &before), 0);
	cr_assert_eq(prctl(PR_SET_NAME, ") Z 1\n(x) "), 0);
	cr_assert_eq(proc_stat_read(getpid(), &after), 0);
	cr_assert_eq(after.state, before.state);
	cr_assert_eq(after.flags, before.flags);
	cr_assert_eq(after.start, before.start);
}

Test(lib_proc_stat, dead_and_gone)
{
	struct proc_stat stat;
	siginfo_t ended;
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	cr_assert_eq(waitid(P_PID, (id_t)pid, &ended, WEXITED | WNOWAIT), 0);
	cr_assert_eq(proc_stat_read(pid, &stat), 0);
	cr_assert_eq(stat.state, 'Z');
	cr_assert_eq(waitpid(pid, NULL, 0), pid);
	cr_assert_eq(proc_stat_read(pid, &stat), -ENOENT);
}
