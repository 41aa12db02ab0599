#pragma once

#include <stdbool.h>
#include <stdint.h>

struct place;
struct subject;

/* What a process' ids and capabilities are good for. Pure. */

/** rights_over() - has it @cap over what belongs to a user namespace? @owner: inode number */
bool rights_over(const struct subject *subject, unsigned int cap, uint64_t owner);

/** rights_over_host() - over the whole host, which takes the initial user namespace */
bool rights_over_host(const struct subject *subject, unsigned int cap);

/** rights_over_file() - capabilities count for files whose owner and group are somebody in there */
bool rights_over_file(const struct subject *subject, unsigned int cap, const struct place *place);

/** rights_access() - may it, by mode, ACL and capabilities? @mask: ACCESS_* bits */
bool rights_access(const struct subject *subject, const struct place *place, unsigned int mask);

/** rights_by_mode() - the same by owner, group, mode and ACL alone */
bool rights_by_mode(const struct subject *subject, const struct place *place, unsigned int mask);
