#include "pve/guest/guest.h"

#include <string.h>

#define BEGIN_LINE "# --- BEGIN PVE ---\n"
#define END_LINE   "# --- END PVE ---\n"

/* struct parts - a text around its section */
struct parts {
	size_t before; /* bytes before the section           */
	const char *after;
	bool found;
};

static struct parts find_section(const char *old)
{
	const char *begin = strstr(old, BEGIN_LINE);
	const char *end = begin ? strstr(begin, END_LINE) : NULL;

	if (!end || (begin != old && begin[-1] != '\n'))
		return (struct parts){.before = strlen(old), .after = ""};
	return (struct parts){
		.before = (size_t)(begin - old),
		.after = end + strlen(END_LINE),
		.found = true,
	};
}

const char *guest_outside(struct arena *arena, const char *old)
{
	struct parts parts = find_section(old);

	return arena_printf(arena, "%.*s%s", (int)parts.before, old, parts.after);
}

const char *guest_section(struct arena *arena, const char *old, const char *data,
			  enum guest_without without)
{
	struct parts parts = find_section(old ? old : "");
	const char *line_end = "";

	if (!parts.found && !*data)
		return old ? old : "";
	if (!old || (!parts.found && without == GUEST_REPLACE))
		return arena_printf(arena, BEGIN_LINE "%s" END_LINE, data);
	if (!parts.found && without == GUEST_PREPEND)
		return arena_printf(arena, BEGIN_LINE "%s" END_LINE "%s", data, old);
	if (parts.before > 0 && old[parts.before - 1] != '\n')
		line_end = "\n";
	return arena_printf(arena, "%.*s%s" BEGIN_LINE "%s" END_LINE "%s", (int)parts.before, old,
			    line_end, data, parts.after);
}
