#pragma once

struct datacenter;
struct storages;

/* How fast an operation on storages may be, in KiB/s; 0: as fast as it goes. */

struct bwlimit {
	const char *given;     /* the option, a number; NULL: what the two files say */
	const char *operation; /* "clone", "move", "restore" */
	const struct storages *storages;
	const struct datacenter *datacenter;
};

/** bwlimit_of() - with the storage of @volume ("local:100/vm-100-disk-0.raw", or "local") */
double bwlimit_of(const struct bwlimit *limit, const char *volume);

/** bwlimit_least() - the stricter of two limits */
double bwlimit_least(double one, double other);

/** bwlimit_between() - with those of two volumes */
double bwlimit_between(const struct bwlimit *limit, const char *from, const char *to);
