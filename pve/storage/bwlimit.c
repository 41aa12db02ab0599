#include "pve/storage/bwlimit.h"

#include "lib/arena.h"
#include "lib/own.h"
#include "pve/conf/value.h"
#include "pve/etc/datacenter.h"
#include "pve/storage/storage.h"

#include <string.h>

static const struct storage *find_storage(const struct storages *storages, const char *volume)
{
	size_t length = strcspn(volume, ":");

	for (const struct storage *at = storages->first; at; at = at->next)
		if (strlen(at->name) == length && strncmp(at->name, volume, length) == 0)
			return at;
	return NULL;
}

/* Its own word in "default=5,clone=10", else the default's. Return: whether there is either. */
static bool read_list(const char *list, const char *operation, double *limit)
{
	cleanup_(arena_free) struct arena arena = {};
	const char *value = list ? value_pair(&arena, list, operation) : NULL;

	if (list && !value)
		value = value_pair(&arena, list, "default");
	if (!value || !value_is_decimal(value))
		return false;
	*limit = value_number(value);
	return true;
}

double bwlimit_of(const struct bwlimit *limit, const char *volume)
{
	const struct storage *storage = find_storage(limit->storages, volume);
	double kib = 0;

	if (limit->given)
		return value_number(limit->given);
	if (!storage || !read_list(storage->bwlimit, limit->operation, &kib))
		(void)read_list(limit->datacenter->bwlimit, limit->operation, &kib);
	return kib;
}

double bwlimit_least(double one, double other)
{
	return one == 0 || (other > 0 && other < one) ? other : one;
}

double bwlimit_between(const struct bwlimit *limit, const char *from, const char *to)
{
	return bwlimit_least(bwlimit_of(limit, from), bwlimit_of(limit, to));
}
