#pragma once

#include "oci/spec.h"

/*
 * ANNOTATION_FIREWALL as values: what packets a container may send and get, in words that know
 * neither Proxmox nor nftables. Everything is resolved: protocols, ports and types are numbers,
 * addresses are "10.0.0.1", "10.0.0.0/8" or "10.0.0.1-10.0.0.9", of one family in each rule.
 */

struct oci_firewall_interface {
	const char *host;           /* the host's end: "veth100i0"                         */
	const char *hwaddr;         /* what it must send from; NULL: anything              */
	bool filtered;              /* it may send from @sources alone                     */
	struct oci_strings sources; /* addresses and networks                              */
	const char *origin;         /* who asked for @filtered; NULL: not known            */
};

/* A list of networks that rules refer to by name. */
struct oci_firewall_set {
	const char *name;             /* "guest-web": letters, digits, '-', '_'                 */
	struct oci_strings addresses; /* both families                                          */
};

struct oci_firewall_rule {
	const char *direction; /* "in": to the container; "out" */
	const char *action;    /* "accept", "drop", "reject"    */
	const char *interface; /* the host's end; NULL: any     */
	const char *protocol;  /* "6"; NULL: any                */
	const char *source_set, *destination_set;
	struct oci_strings sources, destinations;
	struct oci_strings source_ports, destination_ports; /* "80", "5900-5999" */
	const char *icmp_type;                              /* "8", "3/4": with its code */
	const char *log;                                    /* "info"; NULL: nothing is logged */
	const char *origin;
};

struct oci_firewall {
	const char *name; /* of the container, for names and log lines: "100" */
	struct {
		size_t count;
		struct oci_firewall_interface *items;
	} interfaces;
	struct {
		size_t count;
		struct oci_firewall_set *items;
	} sets;
	struct {
		size_t count;
		struct oci_firewall_rule *items;
	} rules;                            /* the first that matches decides */
	const char *policy_in, *policy_out; /* actions */
	const char *log_in, *log_out;       /* NULL: what the policy stops isn't logged */
	bool dhcp;                          /* a client of DHCP may work                */
	bool ndp;                           /* neighbours may be found over IPv6        */
	bool radv;                          /* it may advertise itself as a router      */
	struct oci_strings protocols; /* of frames, besides IP: "2054"; the others are dropped on
					 the way out. None: ARP, and what the policy lets */
	bool invalid;                 /* packets that fit no connection pass on to the rules */
	struct oci_map origins; /* of policies and switches, by Proxmox's names: "policy_in" */
	const char *lacks;      /* why this host can't have them, as was found out; NULL: it can */
	const char *origin;
};

enum { OCI_LOG_LEVELS = 8 };

/* syslog(3)'s words for its levels, each at its number. */
extern const char *const oci_log_levels[OCI_LOG_LEVELS];

/**
 * oci_firewall_read() - the rules that a spec asks for
 * @firewall: NULL without the annotation; lives in @arena
 * Return: 0; -EINVAL naming the annotation, the item and what it has to look like.
 */
int oci_firewall_read(struct arena *arena, const struct oci_spec *spec,
		      const struct oci_firewall **firewall, struct err *err);

/** oci_firewall_write() - the annotation's text; the caller frees it. */
char *oci_firewall_write(const struct oci_firewall *firewall);
