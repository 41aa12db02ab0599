#pragma once

struct err;
struct pct;

/** shutdown_task_begin() - from here on this process may be overruled. */
void shutdown_task_begin(void);

/**
 * overrule_shutdown() - end the `pct shutdown` that holds the lock of a container, if one does
 * Return: 0, also when there is none.
 */
int overrule_shutdown(struct pct *pct, const char *id, struct err *err);
