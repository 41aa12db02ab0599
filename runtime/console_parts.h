#pragma once

#include "runtime/console.h"
#include "runtime/console_log.h"
#include "runtime/console_wire.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * What the files of the monitor's side of the terminals share: console.c is the whole and its
 * epoll set, console_tty.c the terminals, console_clients.c who looks at them.
 */

enum { TTYS_MAX = 65, CLIENTS_MAX = 32 };

struct source {
	int fd;
	uint32_t armed;
	void (*ready)(struct console *console, struct source *source, uint32_t events);
};

struct tty {
	struct source master;
	int slave_fd; /* held open, or reads fail while nobody inside has it */
	int number;   /* 0: the console                                      */
};

struct client {
	struct source socket; /* its fd is -EBADF: a free place              */
	struct tty *tty;      /* NULL until it has asked for one             */
	struct console_message *input;
	size_t input_at, input_length;  /* of its data: what the terminal had no room for */
	struct console_message *output; /* made when it is late for the first time        */
	size_t output_length;           /* the whole message: what the client had no room for */
	int64_t deadline;               /* of a late client: when it is let go         */
};

struct console {
	int epoll_fd;
	int source_fds[2]; /* masters come from [1] to [0] */
	struct source listener, timer;
	struct console_log log;
	struct tty ttys[TTYS_MAX];
	size_t tty_count;
	struct client clients[CLIENTS_MAX];
};

#define client_each(client, console)                                                               \
	for (__auto_type client = (console)->clients; (client) < (console)->clients + CLIENTS_MAX; \
	     (client)++)                                                                           \
		if ((client)->socket.fd >= 0)

#define tty_each(tty, console)                                                                     \
	for (__auto_type tty = (console)->ttys; (tty) < (console)->ttys + (console)->tty_count;    \
	     (tty)++)

/** console_watch() - add a source to the set, which keeps its address */
int console_watch(struct console *console, struct source *source, uint32_t events);

/* console_tty.c */

/** ttys_take() - the masters that create has sent */
int ttys_take(struct console *console, struct err *err);
struct tty *tty_find(struct console *console, int number);
/** tty_find_free() - the first ttyN that nobody looks at; NULL: none. */
struct tty *tty_find_free(struct console *console);
/** tty_in_use() - whether it has the one client that it can have; never true of the console. */
bool tty_in_use(const struct console *console, const struct tty *tty);
/** tty_show() - a piece of its output to log and clients. Return: whether there may be more. */
bool tty_show(struct console *console, struct tty *tty);

/* console_clients.c; sources' functions, and what a terminal does with its clients */

void clients_accept(struct console *console, struct source *listener, uint32_t events);
/** clients_check() - let those go that were late for too long */
void clients_check(struct console *console, struct source *timer, uint32_t events);
void client_ready(struct console *console, struct source *socket, uint32_t events);
void client_show(struct console *console, struct client *client,
		 const struct console_message *message, size_t length);
/** client_show_late() - what it had no room for */
void client_show_late(struct console *console, struct client *client);
/** client_feed() - to its terminal what that had no room for */
void client_feed(struct client *client);
void client_let_go(struct client *client);
