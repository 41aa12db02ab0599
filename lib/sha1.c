#include "lib/sha1.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { BLOCK = 64, WORDS = 5, ROUNDS = 80 };

static uint32_t rotate(uint32_t word, unsigned int bits)
{
	return word << bits | word >> (32 - bits);
}

static void schedule_fill(uint32_t schedule[ROUNDS], const unsigned char *block)
{
	for (int i = 0; i < 16; i++)
		schedule[i] = (uint32_t)block[4 * i] << 24 | (uint32_t)block[4 * i + 1] << 16 |
			      (uint32_t)block[4 * i + 2] << 8 | block[4 * i + 3];
	for (int i = 16; i < ROUNDS; i++)
		schedule[i] = rotate(
			schedule[i - 3] ^ schedule[i - 8] ^ schedule[i - 14] ^ schedule[i - 16], 1);
}

/* The functions and constants of RFC 3174, section 5, for round @i. */
static uint32_t mix(int i, uint32_t b, uint32_t c, uint32_t d)
{
	if (i < 20)
		return ((b & c) | (~b & d)) + 0x5a827999;
	if (i < 40)
		return (b ^ c ^ d) + 0x6ed9eba1;
	if (i < 60)
		return ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc;
	return (b ^ c ^ d) + 0xca62c1d6;
}

static void block_add(uint32_t state[WORDS], const unsigned char *block)
{
	uint32_t schedule[ROUNDS];
	uint32_t a = state[0], b = state[1], c = state[2], d = state[3], e = state[4];

	schedule_fill(schedule, block);
	for (int i = 0; i < ROUNDS; i++) {
		uint32_t next = rotate(a, 5) + mix(i, b, c, d) + e + schedule[i];

		e = d;
		d = c;
		c = rotate(b, 30);
		b = a;
		a = next;
	}
	state[0] += a;
	state[1] += b;
	state[2] += c;
	state[3] += d;
	state[4] += e;
}

/* What is left of the data, a one bit, zeros, and the length in bits: one or two blocks. */
static void tail_add(uint32_t state[WORDS], const unsigned char *rest, size_t length)
{
	unsigned char tail[2 * BLOCK] = {};
	size_t left = length % BLOCK;
	size_t size = left + 9 <= BLOCK ? BLOCK : 2 * BLOCK;

	if (left)
		memcpy(tail, rest, left);
	tail[left] = 0x80;
	for (int i = 0; i < 8; i++)
		tail[size - 1 - i] = (uint64_t)length * 8 >> 8 * i & 0xff;
	for (size_t at = 0; at < size; at += BLOCK)
		block_add(state, tail + at);
}

void sha1_hex(const void *data, size_t length, char hex[41])
{
	uint32_t state[WORDS] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};
	const unsigned char *at = data;
	size_t whole = length - length % BLOCK;

	for (size_t i = 0; i < whole; i += BLOCK)
		block_add(state, at + i);
	tail_add(state, length % BLOCK ? at + whole : NULL, length);
	for (size_t i = 0; i < WORDS; i++)
		(void)snprintf(hex + 8 * i, 9, "%08x", state[i]);
}
