#pragma once

#include <stddef.h>
#include <sys/types.h>

struct err;
struct runtime;
struct winsize;

/*
 * The terminals of a container that pct started: its console and its ttys. The monitor holds their
 * masters and shows them to clients, which come through ROOT/ID/console.
 *
 * Every terminal is read at all times, so that nobody inside waits for a person to look. A ttyN has
 * one client at a time, as it has one person; the console has as many as want to see it, and is
 * logged. A client that takes nothing of what it is sent for two seconds is let go: until then its
 * terminal waits, and nothing that was shown is lost; after that it would hold the container up.
 */

struct console;

/** console_new() - for a container that is about to be made; opens its log. console_free() it. */
int console_new(const struct runtime *runtime, const char *id, struct console **console,
		struct err *err);

/** console_source() - what container_create() gets as console_fd and tty_fd; borrowed */
int console_source(const struct console *console);

/** console_serve() - take the masters that create has sent, and let clients come */
int console_serve(struct console *console, const struct runtime *runtime, const char *id,
		  struct err *err);

/** console_fd() - poll(2) it: when it is readable console_handle() has something to do. */
int console_fd(const struct console *console);

/** console_handle() - do what can be done now; never waits. */
void console_handle(struct console *console);

/** console_finish() - the container has ended: log and show what it said last. */
void console_finish(struct console *console);

/** console_free() - let clients, terminals and log go; NULL is fine. */
void console_free(struct console *console);

/* The other side, for pct console. */

enum { CONSOLE_ANY_TTY = -1 };

/**
 * console_attach() - connect to a terminal of a container
 * @tty: 0: the console; n: ttyN; CONSOLE_ANY_TTY: the first that nobody uses
 * @size: of the caller's terminal; NULL: it has none
 * @got: which one it is
 *
 * Return: a descriptor that does not block, for what follows; -EBUSY in words when it is in use.
 */
int console_attach(const struct runtime *runtime, const char *id, int tty,
		   const struct winsize *size, int *got, struct err *err);

/** console_receive() - as read(2): 0 when the monitor is gone. @size: 4096 at least. */
ssize_t console_receive(int fd, void *data, size_t size);
/** console_send() - as write(2), of 4096 bytes at most at a time. */
ssize_t console_send(int fd, const void *data, size_t length);
int console_resize(int fd, const struct winsize *size);
