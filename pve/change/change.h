#pragma once

#include "pve/conf/conf.h"
#include "pve/conf/schema.h"

#include <stdbool.h>
#include <stddef.h>

struct datacenter;
struct err;
struct storages;

/*
 * What `pct set` asks for. All of it is first recorded in [pve:pending]; from there a key becomes
 * the present state when it can: at once, live, or at the next start (pve/conf/schema.h: enum
 * schema_change).
 */

struct change_request {
	const struct storages *storages;
	const struct datacenter *datacenter;
	/* Options as the user wrote them: @count pairs of key and value. */
	const char *const (*options)[2];
	size_t count;
	const char *delete, *revert; /* lists of keys; NULL: none */
	void (*warn)(void *data, const char *text);
	void *data;
};

/** struct changes - what a request comes to; in the config's arena */
struct changes {
	const char **keys; /* that it is about, sorted */
	size_t count;
	const char **freed; /* unusedN that go, with their volumes */
	size_t freed_count;
	struct pve_section before; /* [pve:pending] as it was */
};

/** changes_begin() - those of @conf before anything is recorded: no keys. */
void changes_begin(struct pve_conf *conf, struct changes *changes);

/**
 * change_record() - check a request and write it into the config's pending section
 *
 * Nothing that made no sense is half recorded: on failure @conf is of no use any more.
 * Return: 0; a negative errno with "400 Parameter verification failed. KEY: ...".
 */
int change_record(struct pve_conf *conf, const struct change_request *request,
		  struct changes *changes, struct err *err);

/** change_kind() - what a change of @key does to a container that runs. */
enum schema_change change_kind(const char *key);

/** change_can_now() - can a container that runs have it, or has it to wait for the next start? */
bool change_can_now(const struct pve_conf *conf, const char *key);
