#include "pve/firewall/parts.h"

#include "lib/arena.h"
#include "lib/list.h"
#include "lib/own.h"
#include "lib/text.h"

#include <linux/if_ether.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* What is in frames besides IP: names as /etc/ethertypes of ebtables has them. */

static const struct {
	const char *name;
	unsigned int number;
} types[] = {
	{"IPv4", ETH_P_IP},
	{"X25", ETH_P_X25},
	{"ARP", ETH_P_ARP},
	{"FR_ARP", 0x0808},
	{"BPQ", ETH_P_BPQ},
	{"TRILL", 0x22f3},
	{"L2-IS-IS", 0x22f4},
	{"TEB", ETH_P_TEB},
	{"RAW_FR", 0x6559},
	{"RARP", ETH_P_RARP},
	{"ATALK", ETH_P_ATALK},
	{"AARP", ETH_P_AARP},
	{"802_1Q", ETH_P_8021Q},
	{"IPX", ETH_P_IPX},
	{"NetBEUI", 0x8191},
	{"IPv6", ETH_P_IPV6},
	{"PPP", 0x880b},
	{"MPLS", ETH_P_MPLS_UC},
	{"MPLS_MULTI", ETH_P_MPLS_MC},
	{"ATMMPOA", ETH_P_ATMMPOA},
	{"PPP_DISC", ETH_P_PPP_DISC},
	{"PPP_SES", ETH_P_PPP_SES},
	{"ATMFATE", ETH_P_ATMFATE},
	{"EAPOL", ETH_P_PAE},
	{"S-TAG", ETH_P_8021AD},
	{"EAP_PREAUTH", 0x88c7},
	{"LLDP", ETH_P_LLDP},
	{"MACSEC", ETH_P_MACSEC},
	{"PBB", 0x88e7},
	{"MVRP", ETH_P_MVRP},
	{"PTP", ETH_P_1588},
	{"FCOE", ETH_P_FCOE},
	{"FIP", ETH_P_FIP},
	{"ROCE", 0x8915},
	{"LoWPAN", 0xa0ed},
};

/* "ARP", "0x8863". Return: 0: it is none. */
static unsigned int read_type(const char *word, size_t length)
{
	unsigned long number;

	for (size_t i = 0; i < ARRAY_SIZE(types); i++)
		if (strlen(types[i].name) == length &&
		    strncasecmp(types[i].name, word, length) == 0)
			return types[i].number;
	if (length < 3 || length > 6 || strncasecmp(word, "0x", 2) != 0 ||
	    strspn(word + 2, "0123456789abcdefABCDEF") != length - 2)
		return 0;
	number = strtoul(word, NULL, 16);
	return number >= ETH_P_802_3_MIN ? (unsigned int)number : 0;
}

int firewall_frames(struct arena *arena, const char *text, struct oci_strings *numbers)
{
	struct oci_strings read = {};

	for (;;) {
		const char *word = text + strspn(text, " \t");
		size_t length = strcspn(word, ", \t");
		unsigned int number = read_type(word, length);

		if (!number)
			return -EINVAL;
		*list_push(arena, &read) = arena_printf(arena, "%u", number);
		text = word + length + strspn(word + length, " \t");
		if (!*text)
			break;
		if (*text++ != ',')
			return -EINVAL;
	}
	*numbers = read;
	return 0;
}
