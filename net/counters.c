#include "net/counters.h"

#include "lib/arena.h"
#include "lib/file.h"
#include "lib/json.h"

#include <stdio.h>
#include <string.h>

enum { COLUMNS = 12 };

/* The columns of /proc/net/dev by what engines call them; NULL: not shown by anybody. */
static const char *const columns[COLUMNS] = {
	"RxBytes", "RxPackets", "RxErrors", "RxDropped", NULL,       NULL,
	NULL,      NULL,        "TxBytes",  "TxPackets", "TxErrors", "TxDropped",
};

static void write_interface(const char *name, const char *numbers, struct json_out *out)
{
	json_out_object(out, NULL);
	json_out_string(out, "Name", name);
	for (size_t i = 0; i < COLUMNS; i++) {
		char *end;
		const unsigned long value = strtoul(numbers, &end, 10);

		if (columns[i] && end != numbers)
			json_out_u64(out, columns[i], value);
		numbers = end;
	}
	json_out_end(out);
}

/* "  eth0: 1296 16 0 0 0 0 0 0 936 12 0 0 0 0 0 0"; two lines of headings have no colon. */
static void write_line(struct arena *arena, const char *line, size_t length, struct json_out *out)
{
	const char *colon = memchr(line, ':', length);
	const char *name;

	if (!colon)
		return;
	line += strspn(line, " ");
	name = arena_strndup(arena, line, (size_t)(colon - line));
	if (strcmp(name, "lo") != 0)
		write_interface(name, colon + 1, out);
}

void net_counters_write(int pid_dir_fd, struct json_out *out)
{
	cleanup_(arena_free) struct arena arena = {};
	const char *text;

	json_out_array(out, "network_interfaces");
	if (file_read(&arena, pid_dir_fd, "net/dev", 0, &text, NULL, NULL) < 0)
		text = "";
	while (*text) {
		const size_t length = strcspn(text, "\n");

		write_line(&arena, text, length, out);
		text += length + (text[length] == '\n');
	}
	json_out_end(out);
}
