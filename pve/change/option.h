#pragma once

struct arena;
struct datacenter;
struct err;
struct storages;

/*
 * Options as commands take them: more is asked of a value than when a file is read, and some are
 * stored in another form than they were given in.
 */

/** struct option_host - what a value may name on the host; strings are borrowed */
struct option_host {
	const struct storages *storages;
	const struct datacenter *datacenter;
	const char *before; /* the option's value as it is; NULL: none */
};

/**
 * option_store() - check the value of an option, and give it the form that is stored
 * @value: in @arena: lists with blanks between, tags sorted, an interface with its address
 *
 * Its type, limits and form first (schema_check_api()), then what it names on the host: devices
 * that must be there, a bridge whose packets must not be smaller, a hook script.
 * Return: 0; a negative errno with the reason alone.
 */
int option_store(struct arena *arena, const struct option_host *host, const char *key,
		 const char *text, const char **value, struct err *err);

/**
 * option_bad() - put the option before what @err says, as a command's error
 * Return: @r, but never -ENOENT: that is a container without a config, not a value that names
 * something which is not there
 */
int option_bad(const char *key, int r, struct err *err);
