#include "cli/relay.h"

#include "cli/escape.h"
#include "cli/terminal.h"
#include "cli/wait.h"
#include "lib/err.h"
#include "lib/own.h"

#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>

enum { CHUNK_MAX = 4096, LAST_WORDS_MAX = 128 << 10 };

/* struct chunk - what is on its way in one direction; the next is read when it has arrived */
struct chunk {
	char data[CHUNK_MAX];
	size_t at, length;
};

struct state {
	struct relay *relay;
	struct chunk in, out;
	bool reading, within_line;
	bool ended;    /* the child                        */
	bool leaving;  /* the person, or the peer has gone */
	int status, r; /* r: the failure that ends it      */
	struct err *err;
};

enum place { SIGNALS, KEYS, SCREEN, PEER, PLACES };

static void hang_up(struct state *state)
{
	struct peer *peer = state->relay->peer;

	peer->fd = close_fd(peer->fd);
	peer->slave_fd = close_fd(peer->slave_fd);
	state->in.length = state->out.length = 0;
	state->reading = false;
	state->leaving |= state->relay->pid == 0;
}

/* A pipe or file that has come to its end: the program may have more to say. */
static void end_of_keys(struct state *state)
{
	struct peer *peer = state->relay->peer;

	state->reading = false;
	if (isatty(state->relay->terminal->in_fd)) {
		hang_up(state);
		return;
	}
	state->in.at = 0;
	if (peer->kind->end_keys)
		state->in.length = peer->kind->end_keys(peer, state->within_line, state->in.data);
}

static void read_keys(struct state *state)
{
	struct relay *relay = state->relay;
	ssize_t n = read(relay->terminal->in_fd, state->in.data, sizeof(state->in.data));

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		end_of_keys(state);
		return;
	}
	state->within_line = state->in.data[n - 1] != '\n';
	state->in.at = 0;
	state->in.length = (size_t)n;
	if (relay->escape)
		state->in.length =
			escape_filter(relay->escape, state->in.data, (size_t)n, &state->leaving);
}

static void send_keys(struct state *state)
{
	struct peer *peer = state->relay->peer;
	ssize_t n = peer->kind->send(peer, state->in.data + state->in.at, state->in.length);

	if (n == -EAGAIN)
		return;
	if (n < 0) /* nobody is there to read it */
		n = (ssize_t)state->in.length;
	state->in.at += (size_t)n;
	state->in.length -= (size_t)n;
}

/* Return: whether something came. */
static bool receive(struct state *state)
{
	struct peer *peer = state->relay->peer;
	ssize_t n = peer->kind->receive(peer, state->out.data, sizeof(state->out.data));

	if (n == -EAGAIN)
		return false;
	if (n <= 0) {
		hang_up(state);
		return false;
	}
	state->out.at = 0;
	state->out.length = (size_t)n;
	return true;
}

static void show(struct state *state)
{
	ssize_t n = write(state->relay->terminal->out_fd, state->out.data + state->out.at,
			  state->out.length);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n < 0) {
		hang_up(state);
		return;
	}
	state->out.at += (size_t)n;
	state->out.length -= (size_t)n;
}

static void resize(struct state *state)
{
	struct peer *peer = state->relay->peer;
	struct winsize size;

	if (peer->fd >= 0 && terminal_size(state->relay->terminal, &size))
		peer->kind->resize(peer, &size);
}

static bool ends_processes(int signal)
{
	return signal == SIGHUP || signal == SIGINT || signal == SIGQUIT || signal == SIGTERM;
}

static void take_signal(struct state *state, int signal)
{
	struct relay *relay = state->relay;

	if (signal == SIGWINCH)
		resize(state);
	else if (signal == SIGCONT) /* a shell had the terminal while we were stopped */
		terminal_raw(relay->terminal);
	else if (signal != SIGCHLD && relay->pid > 0)
		(void)kill(relay->pid, signal); /* it may be gone: waitpid says */
	else if (ends_processes(signal))
		state->leaving = true;
}

static void read_signals(struct state *state)
{
	struct signalfd_siginfo signal;
	int r;

	if (read(state->relay->signal_fd, &signal, sizeof(signal)) == sizeof(signal))
		take_signal(state, (int)signal.ssi_signo);
	if (state->relay->pid == 0)
		return;
	r = child_ended(state->relay->pid, &state->status, state->err);
	state->ended = r > 0;
	state->r = r < 0 ? r : 0;
}

/* A descriptor from which nothing is wanted is left out: its end would be reported all the time. */
static struct pollfd want(int fd, int events)
{
	return (struct pollfd){.fd = events ? fd : -1, .events = (short)events};
}

static void wait_for_something(const struct state *state, struct pollfd fds[PLACES])
{
	const struct terminal *terminal = state->relay->terminal;
	const bool may_read = state->reading && !state->in.length;

	fds[SIGNALS] = want(state->relay->signal_fd, POLLIN);
	fds[KEYS] = want(terminal->in_fd, may_read ? POLLIN : 0);
	fds[SCREEN] = want(terminal->out_fd, state->out.length ? POLLOUT : 0);
	fds[PEER] = want(state->relay->peer->fd,
			 (state->out.length ? 0 : POLLIN) | (state->in.length ? POLLOUT : 0));
	if (poll(fds, PLACES, -1) < 0)
		memset(fds, 0, PLACES * sizeof(*fds));
}

static void go_round(struct state *state)
{
	struct pollfd fds[PLACES];

	wait_for_something(state, fds);
	if (fds[SIGNALS].revents)
		read_signals(state);
	if (fds[KEYS].revents)
		read_keys(state);
	if (fds[PEER].revents && state->in.length)
		send_keys(state);
	if (fds[PEER].revents && !state->out.length && state->relay->peer->fd >= 0)
		(void)receive(state);
	if (fds[SCREEN].revents && state->out.length)
		show(state);
}

/* Return: whether the screen takes more; false: the person wants to wait no longer. */
static bool wait_for_screen(const struct state *state)
{
	struct pollfd fds[] = {want(state->relay->terminal->out_fd, POLLOUT),
			       want(state->relay->signal_fd, POLLIN)};
	struct signalfd_siginfo signal;

	(void)poll(fds, ARRAY_SIZE(fds), -1);
	return !fds[1].revents ||
	       read(state->relay->signal_fd, &signal, sizeof(signal)) != sizeof(signal) ||
	       !ends_processes((int)signal.ssi_signo);
}

/* What the child has said before it ended is there already; what others say on the same terminal
 * could go on for ever. */
static void last_words(struct state *state)
{
	size_t shown = 0;

	if (state->in.length)
		send_keys(state);
	while (state->relay->peer->fd >= 0 && shown < LAST_WORDS_MAX) {
		if (!state->out.length && !receive(state))
			return;
		shown += state->out.length;
		if (!wait_for_screen(state))
			return;
		show(state);
	}
}

int relay_run(struct relay *relay, int *status, struct err *err)
{
	struct state state = {.relay = relay, .reading = relay->terminal->in_fd >= 0, .err = err};

	(void)signal(SIGPIPE, SIG_IGN);
	terminal_begin(relay->terminal);
	resize(&state);
	while (!state.ended && !state.leaving && state.r == 0)
		go_round(&state);
	if (state.r == 0)
		last_words(&state);
	terminal_end(relay->terminal);
	if (state.ended)
		*status = state.status;
	return state.r;
}

int attend(pid_t pid, struct terminal *terminal, int master_fd, int signal_fd, int *status,
	   struct err *err)
{
	struct peer peer;
	struct relay relay = {
		.terminal = terminal, .peer = &peer, .signal_fd = signal_fd, .pid = pid};
	int r;

	if (master_fd < 0)
		return wait_forwarding(pid, signal_fd, status, err);
	peer_pty(&peer, master_fd);
	r = relay_run(&relay, status, err);
	close_fd(peer.fd);
	close_fd(peer.slave_fd);
	return r;
}
