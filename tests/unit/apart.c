#include "tests/unit/apart.h"

#include <criterion/criterion.h>
#include <sys/wait.h>
#include <unistd.h>

void run_apart(int (*what)(void))
{
	const pid_t pid = fork();
	int status;

	if (pid == 0)
		_exit(what());
	cr_assert_eq(waitpid(pid, &status, 0), pid);
	cr_assert(WIFEXITED(status), "ended by signal %d", WTERMSIG(status));
	if (WEXITSTATUS(status) == NO_NAMESPACES)
		cr_skip_test("no user namespaces here");
	cr_expect_eq(WEXITSTATUS(status), FINE);
}
