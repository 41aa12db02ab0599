#pragma once

#include "lib/own.h"

#include <stdio.h>
#include <sys/types.h>

struct err;

/*
 * The locks that Proxmox's tools take: flock(2) on a file that stays. A config is read and changed
 * by its holder only; another program that follows the same files waits for us and we for it.
 */

#define LOCK_FOLDER         "/run/lock/lxc"         /* of configs  */
#define LOCK_STORAGE_FOLDER "/var/lock/pve-manager" /* of storages */

enum {
	LOCK_SECONDS = 10,       /* how long a change of a config waits          */
	LOCK_CREATE_SECONDS = 5, /* how long the one that makes a new file waits */
	/* Removing a tree takes its time: with Proxmox's 10 s, of two that are removed at once the
	 * second one would fail. */
	LOCK_STORAGE_SECONDS = 120,
};

/**
 * struct lock - a held lock, or none: LOCK_NONE
 * @fd: the locked file; -EBADF: not held
 */
struct lock {
	int fd;
};

#define LOCK_NONE                                                                                  \
	{                                                                                          \
		.fd = -EBADF                                                                       \
	}

/** struct lock_request - which lock, and how patiently */
struct lock_request {
	const char *folder;        /* made if it isn't there                          */
	const char *name;          /* of the file: "pve-config-100.lock"              */
	unsigned int seconds;      /* to wait at most; 0: don't                       */
	const struct lock *holder; /* one that the caller has already; NULL: none     */
	FILE *waiting;             /* where "trying to acquire lock..." goes, or NULL */
};

/**
 * lock_take() - take it
 * @lock: written on success; give it to lock_drop()
 *
 * With a held @holder nothing is locked, and dropping @lock leaves the holder's.
 * Return: 0; -ETIMEDOUT when another process kept it.
 */
int lock_take(const struct lock_request *request, struct lock *lock, struct err *err);

/** lock_config() - the same for the config of a container; @folder: NULL: LOCK_FOLDER. */
int lock_config(const char *folder, const char *id, unsigned int seconds, const struct lock *holder,
		struct lock *lock, struct err *err);

/** lock_storage() - the same for a storage; @folder: NULL: LOCK_STORAGE_FOLDER. */
int lock_storage(const char *folder, const char *storage, struct lock *lock, struct err *err);

/**
 * lock_drop() - let go; also of LOCK_NONE
 *
 * Also for processes that were forked meanwhile and still have the descriptor open.
 */
void lock_drop(struct lock *lock);
DEFINE_CLEANUP(struct lock, lock_drop);

/**
 * lock_holder() - which process took the config lock of a container: /proc/locks
 * Return: its pid; 0 when nobody has it, or a process that can't be seen from here.
 */
pid_t lock_holder(const char *folder, const char *id);

/** lock_leave() - let go in this process alone: the lock is held until the last one does. */
void lock_leave(struct lock *lock);
