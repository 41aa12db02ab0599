#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct err;
struct escape;
struct terminal;
struct winsize;

/*
 * Between the caller's terminal and a program's: keys go there, output comes back, the window's
 * size is passed on, until the program ends or the person leaves.
 */

/** struct peer - the far end of a relay; peer_pty() or another kind's own */
struct peer {
	const struct peer_kind *kind;
	int fd; /* does not block; owned */
	int slave_fd;
};

struct peer_kind {
	/* As read(2) and write(2), negative errno. 0 from receive: it is gone for good. */
	ssize_t (*receive)(struct peer *peer, void *data, size_t size);
	ssize_t (*send)(struct peer *peer, const void *data, size_t length);
	void (*resize)(struct peer *peer, const struct winsize *size);
	/* The keys that tell a terminal that nothing more will come; NULL: there are none. */
	size_t (*end_keys)(struct peer *peer, bool within_line, char keys[2]);
};

/** peer_pty() - a pty by its master, which the peer owns from now on */
void peer_pty(struct peer *peer, int master_fd);

/**
 * pty_receive() - the master that a create or exec has sent
 * @console_fd: our end of the msg_pair() whose other end was its console_fd
 * Return: a descriptor; -EBADF when the program has no terminal.
 */
int pty_receive(int console_fd);

struct relay {
	struct terminal *terminal; /* is raw meanwhile                             */
	struct peer *peer;
	struct escape *escape; /* NULL: no key ends it                             */
	int signal_fd;         /* signals_open()                                   */
	pid_t pid;             /* our child that signals go to, and whose end is the end; 0: none */
};

/**
 * relay_run() - relay until the child has ended; without a child until the peer is gone, the
 * person leaves, or a signal that ends processes comes
 * @status: the child's, as waitpid(2) gives it
 *
 * A terminal that is gone on our side (hung up, nobody reads) hangs the peer up. The terminal is as
 * it was afterwards, also on failure. SIGPIPE is ignored from then on.
 */
int relay_run(struct relay *relay, int *status, struct err *err);

/**
 * attend() - stay with a child until it has ended, relaying its terminal if it has one
 * @master_fd: of its terminal, which is closed; -EBADF: none, and @terminal is not looked at
 */
int attend(pid_t pid, struct terminal *terminal, int master_fd, int signal_fd, int *status,
	   struct err *err);
