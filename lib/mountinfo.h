#pragma once

#include "lib/arena.h"

#include <stdbool.h>

struct err;

/*
 * /proc/PID/mountinfo as a list, oldest mount first. For looking afterwards (audit): nothing on
 * the way of a start reads it. Fields are proc_pid_mountinfo(5)'s.
 */
struct mountinfo {
	int id;
	int parent;
	unsigned int major, minor;
	const char *root;        /* what of the file system is mounted: "/", "/srv/media" */
	const char *target;      /* below the process' root                               */
	const char *options;     /* of this mount: "ro,nosuid,relatime"                   */
	const char *propagation; /* "shared:7 master:3", ""                               */
	const char *type;
	const char *source;
	const char *super_options;
	const struct mountinfo *next;
};

/**
 * mountinfo_read() - the mounts that a process sees
 * @pid_dir_fd: /proc/PID
 * @list: lives in @arena
 */
int mountinfo_read(struct arena *arena, int pid_dir_fd, const struct mountinfo **list,
		   struct err *err);

/** mountinfo_parse() - the same from a text; lines that are none are passed over. */
const struct mountinfo *mountinfo_parse(struct arena *arena, const char *text);

/** mountinfo_find() - the topmost mount on exactly @target. Return: NULL if there is none. */
const struct mountinfo *mountinfo_find(const struct mountinfo *list, const char *target);

/** mountinfo_hidden() - what is mounted on the way to @mount, one of @list, and hides it.
 * Return: NULL if it can be seen. */
const struct mountinfo *mountinfo_hidden(const struct mountinfo *list,
					 const struct mountinfo *mount);

/** mountinfo_has() - is @word one of the words of @options? */
bool mountinfo_has(const char *options, const char *word);
