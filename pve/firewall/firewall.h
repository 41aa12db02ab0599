#pragma once

#include "oci/ext_firewall.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct err;

/*
 * Proxmox's firewall files: <vmid>.fw, and what of cluster.fw and host.fw bears on a container.
 * Their lines are kept as they are and taken apart where they are used: a group of rules that no
 * container has is nobody's business. What is used and wrong is an error with file and line, so
 * that no container runs with a part of its rules.
 */

struct firewall_line {
	const char *file;    /* "firewall/100.fw" */
	unsigned int number; /* from 1            */
	const char *text;    /* without blanks around it and without its comment */
};

struct firewall_section {
	const char *kind;  /* "options", "aliases", "ipset", "rules", "group" */
	const char *name;  /* of an ipset or group, lower case; NULL          */
	unsigned int line; /* where it begins                                */
	struct {
		size_t count;
		struct firewall_line *items;
	} lines;
};

struct firewall_file {
	size_t count;
	struct firewall_section *items;
};

/** firewall_file_read() - @name: for messages. Return: 0; -EINVAL: what is in no section, one that
 * has no such name, or a name that is there twice. */
int firewall_file_read(struct arena *arena, const char *name, const char *text,
		       struct firewall_file *file, struct err *err);

/** firewall_section() - NULL: there is none. @name: NULL, or in any case */
const struct firewall_section *firewall_section(const struct firewall_file *file, const char *kind,
						const char *name);

/** struct firewall_files - all that bears on one container; what isn't there is empty */
struct firewall_files {
	struct firewall_file guest, cluster, host;
	const char *services; /* the text of /etc/services, for names of ports; NULL: none */
};

struct firewall_options {
	bool enable;                        /* the container's  */
	bool cluster;                       /* the cluster's    */
	const char *policy_in, *policy_out; /* "accept", "drop", "reject" */
	bool dhcp, ndp, radv, macfilter, ipfilter;
	const char *log_in, *log_out; /* NULL: nolog */
	bool ips;
	struct oci_strings layer2_protocols; /* as numbers */
	bool invalid;                        /* host.fw's nf_conntrack_allow_invalid */
	bool nftables;                       /* host.fw's, if it is among @origins   */
	struct oci_map origins;              /* by name: "dhcp: 0 in firewall/100.fw, line 3" */
};

/** firewall_options_read() - those of the container, from all files that are there. */
int firewall_options_read(struct arena *arena, const struct firewall_files *files,
			  struct firewall_options *options, struct err *err);

/** struct firewall_net - an interface of the config with firewall=1 */
struct firewall_net {
	const char *key;  /* "net0"      */
	const char *host; /* "veth100i0" */
	const char *hwaddr;
	const char *ip, *ip6; /* as the config has them; NULL: none */
};

/** struct firewall_request - what to make rules for */
struct firewall_request {
	const char *id;
	const struct firewall_files *files;
	const struct firewall_options *options;
	const struct firewall_net *nets;
	size_t net_count;
};

/**
 * firewall_expand() - the rules with everything resolved: macros, groups, aliases, sets, names
 * @firewall: lives in @arena
 * Return: 0; -EINVAL with file and line.
 */
int firewall_expand(struct arena *arena, const struct firewall_request *request,
		    struct oci_firewall *firewall, struct err *err);

/** struct firewall_idle_line - one that is allowed and that nothing comes of */
struct firewall_idle_line {
	const char *origin; /* "IN ACCEPT -i net7 in firewall/100.fw, line 7" */
	const char *why;
};

struct firewall_idle {
	size_t count;
	struct firewall_idle_line *items;
};

/** firewall_idle_find() - add those of a request that firewall_expand() took to @idle: a rule of
 * the container for an interface that has none, an alias whose name is another's already */
void firewall_idle_find(struct arena *arena, const struct firewall_request *request,
			struct firewall_idle *idle);
