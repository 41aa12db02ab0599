#pragma once

#include <stdbool.h>

struct place;
struct subject;

/*
 * The smallest changes, in words of whoever has configured the subject: lines of pct's config,
 * members of config.json, or of nothing that we know. Strings live in the subject's arena.
 */

/** fix_capability() - to have @cap in its effective set */
const char *fix_capability(const struct subject *subject, unsigned int cap);

/** fix_read_only() - @target, a folder of the kernel's, is to be written to */
const char *fix_read_only(const struct subject *subject, const char *target);

/** fix_mask() - @target is to be seen */
const char *fix_mask(const struct subject *subject, const char *target);

/** fix_filter() - the system call @name is to pass; @by_rule: of that call, not by the default */
const char *fix_filter(const struct subject *subject, const char *name, bool by_rule);

/** fix_table() - a rule of the table @name of nftables' is in the way. @whose: " inside", "" */
const char *fix_table(const struct subject *subject, const char *family, const char *name,
		      const char *whose);

/** fix_sysctl() - the config sets @key, of a namespace of its own: "net/ipv4/ip_forward" */
const char *fix_sysctl(const struct subject *subject, const char *key);

/** fix_device() - /dev/@name, which is not there */
const char *fix_device(const struct subject *subject, const char *name);

/** fix_owner() - a file that is nobody's in there is to be the process' own */
const char *fix_owner(const struct subject *subject, const struct place *place);
