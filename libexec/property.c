#include "lib/own.h"
#include "lib/text.h"
#include "libexec/manager.h"

#include <string.h>

/* How long the first complete type of a signature is: "a(ss)" of "a(ss)u". 0: there is none. */
static size_t type_length(const char *signature)
{
	size_t array = strspn(signature, "a"), at = array;
	int depth = 0;

	do {
		if (!signature[at])
			return 0;
		depth += (signature[at] == '(') - (signature[at] == ')');
		at++;
	} while (depth > 0);
	return depth == 0 ? at : 0;
}

static int append_unsigned(sd_bus_message *message, char type, const char *word)
{
	unsigned long value;
	uint32_t small;
	uint8_t byte;

	if (parse_u64(word, &value) < 0)
		return -EINVAL;
	if (type == 't')
		return sd_bus_message_append_basic(message, type, &value);
	small = (uint32_t)value;
	byte = (uint8_t)value;
	if (value > (type == 'y' ? UINT8_MAX : UINT32_MAX))
		return -ERANGE;
	return sd_bus_message_append_basic(message, type,
					   type == 'y' ? (void *)&byte : (void *)&small);
}

static int append_signed(sd_bus_message *message, char type, const char *word)
{
	long value;
	int32_t small;

	if (parse_i64(word, &value) < 0)
		return -EINVAL;
	if (type == 'x')
		return sd_bus_message_append_basic(message, type, &value);
	small = (int32_t)value;
	return small == value ? sd_bus_message_append_basic(message, type, &small) : -ERANGE;
}

static int append_basic(sd_bus_message *message, char type, const char *word)
{
	const int yes = 1, no = 0;

	switch (type) {
	case 's':
	case 'o':
	case 'g':
		return sd_bus_message_append_basic(message, type, word);
	case 'b':
		return sd_bus_message_append_basic(message, type,
						   strcmp(word, "true") == 0 ? &yes : &no);
	case 'y':
	case 'u':
	case 't':
		return append_unsigned(message, type, word);
	case 'i':
	case 'x':
		return append_signed(message, type, word);
	default:
		return -EOPNOTSUPP;
	}
}

static int append_value(sd_bus_message *message, const char *signature, const char *const **words);

/* The complete types of @signature one behind the other, @times over. */
static int append_members(sd_bus_message *message, const char *signature, unsigned int times,
			  const char *const **words)
{
	for (; times > 0; times--)
		for (const char *at = signature; *at;) {
			size_t length = type_length(at);
			cleanup_free char *type = strndup(at, length);
			int r = type && length ? append_value(message, type, words) : -EINVAL;

			if (r < 0)
				return r;
			at += length;
		}
	return 0;
}

/* An array's members follow their number, a struct's have nothing before them: busctl(1). */
static int append_container(sd_bus_message *message, const char *signature,
			    const char *const **words)
{
	bool array = signature[0] == 'a';
	cleanup_free char *inner =
		array ? strdup(signature + 1) : strndup(signature + 1, strlen(signature) - 2);
	unsigned int times = 1;
	int r;

	if (!inner)
		return -ENOMEM;
	if (array) {
		if (!**words || parse_u32(**words, &times) < 0)
			return -EINVAL;
		(*words)++;
	}
	r = sd_bus_message_open_container(message, array ? 'a' : 'r', inner);
	if (r >= 0)
		r = append_members(message, inner, times, words);
	return r < 0 ? r : sd_bus_message_close_container(message);
}

static int append_value(sd_bus_message *message, const char *signature, const char *const **words)
{
	if (signature[0] == 'a' || signature[0] == '(')
		return append_container(message, signature, words);
	if (!**words)
		return -EINVAL;
	return append_basic(message, signature[0], *(*words)++);
}

int property_append(sd_bus_message *message, const char *const **words)
{
	const char *name = (*words)[0], *signature = (*words)[1];
	int r;

	if (!signature || type_length(signature) != strlen(signature) || !*signature)
		return -EINVAL;
	*words += 2;
	r = sd_bus_message_open_container(message, 'r', "sv");
	if (r >= 0)
		r = sd_bus_message_append_basic(message, 's', name);
	if (r >= 0)
		r = sd_bus_message_open_container(message, 'v', signature);
	if (r >= 0)
		r = append_value(message, signature, words);
	if (r >= 0)
		r = sd_bus_message_close_container(message);
	return r < 0 ? r : sd_bus_message_close_container(message);
}
