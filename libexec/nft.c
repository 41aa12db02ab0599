/*
 * pctrun-nft: the one program of ours that knows nftables. pctrun and pct run it where a container
 * has firewall rules, so that nothing else links libnftables, which has no archive to link
 * statically.
 *
 *	pctrun-nft run           a script from stdin, as nft(8) takes it: all of it or nothing
 *	pctrun-nft list TABLE    the tables of this name, as JSON with numbers, a line for each
 *	                         family; nothing if there is none
 *	pctrun-nft all           all tables of the network namespace in one document of that kind,
 *	                         unless they are more than anybody would follow
 *	pctrun-nft make TABLE    the same of a script from stdin, which is run in a network
 *	                         namespace that ends with the program
 *	pctrun-nft probe         whether this kernel has what net/firewall_script.c uses: tried in
 *	                         such a namespace
 *
 * A failure is printed as two lines: what failed, what to do. The exit status is its errno.
 */

#include "lib/err.h"
#include "lib/file.h"
#include "lib/own.h"
#include "lib/text.h"

#include <nftables/libnftables.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

static void nft_put(struct nft_ctx **nft)
{
	nft_ctx_free(*nft); /* passes over NULL */
}
DEFINE_CLEANUP(struct nft_ctx *, nft_put);

/* libnftables' first line says what, the second shows where: "Error: ...", "add rule ...". */
static int failed(struct nft_ctx *nft, struct err *err)
{
	const char *text = nft_ctx_get_error_buffer(nft);
	const char *what = strstr(text, "Error: ");
	const char *line;
	size_t length;

	what = what ? what + strlen("Error: ") : text;
	length = strcspn(what, "\n");
	line = what[length] ? what + length + 1 : "";
	line += strspn(line, " \t");
	return err_plain(err, -EINVAL, "nftables: %.*s: %.*s", (int)length, what,
			 (int)strcspn(line, "\n"), line);
}

/* Return: a context that keeps what it would print. */
static struct nft_ctx *open_nft(struct err *err)
{
	struct nft_ctx *nft = nft_ctx_new(NFT_CTX_DEFAULT);

	if (nft && nft_ctx_buffer_error(nft) == 0 && nft_ctx_buffer_output(nft) == 0)
		return nft;
	nft_ctx_free(nft);
	err_set(err, -ENOMEM, "nftables");
	return NULL;
}

static int run_script(const char *script, struct err *err)
{
	cleanup_(nft_put) struct nft_ctx *nft = open_nft(err);

	if (!nft)
		return -ENOMEM;
	return nft_run_cmd_from_buffer(nft, script) == 0 ? 0 : failed(nft, err);
}

static int run(const char *name, struct err *err)
{
	cleanup_(text_free) struct text script = {};
	int r = read_to_end(STDIN_FILENO, &script);

	return r < 0 ? err_set(err, r, "read the script") : run_script(text_str(&script), err);
}

#define TOO_MANY "nftables: more rules than can be followed"

/* What isn't there is nothing to list. @limit: of bytes; 0: none */
static int print_list(const char *command, size_t limit, struct err *err)
{
	cleanup_(nft_put) struct nft_ctx *nft = open_nft(err);
	const char *answer;

	if (!nft)
		return -ENOMEM;
	nft_ctx_output_set_flags(nft, NFT_CTX_OUTPUT_JSON | NFT_CTX_OUTPUT_NUMERIC_ALL);
	if (nft_run_cmd_from_buffer(nft, command) < 0)
		return strstr(nft_ctx_get_error_buffer(nft), strerror(ENOENT)) ? 0
									       : failed(nft, err);
	answer = nft_ctx_get_output_buffer(nft);
	if (limit && strlen(answer) > limit)
		return err_plain(err, -E2BIG, TOO_MANY);
	(void)printf("%s\n", answer);
	return 0;
}

static int list_family(const char *family, const char *name, struct err *err)
{
	cleanup_(text_free) struct text command = {};

	text_addf(&command, "list table %s %s", family, name);
	return print_list(text_str(&command), 0, err);
}

static int list(const char *name, struct err *err)
{
	int r = list_family("bridge", name, err);

	return r < 0 ? r : list_family("inet", name, err);
}

/* libnftables ends the program where memory is short, by NFT_EXIT_NOMEM: as a helper's answer that
 * would be "there is no such program". Only glibc's on_exit(3) is told by which status. */
static void say_memory(int status, void *data)
{
	if (status == ENOENT)
		_exit(ENOMEM);
}

/* SIGXCPU's. Whatever is printed is so at the end: there is nothing before it. */
static void say_time(int signal)
{
	static const char lines[] = TOO_MANY "\n\n";

	_exit(write(STDOUT_FILENO, lines, strlen(lines)) < 0 ? EIO : E2BIG);
}

#ifndef __has_feature /* clang's */
#define __has_feature(name) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer)
#define MEMORY_MAX RLIM_INFINITY /* its shadow is terabytes of addresses */
#else
#define MEMORY_MAX ((rlim_t)1 << 30)
#endif

/* Whoever has made the rules may want this to take all of the host's memory, or time. What would
 * fit into so much memory is more than the limit by far when it is printed. */
static int set_limits(struct err *err)
{
	enum { TIME_MAX_SEC = 10 };
	const struct rlimit memory = {MEMORY_MAX, MEMORY_MAX};
	const struct rlimit time = {TIME_MAX_SEC, TIME_MAX_SEC + 1};
	const struct sigaction late = {.sa_handler = say_time};

	if (sigaction(SIGXCPU, &late, NULL) < 0 || setrlimit(RLIMIT_AS, &memory) < 0 ||
	    setrlimit(RLIMIT_CPU, &time) < 0)
		return err_set(err, -errno, "limit what reading rules takes");
	return on_exit(say_memory, NULL) != 0 ? err_set(err, -ENOMEM, "read rules") : 0;
}

static int list_all(const char *name, struct err *err)
{
	enum { ANSWER_MAX = 4 << 20 };
	int r = set_limits(err);

	return r < 0 ? r : print_list("list ruleset", ANSWER_MAX, err);
}

static int leave_network(struct err *err)
{
	return unshare(CLONE_NEWNET) < 0 ? err_set(err, -errno, "make a network namespace") : 0;
}

static int make(const char *name, struct err *err)
{
	int r = leave_network(err);

	if (r == 0)
		r = run(name, err);
	return r < 0 ? r : list(name, err);
}

/* One rule of each kind that a kernel may lack. */
static int probe(const char *name, struct err *err)
{
	static const struct {
		const char *what, *rule, *hint;
	} rows[] = {
		{"nftables on bridges", "", "the kernel needs NF_TABLES_BRIDGE"},
		{"states of connections on bridges", "ct state established accept",
		 "the kernel needs NF_CONNTRACK_BRIDGE: modprobe nf_conntrack_bridge"},
		{"refusing on bridges", "meta l4proto tcp reject with tcp reset",
		 "the kernel needs NFT_BRIDGE_REJECT: modprobe nft_reject_bridge"},
	};

	int r = leave_network(err);

	if (r < 0)
		return r;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		cleanup_(text_free) struct text script = {};

		text_addf(&script,
			  "table bridge probe {\n chain prerouting {\n"
			  "  type filter hook prerouting priority 0;\n  %s\n }\n}\n",
			  rows[i].rule);
		r = run_script(text_str(&script), err);
		if (r == 0)
			continue;
		err_plain(err, r, "this kernel has no %s", rows[i].what);
		err_hint(err, "%s", rows[i].hint);
		return r;
	}
	return 0;
}

static const struct {
	const char *name;
	int words;
	int (*run)(const char *name, struct err *err);
} verbs[] = {{"run", 1, run},
	     {"list", 2, list},
	     {"all", 1, list_all},
	     {"make", 2, make},
	     {"probe", 1, probe}};

int main(int argc, char **argv)
{
	struct err err = {};
	int r = 0;

	for (size_t i = 0; i < ARRAY_SIZE(verbs); i++) {
		if (argc - 1 != verbs[i].words || strcmp(argv[1], verbs[i].name) != 0)
			continue;
		r = verbs[i].run(argv[2], &err);
		if (r < 0)
			(void)printf("%s\n%s\n", err.what, err.hint);
		return -r;
	}
	(void)printf("usage: pctrun-nft run | list TABLE | all | make TABLE | probe\n");
	return EINVAL;
}
