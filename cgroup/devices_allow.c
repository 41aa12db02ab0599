#include "cgroup/devices.h"
#include "lib/text.h"

bool device_speaks_of(const struct device_rule *rule, char type, long major, long minor,
		      unsigned int access)
{
	return (rule->type == 'a' || rule->type == type) &&
	       (rule->major < 0 || rule->major == major) &&
	       (rule->minor < 0 || rule->minor == minor) && rule->access & access;
}

/* The last rule that speaks of it. Return: NULL: the default holds. */
static const struct device_rule *decider(const struct device_policy *policy, char type, long major,
					 long minor, unsigned int bit)
{
	for (size_t i = policy->count; i-- > 0;)
		if (device_speaks_of(&policy->rules[i], type, major, minor, bit))
			return &policy->rules[i];
	return NULL;
}

bool devices_allow(const struct device_policy *policy, char type, long major, long minor,
		   unsigned int access)
{
	for (unsigned int bit = 1; bit <= DEVICE_WRITE; bit <<= 1) {
		const struct device_rule *rule = decider(policy, type, major, minor, bit);

		if (access & bit && !(rule ? rule->allow : policy->allow))
			return false;
	}
	return true;
}

const struct device_rule *devices_denier(const struct device_policy *policy,
					 const struct device_rule *asked)
{
	for (unsigned int bit = 1; bit <= DEVICE_WRITE; bit <<= 1) {
		const struct device_rule *rule =
			decider(policy, asked->type, asked->major, asked->minor, bit);

		if (asked->access & bit && rule && !rule->allow)
			return rule;
	}
	return NULL;
}

const char *device_access_text(unsigned int access)
{
	static const char *const words[DEVICE_ALL + 1] = {
		[0] = "nothing",
		[DEVICE_MKNOD] = "m",
		[DEVICE_READ] = "r",
		[DEVICE_READ | DEVICE_MKNOD] = "rm",
		[DEVICE_WRITE] = "w",
		[DEVICE_WRITE | DEVICE_MKNOD] = "wm",
		[DEVICE_READ | DEVICE_WRITE] = "rw",
		[DEVICE_ALL] = "rwm",
	};

	return words[access & DEVICE_ALL];
}

static void add_number(long number, struct text *text)
{
	if (number < 0)
		text_add(text, "*");
	else
		text_addf(text, "%ld", number);
}

void device_rule_text(const struct device_rule *rule, struct text *text)
{
	text_addf(text, "%c ", rule->type);
	add_number(rule->major, text);
	text_add(text, ":");
	add_number(rule->minor, text);
	text_addf(text, " %s", device_access_text(rule->access));
}
