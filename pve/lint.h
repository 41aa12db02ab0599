#pragma once

#include <stddef.h>

struct arena;
struct pve_conf;
struct pve_facts;

/*
 * What is allowed in a config and hardly meant: a start goes on, `pct check` says it. Each
 * lint is a row of lint.c's table, and a file of its own where it takes more than a few lines.
 */

/** struct lint_finding - strings live in the arena */
struct lint_finding {
	const char *lint; /* its row's name: "idmap" */
	const char *text; /* "ids 1000 to 1000 have no id on the host" */
	const char *fix;  /* "add lxc.idmap: u 1000 101000 1" */
	const char *origin;
};

struct lint_findings {
	struct arena *arena;
	size_t count;
	struct lint_finding *items;
};

/** lint_config() - all lints over one config
 * @facts: of pve_facts_gather(), for what the config names on this host
 * @findings: its arena is the caller's; in the order of the table */
void lint_config(const struct pve_conf *conf, const struct pve_facts *facts,
		 struct lint_findings *findings);

/** lint_conflicts() - those alone in which two lines can't both have what they ask for. A start
 * says them, too: nothing on the host or in the guest is looked at for it. */
void lint_conflicts(const struct pve_conf *conf, const struct pve_facts *facts,
		    struct lint_findings *findings);
