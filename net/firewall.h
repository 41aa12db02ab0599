#pragma once

#include "lib/step.h"

#include <stddef.h>

struct err;
struct oci_firewall;
struct oci_spec;
struct plan;
struct text;

/*
 * The container's packets, at its ports of bridges: a table of its own in nftables' family
 * bridge, "pctrun-100", put there and replaced in one transaction. What it sends is judged where
 * it enters a bridge (prerouting), what it gets where it leaves one (postrouting), so that it
 * makes no difference which way a packet takes in between.
 *
 * A table of its own costs every packet on the host's bridges one look-up of its interface for
 * each such container; in return nothing of one container can be lost by a change of another.
 */
struct firewall_step {
	struct step step;
	const char *table;  /* "pctrun-100"                           */
	const char *script; /* as nft(8) takes it: makes or replaces it */
	const char *digest; /* of the script: whether two are the same */
	size_t rules, interfaces;
};

extern const struct step_kind firewall_kind; /* STEP_ATTACH: leaves the table */

/** firewall_plan() - ANNOTATION_FIREWALL. Before the interfaces: none is without its rules. */
int firewall_plan(struct plan *plan, const struct oci_spec *spec, struct err *err);

/** firewall_script() - the table as a script; the comment of each rule is its origin */
void firewall_script(const struct oci_firewall *firewall, const char *table, struct text *script);

/* For a running container: a table is the same as long as it has the same name. */
bool firewall_same(const struct step *one, const struct step *other);
int firewall_revert(const struct step *step, struct run *run, struct err *err);
int firewall_change(const struct step *from, const struct step *to, struct run *run,
		    struct err *err);
