#include "pve/setup/parts.h"

#include "lib/err.h"
#include "lib/text.h"

#include <string.h>

/* Files of shell variables: /etc/sysconfig/network, /etc/conf.d/hostname. */

static bool assigns(const char *line, const char *name)
{
	size_t length = strlen(name);

	return strncmp(line, name, length) == 0 && line[length] == '=';
}

int setup_assign(const struct setup *setup, const char *path, const char *name, const char *value,
		 struct err *err)
{
	const struct guest guest = setup_guest(setup);
	cleanup_(arena_free) struct arena arena = {};
	cleanup_(text_free) struct text text = {};
	const char *line = guest_read(&arena, &guest, path);
	bool done = false;

	if (!line)
		return 0;
	while (*line) {
		size_t length = strcspn(line, "\n");

		if (!assigns(line, name))
			text_addf(&text, "%.*s\n", (int)length, line);
		else if (!done)
			text_addf(&text, "%s=%s\n", name, value);
		done = done || assigns(line, name);
		line += length;
		line += *line == '\n';
	}
	if (!done)
		text_addf(&text, "%s=%s\n", name, value);
	return guest_write(&guest, path, text_str(&text), 0644, err);
}
