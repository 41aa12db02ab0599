#include "pve/facts/facts.h"

#include <string.h>

const struct pve_bridge *pve_facts_bridge(const struct pve_facts *facts, const char *name)
{
	for (size_t i = 0; i < facts->bridges.count; i++)
		if (strcmp(facts->bridges.items[i].name, name) == 0)
			return &facts->bridges.items[i];
	return NULL;
}

const struct pve_volume *pve_facts_volume(const struct pve_facts *facts, const char *key)
{
	for (size_t i = 0; i < facts->volumes.count; i++)
		if (strcmp(facts->volumes.items[i].key, key) == 0)
			return &facts->volumes.items[i];
	return NULL;
}

const struct pve_device_node *pve_facts_device(const struct pve_facts *facts, const char *path)
{
	for (size_t i = 0; i < facts->devices.count; i++)
		if (strcmp(facts->devices.items[i].path, path) == 0)
			return &facts->devices.items[i];
	return NULL;
}

const char *pve_names_find(const struct pve_names *names, const char *name)
{
	for (size_t i = 0; i < names->count; i++)
		if (strcmp(names->items[i].name, name) == 0)
			return names->items[i].value;
	return NULL;
}
