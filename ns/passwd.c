#include "ns/passwd.h"

#include "lib/own.h"
#include "lib/text.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { PASSWD_MAX = 1 << 20, FIELD_UID = 2, FIELD_HOME = 5 };

/* name:password:uid:gid:gecos:home:shell. Return: the field, NULL if there are not that many. */
static char *field(char *line, int number)
{
	char *rest = line, *at = NULL;

	while (number-- >= 0 && (at = strsep(&rest, ":")))
		;
	return at;
}

static bool home_of(char *line, unsigned int uid, struct text *text)
{
	cleanup_free char *copy = strdup(line);
	char *its_uid = copy ? field(copy, FIELD_UID) : NULL, *home;
	unsigned int number;

	if (!its_uid || parse_u32(its_uid, &number) < 0 || number != uid)
		return false;
	home = field(line, FIELD_HOME);
	if (!home || home[0] != '/')
		return false;
	text_add(text, home);
	return true;
}

static FILE *open_passwd(void)
{
	cleanup_close int fd = open("/etc/passwd", O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat st;
	FILE *file;

	if (fd < 0 || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || st.st_size > PASSWD_MAX)
		return NULL;
	file = fdopen(fd, "re");
	if (file)
		(void)take_fd(&fd);
	return file;
}

void passwd_home(unsigned int uid, struct text *text)
{
	FILE *file = open_passwd();
	bool found = false;
	char line[1024];

	while (file && !found && fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		found = home_of(line, uid, text);
	}
	if (file)
		(void)fclose(file);
	if (!found)
		text_add(text, "/");
}
