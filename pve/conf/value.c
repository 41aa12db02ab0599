#include "pve/conf/value.h"

#include "lib/arena.h"

#include "lib/own.h"
#include "lib/text.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define LOWER  "abcdefghijklmnopqrstuvwxyz"
#define UPPER  "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"
#define ALNUM  LOWER UPPER DIGITS

bool value_is_space(char c)
{
	return c && strchr(" \t\r\f\v\n", c);
}

static bool is_one_of(char c, const char *set)
{
	return c && strchr(set, c);
}

/* Is @text not empty and of characters of @set alone? */
static bool consists_of(const char *text, const char *set)
{
	return *text && !text[strspn(text, set)];
}

static bool is_word(const char *text, const char *const *words)
{
	for (; *words; words++)
		if (strcmp(text, *words) == 0)
			return true;
	return false;
}

static const char *skip_digits(const char *text)
{
	return text + strspn(text, DIGITS);
}

static const char *skip_sign(const char *text)
{
	return text + (*text == '+' || *text == '-');
}

int value_bool(const char *text)
{
	static const struct {
		const char *word;
		int value;
	} words[] = {{"1", 1}, {"on", 1},  {"yes", 1}, {"true", 1},
		     {"0", 0}, {"off", 0}, {"no", 0},  {"false", 0}};

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (strcasecmp(text, words[i].word) == 0)
			return words[i].value;
	return -EINVAL;
}

/* The text after a unit, NULL if it is none. */
static const char *unit_read(const char *text, unsigned int *shift)
{
	static const char units[] = "KMGT";
	const char *unit = *text ? strchr(units, *text) : NULL;

	*shift = unit ? 10 * (unsigned int)(unit - units + 1) : 0;
	if (!unit)
		return *text ? NULL : text;
	text++;
	return starts_with(text, "iB") ? text + 2 : text;
}

int value_size(const char *text, uint64_t *bytes)
{
	const char *end = skip_digits(text);
	unsigned int shift;
	long double value;

	if (end == text)
		return -EINVAL;
	if (*end == '.' && skip_digits(end + 1) > end + 1)
		end = skip_digits(end + 1);
	end = unit_read(end, &shift);
	if (!end || *end)
		return -EINVAL;
	value = strtold(text, NULL) * (long double)(1ULL << shift);
	if (value >= 9.2e18L)
		return -ERANGE;
	*bytes = (uint64_t)value;
	return 0;
}

char *value_size_print(uint64_t bytes, char buffer[24])
{
	static const char *const units[] = {"", "K", "M", "G", "T"};
	size_t unit = 0;

	while (bytes % 1024 == 0 && unit + 1 < ARRAY_SIZE(units)) {
		bytes /= 1024;
		unit++;
	}
	(void)snprintf(buffer, 24, "%llu%s", (unsigned long long)bytes, units[unit]);
	return buffer;
}

double value_number(const char *text)
{
	return strtod(text, NULL);
}

bool value_is_digits(const char *text)
{
	return consists_of(text, DIGITS);
}

bool value_is_decimal(const char *text)
{
	const char *end = skip_digits(text);

	if (end == text)
		return false;
	return !*end || (*end == '.' && value_is_digits(end + 1));
}

static bool is_exponent(const char *text)
{
	return is_one_of(*text, "eE") && value_is_digits(skip_sign(text + 1));
}

bool value_is_number(const char *text)
{
	const char *start = skip_sign(text);
	const char *end = skip_digits(start);
	size_t digits = end - start;

	if (*end == '.') {
		start = end + 1;
		end = skip_digits(start);
		digits += end - start;
	}
	return digits && (!*end || is_exponent(end));
}

bool value_is_integer(const char *text)
{
	return value_is_digits(skip_sign(text));
}

const char *value_next(const char **rest, size_t *length)
{
	static const char separators[] = ",; \t\r\f\v\n";
	const char *start = *rest + strspn(*rest, separators);

	*length = strcspn(start, separators);
	*rest = start + *length;
	return *length ? start : NULL;
}

const char *value_pair(struct arena *arena, const char *list, const char *key)
{
	size_t length, name = strlen(key);
	const char *item;

	while ((item = value_next(&list, &length)))
		if (length > name && strncmp(item, key, name) == 0 && item[name] == '=')
			return arena_strndup(arena, item + name + 1, length - name - 1);
	return NULL;
}

/* Is each item of the list one? An empty list is fine. */
static bool all_items(const char *text, bool (*check)(const char *item))
{
	const char *item;
	size_t length;

	while ((item = value_next(&text, &length))) {
		char copy[512];

		if (length >= sizeof(copy))
			return false;
		memcpy(copy, item, length);
		copy[length] = '\0';
		if (!check(copy))
			return false;
	}
	return true;
}

/* The text after a label: letters and digits, hyphens in between. NULL if there is none. */
static const char *skip_label(const char *text)
{
	size_t length = strspn(text, ALNUM "-");

	if (!length || text[0] == '-' || text[length - 1] == '-')
		return NULL;
	return text + length;
}

bool value_is_dns_name(const char *text)
{
	if (strlen(text) > 255)
		return false;
	while ((text = skip_label(text)) && *text == '.')
		text++;
	return text && !*text;
}

bool value_is_dns_names(const char *text)
{
	return all_items(text, value_is_dns_name);
}

bool value_is_ipv4(const char *text)
{
	struct in_addr address;

	return inet_pton(AF_INET, text, &address) == 1;
}

bool value_is_ipv6(const char *text)
{
	struct in6_addr address;

	return inet_pton(AF_INET6, text, &address) == 1;
}

static bool is_nameserver(const char *text)
{
	size_t length = strcspn(text, "%");
	char address[INET6_ADDRSTRLEN];

	if (value_is_ipv4(text) || value_is_ipv6(text))
		return true;
	if (strncasecmp(text, "fe80:", 5) != 0 || length >= sizeof(address) || !text[length])
		return false;
	memcpy(address, text, length);
	address[length] = '\0';
	return value_is_ipv6(address) && value_is_interface(text + length + 1);
}

bool value_is_nameservers(const char *text)
{
	return all_items(text, is_nameserver);
}

static bool is_cidr(const char *text, bool (*is_address)(const char *), unsigned int max)
{
	size_t length = strcspn(text, "/");
	char address[INET6_ADDRSTRLEN];
	unsigned int prefix;

	if (length >= sizeof(address) || !text[length])
		return false;
	memcpy(address, text, length);
	address[length] = '\0';
	if (!is_address(address) || text[length + 1] == '0')
		return false;
	return parse_u32(text + length + 1, &prefix) == 0 && prefix >= 8 && prefix <= max;
}

bool value_is_net_ip(const char *text)
{
	static const char *const words[] = {"dhcp", "manual", NULL};

	return is_word(text, words) || is_cidr(text, value_is_ipv4, 32);
}

bool value_is_net_ip6(const char *text)
{
	static const char *const words[] = {"auto", "dhcp", "manual", NULL};

	return is_word(text, words) || is_cidr(text, value_is_ipv6, 128);
}

bool value_is_mac(const char *text)
{
	static const char form[] = "xe:xx:xx:xx:xx:xx"; /* e: even, the address is no group's */

	if (strlen(text) != sizeof(form) - 1)
		return false;
	for (size_t i = 0; form[i]; i++) {
		const char *set = form[i] == 'x'   ? DIGITS "abcdefABCDEF"
				  : form[i] == 'e' ? "02468aceACE"
						   : ":";

		if (!is_one_of(text[i], set))
			return false;
	}
	return true;
}

bool value_is_interface(const char *text)
{
	return consists_of(text, ALNUM "-_.");
}

bool value_is_trunks(const char *text)
{
	const char *end;

	while ((end = skip_digits(text)) > text && *end == ';')
		text = end + 1;
	return end > text && !*end;
}

/* Does "." or ".." stand where a path of the config may not have one? */
static bool has_dots(const char *text, bool at_start_too)
{
	if (starts_with(text, "../") || (at_start_too && starts_with(text, "./")))
		return true;
	return strstr(text, "/./") || strstr(text, "/../") || ends_with(text, "/.") ||
	       ends_with(text, "/..");
}

bool value_is_safe_path(const char *text)
{
	return !has_dots(text, false);
}

bool value_is_device_path(const char *text)
{
	return starts_with(text, "/dev/") && text[5] && !has_dots(text, true);
}

bool value_is_mode(const char *text)
{
	return strlen(text) == 4 && *text == '0' && consists_of(text, "01234567");
}

static bool is_mount_option(const char *text)
{
	static const char *const words[] = {"discard", "lazytime", "noatime", "nodev",
					    "noexec",  "nosuid",   NULL};

	return is_word(text, words);
}

bool value_is_mount_options(const char *text)
{
	return *text && !strpbrk(text, ", \t\r\f\v\n") && !starts_with(text, ";") &&
	       !ends_with(text, ";") && !strstr(text, ";;") && all_items(text, is_mount_option);
}

/* "u:0:1000:1": which kind, first id in the container, first on the disk, count. */
static bool is_id_range(const char *text)
{
	if (*text != 'u' && *text != 'g')
		return false;
	text++;
	for (int i = 0; i < 3; i++) {
		const char *end = skip_digits(text + (*text == ':'));

		if (*text != ':' || end == text + 1 ||
		    (i == 2 && text[1 + strspn(text + 1, "0")] == '\0'))
			return false;
		text = end;
	}
	return !*text;
}

bool value_is_mount_idmap(const char *text)
{
	if (strcmp(text, "passthrough") == 0)
		return true;
	return consists_of(text, "ug:;" DIGITS) && !starts_with(text, ";") &&
	       !ends_with(text, ";") && !strstr(text, ";;") && all_items(text, is_id_range);
}

bool value_is_fs_types(const char *text)
{
	return consists_of(text, ALNUM "_; ");
}

bool value_is_volume_id(const char *text)
{
	size_t length = strspn(text, ALNUM "_.-");

	return length >= 2 && is_one_of(text[0], LOWER UPPER) &&
	       is_one_of(text[length - 1], ALNUM) && text[length] == ':' && text[length + 1];
}

static bool is_tag(const char *text)
{
	return is_one_of(*text, ALNUM "_") && consists_of(text, ALNUM "_.+-");
}

bool value_is_tags(const char *text)
{
	return all_items(text, is_tag);
}

/* Whether the host knows the zone is seen when it is set up: its list is not always installed. */
bool value_is_timezone(const char *text)
{
	return consists_of(text, ALNUM "_+-/") && is_one_of(*text, LOWER UPPER) &&
	       !ends_with(text, "/") && !strstr(text, "//");
}

bool value_is_command(const char *text)
{
	for (const char *at = text; *at; at++)
		if ((*at > 0 && *at < ' ' && *at != '\t') || *at == 0x7f)
			return false;
	return *text;
}

bool value_is_variables(const char *text)
{
	size_t length = strspn(text, ALNUM "_");

	return length && text[length] == '=' &&
	       (!text[length + 1] || value_is_command(text + length + 1));
}

bool value_is_snapshot_name(const char *text)
{
	size_t length = strlen(text);

	return length >= 2 && length <= 40 && is_one_of(*text, LOWER UPPER) &&
	       consists_of(text, ALNUM "_-");
}

bool value_is_id(const char *text)
{
	size_t length = strlen(text);

	return length >= 3 && length <= 9 && *text != '0' && value_is_digits(text);
}
