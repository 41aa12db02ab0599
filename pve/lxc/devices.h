#pragma once

#include "oci/spec.h"

/*
 * What lxc.cgroup2.devices.allow and .deny lines amount to. LXC keeps a default and a list: "a"
 * sets the default and empties the list; a line that says the opposite of an earlier one about the
 * same devices turns that one; in the end, lines that say the same as the default have no effect.
 * Pure.
 */

struct lxc_device_line {
	struct oci_device_rule rule;
	const char *origin;
};

struct lxc_device_policy {
	bool allow_by_default;
	size_t count;
	struct lxc_device_line *items;
};

/**
 * lxc_device_read() - what one more line changes
 * @text: "a", or "c 10:200 rwm" with '*' for any number
 * Return: 0; -EINVAL
 */
int lxc_device_read(struct arena *arena, bool allow, const char *text, const char *origin,
		    struct lxc_device_policy *policy, struct err *err);
