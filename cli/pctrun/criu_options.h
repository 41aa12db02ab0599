#pragma once

#include "runtime/checkpoint.h"

struct err;
struct options;

/** The options that checkpoint and restore share; criu_options_of() reads them. */
#define CRIU_OPTIONS                                                                               \
	{"image-path", 0, "DIR", "folder of the images (default: ./checkpoint)"},                  \
		{"work-path", 0, "DIR", "folder of CRIU's log (default: that of the images)"},     \
		{"tcp-established", 0, NULL, "with open TCP connections"},                         \
		{"tcp-skip-in-flight", 0, NULL, "without those that are not accepted yet"},        \
		{"tcp-close", 0, NULL, "close TCP connections"},                                   \
		{"ext-unix-sk", 0, NULL, "allow Unix sockets whose other end is outside"},         \
		{"shell-job", 0, NULL, "allow the caller's terminal"},                             \
		{"file-locks", 0, NULL, "with file locks"},                                        \
		{"link-remap", 0, NULL, "with open files that were unlinked"},                     \
		{"auto-dedup", 0, NULL, "give up in earlier images what is in later ones"},        \
		{"manage-cgroups-mode", 0, "MODE", "soft (default), full, strict or ignore"},      \
		{"empty-ns", 0, "NAME", "leave the contents of the network namespace to others"},  \
		{"lazy-pages", 0, NULL, "refused: memory is always in the images"},                \
	{                                                                                          \
		"page-server", 0, "ADDRESS:PORT", "refused: memory is always in the images"        \
	}

int criu_options_of(const struct options *given, struct criu_options *criu, struct err *err);
