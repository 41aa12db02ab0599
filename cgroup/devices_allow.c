#include "cgroup/devices.h"

static bool speaks_of(const struct device_rule *rule, char type, long major, long minor,
		      unsigned int bit)
{
	return (rule->type == 'a' || rule->type == type) &&
	       (rule->major < 0 || rule->major == major) &&
	       (rule->minor < 0 || rule->minor == minor) && rule->access & bit;
}

/* The last rule that speaks of it. */
static bool is_allowed(const struct device_policy *policy, char type, long major, long minor,
		       unsigned int bit)
{
	for (size_t i = policy->count; i-- > 0;)
		if (speaks_of(&policy->rules[i], type, major, minor, bit))
			return policy->rules[i].allow;
	return policy->allow;
}

bool devices_allow(const struct device_policy *policy, char type, long major, long minor,
		   unsigned int access)
{
	for (unsigned int bit = 1; bit <= DEVICE_WRITE; bit <<= 1)
		if (access & bit && !is_allowed(policy, type, major, minor, bit))
			return false;
	return true;
}
