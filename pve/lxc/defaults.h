#pragma once

#include <stdbool.h>

struct lxc_config;

/**
 * lxc_defaults_add() - the lines that a Proxmox host's LXC includes for a distribution
 * @ostype: the config's; one that nobody knows gets what all have in common
 * @userns: with those for containers that have a user namespace
 */
void lxc_defaults_add(struct lxc_config *config, const char *ostype, bool userns);
