#include "why/rights.h"

#include "why/action.h"
#include "why/subject.h"

#include <endian.h>
#include <linux/capability.h>
#include <linux/posix_acl.h>
#include <string.h>
#include <sys/stat.h>

bool rights_over(const struct subject *subject, unsigned int cap, uint64_t owner)
{
	const struct isolation *isolation = &subject->isolation;

	return isolation_capable(isolation, cap) &&
	       (isolation->initial_userns || owner == isolation->namespaces[NAMESPACE_USER].id);
}

bool rights_over_host(const struct subject *subject, unsigned int cap)
{
	return isolation_capable(&subject->isolation, cap) && subject->isolation.initial_userns;
}

/* privileged_wrt_inode_uidgid() */
bool rights_over_file(const struct subject *subject, unsigned int cap, const struct place *place)
{
	const struct isolation *isolation = &subject->isolation;
	uint32_t inside;

	return isolation_capable(isolation, cap) &&
	       (isolation->initial_userns ||
		(idmap_inside(&isolation->uid_map, place->uid, &inside) &&
		 idmap_inside(&isolation->gid_map, place->gid, &inside)));
}

static bool in_group(const struct isolation_creds *creds, uint32_t gid)
{
	if (creds->gid[3] == gid)
		return true;
	for (size_t i = 0; i < creds->group_count; i++)
		if (creds->groups[i] == gid)
			return true;
	return false;
}

/* ------------------------------------------------------------------ access control lists */

struct acl_entry {
	uint16_t tag, perm;
	uint32_t id;
};

enum { ACL_HEADER = 4 };

/* The extended attribute is little-endian: linux/posix_acl_xattr.h. */
static struct acl_entry entry_at(const unsigned char *acl, size_t at)
{
	struct acl_entry entry;

	memcpy(&entry, acl + at, sizeof(entry));
	return (struct acl_entry){le16toh(entry.tag), le16toh(entry.perm), le32toh(entry.id)};
}

static uint16_t mask_of(const struct place *place)
{
	for (size_t at = ACL_HEADER; at + sizeof(struct acl_entry) <= place->acl_size;
	     at += sizeof(struct acl_entry)) {
		struct acl_entry entry = entry_at(place->acl, at);

		if (entry.tag == ACL_MASK)
			return entry.perm;
	}
	return ACL_READ | ACL_WRITE | ACL_EXECUTE;
}

/* acl(5), "access check algorithm"; who isn't the owner. */
static bool allowed_by_acl(const struct isolation_creds *creds, const struct place *place,
			   unsigned int mask)
{
	uint16_t limit = mask_of(place), others = 0;
	bool of_group = false;

	for (size_t at = ACL_HEADER; at + sizeof(struct acl_entry) <= place->acl_size;
	     at += sizeof(struct acl_entry)) {
		struct acl_entry entry = entry_at(place->acl, at);

		if (entry.tag == ACL_USER && entry.id == creds->uid[3])
			return (entry.perm & limit & mask) == mask;
		if ((entry.tag == ACL_GROUP_OBJ && in_group(creds, place->gid)) ||
		    (entry.tag == ACL_GROUP && in_group(creds, entry.id))) {
			of_group = true;
			if ((entry.perm & limit & mask) == mask)
				return true;
		}
		if (entry.tag == ACL_OTHER)
			others = entry.perm;
	}
	return !of_group && (others & mask) == mask;
}

/* ------------------------------------------------------------------ mode and capabilities */

bool rights_by_mode(const struct subject *subject, const struct place *place, unsigned int mask)
{
	const struct isolation_creds *creds = &subject->isolation.creds;
	mode_t mode = place->mode;

	if (creds->uid[3] == place->uid)
		return ((mode >> 6) & mask) == mask;
	if (place->acl_size)
		return allowed_by_acl(creds, place, mask);
	if (in_group(creds, place->gid))
		mode >>= 3;
	return (mode & mask) == mask;
}

/* generic_permission() */
bool rights_access(const struct subject *subject, const struct place *place, unsigned int mask)
{
	bool overrides = rights_over_file(subject, CAP_DAC_OVERRIDE, place);
	bool searches = rights_over_file(subject, CAP_DAC_READ_SEARCH, place);

	if (rights_by_mode(subject, place, mask))
		return true;
	if (S_ISDIR(place->mode))
		return overrides || (searches && !(mask & ACCESS_WRITE));
	if (mask == ACCESS_READ && searches)
		return true;
	return overrides && (!(mask & ACCESS_EXEC) || place->mode & 0111);
}
