#pragma once

/*
 * Which lxc.* lines a config file may have. What becomes of them is the translation's business
 * (config.h).
 */

enum raw_verdict {
	RAW_UNKNOWN, /* not to be had in a config */
	RAW_FINE,
	RAW_DEPRECATED, /* an old name: kept, and said */
	RAW_REFUSED,    /* known, but another option says it */
};

/**
 * raw_key_check() - may a config have @key?
 * @why: of the last two verdicts, constant: "is deprecated and was renamed to lxc.idmap"
 */
enum raw_verdict raw_key_check(const char *key, const char **why);
