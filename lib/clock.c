#include "lib/clock.h"

#include <limits.h>
#include <time.h>

static int64_t now_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now); /* never fails */
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
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
