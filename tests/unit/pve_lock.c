#include "lib/err.h"
#include "lib/file.h"
#include "pve/etc/lock.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <string.h>

static char folder[] = "/tmp/pctrun-lock.XXXXXX";

static void make_folder(void)
{
	cr_assert_not_null(mkdtemp(folder));
}

static void remove_folder(void)
{
	(void)remove_tree(AT_FDCWD, folder); /* nothing to do about it here */
}

TestSuite(pve_lock, .init = make_folder, .fini = remove_folder);

Test(pve_lock, one_holder)
{
	struct lock_request request = {.folder = folder, .name = "pve-config-100.lock"};
	struct lock first = LOCK_NONE, second = LOCK_NONE;
	struct err err = {};

	cr_assert_eq(lock_take(&request, &first, &err), 0);
	cr_assert_eq(lock_take(&request, &second, &err), -ETIMEDOUT);
	cr_assert_not_null(strstr(err.what, "got timeout"), "%s", err.what);
	lock_drop(&first);
	cr_assert_eq(lock_take(&request, &second, &err), 0);
	lock_drop(&second);
}

Test(pve_lock, nested)
{
	struct lock_request request = {.folder = folder, .name = "pve-config-100.lock"};
	struct lock first = LOCK_NONE, inner = LOCK_NONE, other = LOCK_NONE;

	cr_assert_eq(lock_take(&request, &first, NULL), 0);
	request.holder = &first;
	cr_assert_eq(lock_take(&request, &inner, NULL), 0);
	lock_drop(&inner);
	request.holder = NULL;
	cr_assert_eq(lock_take(&request, &other, NULL), -ETIMEDOUT, "the outer lock is gone");
	lock_drop(&first);
}
