#pragma once

#include <stdbool.h>

struct arena;
struct err;
struct firewall_files;
struct pve_conf;
struct pve_names;

/* A container's firewall files among the facts. */

/** firewall_wanted() - has any interface of the config firewall=1? */
bool firewall_wanted(struct arena *arena, const struct pve_conf *conf);

/**
 * firewall_files_read() - take the gathered texts apart
 * @texts: files of struct pve_facts
 * Return: 0; -EINVAL with file and line.
 */
int firewall_files_read(struct arena *arena, const char *id, const struct pve_names *texts,
			struct firewall_files *files, struct err *err);
