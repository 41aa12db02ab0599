#pragma once

#include "cli/options.h"
#include "runtime/container.h"

struct arena;

/*
 * pctrun's verbs: each is a file run_VERB.c with one const row. The row's table is the whole of
 * its command line.
 */
struct verb {
	const char *name;
	const char *words; /* synopsis of what is no option: "ID [SIGNAL]" */
	const char *help;
	const struct option_row *options;
	int words_min, words_max;
	bool first_word_ends;
	bool plans;              /* asks the host for what it may not be able to enforce */
	bool enters;             /* puts a process of ours into a container: lib/self.h */
	bool of_running;         /* asks about a container that runs, pct's among them */
	int failed;              /* exit status of an error; 0 stands for 1 */
	void (*help_more)(void); /* prints what its words may be, below the options; NULL: none */
	/* Return: the exit status, or a negative errno with @err filled. */
	int (*run)(const struct runtime *runtime, const struct options *options, struct err *err);
};

extern const struct verb verb_create, verb_run, verb_start, verb_state, verb_kill, verb_delete,
	verb_list, verb_ps, verb_pause, verb_resume, verb_plan, verb_audit, verb_exec, verb_spec,
	verb_features, verb_update, verb_events, verb_seccomp, verb_trace, verb_why,
	verb_checkpoint, verb_restore, verb_debug, verb_denials;

/** The options that create and run share; create_options_of() reads them. */
#define CREATE_OPTIONS                                                                             \
	{"bundle", 'b', "DIR", "folder of config.json and the root file system (default: .)"},     \
		{"config", 'f', "FILE", "another name of config.json"},                            \
		{"console-socket", 0, "PATH", "socket that gets the terminal's other end"},        \
		{"pidfd-socket", 0, "PATH", "socket that gets a pidfd of the process"},            \
		{"pid-file", 0, "FILE", "file that the process id is written to"},                 \
		{"no-pivot", 0, NULL, "chroot instead of pivot_root"},                             \
		{"no-new-keyring", 0, NULL, "keep the caller's session keyring"},                  \
		{"no-subreaper", 0, NULL, "accepted for compatibility"},                           \
	{                                                                                          \
		"preserve-fds", 0, "N", "pass N more descriptors on, from 3"                       \
	}

int create_options_of(const struct options *options, struct create_options *create,
		      struct err *err);
