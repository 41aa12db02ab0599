#pragma once

#include <stdbool.h>

struct oci_firewall;
struct oci_firewall_rule;
struct oci_strings;
struct text;

/* Lines of a script for nft(8), each with its origin as the kernel keeps it. Only
 * firewall_script.c includes this. */

enum { FAMILIES = 2 };

struct line_family {
	const char *name; /* of its matches and protocol */
	char letter;      /* of its sets                 */
	bool colons;
	const char *icmp, *icmp_number;
};

extern const struct line_family line_families[FAMILIES];

/** line_has_family() - is any of @addresses of @family, or are there none? */
bool line_has_family(const struct line_family *family, const struct oci_strings *addresses);

/** line_addresses() - those of @family: "10.0.0.1, 10.1.0.0/16" */
void line_addresses(struct text *script, const struct line_family *family,
		    const struct oci_strings *addresses);

/** line_comment() - the end of a rule, and of its line: who asked for it, as far as there is room
 */
void line_comment(struct text *script, const char *origin);

/** line_add() - one rule */
void line_add(struct text *script, const char *origin, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/** line_option() - the same for what an option decides */
void line_option(struct text *script, const struct oci_firewall *firewall, const char *option,
		 const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/** line_rule() - a rule of the annotation: one of nft's for each family, and for its log */
void line_rule(struct text *script, const struct oci_firewall *firewall,
	       const struct oci_firewall_rule *rule);

/** line_verdict() - nft's for "accept", "drop", "reject" */
const char *line_verdict(const char *action, bool in);

/** line_log() - the statement that logs; @action: as line_upper() has it */
void line_log(struct text *text, const struct oci_firewall *firewall, const char *level,
	      const char *chain, const char *action);

/** line_upper() - "ACCEPT" */
const char *line_upper(const char *action);
