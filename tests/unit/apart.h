#pragma once

/* Tests that need namespaces of their own. */

/* How what runs apart ends. */
enum { FINE, WRONG, NO_NAMESPACES };

/** run_apart() - call @what in a process with one thread alone: others get no user namespace.
 * The test fails unless @what returns FINE, and is skipped for NO_NAMESPACES. */
void run_apart(int (*what)(void));
