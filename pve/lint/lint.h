#pragma once

#include <stddef.h>
#include <stdint.h>

struct arena;
struct err;
struct etc;
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

/** struct lint_claim - an address that a container asks for, and where: a bridge, a VLAN */
struct lint_claim {
	const char *id, *address, *bridge;
	int64_t tag; /* 0: none */
	const char *origin;
};

struct lint_claims {
	size_t count;
	struct lint_claim *items;
};

/** lint_claims_find() - of all containers that have a config, in @arena; one that can't be read is
 * told of by itself, and has none here */
int lint_claims_find(struct arena *arena, const struct etc *etc, struct lint_claims *claims,
		     struct err *err);

/** lint_config() - all lints over one config
 * @facts: of pve_facts_gather(), for what the config names on this host; NULL: not known
 * @claims: of this host's containers, this one among them or not; NULL: not known
 * @findings: its arena is the caller's; in the order of the table */
void lint_config(const struct pve_conf *conf, const struct pve_facts *facts,
		 const struct lint_claims *claims, struct lint_findings *findings);

/** lint_collisions() - that alone which compares it with other configs, for one that was just made
 */
void lint_collisions(const struct pve_conf *conf, const struct lint_claims *claims,
		     struct lint_findings *findings);

/** lint_conflicts() - those alone in which two lines can't both have what they ask for. A start
 * says them, too: nothing on the host or in the guest is looked at for it. */
void lint_conflicts(const struct pve_conf *conf, const struct pve_facts *facts,
		    struct lint_findings *findings);
