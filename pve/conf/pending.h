#pragma once

#include <stdbool.h>

struct pve_conf;
struct pve_section;

/*
 * [pve:pending]: values that wait for a restart, and under `delete` the keys that go with it.
 * `description` and `env` are keys like the others.
 */

/** pending_set() - @key waits to become @value; that it waited to go is forgotten. */
void pending_set(struct pve_conf *conf, const char *key, const char *value);

/** pending_delete() - @key waits to go; a value that waited is forgotten. */
void pending_delete(struct pve_conf *conf, const char *key);

/** pending_revert() - nothing waits for @key any more. */
void pending_revert(struct pve_conf *conf, const char *key);

/** pending_clean() - forget what would change nothing. */
void pending_clean(struct pve_conf *conf);

/** pending_deletes() - does @key wait to go? */
bool pending_deletes(const struct pve_conf *conf, const char *key);

/** pending_has() - does anything wait for @key? */
bool pending_has(const struct pve_conf *conf, const char *key);

/** pending_merge() - lay what is pending over @section, a copy of main: to be shown. */
void pending_merge(struct pve_conf *conf, struct pve_section *section);

/**
 * pending_apply_key() - the main section's @key becomes what was pending for it
 *
 * The volume of an mpN or rootfs that goes or gets another one is kept as unusedN.
 * Return: whether anything was pending for it.
 */
bool pending_apply_key(struct pve_conf *conf, const char *key);

/**
 * pending_apply() - the same for all keys: what a restart does
 * Return: whether there was anything pending; the file is the caller's to write.
 */
bool pending_apply(struct pve_conf *conf);
