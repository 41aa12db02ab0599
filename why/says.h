#pragma once

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct isolation_mount;
struct place;
struct subject;

/* Words and look-ups that several layers share. Strings live in the subject's arena. */

/** says_arena() - that arena, which is added to */
struct arena *says_arena(const struct subject *subject);

/** says_path() - where a place is, printable */
const char *says_path(const struct subject *subject, const struct place *place);

/** says_owner() - "root:root 0644": owner, group as they are called in there, and mode */
const char *says_owner(const struct subject *subject, const struct place *place);

/** says_person() - "uid 1000, gid 1000": who the process is for files, as it is called in there */
const char *says_person(const struct subject *subject);

/**
 * says_capability() - why a capability doesn't count: it has none, or only in another user
 * namespace
 * @over: "the network namespace"
 */
const char *says_capability(const struct subject *subject, unsigned int cap, const char *over);

/** mount_of() - the mount that a place is on. Return: NULL: not seen. */
const struct isolation_mount *mount_of(const struct subject *subject, const struct place *place);

/** object_of() - what is at the end of the path. Return: NULL: it isn't there. */
const struct place *object_of(const struct subject *subject);

/** mount_origin() - the spec's path that put a mount there: "mounts[3]". Return: NULL: none known.
 */
const char *mount_origin(const struct subject *subject, const struct isolation_mount *mount);

/** mount_masks() - is it there to hide what is below, by the config? */
bool mount_masks(const struct subject *subject, const struct isolation_mount *mount);
