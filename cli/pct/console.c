#include "cli/pct/pct.h"

#include "cli/escape.h"
#include "cli/pct/attach.h"
#include "cli/relay.h"
#include "cli/terminal.h"
#include "cli/wait.h"
#include "lib/err.h"
#include "lib/own.h"
#include "runtime/console.h"

#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>

static const struct option_row options[] = {
	{"escape", 0, "^[a-z]", "the key before q that leaves the console (default: ^a)"},
	{},
};

static ssize_t receive(struct peer *peer, void *data, size_t size)
{
	return console_receive(peer->fd, data, size);
}

static ssize_t send_keys(struct peer *peer, const void *data, size_t length)
{
	return console_send(peer->fd, data, length);
}

static void resize(struct peer *peer, const struct winsize *size)
{
	(void)console_resize(peer->fd, size); /* if the monitor is gone receive says so */
}

/* A pipe's end is none here: what the container shows may be all that is wanted. */
static const struct peer_kind console_kind = {
	.receive = receive,
	.send = send_keys,
	.resize = resize,
};

static void greet(int tty, const struct escape *escape)
{
	const int key = escape->prefix + 'a' - 1;

	(void)fprintf(stderr,
		      "Connected to tty %d\n"
		      "Type <Ctrl+%c q> to exit the console, <Ctrl+%c Ctrl+%c> to enter Ctrl+%c "
		      "itself\n",
		      tty, key, key, key, key);
}

static int relay_console(struct pct *pct, const char *id, int tty, struct escape *escape,
			 struct terminal *terminal, struct err *err)
{
	cleanup_close int signal_fd = signals_open(err);
	struct peer peer = {.kind = &console_kind, .slave_fd = -EBADF};
	struct relay relay = {
		.terminal = terminal,
		.peer = &peer,
		.escape = escape,
		.signal_fd = signal_fd,
	};
	struct winsize size;
	int got, r;

	if (signal_fd < 0)
		return signal_fd;
	peer.fd = console_attach(&pct->runtime, id, tty,
				 terminal_size(terminal, &size) ? &size : NULL, &got, err);
	if (peer.fd < 0)
		return peer.fd;
	greet(got, escape);
	r = relay_run(&relay, NULL, err);
	close_fd(peer.fd);
	return r;
}

static int connect_to(struct pct *pct, const char *id, int tty, struct escape *escape,
		      struct err *err)
{
	struct terminal terminal;
	int r;

	if (!pct_running(pct, id))
		return err_plain(err, -ESRCH, "container '%s' not running!", id);
	terminal_of_stdio(&terminal);
	r = relay_console(pct, id, tty, escape, &terminal, err);
	if (r == 0 && terminal.tty_fd >= 0)
		(void)fputc('\n', stderr);
	return r;
}

static int read_options(const struct options *given, struct escape *escape, struct err *err)
{
	const char *text = option_value(given, "escape");

	if (escape_read(text ? text : "^a", escape) == 0)
		return 0;
	return err_plain(err, -EINVAL,
			 "400 Parameter verification failed. escape: value does not match the "
			 "regex pattern: '%s' is not ^a to ^z",
			 text);
}

static int run(struct pct *pct, const struct options *given, struct err *err)
{
	cleanup_(conf_free) struct pve_conf conf = {};
	const char *id = given->words[0], *mode;
	struct escape escape;
	int r;

	r = read_options(given, &escape, err);
	if (r == 0)
		r = pct_load(pct, id, &conf, err);
	if (r < 0)
		return r;
	mode = conf_value(&conf.main, "cmode");
	if (mode && strcmp(mode, "shell") == 0)
		return pct_attach(pct, &(struct attach){.id = id}, err);
	return connect_to(pct, id, mode && strcmp(mode, "console") == 0 ? 0 : CONSOLE_ANY_TTY,
			  &escape, err);
}

const struct pct_verb pct_console = {
	.name = "console",
	.words = "<vmid>",
	.help = "connect to a container's tty, console or shell, as its cmode says",
	.options = options,
	.words_min = 1,
	.words_max = 1,
	.run = run,
};
