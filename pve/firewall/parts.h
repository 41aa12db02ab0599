#pragma once

#include "pve/firewall/firewall.h"

#include <stdint.h>

/* What the files of the firewall share. Only the files of this folder include it. */

/** firewall_fail() - why, from "firewall/100.fw, line 7". @fix: what to write. Return: -EINVAL */
int firewall_fail(const struct firewall_line *line, struct err *err, const char *fix,
		  const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/** firewall_origin() - "IN DROP in firewall/100.fw, line 7", in @arena. */
const char *firewall_origin(struct arena *arena, const struct firewall_line *line);

/** firewall_is_name() - of a group, an alias or a set: a letter, then letters, digits, _ and -. */
bool firewall_is_name(const char *text);

/* ------------------------------------------------------------------ lines (rule.c) */

struct firewall_rule {
	const struct firewall_line *line;
	bool disabled;
	const char *type;   /* "in", "out", "group"                            */
	const char *action; /* "accept", "drop", "reject"; of a group its name */
	const char *macro;  /* NULL: none                                      */
	const char *interface, *source, *dest, *protocol, *dport, *sport, *icmp_type, *log;
};

int firewall_rule_read(struct arena *arena, const struct firewall_line *line,
		       struct firewall_rule *rule, struct err *err);

/** firewall_action() - "ACCEPT" in any case as "accept". Return: NULL: it is none. */
const char *firewall_action(const char *text);

/** firewall_level() - Return: 0; @level NULL for "nolog" and ""; -EINVAL: it is none. */
int firewall_level(const char *text, const char **level);

/* ------------------------------------------------------------------ macros (macro.c) */

/** struct firewall_item - one of what a macro stands for */
struct firewall_item {
	const char *macro;
	const char *protocol, *dport, *sport,
		*icmp_type; /* as in rules; NULL: as the rule has it */
	char family;        /* '4' or '6' alone, 0: both */
};

extern const struct firewall_item firewall_items[]; /* ends with a NULL macro */

/* ------------------------------------------------------------------ numbers (number.c) */

/** firewall_protocol() - "tcp" as "6". Return: 0; -EINVAL: it is none. */
int firewall_protocol(struct arena *arena, const char *text, const char **number);

/** firewall_ports() - "22,http,8000:8010" as "22", "80", "8000-8010"; @protocol: a number's text */
int firewall_ports(struct arena *arena, const struct firewall_line *line, const char *text,
		   const char *services, const char *protocol, struct oci_strings *ports,
		   struct err *err);

/** firewall_icmp() - "echo-request" as "8", for icmp or icmpv6. Return: 0; -EINVAL: it is none. */
int firewall_icmp(struct arena *arena, const char *text, bool v6, const char **number);

/** firewall_frames() - "ARP,0x8863" as "2054", "34915" (frame.c). Return: 0; -EINVAL: one of
 * them is none. */
int firewall_frames(struct arena *arena, const char *text, struct oci_strings *numbers);

/* ------------------------------------------------------------------ networks (network.c) */

/** struct network - bits that aren't of the prefix are 0 */
struct network {
	unsigned int bits; /* 32 or 128 */
	unsigned int prefix;
	uint8_t bytes[16];
};

struct network_entry {
	struct network network;
	bool except; /* "!10.1.0.0/16" */
};

struct network_entries {
	size_t count;
	struct network_entry *items;
};

/** network_read() - "10.0.0.0/8", "fd00::1". Return: 0; -EINVAL: it is none. */
int network_read(const char *text, struct network *network);

/** network_write() - in its shortest form, in @arena: no prefix behind a single address. */
const char *network_write(struct arena *arena, const struct network *network);

/** networks_cover() - add to @list the fewest networks with the addresses that @entries come to, in
 * order; where entries overlap, the more special one decides. Sorts @entries. */
void networks_cover(struct arena *arena, struct network_entries *entries, struct oci_strings *list);

/* ------------------------------------------------------------------ addresses (address.c) */

/** struct firewall_addresses - what a rule's -source or -dest comes to: one of the two */
struct firewall_addresses {
	struct oci_strings list;
	const char *set; /* "guest-web", that firewall_expand() makes */
};

/** firewall_addresses_read() - a list, a range, an alias or "+set". */
int firewall_addresses_read(struct arena *arena, const struct firewall_files *files,
			    const struct firewall_line *line, const char *text,
			    struct firewall_addresses *addresses, struct err *err);

/** firewall_set_read() - the networks of a set; in them the more special line decides. */
int firewall_set_read(struct arena *arena, const struct firewall_files *files,
		      const struct firewall_section *section, struct oci_strings *addresses,
		      struct err *err);

/* ------------------------------------------------------------------ one after the other */

/** struct expansion - firewall_expand() under way */
struct expansion {
	struct arena *arena;
	const struct firewall_request *request;
	struct oci_firewall *firewall;
	struct err *err;
};

/** firewall_expand_rules() - the lines of [RULES], with groups and macros (expand_rule.c) */
int firewall_expand_rules(const struct expansion *e);
