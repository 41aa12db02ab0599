#pragma once

#include "lib/step.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct err;
struct plan;

/*
 * Tools in a container that has none: a mount that nobody but the process itself and its children
 * see, in a copy of the container's mount namespace. It covers a folder of the container that is
 * empty; nothing is made in there.
 */

/** struct tools - what is shown, and where; strings live in the finder's arena */
struct tools {
	const char *folder;  /* of the host; NULL: @busybox with a link for each of its applets */
	const char *busybox; /* a file of the host, linked statically                         */
	size_t applet_count;
	const char **applets;
	const char *at;     /* a folder of the container        */
	const char *path;   /* PATH of the container's own, which is looked through behind @at */
	bool own_terminals; /* with a devpts of its own as well: terminals that only it sees */
};

/**
 * tools_find() - what there is on the host, and a place for it
 * @folder: the user's own; NULL: a static busybox is looked for in PATH
 * @root_fd: the container's root
 * @at: the user's choice, absolute; NULL: the first folder of a list that is there and empty
 * Return: 0; -ENOENT with what to install or to say.
 */
int tools_find(struct arena *arena, const char *folder, int root_fd, const char *at,
	       struct tools *tools, struct err *err);

/**
 * tools_check() - refuse a command that is nowhere, or a tool that needs an interpreter which the
 * container hasn't
 * @name: of the command; one with a slash, or that is none of the tools', is the container's affair
 * Return: 0; -ENOENT.
 */
int tools_check(struct arena *arena, const struct tools *tools, const char *name, int root_fd,
		struct err *err);

/** struct tools_step - both kinds */
struct tools_step {
	struct step step;
	const struct tools *tools;
	int slot; /* the folder as a detached mount, or busybox' descriptor */
};

extern const struct step_kind tools_source_kind; /* "tools.source": PREPARE */
extern const struct step_kind tools_kind;        /* "tools": INSIDE         */

/** tools_plan() - the two steps; @data is a struct tools: see struct exec_changes */
int tools_plan(struct plan *plan, const void *data, struct err *err);
