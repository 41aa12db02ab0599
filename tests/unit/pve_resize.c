#include "lib/err.h"
#include "lib/own.h"
#include "pve/verbs/resize.h"

#include <criterion/criterion.h>

#define MIB (1ULL << 20)

static const struct {
	const char *size;
	uint64_t now, target;
	int num;
} rows[] = {
	{"64M", 32 * MIB, 64 * MIB, 0},
	{"+32M", 32 * MIB, 64 * MIB, 0},
	{"+0", 32 * MIB, 32 * MIB, 0},
	{"0.5G", 32 * MIB, 512 * MIB, 0},
	{"67108864", 32 * MIB, 64 * MIB, 0},
	{"+1K", 0, 1024, 0},
	{"16M", 32 * MIB, 0, -EINVAL},
	{"", 0, 0, -EINVAL},
	{"+", 0, 0, -EINVAL},
	{"++1M", 0, 0, -EINVAL},
	{"-1M", 32 * MIB, 0, -EINVAL},
	{"64MiB", 0, 0, -EINVAL},
	{"64m", 0, 0, -EINVAL},
	{"1.M", 0, 0, -EINVAL},
	{"M", 0, 0, -EINVAL},
	{"1M ", 0, 0, -EINVAL},
	{"+16777215T", 1ULL << 60, 0, -EINVAL},
};

Test(pve_resize, target)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		uint64_t target = 0;
		struct err err = {};
		int r = resize_target(rows[i].size, rows[i].now, &target, &err);

		cr_expect_eq(r, rows[i].num, "'%s': %d", rows[i].size, r);
		cr_expect_eq(target, rows[i].target, "'%s': %lu", rows[i].size,
			     (unsigned long)target);
	}
}
