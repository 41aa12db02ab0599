#pragma once

struct err;
struct observation;
struct run;
struct step;

/* The observe functions of ns/cred.h's kinds: what /proc/PID/status shows. */
int cap_bound_observe(const struct step *step, struct run *run, struct observation *seen,
		      struct err *err);
int user_observe(const struct step *step, struct run *run, struct observation *seen,
		 struct err *err);
int nnp_observe(const struct step *step, struct run *run, struct observation *seen,
		struct err *err);
