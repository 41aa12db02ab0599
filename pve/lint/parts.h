#pragma once

#include "pve/conf/conf.h"
#include "pve/facts/facts.h"
#include "pve/lint/lint.h"

/* struct linting - what lints look at and add to */
struct linting {
	struct arena *arena;
	const struct pve_conf *conf;
	const struct pve_facts *facts;
	const struct lint_claims *claims; /* NULL: not known */
	const struct lint *lint;          /* the row that runs */
	struct lint_findings *findings;
};

/** lint_find() - one more finding about @entry's line. @fix: in the arena, or constant */
void lint_find(const struct linting *l, const struct pve_entry *entry, const char *fix,
	       const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/** lint_raw() - the last raw line of a key by today's name; NULL: none. */
const struct pve_entry *lint_raw(const struct linting *l, const char *key);

/** lint_where() - "mp0: in 100.conf, line 7" */
const char *lint_where(const struct linting *l, const struct pve_entry *entry);

void lint_idmap(const struct linting *l);
void lint_cgroup_v1(const struct linting *l);
void lint_overridden(const struct linting *l);
void lint_twice(const struct linting *l);
void lint_others(const struct linting *l);
void lint_no_effect(const struct linting *l);
void lint_owner(const struct linting *l);
void lint_systemd(const struct linting *l);
