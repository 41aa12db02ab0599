#pragma once

#include <stdbool.h>

struct pve_conf;
struct pve_section;

/*
 * [pve:pending]: values that wait for a restart, and under `delete` the keys that go with it.
 */

/** pending_merge() - lay what is pending over @section, a copy of main: to be shown. */
void pending_merge(struct pve_conf *conf, struct pve_section *section);

/**
 * pending_apply() - what a restart does: the main section becomes what was pending
 *
 * The volume of an mpN that goes or gets another one is kept as unusedN.
 * Return: whether there was anything pending; the file is the caller's to write.
 */
bool pending_apply(struct pve_conf *conf);
