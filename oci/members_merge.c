#include "oci/members.h"

#include "oci/spec.h"

#include <string.h>

static size_t value_size(const struct member *member)
{
	static const size_t sizes[] = {
		[MEMBER_STRING] = sizeof(MEMBER_TYPE_STRING),
		[MEMBER_BOOL] = sizeof(MEMBER_TYPE_BOOL),
		[MEMBER_U32] = sizeof(MEMBER_TYPE_U32),
		[MEMBER_U64] = sizeof(MEMBER_TYPE_U64),
		[MEMBER_I64] = sizeof(MEMBER_TYPE_I64),
		[MEMBER_OPT_U64] = sizeof(MEMBER_TYPE_OPT_U64),
		[MEMBER_OPT_I64] = sizeof(MEMBER_TYPE_OPT_I64),
		[MEMBER_OPT_BOOL] = sizeof(MEMBER_TYPE_OPT_BOOL),
		[MEMBER_STRINGS] = sizeof(MEMBER_TYPE_STRINGS),
		[MEMBER_U32S] = sizeof(MEMBER_TYPE_U32S),
		[MEMBER_MAP] = sizeof(MEMBER_TYPE_MAP),
		[MEMBER_POINTER] = sizeof(void *),
		[MEMBER_LIST] = sizeof(struct oci_strings),
		[MEMBER_NAMED] = sizeof(struct oci_strings), /* any {count, items} */
	};

	return sizes[member->kind];
}

void members_merge(const struct member *table, const void *from, void *into)
{
	for (const struct member *member = table; member->name; member++) {
		const char *source = (const char *)from + member->offset;
		char *target = (char *)into + member->offset;

		if (member->kind == MEMBER_OBJECT)
			members_merge(member->table, source, target);
		else if (member_is_set(member, source))
			memcpy(target, source, value_size(member));
		if (member->given && *((const bool *)from + member->given - 1))
			*((bool *)into + member->given - 1) = true;
	}
}
