#include "lib/arena.h"
#include "lib/err.h"
#include "ns/namespaces.h"
#include "oci/spec.h"

#include <criterion/criterion.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>

static const struct {
	const char *name, *namespaces;
	uint64_t own;
} rows[] = {
	{"none", "", 0},
	{"new ones", "{\"type\": \"mount\"}, {\"type\": \"network\"}", CLONE_NEWNS | CLONE_NEWNET},
	{"joined by path",
	 "{\"type\": \"network\", \"path\": \"/proc/1/ns/net\"}, {\"type\": \"uts\"}",
	 CLONE_NEWUTS},
	{"no path", "{\"type\": \"ipc\", \"path\": \"\"}", CLONE_NEWIPC},
	{"can't be joined from inside", "{\"type\": \"user\"}, {\"type\": \"pid\"}", CLONE_NEWPID},
	{"may be lacking", "{\"type\": \"time\"}, {\"type\": \"cgroup\"}", CLONE_NEWCGROUP},
};

Test(ns_namespaces, own)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		cleanup_(arena_free) struct arena arena = {};
		struct oci_spec spec;
		struct err err = {};
		char text[512];

		(void)snprintf(
			text, sizeof(text),
			"{\"ociVersion\": \"1.3.0\", \"root\": {\"path\": \"r\"}, \"linux\": "
			"{\"namespaces\": [%s]}}",
			rows[i].namespaces);
		cr_assert_eq(oci_spec_read(&arena, "config.json", text, strlen(text), &spec, &err),
			     0, "%s: %s", rows[i].name, err.what);
		cr_assert_eq(namespaces_own(&spec), rows[i].own, "%s: %#lx", rows[i].name,
			     (unsigned long)namespaces_own(&spec));
	}
}
