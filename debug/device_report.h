#pragma once

#include <stddef.h>
#include <stdint.h>

struct isolation;
struct known_device;

/*
 * What the device filters of a process say, in words: who they are, what they allow together, and
 * of each known device who denies what. Strings live in the isolation's arena.
 */

/** struct device_word - what is allowed of one device; its mode may still deny it */
struct device_word {
	const char *allowed; /* "rwm", "m", "nothing"                                        */
	const char *by;      /* who denies the rest: "pctrun_devices on /c"; NULL: there is none */
	const char *unclear; /* why it isn't known, in place of @by; NULL                        */
};

/** struct device_filter_seen - a filter */
struct device_filter_seen {
	uint32_t id;        /* of a BPF program; 0: a list of cgroup version 1 */
	const char *name;   /* as somebody has chosen it: not printable        */
	const char *cgroup; /* NULL: one that isn't seen                       */
	const char *unread; /* why nobody knows what it says; NULL             */
};

struct device_report {
	size_t filter_count;
	const struct device_filter_seen *filters;
	size_t rule_count;
	const char *const *rules; /* "c 1:3 rwm": the one that names most of a number counts */
	const char *unclear;      /* why there are none; NULL                                */
	size_t known_count;
	const struct known_device *known; /* known_devices[] */
	const struct device_word *words;  /* of each         */
};

/** device_word() - ask the filters about one. The isolation has seen them. */
struct device_word device_word(struct isolation *isolation, char type, unsigned int major,
			       unsigned int minor);

/** device_report() - all of it. The isolation has seen them. */
void device_report(struct isolation *isolation, struct device_report *report);
