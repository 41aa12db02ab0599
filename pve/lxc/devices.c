#include "pve/lxc/devices.h"

#include "lib/err.h"
#include "lib/list.h"
#include "lib/text.h"

#include <limits.h>
#include <string.h>

/* A number or '*' at *@at up to the character @end, which *@at moves behind. */
static int read_number(const char **at, char end, struct opt_i64 *number)
{
	const char *stop = strchr(*at, end);
	char digits[16];
	unsigned int value;
	size_t length = stop ? (size_t)(stop - *at) : sizeof(digits);

	if (length >= sizeof(digits))
		return -EINVAL;
	memcpy(digits, *at, length);
	digits[length] = '\0';
	*at = stop + 1;
	if (strcmp(digits, "*") == 0) {
		*number = (struct opt_i64){};
		return 0;
	}
	if (parse_u32(digits, &value) < 0 || value > INT_MAX)
		return -EINVAL;
	*number = (struct opt_i64){true, value};
	return 0;
}

static int read_rule(struct arena *arena, const char *text, struct oci_device_rule *rule)
{
	const char *at = text + 2;

	if (!strchr("abc", *text) || text[1] != ' ')
		return -EINVAL;
	rule->type = arena_strndup(arena, text, 1);
	if (read_number(&at, ':', &rule->major) < 0 || read_number(&at, ' ', &rule->minor) < 0)
		return -EINVAL;
	if (!*at || strlen(at) > 3 || at[strspn(at, "rwm")])
		return -EINVAL;
	rule->access = arena_strdup(arena, at);
	return 0;
}

static bool same_number(const struct opt_i64 *a, const struct opt_i64 *b)
{
	return a->set == b->set && (!a->set || a->value == b->value);
}

static struct lxc_device_line *find_same(const struct lxc_device_policy *policy,
					 const struct oci_device_rule *rule)
{
	for (size_t i = 0; i < policy->count; i++) {
		const struct oci_device_rule *other = &policy->items[i].rule;

		if (strcmp(other->type, rule->type) == 0 &&
		    strcmp(other->access, rule->access) == 0 &&
		    same_number(&other->major, &rule->major) &&
		    same_number(&other->minor, &rule->minor))
			return &policy->items[i];
	}
	return NULL;
}

int lxc_device_read(struct arena *arena, bool allow, const char *text, const char *origin,
		    struct lxc_device_policy *policy, struct err *err)
{
	struct oci_device_rule rule = {.allow = allow};
	struct lxc_device_line *line;

	if (strcmp(text, "a") == 0) {
		*policy = (struct lxc_device_policy){.allow_by_default = allow};
		return 0;
	}
	if (!*text || read_rule(arena, text, &rule) < 0)
		return err_wrong(err,
				 "write 'a', or 'c 10:200 rwm' with b or c, numbers or '*', and "
				 "letters of rwm",
				 "'%s' is no device rule", text);
	line = find_same(policy, &rule);
	if (!line)
		line = list_push(arena, policy);
	*line = (struct lxc_device_line){rule, origin};
	return 0;
}
