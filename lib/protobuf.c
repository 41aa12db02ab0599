#include "lib/protobuf.h"

#include "lib/text.h"

#include <string.h>

/* The lowest three bits before each field say how its value is written. */
enum wire_type { WIRE_VARINT, WIRE_FIXED64, WIRE_BYTES, WIRE_FIXED32 = 5 };
enum { WIRE_TYPE_BITS = 3, VARINT_BITS = 7, VARINT_MORE = 0x80 };

static void add_varint(struct text *message, uint64_t value)
{
	for (; value >= VARINT_MORE; value >>= VARINT_BITS)
		text_addc(message, (char)(value | VARINT_MORE));
	text_addc(message, (char)value);
}

static void add_key(struct text *message, unsigned int field, enum wire_type type)
{
	add_varint(message, (uint64_t)field << WIRE_TYPE_BITS | type);
}

static void add_bytes(struct text *message, unsigned int field, const char *at, size_t length)
{
	add_key(message, field, WIRE_BYTES);
	add_varint(message, length);
	text_addn(message, at, length);
}

void protobuf_add_number(struct text *message, unsigned int field, int64_t value)
{
	add_key(message, field, WIRE_VARINT);
	add_varint(message, (uint64_t)value);
}

void protobuf_add_string(struct text *message, unsigned int field, const char *value)
{
	add_bytes(message, field, value, strlen(value));
}

void protobuf_add_message(struct text *message, unsigned int field, const struct text *inner)
{
	add_bytes(message, field, text_str(inner), inner->length);
}

static int read_varint(struct protobuf *message, uint64_t *value)
{
	*value = 0;
	for (unsigned int shift = 0; shift < 64 && message->left > 0; shift += VARINT_BITS) {
		const unsigned char byte = (unsigned char)*message->at++;

		message->left--;
		*value |= (uint64_t)(byte & ~VARINT_MORE) << shift;
		if (!(byte & VARINT_MORE))
			return 0;
	}
	return -EBADMSG;
}

static int read_bytes(struct protobuf *message, uint64_t length, struct protobuf *bytes)
{
	if (length > message->left)
		return -EBADMSG;
	*bytes = (struct protobuf){message->at, (size_t)length};
	message->at += length;
	message->left -= (size_t)length;
	return 0;
}

int protobuf_next(struct protobuf *message, struct protobuf_field *field)
{
	uint64_t key, length;
	int r;

	if (message->left == 0)
		return 0;
	r = read_varint(message, &key);
	if (r < 0)
		return r;
	*field = (struct protobuf_field){.field = (unsigned int)(key >> WIRE_TYPE_BITS)};
	switch (key & ((1 << WIRE_TYPE_BITS) - 1)) {
	case WIRE_VARINT:
		r = read_varint(message, &field->number);
		break;
	case WIRE_BYTES:
		r = read_varint(message, &length);
		if (r == 0)
			r = read_bytes(message, length, &field->bytes);
		break;
	case WIRE_FIXED64:
		r = read_bytes(message, sizeof(uint64_t), &field->bytes);
		break;
	case WIRE_FIXED32:
		r = read_bytes(message, sizeof(uint32_t), &field->bytes);
		break;
	default:
		r = -EBADMSG;
	}
	return r < 0 ? r : 1;
}
