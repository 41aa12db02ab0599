#include "cli/escape.h"

#include <errno.h>

int escape_read(const char *text, struct escape *escape)
{
	const char *key = text + (text[0] == '^');

	if (key[0] < 'a' || key[0] > 'z' || key[1])
		return -EINVAL;
	*escape = (struct escape){.prefix = (char)(key[0] - 'a' + 1)};
	return 0;
}

size_t escape_filter(struct escape *escape, char *data, size_t length, bool *leave)
{
	size_t left = 0;

	for (size_t i = 0; i < length; i++) {
		if (data[i] == escape->prefix && !escape->begun) {
			escape->begun = true;
			continue;
		}
		if (data[i] == 'q' && escape->begun) {
			*leave = true;
			return left;
		}
		escape->begun = false;
		data[left++] = data[i];
	}
	return left;
}
