#include "lib/clock.h"
#include "lib/err.h"
#include "lib/file.h"
#include "lib/msg.h"
#include "runtime/console.h"
#include "runtime/console_log.h"
#include "runtime/record.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>

enum { LINES = 3, PIECE = 4096 };

/* A container's terminals without a container: the test has their inner ends, another process
 * serves them. */
struct rig {
	char root[32];
	struct runtime runtime;
	struct console *console;
	int slaves[LINES]; /* the console, tty1, tty2 */
	pid_t server;
};

static void make_state(struct rig *rig)
{
	const struct record record = {.oci_version = "1.2.0",
				      .id = "c",
				      .bundle = "/b",
				      .rootfs = "/b/rootfs",
				      .created = "now",
				      .pid = getpid()};
	char path[64];
	int fd;

	strcpy(rig->root, "/tmp/pctrun-unit-XXXXXX");
	cr_assert(mkdtemp(rig->root));
	(void)snprintf(path, sizeof(path), "%s/c", rig->root);
	cr_assert_eq(mkdir(path, 0700), 0);
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	cr_assert_eq(record_write(fd, &record, NULL), 0);
	close_fd(fd);
	rig->runtime = (struct runtime){.root = rig->root, .trace_fd = -EBADF, .cancel_fd = -EBADF};
}

static void give_terminal(struct rig *rig, int line)
{
	static const char *const names[LINES] = {"/dev/ptmx", "tty1", "tty2"};
	int master_fd = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	struct termios modes;

	cr_assert_geq(master_fd, 0);
	cr_assert_eq(unlockpt(master_fd), 0);
	rig->slaves[line] = ioctl(master_fd, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
	cr_assert_geq(rig->slaves[line], 0);
	cr_assert_eq(tcgetattr(rig->slaves[line], &modes), 0);
	cfmakeraw(&modes);
	cr_assert_eq(tcsetattr(rig->slaves[line], TCSANOW, &modes), 0);
	cr_assert_eq(msg_send(console_source(rig->console), names[line], strlen(names[line]),
			      &master_fd, 1),
		     0);
	close_fd(master_fd);
}

static _Noreturn void serve(struct console *console)
{
	for (;;) {
		struct pollfd fd = {.fd = console_fd(console), .events = POLLIN};

		if (poll(&fd, 1, -1) > 0)
			console_handle(console);
	}
}

static void rig_open(struct rig *rig)
{
	struct err err = {};

	make_state(rig);
	cr_assert_eq(console_new(&rig->runtime, "c", &rig->console, &err), 0, "%s", err.what);
	for (int line = 0; line < LINES; line++)
		give_terminal(rig, line);
	cr_assert_eq(console_serve(rig->console, &rig->runtime, "c", &err), 0, "%s", err.what);
	rig->server = fork();
	if (rig->server == 0)
		serve(rig->console);
	console_free(rig->console);
}

static void rig_close(struct rig *rig)
{
	(void)kill(rig->server, SIGKILL);
	(void)waitpid(rig->server, NULL, 0);
	for (int line = 0; line < LINES; line++)
		close_fd(rig->slaves[line]);
	(void)remove_tree(AT_FDCWD, rig->root);
}

static int attach(struct rig *rig, int tty, const char *expected)
{
	const struct winsize size = {.ws_row = 33, .ws_col = 77};
	struct err err = {};
	int got = -7;
	int fd = console_attach(&rig->runtime, "c", tty, &size, &got, &err);
	char said[sizeof(err.what)];

	(void)snprintf(said, sizeof(said), "%d", got);
	cr_expect_str_eq(fd < 0 ? err.what : said, expected);
	return fd;
}

static void expect_text(int fd, const char *text)
{
	struct pollfd there = {.fd = fd, .events = POLLIN};
	char data[PIECE + 1] = "";
	ssize_t n = 0, got;

	while ((size_t)n < strlen(text) && poll(&there, 1, 5000) > 0) {
		got = console_receive(fd, data + n, PIECE);
		if (got <= 0)
			break;
		n += got;
	}
	cr_expect_str_eq(data, text);
}

Test(runtime_console, clients)
{
	struct rig rig;
	int one, other, tty;

	rig_open(&rig);
	one = attach(&rig, 0, "0");
	other = attach(&rig, 0, "0");
	tty = attach(&rig, CONSOLE_ANY_TTY, "1");
	(void)attach(&rig, 1, "tty1 is in use");
	(void)attach(&rig, CONSOLE_ANY_TTY, "2");
	(void)attach(&rig, CONSOLE_ANY_TTY, "every tty of the container is in use");
	(void)attach(&rig, 7, "the container has no tty7");
	close_fd(tty);
	pause_ms(100);
	tty = attach(&rig, CONSOLE_ANY_TTY, "1");

	cr_assert_eq(write_all(rig.slaves[0], "hello", 5), 0);
	cr_assert_eq(write_all(rig.slaves[1], "there", 5), 0);
	expect_text(one, "hello");
	expect_text(other, "hello");
	expect_text(tty, "there");
	rig_close(&rig);
}

Test(runtime_console, keys_and_size)
{
	const struct winsize smaller = {.ws_row = 5, .ws_col = 50};
	struct winsize seen = {};
	char keys[8] = "";
	struct rig rig;
	int fd;

	rig_open(&rig);
	fd = attach(&rig, 2, "2");
	cr_expect_eq(ioctl(rig.slaves[2], TIOCGWINSZ, &seen), 0);
	cr_expect(seen.ws_row == 33 && seen.ws_col == 77, "%ux%u", seen.ws_row, seen.ws_col);
	cr_expect_eq(console_resize(fd, &smaller), 0);
	cr_expect_eq(console_send(fd, "keys", 4), 4);
	cr_expect_eq(read(rig.slaves[2], keys, sizeof(keys)), 4);
	cr_expect_str_eq(keys, "keys");
	cr_expect_eq(ioctl(rig.slaves[2], TIOCGWINSZ, &seen), 0);
	cr_expect(seen.ws_row == 5 && seen.ws_col == 50, "%ux%u", seen.ws_row, seen.ws_col);
	rig_close(&rig);
}

/* 2 MiB: more than a client that takes nothing, its socket and the pty have room for. */
static void write_much(int fd)
{
	char piece[PIECE];

	memset(piece, 'x', sizeof(piece));
	for (int i = 0; i < 512; i++)
		cr_assert_eq(write_all(fd, piece, sizeof(piece)), 0);
}

Test(runtime_console, hanging_client, .timeout = 60)
{
	char data[PIECE], path[64];
	size_t got = 0;
	struct stat st;
	struct rig rig;
	ssize_t n;
	int fd;

	rig_open(&rig);
	fd = attach(&rig, 0, "0");
	write_much(rig.slaves[0]);
	while ((n = console_receive(fd, data, sizeof(data))) > 0)
		got += (size_t)n;
	cr_expect_eq(n, 0, "it is let go: %zd", n);
	cr_expect_lt(got, 2 << 20);
	pause_ms(200); /* the rest of it is shown to nobody */
	fd = attach(&rig, 0, "0");
	cr_assert_eq(write_all(rig.slaves[0], "again", 5), 0);
	expect_text(fd, "again");

	(void)snprintf(path, sizeof(path), "%s/.log/c.old", rig.root);
	cr_expect_eq(stat(path, &st), 0);
	cr_expect_gt(st.st_size, 500 << 10);
	cr_expect_leq(st.st_size, 512 << 10);
	path[strlen(path) - strlen(".old")] = '\0';
	cr_expect_eq(stat(path, &st), 0);
	cr_expect_leq(st.st_size, 512 << 10);
	rig_close(&rig);
}

Test(runtime_console, log_goes_on)
{
	char root[] = "/tmp/pctrun-unit-XXXXXX";
	const struct runtime runtime = {.root = mkdtemp(root)};
	struct arena arena = {};
	const char *copy_path = arena_printf(&arena, "%s/copy", root);
	const char *text = "", *copy = "";
	struct err err = {};

	for (int life = 0; life < 2; life++) {
		struct console_log log;

		cr_assert_eq(console_log_open(&log, &runtime, "c", &err), 0, "%s", err.what);
		cr_assert_eq(console_log_copy(&log, copy_path, &err), 0);
		console_log_add(&log, "life\n", 5);
		console_log_close(&log);
	}
	(void)file_read(&arena, AT_FDCWD, arena_printf(&arena, "%s/.log/c", root), 0, &text, NULL,
			&err);
	(void)file_read(&arena, AT_FDCWD, copy_path, 0, &copy, NULL, &err);
	cr_expect_str_eq(text, "life\nlife\n");
	cr_expect_str_eq(copy, "life\nlife\n");
	(void)remove_tree(AT_FDCWD, root);
	arena_free(&arena);
}

/* The log's place is taken: what was never opened is not closed, standard input least of all. */
Test(runtime_console, without_a_log)
{
	const struct runtime runtime = {.root = "/proc/self/exe"};
	int null_fd = open("/dev/null", O_RDONLY);
	struct console *console = NULL;
	struct err err = {};

	cr_assert(dup2(null_fd, 0) == 0);
	cr_expect_lt(console_new(&runtime, "c", &console, &err), 0);
	cr_expect_null(console);
	cr_expect(fcntl(0, F_GETFD) >= 0, "standard input is closed");
}
