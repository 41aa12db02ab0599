#pragma once

#include "runtime/container.h"

struct err;

/** struct attached - a container that the caller stays with until it ends */
struct attached {
	struct create_options *create; /* its terminal is taken by us */
	/* Make it run; on failure nothing of it is left. */
	int (*make)(const struct attached *attached, const struct runtime *runtime, const char *id,
		    pid_t *pid, struct err *err);
	/* Now that it runs. NULL: nothing. */
	void (*made)(const struct attached *attached, pid_t pid);
	bool keep; /* don't delete it at the end */
};

/**
 * attached_run() - make it, relay its terminal if it has one, wait and delete
 * Return: the exit status that a shell would have; a negative errno with @err filled.
 */
int attached_run(const struct runtime *runtime, const char *id, const struct attached *attached,
		 struct err *err);
