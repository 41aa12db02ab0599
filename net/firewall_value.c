#include "net/firewall_value.h"

#include "lib/json.h"
#include "lib/own.h"
#include "net/firewall_judge.h"

#include <linux/if_ether.h>
#include <string.h>

static const struct value unknown = {VALUE_UNKNOWN}, none = {VALUE_NONE};

static struct value of_number(bool has, uint64_t number)
{
	return has ? (struct value){.kind = VALUE_NUMBER, .number = number, .or_else = number}
		   : none;
}

static struct value of_hwaddr(bool has, const char *hwaddr)
{
	return has ? (struct value){.kind = VALUE_HWADDR, .text = hwaddr} : none;
}

static struct value of_address(bool has, int family, const struct in6_addr *address)
{
	return has ? (struct value){.kind = VALUE_ADDRESS, .family = family, .address = *address}
		   : none;
}

static struct value of_interface(const char *name)
{
	return name ? (struct value){.kind = VALUE_INTERFACE, .text = name} : unknown;
}

static struct value of_ether(const struct packet *packet)
{
	const uint64_t type = packet->ether_type;

	return (struct value){.kind = VALUE_ETHER, .number = type, .or_else = type};
}

static struct value meta_value(const struct packet *packet, const char *key)
{
	const bool ip = packet->ether_type != ETH_P_ARP;

	if (strcmp(key, "iifname") == 0 || strcmp(key, "iif") == 0)
		return of_interface(packet->iif);
	if (strcmp(key, "oifname") == 0 || strcmp(key, "oif") == 0)
		return of_interface(packet->oif);
	if (strcmp(key, "nfproto") == 0)
		return of_number(ip, (uint64_t)packet->family);
	if (strcmp(key, "l4proto") == 0)
		return of_number(ip, packet->protocol);
	if (strcmp(key, "protocol") == 0)
		return of_ether(packet);
	return unknown;
}

static bool has_ports(const struct packet *packet, const char *header)
{
	static const struct {
		const char *header;
		uint8_t protocol;
	} rows[] = {
		{"tcp", IPPROTO_TCP},   {"udp", IPPROTO_UDP},   {"udplite", IPPROTO_UDPLITE},
		{"sctp", IPPROTO_SCTP}, {"dccp", IPPROTO_DCCP},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (rows[i].protocol == packet->protocol)
			return packet->ether_type != ETH_P_ARP &&
			       (strcmp(header, "th") == 0 || strcmp(header, rows[i].header) == 0);
	return false;
}

static struct value port_value(const struct packet *packet, const char *header, const char *field)
{
	enum { SYN = 2, RST = 4, ACK = 16 };
	const uint64_t flags = packet->refusal ? RST | ACK : packet->answer ? SYN | ACK : SYN;

	if (strcmp(field, "sport") == 0)
		return of_number(has_ports(packet, header), packet->source_port);
	if (strcmp(field, "dport") == 0)
		return of_number(has_ports(packet, header), packet->destination_port);
	if (strcmp(header, "tcp") == 0 && strcmp(field, "flags") == 0)
		return of_number(has_ports(packet, header), flags);
	return has_ports(packet, header) ? unknown : none;
}

static struct value icmp_value(const struct packet *packet, uint8_t protocol, const char *field)
{
	const bool is = packet->ether_type != ETH_P_ARP && packet->protocol == protocol;

	if (strcmp(field, "type") == 0)
		return of_number(is, packet->icmp_type);
	if (strcmp(field, "code") == 0)
		return of_number(is, 0);
	return is ? unknown : none;
}

static struct value ip_value(const struct packet *packet, int family, const char *field)
{
	const bool is = packet->ether_type == (family == AF_INET ? ETH_P_IP : ETH_P_IPV6);
	const struct in6_addr *address = strcmp(field, "saddr") == 0   ? &packet->source
					 : strcmp(field, "daddr") == 0 ? &packet->destination
								       : NULL;

	if (address)
		return packet->vague && is ? unknown : of_address(is, family, address);
	if (strcmp(field, "protocol") == 0 || strcmp(field, "nexthdr") == 0)
		return of_number(is, packet->protocol);
	return is ? unknown : none;
}

/* On the way in, a sender's hardware address is anybody's. */
static struct value link_value(const struct packet *packet, const char *field)
{
	if (strcmp(field, "type") == 0)
		return of_ether(packet);
	return strcmp(field, "saddr") == 0 && !packet->in && packet->hwaddr
		       ? of_hwaddr(true, packet->hwaddr)
		       : unknown;
}

static struct value arp_value(const struct packet *packet, const char *field)
{
	const bool is = packet->ether_type == ETH_P_ARP;

	if (strcmp(field, "saddr ether") == 0)
		return (packet->in || !packet->hwaddr) && is ? unknown
							     : of_hwaddr(is, packet->hwaddr);
	if (strcmp(field, "saddr ip") == 0)
		return of_address(is, AF_INET, &packet->source);
	return is ? unknown : none;
}

static struct value payload_value(const struct packet *packet, const char *header,
				  const char *field)
{
	if (strcmp(header, "ether") == 0)
		return link_value(packet, field);
	if (strcmp(header, "arp") == 0)
		return arp_value(packet, field);
	if (strcmp(header, "ip") == 0 || strcmp(header, "ip6") == 0)
		return ip_value(packet, header[2] ? AF_INET6 : AF_INET, field);
	if (strcmp(header, "icmp") == 0 || strcmp(header, "icmpv6") == 0)
		return icmp_value(packet, header[4] ? IPPROTO_ICMPV6 : IPPROTO_ICMP, field);
	return port_value(packet, header, field);
}

/* NFT_CT_STATE: neighbours' questions are untracked, those of ARP invalid where the host has asked
 * them itself (nf_conntrack_bridge sees just what comes by a port), and everything else is the
 * first of its connection. */
static struct value state_of(const struct packet *packet)
{
	enum { INVALID = 1, ESTABLISHED = 2, RELATED = 4, NEW = 8, UNTRACKED = 64 };

	if (packet->ether_type == ETH_P_ARP)
		return (struct value){
			.kind = VALUE_NUMBER, .number = UNTRACKED, .or_else = INVALID};
	return of_number(true, packet->protocol == IPPROTO_ICMPV6 && packet->icmp_type >= 133 &&
					       packet->icmp_type <= 137
				       ? UNTRACKED
			       : packet->refusal ? RELATED
			       : packet->answer  ? ESTABLISHED
						 : NEW);
}

/* What a rule has translated makes an answer unclear before it can be asked for here. */
static struct value connection_value(const struct packet *packet, const char *key)
{
	if (strcmp(key, "state") == 0)
		return state_of(packet);
	if (packet->ether_type == ETH_P_ARP || packet->vague)
		return unknown;
	if (strcmp(key, "direction") == 0)
		return of_number(true, packet->answer);
	return strcmp(key, "status") == 0 && !packet->answer && !packet->refusal
		       ? of_number(true, 0)
		       : unknown;
}

struct value value_of(const struct packet *packet, const struct json *left)
{
	const struct json *meta = json_find(left, "meta"), *ct = json_find(left, "ct");
	const struct json *payload = json_find(left, "payload");
	const char *header = json_string(payload, "protocol"),
		   *field = json_string(payload, "field");

	if (json_string(meta, "key"))
		return meta_value(packet, json_string(meta, "key"));
	if (header && field)
		return payload_value(packet, header, field);
	if (json_string(ct, "key"))
		return connection_value(packet, json_string(ct, "key"));
	return unknown;
}
