#pragma once

#include <stddef.h>

struct arena;
struct err;
struct json;
struct json_out;

/*
 * How JSON members lie in C structs, as const tables; one set of tables reads and writes. A table
 * ends with a NULL name. Values live where @offset says, below the struct's address.
 */

enum member_kind {
	MEMBER_STRING,   /* const char *                                         */
	MEMBER_BOOL,     /* bool                                                 */
	MEMBER_U32,      /* uint32_t                                             */
	MEMBER_U64,      /* uint64_t                                             */
	MEMBER_I64,      /* int64_t                                              */
	MEMBER_OPT_U64,  /* struct opt_u64                                       */
	MEMBER_OPT_I64,  /* struct opt_i64                                       */
	MEMBER_OPT_BOOL, /* struct opt_bool                                      */
	MEMBER_STRINGS,  /* struct oci_strings                                   */
	MEMBER_U32S,     /* struct oci_u32s                                      */
	MEMBER_MAP,      /* struct oci_map: an object of strings                 */
	MEMBER_OBJECT,   /* a struct in place, by @table                         */
	MEMBER_POINTER,  /* a struct of @size, by @table, behind a pointer       */
	MEMBER_LIST,     /* {size_t count; item *items;}: items of @size by @table */
	MEMBER_NAMED,    /* the same from an object: its member names go to the item's first
			    string                                               */
	MEMBER_GIVEN,    /* bool: the member is there, whatever it is            */
};

struct member {
	const char *name;
	enum member_kind kind;
	size_t offset;
	const struct member *table;
	size_t size;  /* of what @table describes           */
	size_t given; /* offset of a bool set when the member is there, plus 1; 0: none */
	unsigned char required;
};

/**
 * members_read() - fill the struct at @into from @object
 * Return: 0; -EINVAL with the path of what is wrong.
 */
int members_read(struct arena *arena, const struct member *table, const struct json *object,
		 void *into, struct err *err);

/** members_write() - the members that are set, into the open object. */
void members_write(const struct member *table, const void *from, struct json_out *out);
