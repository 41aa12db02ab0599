#pragma once

#include <stdbool.h>
#include <stddef.h>

struct changes;
struct err;
struct etc;
struct pve_conf;
struct storages;

/*
 * What a change of a config does on storages: volumes that its mpN ask for ("local:8,mp=/srv") are
 * made, those of an unusedN that goes are freed. Context: the caller holds the config's lock.
 */

struct volume_changes {
	const struct etc *etc;
	const struct storages *storages;
	struct pve_conf *conf;
	const struct changes *changes;
	bool running; /* an mpN that has to wait gets its volume when it no longer has to */
	void (*warn)(void *data, const char *text);
	/* Has the container the volume at @path mounted, whatever its config says? NULL: none has
	 */
	bool (*mounted)(void *data, const char *path);
	void *data;
	const char **made; /* unusedN in @conf's main section */
	size_t made_count;
};

/**
 * change_asks() - of what is pending, the mpN that ask for a volume
 * Return: whether there are any; @changes is for change_make_volumes() then.
 */
bool change_asks(struct pve_conf *conf, struct changes *changes);

/**
 * change_make_volumes() - make the volumes that pending mpN ask for; the mpN name them then
 *
 * Each is an unusedN in the config file before it is made, and stays one until the caller has
 * written the file with the mpN in its main section.
 * On failure nothing is left of them.
 */
int change_make_volumes(struct volume_changes *making, struct err *err);

/** change_unmake_volumes() - nothing came of it: remove them; the file is as it was before, but
 * that one which is mounted all the same stays as unusedN. */
void change_unmake_volumes(struct volume_changes *making);

/**
 * change_free_volumes() - remove unusedN that are to go, and their volumes
 *
 * A volume that a snapshot or a line of an mpN still has, or that is another container's, is kept.
 * Writes the config, and what was pending in it.
 */
int change_free_volumes(struct volume_changes *freeing, struct err *err);
