#include "lib/clock.h"

#include <limits.h>

int64_t clock_nsec(clockid_t clock)
{
	struct timespec now;

	(void)clock_gettime(clock, &now); /* never fails: all that we ask for are always there */
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

void pause_ms(unsigned int ms)
{
	const struct timespec time = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L};

	(void)nanosleep(&time, NULL);
}

static int64_t now_ms(void)
{
	return clock_nsec(CLOCK_MONOTONIC) / 1000000;
}

int64_t deadline_in(unsigned int seconds)
{
	return deadline_in_ms((int64_t)seconds * 1000);
}

int64_t deadline_in_ms(int64_t ms)
{
	const int64_t now = now_ms();

	return ms < DEADLINE_NONE - now ? now + ms : DEADLINE_NONE;
}

int deadline_left(int64_t deadline)
{
	int64_t left;

	if (deadline == DEADLINE_NONE)
		return -1;
	left = deadline - now_ms();
	if (left <= 0)
		return 0;
	return left > INT_MAX ? INT_MAX : (int)left;
}
