#pragma once

struct err;
struct observation;
struct run;
struct step;

/** tty_observe() - whether a pty is mounted where the step wants it */
int tty_observe(const struct step *step, struct run *run, struct observation *seen,
		struct err *err);
