#pragma once

#include "oci/spec.h"

struct pve_conf;
struct pve_facts;

/*
 * From a Proxmox config to an OCI bundle. Pure: what the host has to say is in the facts.
 *
 * First the config becomes the list of LXC lines that Proxmox generates (pve/lxc/config.h): those
 * of the distribution, Proxmox's own, then the user's raw ones. Then each subject reads what came
 * out of that list and fills its part of the spec (translate_<subject>.c). Volumes, interfaces and
 * passed-through devices come from the config's options directly.
 *
 * Each part of the spec is noted in ANNOTATION_ORIGIN with the config line that asked for it, or
 * with "Proxmox default".
 */

/** struct pve_notice - what the config says and the container won't have, or won't need */
struct pve_notice {
	bool unenforced;  /* isolation that was asked for and is missing: a start stops at it  */
	const char *what; /* for --accept-unenforced: "net.tag", "lxc.include"                 */
	const char *text; /* "tag=20 is not acted on: eth0 gets the bridge's untagged traffic" */
	const char *origin;
};

struct pve_notices {
	size_t count;
	struct pve_notice *items;
};

/**
 * pve_translate() - make the spec that Proxmox and LXC would have made
 * @arena: everything in @spec and @notices lives here; strings of @conf and @facts are borrowed
 * @notices: emptied first, and filled on failure too
 * Return: 0; -EINVAL for a value that makes no sense, -ENOENT for one that names what @facts don't
 * have, with the config's line as the error's origin.
 */
int pve_translate(struct arena *arena, const struct pve_conf *conf, const struct pve_facts *facts,
		  struct oci_spec *spec, struct pve_notices *notices, struct err *err);
