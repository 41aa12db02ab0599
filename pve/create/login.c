#include "pve/create/login.h"

#include "lib/err.h"
#include "lib/file.h"
#include "lib/text.h"

#include <fcntl.h>
#include <string.h>

enum { PASSWORD_MIN = 5 };

int login_check_password(const char *password, struct err *err)
{
	if (strlen(password) >= PASSWORD_MIN)
		return 0;
	return err_plain(err, -EINVAL,
			 "400 Parameter verification failed. password: value must be at least %d "
			 "characters long",
			 PASSWORD_MIN);
}

/* sshd(8), AUTHORIZED_KEYS FILE FORMAT: a line is perhaps options, then type, base64, comment. */
static bool has_key(const char *line, size_t length)
{
	static const char *const types[] = {"ssh-", "ecdsa-", "sk-"};
	const char *end = line + length;

	while (line < end) {
		size_t word = strcspn(line, " \t\n");

		for (size_t i = 0; i < ARRAY_SIZE(types); i++)
			if (strncmp(line, types[i], strlen(types[i])) == 0 && line + word < end &&
			    strncmp(line + word + strspn(line + word, " \t"), "AAAA", 4) == 0)
				return true;
		line += word;
		line += strspn(line, " \t");
	}
	return false;
}

int login_read_keys(struct arena *arena, const char *path, const char **keys, struct err *err)
{
	const char *text;
	unsigned int line = 1;
	int r = file_read(arena, AT_FDCWD, path, 0, &text, NULL, err);

	if (r < 0)
		return r;
	*keys = text;
	for (; *text; line++) {
		size_t length = strcspn(text, "\n");
		size_t blanks = strspn(text, " \t\r");

		if (blanks < length && text[blanks] != '#' && !has_key(text, length))
			return err_plain(err, -EINVAL, "%s, line %u: no SSH public key", path,
					 line);
		text += length + (text[length] == '\n');
	}
	return 0;
}
