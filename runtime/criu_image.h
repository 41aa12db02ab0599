#pragma once

#include "lib/own.h"
#include "lib/step.h"

#include <stdbool.h>
#include <sys/types.h>

struct arena;
struct criu;
struct criu_options;
struct err;
struct journal;
struct oci_map;

/*
 * The folder of a container's images, and that of CRIU's log: the same where only one is given.
 */
struct criu_image {
	int images_fd, work_fd;
	const char *images_path, *work_path; /* absolute, in the arena */
	const char *log;                     /* "dump.log"             */
	bool images_made, work_made;         /* by criu_image_make()   */
	bool open_to_group;                  /* by criu_image_let_in() */
	mode_t mode;                         /* what it was before     */
	gid_t group;
};

/** criu_image_make() - for a checkpoint; what is missing is made, for the caller alone */
int criu_image_make(struct arena *arena, const struct criu_options *options,
		    struct criu_image *image, struct err *err);

/** criu_image_open() - for a restore: there have to be images */
int criu_image_open(struct arena *arena, const struct criu_options *options,
		    struct criu_image *image, struct err *err);

/** criu_image_let_in() - the folder may be entered by @group too, until criu_image_close()
 *
 * CRIU's processes go on reading after they have entered the container's user namespace, where a
 * folder of root's is closed to them. @journal: has it for criu_image_kind's undo(), before. */
int criu_image_let_in(struct criu_image *image, gid_t group, struct journal *journal,
		      struct err *err);
void criu_image_close_to_group(struct criu_image *image);

/** criu_image_kind - of no plan: what the journal knows such a folder by */
extern const struct step_kind criu_image_kind;

/** criu_image_enter() - in another mount namespace: the same two folders as they are there */
int criu_image_enter(const struct criu_image *image, int fds[2], struct err *err);

/** criu_image_drop() - after a failed checkpoint: remove what was made for it and is empty */
void criu_image_drop(const struct criu_image *image);

void criu_image_close(struct criu_image *image);
DEFINE_CLEANUP(struct criu_image, criu_image_close);

/**
 * criu_image_options() - the options of a request that both ways have
 * @annotations: of the container: ANNOTATION_CRIU_CONFIG may name a file of further ones
 */
int criu_image_options(const struct criu_image *image, const struct criu_options *options,
		       const struct oci_map *annotations, struct criu *criu, struct err *err);

/** criu_image_failed() - after criu_ask(): where CRIU itself has failed, what its log says about it
 * and where that is */
void criu_image_failed(const struct criu_image *image, const struct criu *criu, struct err *err);
