#include "pve/setup/parts.h"

#include "lib/err.h"
#include "lib/own.h"
#include "lib/sys.h"
#include "lib/text.h"

#include <crypt.h>
#include <fcntl.h>
#include <regex.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

enum { SECONDS_A_DAY = 86400 };

/* crypt(5) as Proxmox knows it: "$6$salt$hash". */
static bool is_hash(const char *password)
{
	static const char pattern[] = "^\\$(1|2[axy]?|5|6)\\$[a-zA-Z0-9./]{1,16}\\$[a-zA-Z0-9./]+$";
	regex_t regex;
	bool found;

	if (regcomp(&regex, pattern, REG_EXTENDED | REG_NOSUB) != 0)
		return false;
	found = regexec(&regex, password, 0, NULL, 0) == 0;
	regfree(&regex);
	return found;
}

/* A password is replaced by its hash; one that is a hash already is taken as it is. */
static const char *hash(struct arena *arena, const char *password, struct err *err)
{
	struct crypt_data *data;
	char salt[CRYPT_GENSALT_OUTPUT_SIZE];
	const char *made;

	if (!password)
		return "*";
	if (is_hash(password))
		return password;
	data = arena_alloc(arena, sizeof(*data));
	if (!crypt_gensalt_rn("$6$", 0, NULL, 0, salt, sizeof(salt))) {
		err_set(err, -errno, "make a salt for the password");
		return NULL;
	}
	made = crypt_r(password, salt, data);
	if (!made || *made == '*') {
		err_set(err, -EINVAL, "hash the password");
		return NULL;
	}
	return arena_strdup(arena, made);
}

/* root's line with other second (and third) fields; the other lines as they are. */
static const char *change_root(struct arena *arena, const char *text, const char *field,
			       const char *third)
{
	const char *line = starts_with(text, "root:") ? text : strstr(text, "\nroot:");
	const char *second, *rest;

	if (!line)
		return text;
	second = strchr(line, ':') + 1;
	rest = second + strcspn(second, ":\n");
	if (third && *rest == ':')
		rest += 1 + strcspn(rest + 1, ":\n");
	return arena_printf(arena, "%.*s%s%s%s%s", (int)(second - text), text, field,
			    third ? ":" : "", third ? third : "", rest);
}

/* Rewritten files keep owner and mode: only root and group shadow may read the hashes. */
static int rewrite(const struct setup *setup, const char *path, const char *text, struct err *err)
{
	cleanup_close int fd = sys_open_in_root(setup->root_fd, path, O_PATH, 0);
	struct guest guest = setup_guest(setup);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		return err_set(err, fd < 0 ? fd : -errno, "look at %s in the guest", path);
	guest.uid = st.st_uid;
	guest.gid = st.st_gid;
	return guest_write(&guest, path, text, st.st_mode & 07777, err);
}

static int set_password(const struct setup *setup, const char *password, struct err *err)
{
	const struct guest guest = setup_guest(setup);
	cleanup_(arena_free) struct arena arena = {};
	const char *passwd = guest_read(&arena, &guest, "/etc/passwd");
	const char *shadow = guest_read(&arena, &guest, "/etc/shadow");
	const char *today = arena_printf(&arena, "%ld", (long)(time(NULL) / SECONDS_A_DAY));
	const char *made;
	int r;

	if (!passwd)
		return 0;
	made = hash(&arena, password, err);
	if (!made)
		return err ? -err->num : -EINVAL;
	r = rewrite(setup, "/etc/passwd", change_root(&arena, passwd, shadow ? "x" : made, NULL),
		    err);
	if (r < 0 || !shadow)
		return r;
	return rewrite(setup, "/etc/shadow", change_root(&arena, shadow, made, today), err);
}

/* The sixth field of root's line. */
static const char *root_home(struct arena *arena, const struct guest *guest)
{
	const char *text = guest_read(arena, guest, "/etc/passwd");
	const char *line = !text                        ? NULL
			   : starts_with(text, "root:") ? text
							: strstr(text, "\nroot:");

	for (int i = 0; line && i < 5; i++) {
		line = strpbrk(line + (*line == '\n'), ":\n");
		line = line && *line == ':' ? line + 1 : NULL;
	}
	return line && *line == '/' ? arena_strndup(arena, line, strcspn(line, ":\n")) : "/root";
}

static int set_keys(const struct setup *setup, const char *keys, struct err *err)
{
	const struct guest guest = setup_guest(setup);
	cleanup_(arena_free) struct arena arena = {};
	const char *home = root_home(&arena, &guest);
	const char *folder = arena_printf(&arena, "%s/.ssh", home);
	const char *path = arena_printf(&arena, "%s/authorized_keys", folder);
	const char *old, *lines;
	int r;

	if (!keys || !guest_exists(&guest, home))
		return 0;
	r = guest_make_dir(&guest, folder, 0700, err);
	if (r < 0)
		return r;
	old = guest_read(&arena, &guest, path);
	lines = arena_printf(&arena, "%s%s", keys, ends_with(keys, "\n") ? "" : "\n");
	return guest_write(&guest, path, guest_section(&arena, old, lines, GUEST_APPEND), 0700,
			   err);
}

int setup_logins(const struct setup *setup, const struct setup_first *first, struct err *err)
{
	int r = set_password(setup, first->password, err);

	return r < 0 ? r : set_keys(setup, first->keys, err);
}
