#pragma once

#include <stddef.h>
#include <stdint.h>

struct action;
struct arena;
struct err;

/* How an action is read from its words, which takes more than one file. */

struct action_reader {
	struct arena *arena;
	char *const *words; /* behind the action's own */
	size_t count;
	unsigned int access; /* of the row */
	struct action *action;
	struct err *err;
};

/** action_add_call() - a call that is made of it, with its first arguments; one that this
 * libseccomp doesn't know is none that a filter could name */
void action_add_call(struct action *action, const char *name, uint64_t one, uint64_t two,
		     uint64_t three);

/** action_read_path() - an absolute one. Return: 0; -EINVAL, -ENAMETOOLONG. */
int action_read_path(struct action_reader *reader, const char *path);

/** action_read_bind() ... - the words of actions that are about sockets */
int action_read_bind(struct action_reader *reader);
int action_read_connect(struct action_reader *reader);
int action_read_accept(struct action_reader *reader);
