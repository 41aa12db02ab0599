#include "lib/err.h"
#include "lib/file.h"
#include "lib/json.h"
#include "lib/run.h"
#include "lib/sys.h"
#include "lib/text.h"
#include "ns/keyring.h"
#include "ns/lsm_attr.h"

#include <fcntl.h>
#include <linux/keyctl.h>
#include <stdio.h>
#include <string.h>

/* keyutils' KEY_POS_ALL, KEY_USR_VIEW, _READ, _LINK, as a named session keyring has them; with
 * KEY_USR_SEARCH, without which its owner can't join it by name. */
enum { KEYRING_PERMISSIONS = 0x3f000000 | 0x00010000 | 0x00020000 | 0x00100000 | 0x00080000 };

static int join(const char *name, struct err *err)
{
	long key = sys_keyctl(KEYCTL_JOIN_SESSION_KEYRING, (unsigned long)name, 0, 0, 0);

	if (key == -ENOSYS)
		return 0; /* a kernel without keys has none to keep apart */
	if (key < 0) {
		err_sys(err, (int)key, "keyctl", "join it");
		err_hint(err, key == -EDQUOT ? "its user's quota of keys is used up: raise "
					       "kernel.keys.maxkeys, or remove some: /proc/keys"
					     : "--no-new-keyring starts it with the caller's");
		return (int)key;
	}
	/* Of an existing one, that the container changed, they stay. */
	(void)sys_keyctl(KEYCTL_SETPERM, (unsigned long)key, KEYRING_PERMISSIONS, 0, 0);
	return 0;
}

static int keyring_apply(const struct step *step, struct run *run, struct err *err)
{
	const struct keyring_step *keyring = container_of(step, struct keyring_step, step);
	int r = keyring->label ? lsm_attr_write(run, "keycreate", keyring->label) : 0;

	if (r < 0) {
		err_set(err, r, "set the label of new keys");
		if (r == -EINVAL)
			err_hint(err, "the loaded policy knows no label %s", keyring->label);
		return r;
	}
	r = join(keyring->name, err);
	if (keyring->label)
		(void)lsm_attr_write(run, "keycreate", "\n"); /* the next key is not ours */
	return r;
}

static bool has_keyring(const char *keys, const char *name)
{
	char wanted[300];

	(void)snprintf(wanted, sizeof(wanted), " keyring   %s: ", name);
	return strstr(keys, wanted) != NULL;
}

/* The kernel says nowhere which keyring a process has, only which there are for us to see. */
static int keyring_observe(const struct step *step, struct run *run, struct observation *seen,
			   struct err *err)
{
	const char *name = container_of(step, struct keyring_step, step)->name;
	cleanup_(arena_free) struct arena arena = {};
	const char *keys;

	if (file_read(&arena, AT_FDCWD, "/proc/keys", 0, &keys, NULL, NULL) < 0 ||
	    !has_keyring(keys, name))
		return observe(seen, OBSERVED_UNSEEN, "the kernel shows us no such keyring");
	return observe(seen, OBSERVED_HOLDS, "/proc/keys has it");
}

static void keyring_describe(const struct step *step, struct text *text)
{
	text_addf(text, "session %s", container_of(step, struct keyring_step, step)->name);
}

static void keyring_write(const struct step *step, struct json_out *out)
{
	json_out_string(out, "name", container_of(step, struct keyring_step, step)->name);
}

const struct step_kind keyring_kind = {
	.name = "keyring",
	.describe = keyring_describe,
	.write = keyring_write,
	.apply = keyring_apply,
	.observe = keyring_observe,
};
