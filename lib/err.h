#pragma once

#include <stdbool.h>

/*
 * An error is a flat value: filled where a call failed, extended on the way up, printed once by
 * cli/. It needs no memory of its own, so it works when there is none left, and it goes from the
 * container's side to the host's side as one datagram.
 */

struct err {
	int num;          /* why: a positive errno value; 0 while nothing failed             */
	bool plain;       /* @what says it all: no errno text behind it                      */
	char what[768];   /* what, outermost first: "start 100: mount /a on /b: open source" */
	char hint[256];   /* what the reader can do, or ""                                   */
	char origin[192]; /* who asked for it ("mp0: in 100.conf, line 7"), or ""            */

	/* For a report of more than one line. */
	char leaf[192];      /* the operation that failed, alone: "open the source"             */
	char call[32];       /* its system call: "open_tree"; "": not one, or several           */
	char fact[256];      /* what the host shows behind it: "/srv is there, /srv/a is not"   */
	char stage[48];      /* of the step that failed: "enter"; else what was done: "clone"    */
	unsigned int number; /* the step's place in its stage, then in the plan; 0: no step   */
	unsigned int of;     /* how many the plan has; 0: @number is that in the stage        */
};

/**
 * err_set() - fill @err where a call failed
 * @num: the failure as a negative errno value; 0 and positive values count as EINVAL
 * @fmt: the operation and its nouns, lower case, no full stop: "open %s"
 *
 * @err may be NULL where the caller only wants the number. What @err held before is dropped.
 * Return: @num, so that a caller can write `return err_set(err, r, "...")`.
 */
int err_set(struct err *err, int num, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/** err_sys() - err_set() for one system call: @call is its name, "openat2". */
int err_sys(struct err *err, int num, const char *call, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/** err_plain() - like err_set() for a finding that no errno text explains: only @fmt is shown. */
int err_plain(struct err *err, int num, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/**
 * err_wrong() - a word that somebody wrote makes no sense
 * @hint: what would: "write u 0 100000 65536"
 * Return: -EINVAL
 */
int err_wrong(struct err *err, const char *hint, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/** err_add() - put "@fmt: " before what @err says, on the way up. Does nothing on a clear @err. */
void err_add(struct err *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/** err_hint() - say what the reader can do; the first hint (the leaf's) stays. */
void err_hint(struct err *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/** err_origin() - say who asked for what failed; the first origin (the innermost) stays. */
void err_origin(struct err *err, const char *origin);

/** err_fact() - say what the host shows behind it: shown in reports; the first one stays. */
void err_fact(struct err *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/** err_stage() - say what a start was about when it failed; nothing where a step has said it. */
void err_stage(struct err *err, const char *stage);

/** err_clear() - make @err say nothing. */
void err_clear(struct err *err);

/**
 * err_text() - the whole error as one line without a line break
 * @buffer: where the line goes, always terminated
 * Return: @buffer
 */
char *err_text(const struct err *err, char *buffer, unsigned long size);
