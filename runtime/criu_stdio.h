#pragma once

struct criu;
struct criu_image;
struct err;
struct run;

/*
 * 0, 1 and 2 of a container's first process came from whoever made it, so they are not in the
 * images: whoever restores it gives it others. What they were is in descriptors.json beside the
 * images, a list of three names, as other runtimes have it: "pipe:[1234]", "/dev/null".
 */

enum { CRIU_STDIO = 3 };

/** criu_stdio_leave() - for a checkpoint; writes descriptors.json
 * @look: the first process */
int criu_stdio_leave(struct criu *criu, const struct criu_image *image, const struct run *look,
		     struct err *err);

/** criu_stdio_drop() - what that has written is of no use: the checkpoint failed */
void criu_stdio_drop(const struct criu_image *image);

/**
 * criu_stdio_inherit() - for a restore: ours in their place
 * @fds: copies of ours, for criu->kept_fds; -EBADF: of one that we haven't
 */
int criu_stdio_inherit(struct criu *criu, const struct criu_image *image, const int fds[CRIU_STDIO],
		       struct err *err);
