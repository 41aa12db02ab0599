#include "cli/terminal.h"

#include "lib/own.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

enum { STDIO_COUNT = 3 };

/* O_NONBLOCK belongs to what the caller and we share: a second opening has its own. A file would
 * be written from its begin again, a socket can't be opened. */
static int open_again(int fd)
{
	char path[32];
	struct stat st;

	if (fstat(fd, &st) < 0 || !(S_ISCHR(st.st_mode) || S_ISFIFO(st.st_mode)))
		return -EBADF;
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
}

/* Which of 0, 1, 2 are terminals; @order: which is taken first. */
static int first_tty(const int order[STDIO_COUNT])
{
	for (int i = 0; i < STDIO_COUNT; i++)
		if (isatty(order[i]))
			return order[i];
	return -EBADF;
}

void terminal_of_stdio(struct terminal *terminal)
{
	*terminal = (struct terminal){
		.in_fd = STDIN_FILENO,
		.out_fd = STDOUT_FILENO,
		.tty_fd = first_tty((const int[]){STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}),
	};
}

uint8_t terminal_of_ttys(struct terminal *terminal)
{
	const int out_fd = first_tty((const int[]){STDOUT_FILENO, STDERR_FILENO, STDIN_FILENO});
	uint8_t ttys = 0;

	for (int fd = 0; fd < STDIO_COUNT; fd++)
		if (isatty(fd))
			ttys |= (uint8_t)(1 << fd);
	*terminal = (struct terminal){
		.in_fd = isatty(STDIN_FILENO) ? STDIN_FILENO : -EBADF,
		.out_fd = out_fd,
		.tty_fd = out_fd,
	};
	return ttys;
}

bool terminal_size(const struct terminal *terminal, struct winsize *size)
{
	return terminal->tty_fd >= 0 && ioctl(terminal->tty_fd, TIOCGWINSZ, size) == 0 &&
	       size->ws_row && size->ws_col;
}

void terminal_raw(struct terminal *terminal)
{
	struct termios modes;

	if (!terminal->raw && tcgetattr(terminal->in_fd, &terminal->saved) < 0)
		return; /* no terminal */
	modes = terminal->saved;
	cfmakeraw(&modes);
	if (tcsetattr(terminal->in_fd, TCSANOW, &modes) == 0)
		terminal->raw = true;
}

void terminal_begin(struct terminal *terminal)
{
	int fd = open_again(terminal->out_fd);

	if (fd >= 0) {
		terminal->out_fd = fd;
		terminal->out_is_ours = true;
	}
	terminal_raw(terminal);
}

/* A shell that has put us into the background has the terminal for itself. */
static bool in_background(int tty_fd)
{
	pid_t foreground = tcgetpgrp(tty_fd);

	return foreground >= 0 && foreground != getpgrp();
}

void terminal_end(struct terminal *terminal)
{
	if (terminal->raw && !in_background(terminal->in_fd))
		(void)tcsetattr(terminal->in_fd, TCSANOW, &terminal->saved);
	terminal->raw = false;
	if (terminal->out_is_ours)
		terminal->out_fd = close_fd(terminal->out_fd);
}
