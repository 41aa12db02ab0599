#pragma once

#include <stddef.h>

struct err;
struct runtime;

/*
 * What the console has shown: ROOT/.log/ID, which goes on over restarts and stays after the end,
 * for who wants to know why it came. At 512 KiB it becomes ID.old and begins anew.
 */
struct console_log {
	int folder_fd;
	int fd;
	int copy_fd; /* a file of the user's own, not capped; -EBADF: none */
	size_t length;
	char name[256];
};

/** console_log_open() - goes on behind what is there. @log is to be closed after a failure, too. */
int console_log_open(struct console_log *log, const struct runtime *runtime, const char *id,
		     struct err *err);

/** console_log_copy() - append everything to @path too: what lxc.console.logfile asks for */
int console_log_copy(struct console_log *log, const char *path, struct err *err);

/** console_log_add() - never fails: a full disk costs the log only. */
void console_log_add(struct console_log *log, const char *data, size_t length);

void console_log_close(struct console_log *log);
