#pragma once

struct text;

/**
 * criu_log_reason() - what went wrong, from CRIU's log: at most two of its errors, the first ones
 *
 * Later ones say that because of those this and that has failed too. Nothing is added where the log
 * has none.
 */
void criu_log_reason(const char *log, struct text *reason);
