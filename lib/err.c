#include "lib/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { DELETE = 0x7f };

__attribute__((format(printf, 4, 0))) static int fill(struct err *err, int num, bool plain,
						      const char *fmt, va_list args)
{
	if (num >= 0)
		num = -EINVAL;
	if (!err)
		return num;
	err_clear(err);
	err->num = -num;
	err->plain = plain;
	(void)vsnprintf(err->what, sizeof(err->what), fmt, args); /* what does not fit is cut */
	(void)snprintf(err->leaf, sizeof(err->leaf), "%.*s", (int)sizeof(err->leaf) - 1, err->what);
	return num;
}

int err_set(struct err *err, int num, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	num = fill(err, num, false, fmt, args);
	va_end(args);
	return num;
}

int err_sys(struct err *err, int num, const char *call, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	num = fill(err, num, false, fmt, args);
	va_end(args);
	if (err)
		(void)snprintf(err->call, sizeof(err->call), "%s", call);
	return num;
}

int err_plain(struct err *err, int num, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	num = fill(err, num, true, fmt, args);
	va_end(args);
	return num;
}

int err_wrong(struct err *err, const char *hint, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	(void)fill(err, -EINVAL, true, fmt, args);
	va_end(args);
	err_hint(err, "%s", hint);
	return -EINVAL;
}

void err_add(struct err *err, const char *fmt, ...)
{
	char after[sizeof(err->what)];
	size_t length;
	va_list args;

	if (!err || err->num == 0)
		return;
	memcpy(after, err->what, sizeof(after));
	va_start(args, fmt);
	(void)vsnprintf(err->what, sizeof(err->what), fmt, args);
	va_end(args);
	length = strlen(err->what);
	(void)snprintf(err->what + length, sizeof(err->what) - length, ": %s", after);
}

void err_hint(struct err *err, const char *fmt, ...)
{
	va_list args;

	if (!err || err->num == 0 || err->hint[0])
		return;
	va_start(args, fmt);
	(void)vsnprintf(err->hint, sizeof(err->hint), fmt, args);
	va_end(args);
}

void err_fact(struct err *err, const char *fmt, ...)
{
	va_list args;

	if (!err || err->num == 0 || err->fact[0])
		return;
	va_start(args, fmt);
	(void)vsnprintf(err->fact, sizeof(err->fact), fmt, args);
	va_end(args);
}

void err_origin(struct err *err, const char *origin)
{
	if (err && err->num != 0 && !err->origin[0] && origin)
		(void)snprintf(err->origin, sizeof(err->origin), "%s", origin);
}

void err_stage(struct err *err, const char *stage)
{
	if (err && err->num != 0 && !err->stage[0] && stage)
		(void)snprintf(err->stage, sizeof(err->stage), "%s", stage);
}

void err_clear(struct err *err)
{
	if (!err)
		return;
	err->num = 0;
	err->plain = false;
	err->what[0] = err->hint[0] = err->origin[0] = err->leaf[0] = '\0';
	err->call[0] = err->fact[0] = err->stage[0] = '\0';
	err->number = err->of = 0;
}

char *err_text(const struct err *err, char *buffer, unsigned long size)
{
	(void)snprintf(buffer, size, "%s%s%s%s%s%s%s%s", err->what, err->plain ? "" : ": ",
		       err->plain ? "" : strerror(err->num), err->hint[0] ? "; " : "", err->hint,
		       err->origin[0] ? " (from " : "", err->origin, err->origin[0] ? ")" : "");
	for (char *c = buffer; *c; c++)
		if ((unsigned char)*c < ' ' ||
		    *c == DELETE) /* names from a document go to a terminal */
			*c = ' ';
	return buffer;
}
