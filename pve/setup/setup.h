#pragma once

#include "lib/arena.h"

#include <sys/types.h>

struct err;
struct pve_conf;

/*
 * The guest's own files, made to fit its config: names, addresses, logins. Every file is looked up
 * below the root's descriptor, where no link leads out of it.
 */

struct setup {
	int root_fd;
	const struct pve_conf *conf;
	const char *ostype; /* found in the root: "debian", "unmanaged"; NULL: as unmanaged */
	uid_t uid;          /* owner of new files on the host: the container's root */
	gid_t gid;
	const char *resolv_conf; /* text of the host's; NULL: none */
	const char *timezone;    /* the host's: "Europe/Vienna"; NULL: not known */
	void (*warn)(void *data, const char *line); /* may be NULL; runs in the caller's process */
	void *warn_data;
};

/** struct setup_first - what only the making of a container sets; NULL: not asked for */
struct setup_first {
	const char *password; /* plain, or a crypt(3) hash */
	const char *keys;     /* lines of authorized_keys   */
};

/**
 * setup_ostype() - which distribution is in the root: "debian", "alpine", ... "unmanaged"
 * Return: 0; -EINVAL when it says a name that nobody knows.
 */
int setup_ostype(int root_fd, const char **ostype, struct err *err);

/** setup_arch() - "amd64", "arm64", ... from the ELF header of /bin/sh. NULL: not recognized. */
const char *setup_arch(int root_fd);

/** setup_ask_host() - fill in what comes from this host: name servers, timezone; in @arena. */
void setup_ask_host(struct arena *arena, struct setup *setup);

/** setup_create() - after extraction: fresh identity, logins, then setup_start(). */
int setup_create(const struct setup *setup, const struct setup_first *first, struct err *err);

/** setup_clone() - another identity for a copy of a container; the rest is a start's. */
int setup_clone(const struct setup *setup, struct err *err);

/** setup_clone_volume() - the same on its root volume, as setup_volume() */
int setup_clone_volume(const char *volume, struct setup *setup, struct err *err);

/** setup_start() - before every start. Does nothing for unmanaged containers; twice is once. */
int setup_start(const struct setup *setup, struct err *err);

/**
 * setup_running() - the network's files alone, below the root of a container that runs
 * @root_fd: its root as the host sees it; whoever owns that owns the files
 * @setup: the rest is found out: root, owner, ostype
 */
int setup_running(int root_fd, struct setup *setup, struct err *err);

/**
 * setup_volume() - setup_start() on the root volume of a stopped container
 * @volume: path of a directory, an image or a block device
 * @setup: the rest is found out: root, owner, ostype
 */
int setup_volume(const char *volume, struct setup *setup, struct err *err);
