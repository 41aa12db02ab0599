#include "pve/setup/parts.h"

#include "lib/err.h"
#include "lib/text.h"

#include <limits.h>
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
	const char *before;       /* what stands before it */
	unsigned int minor_scale; /* 22.04 is 2204, 3.19 is 3019; 0: the first number alone */
} version_files[] = {
	{"alpine", "/etc/alpine-release", "", 1000},
	{"centos", "/etc/redhat-release", "release ", 0},
	{"debian", "/etc/debian_version", "", 0},
	{"devuan", "/etc/devuan_version", "", 0},
	{"fedora", "/etc/os-release", "\nVERSION_ID=", 0},
	{"openeuler", "/etc/os-release", "\nVERSION_ID=", 0},
	{"opensuse", "/etc/os-release", "\nVERSION_ID=", 100},
	{"ubuntu", "/etc/lsb-release", "DISTRIB_RELEASE=", 100},
};

/* Versions whose files are known; distributions that are not named: all. */
static const struct version_range {
	const char *ostype;
	unsigned int first, last;
} ranges[] = {
	{"centos", 5, 10},          {"debian", 4, UINT_MAX},
	{"fedora", 22, UINT_MAX},   {"openeuler", 24, UINT_MAX},
	{"opensuse", 1200, 1302},   {"opensuse", 1500, 1699},
	{"opensuse", 4200, 9999},   {"opensuse", 201700 * 10000U, UINT_MAX},
	{"ubuntu", 1204, UINT_MAX},
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
	at += strspn(at, "\"'");
	if (sscanf(at, "%u.%u", &major, &minor) < 1)
		return by_name(at);
	return file->minor_scale ? major * file->minor_scale + minor : major;
}

/* The text with a line end before it, so that a key stands at the start of a line. */
static const char *read_file(const struct setup *setup, struct arena *arena, const char *path)
{
	const struct guest guest = setup_guest(setup);
	const char *text = guest_read(arena, &guest, path);

	if (!text && strcmp(path, "/etc/os-release") == 0)
		text = guest_read(arena, &guest, "/usr/lib/os-release");
	return text ? arena_printf(arena, "\n%s", text) : NULL;
}

unsigned int setup_version(const struct setup *setup)
{
	cleanup_(arena_free) struct arena arena = {};

	for (size_t i = 0; i < ARRAY_SIZE(version_files); i++) {
		const char *text;

		if (strcmp(version_files[i].ostype, setup->ostype) != 0)
			continue;
		text = read_file(setup, &arena, version_files[i].path);
		return text ? read_version(&version_files[i],
					   text + (*version_files[i].before != '\n'))
			    : AS_THE_NEWEST;
	}
	return AS_THE_NEWEST;
}

int setup_check_version(const struct setup *setup, struct err *err)
{
	unsigned int version = setup_version(setup);
	bool limited = false;

	for (size_t i = 0; i < ARRAY_SIZE(ranges); i++) {
		if (strcmp(ranges[i].ostype, setup->ostype) != 0)
			continue;
		if (version == AS_THE_NEWEST ||
		    (version >= ranges[i].first && version <= ranges[i].last))
			return 0;
		limited = true;
	}
	if (!limited)
		return 0;
	err_plain(err, -EINVAL, "unsupported %s release (%u)", setup->ostype, version);
	err_hint(err, "its files stay as they are with 'ostype: unmanaged'");
	return -EINVAL;
}
