#pragma once

#include <stdbool.h>

struct run;
struct step;

/**
 * stale_host_end() - whether no container here has @host for its end of a veth
 *
 * One of that name with our address is then left over from a container that is no longer on record.
 * Return: also false where that can't be found out.
 */
bool stale_host_end(const struct run *run, const char *host);

/*
 * A name that was taken: so the journal says when a link could not be made, as its undo must not
 * take away another container's that has the same name and address.
 * @member: of the record: "host"
 */
void name_note_taken(const struct step *step, struct run *run, const char *member,
		     const char *name);

/** name_is_taken() - whether that is the last that this container's journal says of @name */
bool name_is_taken(const struct run *run, const char *member, const char *name);

/** name_is_own() - whether this container has made a link of that name before this time, by its
 * journal: one that is there is then its own, if it has its address, too */
bool name_is_own(const struct run *run, const char *member, const char *name);
