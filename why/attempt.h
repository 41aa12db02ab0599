#pragma once

#include <stdbool.h>

struct action;
struct action_call;
struct around;
struct subject;

/* What is really done to prove an action: by whom is prove()'s matter. */

/*
 * An action is either made as it is, under the filters; or in two parts, where something else has
 * to stand for it that changes nothing: its system call is caught behind the filters, and then the
 * substitute is made without them.
 */
enum attempt_part { ATTEMPT_WHOLE, ATTEMPT_CAUGHT, ATTEMPT_SUBSTITUTE };

/*
 * What a caught call is answered with: errno values that the kernel has no use for. A filter of the
 * subject's may answer with one of them all the same, but what it answers a call with doesn't
 * change: a call has been caught when it was with each of them.
 */
enum { MARK_FIRST = 4001, MARK_LAST };

enum { PATIENCE_SEC = 3 }; /* so long an attempt may take: whoever is starved by others needs it */
enum { UNDECIDED = -1 };   /* in place of an errno value: what came out says nothing */

/** struct attempt - in memory that the one who waits shares */
struct attempt {
	enum attempt_part part;
	int mark;      /* of ATTEMPT_CAUGHT               */
	bool labelled; /* it has the subject's security label */
	bool joined;   /* and is in its cgroup                */
	bool begun, done;
	int error;  /* what it ended with: 0, an errno value, or UNDECIDED */
	int failed; /* it did not come to it: a negative errno */
	int killed; /* by which signal                         */
};

/** attempt_refuse() - Return: why an action can't be tried without changing something; NULL: it can
 */
const char *attempt_refuse(const struct subject *subject, const struct action *action);

/** attempt_whole() - can it be made as it is? */
bool attempt_whole(const struct subject *subject, const struct action *action);

/** attempt_effect() - Return: what others could notice of one that is made as it is; NULL: nothing
 */
const char *attempt_effect(const struct action *action);

/** attempt_substitute() - Return: what stands for it, in words; NULL: nothing could */
const char *attempt_substitute(const struct action *action);

/** attempt_traced() - has who makes it to be traced? A stop of his is what comes out then. */
bool attempt_traced(const struct attempt *attempt, const struct action *action);

/** attempt_make() - Return: 0, the errno value that the action ends with, or UNDECIDED */
int attempt_make(const struct attempt *attempt, const struct action *action);

/** attempt_wait() - before filters are loaded: a connection that nobody answers fails by ETIMEDOUT
 * after PATIENCE_SEC */
void attempt_wait(void);

/** attempt_ping_socket() - as ping(8) makes it: a raw one, or that for the groups which may ping
 * Return: a descriptor, or -1 with errno. */
int attempt_ping_socket(const struct action *action);

/** attempt_ping() - by such a socket that is connected. Return: 0, the errno value that it ends
 * with, or UNDECIDED: more packets of others came than anybody would look through. */
int attempt_ping(int fd, const struct action *action);

/** attempt_connect() - from the caller's network namespace
 * Return: 0, the errno value that it ends with, or UNDECIDED. */
int attempt_connect(const struct action *action);

/** attempt_accept() - from there to the subject; @error: as attempt_connect() returns it
 * Return: why we can't try it; NULL: it was tried. */
const char *attempt_accept(const struct around *around, const struct action *action, int *error);

/** attempt_sends() - or is only the way looked for, as a datagram's would be? */
bool attempt_sends(const struct action *action);

/** attempt_is_answer() - may the other end, or that nobody is there, be what such an error is of?
 */
bool attempt_is_answer(const struct action *action, int error);

/**
 * attempt_catch() - a filter that answers @call with @mark and keeps it from being made, where
 * those that are loaded after it let it through
 * Return: 0, or a negative errno.
 */
int attempt_catch(const struct action_call *call, int mark);
