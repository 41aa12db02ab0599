#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/types.h>

struct arena;
struct err;
struct text;

/*
 * What a process might do, as values: which rights it takes and which system calls a C library
 * makes of it. The judges and the proof both go by these.
 */

enum action_kind {
	ACTION_OPEN, /* a file or a device node */
	ACTION_EXEC,
	ACTION_CREATE,  /* a new file in a folder */
	ACTION_REMOVE,  /* one that is there */
	ACTION_MOUNT,   /* a new file system */
	ACTION_UNSHARE, /* new namespaces */
	ACTION_BIND,
	ACTION_CONNECT,
	ACTION_CONNECT_LOCAL, /* to a socket file, or an abstract name */
	ACTION_ACCEPT,        /* what comes from an address to a port of its own */
	ACTION_KILL,
	ACTION_SYSCALL,
};

enum { ACCESS_EXEC = 1, ACCESS_WRITE = 2, ACCESS_READ = 4 }; /* access(2)'s */
enum { ACTION_CALLS = 2, CALL_ARGS = 6 };

/** struct action_call - one system call, its pointers as 0 */
struct action_call {
	const char *name;
	uint32_t number; /* of the machine's own architecture */
	uint64_t args[CALL_ARGS];
};

struct action {
	enum action_kind kind;
	const char *words;   /* as it was asked: "write /etc/hosts"          */
	const char *path;    /* of ACTION_OPEN, ACTION_EXEC, a socket file; or the folder */
	const char *name;    /* in it, of ACTION_CREATE and ACTION_REMOVE; else NULL */
	unsigned int access; /* ACCESS_* bits                                */
	bool device;         /* it has to be one                             */
	const char *fstype;
	uint64_t flags; /* CLONE_NEW*                                     */
	struct sockaddr_storage address;
	socklen_t address_size;
	const char *abstract; /* the socket's name; NULL: it has another address */
	int socket_type;      /* SOCK_*                                     */
	uint8_t protocol;     /* IPPROTO_*                                  */
	uint8_t icmp_type;    /* an echo's if nothing else was asked for    */
	pid_t target;         /* as the process' own pid namespace numbers it     */
	int signal;
	size_t call_count;
	struct action_call calls[ACTION_CALLS];
};

/**
 * action_read() - an action from its words: {"write", "/etc/hosts"}
 * @action: strings live in @arena
 * Return: 0; -EINVAL with how it is written.
 */
int action_read(struct arena *arena, char *const *words, size_t count, struct action *action,
		struct err *err);

/** action_is_ping() - is it an echo, which anybody answers who is there? */
bool action_is_ping(const struct action *action);

/** action_help() - each action and its words, @between them */
void action_help(struct text *text, const char *between);
