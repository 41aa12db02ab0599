#pragma once

#include <stddef.h>
#include <stdint.h>

struct text;

/*
 * Messages of protocol buffers on the wire: numbers, strings, and messages inside of one another.
 * Which field means what is the caller's to know; protobuf.dev/programming-guides/encoding
 */

/* One more field at the end of @message. A bool and a value of an enum are numbers; so is a
 * negative one, as 64 bits. */
void protobuf_add_number(struct text *message, unsigned int field, int64_t value);
void protobuf_add_string(struct text *message, unsigned int field, const char *value);
void protobuf_add_message(struct text *message, unsigned int field, const struct text *inner);

/** struct protobuf - what is left to read of a message; {data, length} begins */
struct protobuf {
	const char *at;
	size_t left;
};

/** struct protobuf_field - one of its fields: a number, or bytes that the message holds */
struct protobuf_field {
	unsigned int field;
	uint64_t number;
	struct protobuf bytes; /* of a string or an inner message; .at is NULL for a number */
};

/** protobuf_next() - the next field. Return: 1; 0 after the last; -EBADMSG for what is no message.
 */
int protobuf_next(struct protobuf *message, struct protobuf_field *field);
