#include "lib/sha1.h"

#include "lib/own.h"

#include <criterion/criterion.h>
#include <string.h>

/* Vectors of RFC 3174, and the lengths around the padding's block from sha1sum(1). */
Test(sha1, vectors)
{
	static const struct {
		const char *text;
		size_t times;
		const char *hex;
	} rows[] = {
		{"", 1, "da39a3ee5e6b4b0d3255bfef95601890afd80709"},
		{"abc", 1, "a9993e364706816aba3e25717850c26c9cd0d89d"},
		{"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
		 "84983e441c3bd26ebaae4aa1f95129e5e54670f1"},
		{"a", 55, "c1c8bbdc22796e28c0e15163d20899b65621d65a"},
		{"a", 64, "0098ba824b5c16427bd7a1122a5a442a25ec644d"},
		{"a", 1000000, "34aa973cd4c4daa4f61eeb2bdbad27316534016f"},
		{"arch: amd64\nmemory: 512\n", 1, "966b96057dc0c44975b727f12316b288851aa98a"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		size_t length = strlen(rows[i].text);
		cleanup_free char *data = malloc(length * rows[i].times + 1);
		char hex[41];

		for (size_t n = 0; n < rows[i].times; n++)
			memcpy(data + n * length, rows[i].text, length);
		sha1_hex(data, length * rows[i].times, hex);
		cr_assert_str_eq(hex, rows[i].hex, "%s times %zu: %s", rows[i].text, rows[i].times,
				 hex);
	}
}
