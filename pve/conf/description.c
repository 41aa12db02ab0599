#include "pve/conf/description.h"

#include "lib/text.h"
#include "lib/utf8.h"

static const char replacement[] = "\xef\xbf\xbd"; /* U+FFFD */

static int digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static void percent_decode(struct text *out, const char *line, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		int high = i + 2 < length ? digit_value(line[i + 1]) : -1;
		int low = i + 2 < length ? digit_value(line[i + 2]) : -1;

		if (line[i] != '%' || high < 0 || low < 0) {
			text_addc(out, line[i]);
			continue;
		}
		text_addc(out, (char)(high << 4 | low));
		i += 2;
	}
}

void description_decode(struct text *out, const char *line, size_t length)
{
	cleanup_(text_free) struct text bytes = {};
	const char *at;
	size_t n;

	percent_decode(&bytes, line, length);
	at = bytes.at;
	for (size_t left = bytes.length; left; left -= n, at += n) {
		uint32_t code;

		n = utf8_next(at, left, &code);
		if (code == UTF8_NONE)
			text_add(out, replacement);
		else
			text_addn(out, at, n);
	}
}

static void encode(struct text *out, char c)
{
	unsigned char byte = (unsigned char)c;

	if (byte < 0x20 || byte > 0x7e || c == '%' || c == ':')
		text_addf(out, "%%%02X", byte);
	else
		text_addc(out, c);
}

void description_encode(struct text *out, const char *description, size_t length)
{
	for (size_t i = 0; i < length; i++)
		encode(out, description[i]);
}

void description_write(struct text *out, const char *description, size_t length)
{
	while (length && description[length - 1] == '\n')
		length--;
	for (size_t i = 0; i < length; i++) {
		if (i == 0 || description[i - 1] == '\n')
			text_addc(out, '#');
		if (description[i] == '\n')
			text_addc(out, '\n');
		else
			encode(out, description[i]);
	}
	if (length)
		text_addc(out, '\n');
}
