#pragma once

#include "pve/setup/net.h"

struct text;

/* What an ifupdown takes: addresses with or without their prefix, IPv6 by DHCP or not. */
struct ifupdown_style {
	bool netmask; /* the prefix is a line of its own  */
	bool manual6; /* no "inet6 dhcp" and "inet6 auto" */
};

/** ifupdown_style() - what the guest's one takes, by distribution and version. */
struct ifupdown_style ifupdown_style(const struct setup *setup);

/**
 * ifupdown_stanza() - one interface and family of interfaces(5)
 * @kept: lines, indented, that the guest has besides addresses
 */
void ifupdown_stanza(struct text *text, const struct pve_net *net, enum ip_family family,
		     struct ifupdown_style style, const char *kept);
