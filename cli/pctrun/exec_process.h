#pragma once

struct arena;
struct err;
struct json;
struct oci_process;
struct options;

/**
 * exec_process_options() - change @process as exec's options say, in their order
 * @process: what the container's config.json describes; its lists are copied before they grow
 * @origins: get the option for each member that it changes: struct exec_options
 */
int exec_process_options(struct arena *arena, const struct options *given,
			 struct oci_process *process, struct json *origins, struct err *err);

/** exec_process_alone() - refuse what --process FILE says already: a command, and those options */
int exec_process_alone(const struct options *given, struct err *err);
