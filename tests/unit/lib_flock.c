#include "lib/flock.h"

#include "lib/clock.h"
#include "lib/own.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/file.h>

static FILE *file;
static char path[64];

static int open_again(void)
{
	return open(path, O_RDONLY | O_CLOEXEC);
}

static void make_file(void)
{
	file = tmpfile();
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fileno(file));
}

static void close_file(void)
{
	(void)fclose(file);
}

TestSuite(flock, .init = make_file, .fini = close_file);

Test(flock, one_at_a_time)
{
	cleanup_close int first = open_again();
	cleanup_close int second = open_again();

	cr_assert_eq(flock_wait(first, deadline_in(0)), 0);
	cr_expect_eq(flock_wait(first, deadline_in(0)), 0, "once more");
	cr_expect_eq(flock_wait(second, deadline_in(0)), -ETIMEDOUT);
	cr_expect_eq(flock_wait(second, deadline_in_ms(20)), -ETIMEDOUT);
	first = close_fd(first);
	cr_expect_eq(flock_wait(second, deadline_in(0)), 0);
}

static void *let_go(void *data)
{
	pause_ms(20);
	(void)flock(*(int *)data, LOCK_UN);
	return NULL;
}

Test(flock, waits)
{
	cleanup_close int first = open_again();
	cleanup_close int second = open_again();
	pthread_t other;

	cr_assert_eq(flock_wait(first, deadline_in(0)), 0);
	cr_assert_eq(pthread_create(&other, NULL, let_go, &first), 0);
	cr_expect_eq(flock_wait(second, DEADLINE_NONE), 0);
	(void)pthread_join(other, NULL);
}

Test(flock, none)
{
	cr_expect_eq(flock_wait(-1, DEADLINE_NONE), -EBADF);
}
