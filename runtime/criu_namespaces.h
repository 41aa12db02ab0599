#pragma once

struct criu;
struct err;
struct plan;
struct run;

/*
 * Namespaces that a container shares: CRIU makes all of its own anew, and takes others as they are
 * where it is told their name and, at a restore, given a descriptor of them.
 */

enum { CRIU_NAMESPACES = 2 };

/** criu_namespaces_check() - Return: 0; -ENOTSUP for a container with interfaces that we have made
 * or taken from the host: an image can't have the host's end of them */
int criu_namespaces_check(const struct plan *plan, struct err *err);

/** criu_namespaces_leave() - for a checkpoint: those that were joined by path
 * Return: 0; -ENOTSUP for one of a kind that CRIU always makes anew. */
int criu_namespaces_leave(struct criu *criu, const struct plan *plan, const struct run *look,
			  struct err *err);

/** criu_namespaces_open() - for a restore: what the bundle has in their place
 * @fds: room for them, -EBADF; the caller closes them. Return: 0; -EINVAL for a file that is none.
 */
int criu_namespaces_open(const struct plan *plan, int fds[CRIU_NAMESPACES], struct err *err);

/** criu_namespaces_inherit() - and that it is told of them */
void criu_namespaces_inherit(struct criu *criu, const int fds[CRIU_NAMESPACES]);
