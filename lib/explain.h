#pragma once

struct err;

/*
 * Host facts behind a failure that hold whatever it was that failed: for reports. They fill the
 * fact and the hint of an error and change nothing else; what an error says already stays.
 */

/** explain_path() - how far a path of the host can be followed: "/srv is there, /srv/a is not" */
void explain_path(struct err *err, const char *path);

/** explain_number() - a limit of the host or of this process that the error's number speaks of. */
void explain_number(struct err *err);
