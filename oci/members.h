#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

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
	MEMBER_INT,      /* int, not negative: a pid, a status                   */
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
};

struct member {
	const char *name;
	enum member_kind kind;
	size_t offset;
	const struct member *table;
	size_t size;    /* of what @table describes                                        */
	size_t given;   /* offset of a bool set when the member is there, plus 1; 0: none  */
	uint64_t limit; /* largest value of a U64 or OPT_U64; 0: the type's                */
	bool required;  /* to be there, and not null                                       */
	bool always;    /* written also when it is 0                                       */
};

/*
 * Rows: MEMBER("uid", U32, oci_user, uid, .required = true), OBJECT, POINTER, LIST and NAMED with
 * the table of what is inside, GROUP for an object whose members are counted from the struct around
 * it. The compiler refuses a row whose kind is not its field's type.
 */
#define MEMBER_FIELD(of, field) (((struct of *)0)->field)
#define MEMBER_IS(of, field, type)                                                                 \
	(0 * sizeof(char[__builtin_types_compatible_p(__typeof__(MEMBER_FIELD(of, field)), type)   \
				 ? 1                                                               \
				 : -1]))
#define MEMBER(name, kind, of, field, ...)                                                         \
	{                                                                                          \
		name, MEMBER_##kind,                                                               \
			offsetof(struct of, field) + MEMBER_IS(of, field, MEMBER_TYPE_##kind),     \
			##__VA_ARGS__                                                              \
	}
#define OBJECT(name, of, field, table, ...)                                                        \
	{                                                                                          \
		name, MEMBER_OBJECT, offsetof(struct of, field), table, ##__VA_ARGS__              \
	}
#define POINTER(name, of, field, table, ...)                                                       \
	{                                                                                          \
		name, MEMBER_POINTER, offsetof(struct of, field), table,                           \
			sizeof(*MEMBER_FIELD(of, field)), ##__VA_ARGS__                            \
	}
#define LIST(name, of, field, table, ...)                                                          \
	{                                                                                          \
		name, MEMBER_LIST, offsetof(struct of, field), table,                              \
			sizeof(*MEMBER_FIELD(of, field.items)), ##__VA_ARGS__                      \
	}
#define NAMED(name, of, field, table, ...)                                                         \
	{                                                                                          \
		name, MEMBER_NAMED, offsetof(struct of, field), table,                             \
			sizeof(*MEMBER_FIELD(of, field.items)), ##__VA_ARGS__                      \
	}
#define GROUP(name, table, ...)                                                                    \
	{                                                                                          \
		name, MEMBER_OBJECT, 0, table, ##__VA_ARGS__                                       \
	}
#define GIVEN(of, field) .given = offsetof(struct of, field) + MEMBER_IS(of, field, bool) + 1

#define MEMBER_TYPE_STRING   const char *
#define MEMBER_TYPE_BOOL     bool
#define MEMBER_TYPE_INT      int
#define MEMBER_TYPE_U32      uint32_t
#define MEMBER_TYPE_U64      uint64_t
#define MEMBER_TYPE_I64      int64_t
#define MEMBER_TYPE_OPT_U64  struct opt_u64
#define MEMBER_TYPE_OPT_I64  struct opt_i64
#define MEMBER_TYPE_OPT_BOOL struct opt_bool
#define MEMBER_TYPE_STRINGS  struct oci_strings
#define MEMBER_TYPE_U32S     struct oci_u32s
#define MEMBER_TYPE_MAP      struct oci_map

/**
 * members_read() - fill the struct at @into from @object
 *
 * Members that no row names are passed over; null is as good as absent.
 * Return: 0; -EINVAL with the path of what is wrong: a type, a range, a name that is there twice.
 */
int members_read(struct arena *arena, const struct member *table, const struct json *object,
		 void *into, struct err *err);

/**
 * members_read_text() - the same from a whole document
 * @name: what messages call it: "config.json"
 */
int members_read_text(struct arena *arena, const struct member *table, const char *name,
		      const char *text, size_t length, void *into, struct err *err);

/**
 * members_read_list() - the same from a document that is an array of such objects
 * @list: {size_t count; item *items;}
 * @size: of an item
 */
int members_read_list(struct arena *arena, const struct member *table, size_t size,
		      const char *name, const char *text, void *list, struct err *err);

/** members_write() - the members that are set, into the open object. */
void members_write(const struct member *table, const void *from, struct json_out *out);

/** members_write_text() - the same as a whole document, the caller's to free */
char *members_write_text(const struct member *table, const void *from, bool indented);
char *members_write_list(const struct member *table, size_t size, const void *list);

/** members_merge() - what is set in @from replaces what is in @into; lists as a whole. */
void members_merge(const struct member *table, const void *from, void *into);

/** member_is_set() - whether the value at @at is there: what is not is left out of a document. */
bool member_is_set(const struct member *member, const void *at);

/** member_item_size() - of one item of a list, map or named list. */
size_t member_item_size(const struct member *member);
