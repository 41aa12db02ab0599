#include "lib/protobuf.h"

#include "lib/own.h"
#include "lib/text.h"

#include <criterion/criterion.h>
#include <string.h>

/* The bytes are those of protoc --encode. */
Test(protobuf, written)
{
	static const char want[] = "\x08\x96\x01"         /* 1: 150        */
				   "\x12\x07testing"      /* 2: "testing"  */
				   "\x1a\x03\x08\x96\x01" /* 3: { 1: 150 } */
				   "\x20\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01" /* 4: -1 */
				   "\x98\x02\x00";                                /* 35: 0 */
	cleanup_(text_free) struct text message = {}, inner = {};

	protobuf_add_number(&inner, 1, 150);
	protobuf_add_number(&message, 1, 150);
	protobuf_add_string(&message, 2, "testing");
	protobuf_add_message(&message, 3, &inner);
	protobuf_add_number(&message, 4, -1);
	protobuf_add_number(&message, 35, 0);
	cr_assert_eq(message.length, sizeof(want) - 1);
	cr_assert_arr_eq(text_str(&message), want, sizeof(want) - 1);
}

Test(protobuf, read)
{
	static const struct {
		const char *bytes;
		size_t length;
		int result;
		struct protobuf_field want; /* of its first field */
	} rows[] = {
		{"", 0, 0, {}},
		{"\x08\x96\x01", 3, 1, {.field = 1, .number = 150}},
		{"\x20\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 11, 1, {4, UINT64_MAX, {}}},
		{"\x12\x02hi", 4, 1, {.field = 2, .bytes = {"hi", 2}}},
		{"\x12\x00", 2, 1, {.field = 2, .bytes = {"", 0}}},
		{"\x11"
		 "12345678",
		 9,
		 1,
		 {.field = 2, .bytes = {"12345678", 8}}},
		{"\x15"
		 "1234",
		 5,
		 1,
		 {.field = 2, .bytes = {"1234", 4}}},
		/* no messages */
		{"\x08", 1, -EBADMSG, {}},
		{"\x08\x96", 2, -EBADMSG, {}},
		{"\x12\x03hi", 4, -EBADMSG, {}},
		{"\x12\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 11, -EBADMSG, {}},
		{"\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 12, -EBADMSG, {}},
		{"\x15"
		 "123",
		 4,
		 -EBADMSG,
		 {}},
		{"\x0b", 1, -EBADMSG, {}},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct protobuf message = {rows[i].bytes, rows[i].length};
		const struct protobuf_field *want = &rows[i].want;
		struct protobuf_field field = {};
		const int r = protobuf_next(&message, &field);

		cr_assert_eq(r, rows[i].result, "row %zu: %d", i, r);
		if (r <= 0)
			continue;
		cr_assert_eq(field.field, want->field, "row %zu", i);
		cr_assert_eq(field.number, want->number, "row %zu", i);
		cr_assert_eq(field.bytes.left, want->bytes.left, "row %zu", i);
		cr_assert_eq(memcmp(field.bytes.at ? field.bytes.at : "",
				    want->bytes.at ? want->bytes.at : "", want->bytes.left),
			     0, "row %zu", i);
		cr_assert_eq(protobuf_next(&message, &field), 0, "row %zu: its end", i);
	}
}
