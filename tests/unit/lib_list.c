#include "lib/list.h"

#include "lib/arena.h"

#include <criterion/criterion.h>

struct numbers {
	size_t count;
	int *items;
};

Test(lib_list, pushed)
{
	cleanup_(arena_free) struct arena arena = {};
	struct numbers list = {};

	for (int i = 0; i < 100; i++) {
		int *item = list_push(&arena, &list);

		cr_expect_eq(*item, 0, "item %d", i);
		*item = i;
	}
	cr_assert_eq(list.count, 100);
	for (int i = 0; i < 100; i++)
		cr_expect_eq(list.items[i], i, "item %d: %d", i, list.items[i]);
}

/* Of a list without room, that somebody else has as well. */
Test(lib_list, extended)
{
	cleanup_(arena_free) struct arena arena = {};
	int items[] = {1, 2, 3};
	struct numbers list = {3, items}, none = {};

	*list_extend(&arena, &list) = 4;
	*list_extend(&arena, &none) = 5;
	cr_assert_eq(list.count, 4);
	cr_expect_neq(list.items, items);
	for (int i = 0; i < 4; i++)
		cr_expect_eq(list.items[i], i + 1, "item %d: %d", i, list.items[i]);
	cr_assert_eq(none.count, 1);
	cr_expect_eq(none.items[0], 5);
}
