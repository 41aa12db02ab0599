#include "pve/guest/guest.h"

#include "lib/text.h"

#include <string.h>

enum { FIELD_UID = 2, FIELD_SHELL = 6 };

/* name:password:uid:gid:gecos:home:shell */
static const char *field(struct arena *arena, const char *line, size_t length, int number)
{
	const char *end = line + length;

	for (; number > 0 && line < end; line++)
		number -= *line == ':';
	if (number > 0)
		return "";
	length = (size_t)(end - line);
	return arena_strndup(arena, line,
			     strcspn(line, ":\n") < length ? strcspn(line, ":\n") : length);
}

const char *guest_shell(struct arena *arena, const char *passwd, unsigned int uid)
{
	unsigned int number;

	for (const char *line = passwd; line && *line; line += line[0] == '\n') {
		const size_t length = strcspn(line, "\n");
		const char *shell = field(arena, line, length, FIELD_SHELL);

		if (parse_u32(field(arena, line, length, FIELD_UID), &number) == 0 &&
		    number == uid && shell[0] == '/')
			return shell;
		line += length;
	}
	return "/bin/sh";
}
