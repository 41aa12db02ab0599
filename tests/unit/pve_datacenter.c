#include "lib/arena.h"
#include "lib/own.h"
#include "pve/etc/datacenter.h"
#include "pve/storage/bwlimit.h"
#include "pve/storage/storage.h"

#include <criterion/criterion.h>

Test(pve_datacenter, lines)
{
	cleanup_(arena_free) struct arena arena = {};
	struct datacenter datacenter;

	datacenter_parse(&arena,
			 "# mac_prefix: 00:00:00\nkeyboard: de\nmac_prefix:  02:AA:BB \r\n"
			 "mac_prefixes: 03:00:00\n\nbwlimit: clone=5",
			 &datacenter);
	cr_expect_str_eq(datacenter.mac_prefix, "02:AA:BB");
	cr_expect_str_eq(datacenter.bwlimit, "clone=5");
	cr_expect_null(datacenter.tag_style);
	cr_expect_null(datacenter.max_workers);
}

static const char storage_cfg[] = "dir: plain\n\tpath /plain\n\n"
				  "dir: slow\n\tpath /slow\n\tbwlimit default=30,clone=20\n\n"
				  "dir: free\n\tpath /free\n\tbwlimit clone=0\n";

Test(pve_datacenter, bwlimit)
{
	static const struct {
		const char *given, *datacenter, *operation, *from, *to;
		double kib;
	} rows[] = {
		{"7", "default=50", "clone", "slow:1/a", "plain", 7},
		{"0", "default=50", "clone", "slow:1/a", "plain", 0},
		{NULL, NULL, "clone", "plain", "plain", 0},
		{NULL, NULL, "clone", "slow:1/a", "slow", 20},
		{NULL, NULL, "move", "slow:1/a", "plain", 30},
		{NULL, "default=50", "move", "slow:1/a", "plain", 30},
		{NULL, "default=25", "move", "slow:1/a", "plain", 25},
		{NULL, "default=9,move=25", "move", "plain", "plain", 25},
		{NULL, "default=50", "clone", "free", "free", 0},
		{NULL, "default=50", "clone", "free", "plain", 50},
		{NULL, "default=x", "clone", "plain", "plain", 0},
		{NULL, "default=50", "clone", "none:1/a", "none", 50},
	};
	cleanup_(arena_free) struct arena arena = {};
	struct storages storages;

	cr_assert_eq(storage_parse(&arena, storage_cfg, "/vz", &storages, NULL), 0);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct datacenter datacenter = {.bwlimit = rows[i].datacenter};
		const struct bwlimit limit = {rows[i].given, rows[i].operation, &storages,
					      &datacenter};

		cr_expect_float_eq(bwlimit_between(&limit, rows[i].from, rows[i].to), rows[i].kib,
				   0.01, "row %zu", i);
	}
}
