#include "debug/binfmt.h"

#include "lib/text.h"

#include <dirent.h>
#include <string.h>

static bool is_handler(const char *name)
{
	return *name != '.' && strcmp(name, "register") != 0 && strcmp(name, "status") != 0;
}

void binfmt_handlers(struct text *text)
{
	DIR *dir = opendir("/proc/sys/fs/binfmt_misc");
	const struct dirent *entry;

	while (dir && (entry = readdir(dir)))
		if (is_handler(entry->d_name))
			text_addf(text, "%s%s", text->length ? ", " : "", entry->d_name);
	if (dir)
		(void)closedir(dir);
}
