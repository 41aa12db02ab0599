#include "cli/duration.h"

#include "lib/own.h"

#include <criterion/criterion.h>
#include <errno.h>

static const struct {
	const char *text;
	int r;
	int64_t ms;
} rows[] = {
	{"5s", 0, 5000},
	{"1m30s", 0, 90000},
	{"1.5h", 0, 5400000},
	{"500ms", 0, 500},
	{"0s", 0, 0},
	{"1ns", 0, 1},
	{"2us", 0, 1},
	{"3µs", 0, 1},
	{".5s", 0, 500},
	{"1h2m3s4ms", 0, 3723004},
	{"", -EINVAL, 0},
	{"5", -EINVAL, 0},
	{"s", -EINVAL, 0},
	{"-5s", -EINVAL, 0},
	{"5 s", -EINVAL, 0},
	{"5x", -EINVAL, 0},
	{"5s ", -EINVAL, 0},
	{"1e3s", -EINVAL, 0},
	{"infs", -EINVAL, 0},
	{".s", -EINVAL, 0},
	{"0x1s", -EINVAL, 0},
	{"1.2.3s", -EINVAL, 0},
	{"999999999999999999h", -ERANGE, 0},
};

Test(cli_duration, read)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		int64_t ms = 0;

		cr_expect_eq(duration_read(rows[i].text, &ms), rows[i].r, "%s", rows[i].text);
		cr_expect_eq(ms, rows[i].ms, "%s: %ld", rows[i].text, (long)ms);
	}
}
