#pragma once

/*
 * Who frees what. A local that owns something says so at its declaration, and hands it on with
 * take_fd() or take_ptr().
 *
 *	cleanup_close int fd = -EBADF;
 *	cleanup_free char *line = NULL;
 *	cleanup_(text_free) struct text text = {};
 */

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

#define cleanup_(f)   __attribute__((cleanup(f##_p)))
#define cleanup_close __attribute__((cleanup(close_p)))
#define cleanup_free  __attribute__((cleanup(free_p)))

/** close_fd() - close @fd if it is one, keep errno. Return: -EBADF, to store in its place. */
static inline int close_fd(int fd)
{
	int saved = errno;

	if (fd >= 0)
		(void)close(fd); /* nothing to do about a failed close of what we only read */
	errno = saved;
	return -EBADF;
}

static inline void close_p(int *fd)
{
	*fd = close_fd(*fd);
}

static inline void free_p(void *p)
{
	free(*(void **)p);
}

/** take_fd() - give the descriptor away: its holder no longer closes it. */
static inline int take_fd(int *fd)
{
	int taken = *fd;

	*fd = -EBADF;
	return taken;
}

#define take_ptr(p)                                                                                \
	({                                                                                         \
		__auto_type taken_ = *(p);                                                         \
		*(p) = NULL;                                                                       \
		taken_;                                                                            \
	})

#define DEFINE_CLEANUP(type, f)                                                                    \
	static inline void f##_p(type *p)                                                          \
	{                                                                                          \
		f(p);                                                                              \
	}                                                                                          \
	struct allow_semicolon_

#define container_of(pointer, type, member)                                                        \
	((type *)((char *)(pointer) - __builtin_offsetof(type, member)))
#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* A value that may be absent: absent, 0 and -1 differ in the spec. */
struct opt_u64 {
	bool set;
	unsigned long value;
};
struct opt_i64 {
	bool set;
	long value;
};
struct opt_bool {
	bool set;
	bool value;
};
