#pragma once

#include <stdbool.h>

struct action;
struct err;
struct subject;

/*
 * The real thing: a child process with the subject's namespaces, root, ids, capabilities, cgroup
 * and filters does the action, as far as that changes nothing, and says what the kernel said.
 */

struct proof {
	bool made;          /* false: @why says why there is none                 */
	bool filters_alone; /* only they were asked                             */
	bool unlabelled;    /* without the security label: that can't be taken on  */
	bool outside;    /* of its cgroup, which could not be joined: without its device filter */
	int error;       /* 0; an errno value; KILLED (why/judge.h)            */
	const char *why; /* how it was asked: what was done in place of the action, "by signal 0",
			  or what others could notice; NULL: itself, which nobody does */
};

/**
 * prove() - do @action as the subject
 *
 * Files are opened, never made, cut or written to. What would change something has a substitute:
 * why/attempt.h.
 */
int prove(const struct subject *subject, const struct action *action, struct proof *proof,
	  struct err *err);
