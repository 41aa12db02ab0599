#pragma once

struct err;
struct etc;
struct pve_conf;

/** hookscript_check() - whether the config's can be run, if it has one: -ENOENT, -EACCES ... why
 * not
 */
int hookscript_check(const struct etc *etc, const struct pve_conf *conf, struct err *err);

/**
 * hookscript_run() - let the config's `hookscript` take part in a start or stop
 * @phase: "pre-start", "post-start", "pre-stop", "post-stop"
 *
 * Runs `FILE VMID PHASE` with this process' environment, descriptors 0 to 2 and privileges, and
 * waits for it.
 * Return: 0, also without a hookscript; -ECANCELED where it said no, others where it can't be run:
 * "hookscript error for 100 on pre-start: ...".
 */
int hookscript_run(const struct etc *etc, const struct pve_conf *conf, const char *phase,
		   struct err *err);
