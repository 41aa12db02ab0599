#include "lib/date.h"

#include "lib/arena.h"

#include <stdint.h>
#include <time.h>

static bool is_leap(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

/* gmtime(3) would read the time zone's file for it, at every start. */
static void date_of(int64_t days, int *year, int *month, int *day)
{
	static const int month_days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	for (*year = 1970; days >= 365 + is_leap(*year); ++*year)
		days -= 365 + is_leap(*year);
	for (*month = 0; days >= month_days[*month] + (*month == 1 && is_leap(*year)); ++*month)
		days -= month_days[*month] + (*month == 1 && is_leap(*year));
	++*month;
	*day = (int)days + 1;
}

const char *time_text(struct arena *arena, const struct timespec *time)
{
	int year, month, day;

	date_of(time->tv_sec / 86400, &year, &month, &day);
	return arena_printf(arena, "%04d-%02d-%02dT%02d:%02d:%02d.%09ldZ", year, month, day,
			    (int)(time->tv_sec / 3600 % 24), (int)(time->tv_sec / 60 % 60),
			    (int)(time->tv_sec % 60), time->tv_nsec);
}

const char *time_now(struct arena *arena)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_REALTIME, &now);
	return time_text(arena, &now);
}
