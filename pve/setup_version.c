#include "pve/setup_parts.h"

#include "lib/err.h"
#include "lib/text.h"

#include <stdio.h>
#include <string.h>

/* Debian's names for what is not released yet; Devuan's for all. */
static const struct codename {
	const char *name;
	unsigned int version;
} codenames[] = {
	{"stretch/sid", 9}, {"buster/sid", 10}, {"bullseye/sid", 11}, {"bookworm/sid", 12},
	{"trixie/sid", 13}, {"forky/sid", 14},  {"duke/sid", 15},     {"kali-rolling", 12},
	{"jessie", 8},      {"ascii", 9},       {"beowulf", 10},      {"chimaera", 11},
	{"daedalus", 12},   {"excalibur", 13},
};

/* Where each distribution says its version: "12.5", "DISTRIB_RELEASE=22.04", "3.19.1". */
static const struct version_file {
	const char *ostype;
	const char *path;
	const char *before;       /* what stands before it, on a line of its own */
	unsigned int minor_scale; /* 22.04 is 2204, 3.19 is 3019; 0: the first number alone */
} version_files[] = {
	{"debian", "/etc/debian_version", "", 0},
	{"devuan", "/etc/devuan_version", "", 0},
	{"ubuntu", "/etc/lsb-release", "DISTRIB_RELEASE=", 100},
	{"alpine", "/etc/alpine-release", "", 1000},
};

enum { AS_THE_NEWEST = 99999 };

static unsigned int by_name(const char *text)
{
	for (size_t i = 0; i < ARRAY_SIZE(codenames); i++)
		if (starts_with(text, codenames[i].name))
			return codenames[i].version;
	return AS_THE_NEWEST;
}

static unsigned int read_version(const struct version_file *file, const char *text)
{
	unsigned int major = 0, minor = 0;
	const char *at = strstr(text, file->before);

	if (!at)
		return AS_THE_NEWEST;
	at += strlen(file->before);
	if (sscanf(at, "%u.%u", &major, &minor) < 1)
		return by_name(at);
	return file->minor_scale ? major * file->minor_scale + minor : major;
}

unsigned int setup_version(const struct setup *setup)
{
	const struct guest guest = setup_guest(setup);
	cleanup_(arena_free) struct arena arena = {};

	for (size_t i = 0; i < ARRAY_SIZE(version_files); i++) {
		const char *text;

		if (strcmp(version_files[i].ostype, setup->ostype) != 0)
			continue;
		text = guest_read(&arena, &guest, version_files[i].path);
		return text ? read_version(&version_files[i], text) : AS_THE_NEWEST;
	}
	return AS_THE_NEWEST;
}
