#include "debug/audit_record.h"

#include "lib/arena.h"
#include "lib/own.h"
#include "lib/text.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* linux/audit.h. AppArmor's notices share the number of SELinux' denials. */
enum { TYPE_SECCOMP = 1326, TYPE_AVC = 1400 };

static int hex_digit(char c)
{
	return isdigit((unsigned char)c) ? c - '0' : (c | 0x20) - 'a' + 10;
}

/* A name with blanks, quotes or controls comes as hexadecimal digits without quotes. */
static const char *decode(struct arena *arena, const char *text, size_t length)
{
	char *name = arena_strndup(arena, text, length);
	size_t digits = 0;

	while (digits < length && isxdigit((unsigned char)text[digits]))
		digits++;
	if (digits != length || length % 2 || !length)
		return name;
	for (size_t i = 0; i < length / 2; i++)
		name[i] = (char)(hex_digit(text[2 * i]) << 4 | hex_digit(text[2 * i + 1]));
	name[length / 2] = '\0';
	return name;
}

/* Where " @name=" begins outside of quotes: a name in there can't pretend to be another field. */
static const char *find(const char *line, const char *name)
{
	const size_t length = strlen(name);
	bool quoted = false;

	for (const char *at = line; *at; at++) {
		if (*at == '"')
			quoted = !quoted;
		if (*at == ' ' && !quoted && strncmp(at + 1, name, length) == 0 &&
		    at[1 + length] == '=')
			return at + 1 + length + 1;
	}
	return NULL;
}

static const char *word(struct arena *arena, const char *line, const char *name)
{
	const char *value = find(line, name);

	if (!value)
		return "";
	if (*value == '"')
		return arena_strndup(arena, value + 1, strcspn(value + 1, "\""));
	return arena_strndup(arena, value, strcspn(value, " "));
}

/* One that a process has chosen. */
static const char *untrusted(struct arena *arena, const char *line, const char *name)
{
	const char *value = find(line, name);

	return value && *value != '"' ? decode(arena, value, strcspn(value, " "))
				      : word(arena, line, name);
}

static bool number(struct arena *arena, const char *line, const char *name, int base,
		   unsigned long *value)
{
	const char *text = word(arena, line, name);
	char *end;

	*value = strtoul(text, &end, base);
	return *text && !*end;
}

static bool read_seccomp(struct arena *arena, const char *line, struct audit_record *record)
{
	unsigned long uid, arch, call, action;

	record->kind = RECORD_SECCOMP;
	record->has_uid = number(arena, line, "uid", 10, &uid);
	if (!number(arena, line, "arch", 16, &arch) || !number(arena, line, "syscall", 10, &call) ||
	    !number(arena, line, "code", 16, &action))
		return false;
	record->uid = (uint32_t)uid;
	record->arch = (uint32_t)arch;
	record->call = (long)call;
	record->action = (uint32_t)action;
	return true;
}

static bool read_apparmor(struct arena *arena, const char *line, struct audit_record *record)
{
	record->kind = RECORD_APPARMOR;
	record->profile = untrusted(arena, line, "profile");
	record->operation = word(arena, line, "operation");
	record->name = untrusted(arena, line, "name");
	record->denied = word(arena, line, "denied_mask");
	if (!*record->name)
		record->name = word(arena, line, "capname");
	return strcmp(word(arena, line, "apparmor"), "DENIED") == 0;
}

bool audit_record_read(struct arena *arena, const char *line, struct audit_record *record)
{
	const char *start = strstr(line, "audit: type=");
	unsigned long type, serial, pid;
	int length = 0;

	if (!start ||
	    sscanf(start, "audit: type=%lu audit(%*[0-9.]:%lu):%n", &type, &serial, &length) != 2 ||
	    !length)
		return false;
	*record = (struct audit_record){
		.serial = serial, .profile = "", .operation = "", .name = "", .denied = ""};
	start += length;
	record->comm = untrusted(arena, start, "comm");
	if (!number(arena, start, "pid", 10, &pid))
		return false;
	record->pid = (pid_t)pid;
	if (type == TYPE_SECCOMP)
		return read_seccomp(arena, start, record);
	return type == TYPE_AVC && read_apparmor(arena, start, record);
}

unsigned long audit_records_lost(const char *line)
{
	static const char before[] = "kauditd_printk_skb: ", behind[] = " callbacks suppressed";
	const char *at = strstr(line, before);
	char *end;
	unsigned long count = at ? strtoul(at + strlen(before), &end, 10) : 0;

	return count && starts_with(end, behind) ? count : 0;
}
