/*
 * What pctrun-nft reads back of a container's table, where somebody may have put rules of any kind:
 * each packet gets a verdict, and a table doesn't differ from itself.
 */

#include "tests/fuzz/fuzz.h"

#include "net/firewall_judge.h"
#include "net/firewall_table.h"

#include <linux/if_ether.h>
#include <netinet/in.h>
#include <sys/socket.h>

#define PORT   "veth100i0"
#define HWADDR "bc:24:11:00:00:01"

#define PACKET(type, kind, ...)                                                                    \
	{                                                                                          \
		.port = PORT, .hwaddr = HWADDR, .ether_type = (type), .family = (kind),            \
		__VA_ARGS__                                                                        \
	}

static const struct packet packets[] = {
	PACKET(ETH_P_IP, AF_INET, .in = true, .protocol = IPPROTO_TCP, .destination_port = 80),
	PACKET(ETH_P_IPV6, AF_INET6, .protocol = IPPROTO_UDP, .source_port = 53),
	PACKET(ETH_P_IP, AF_INET, .in = true, .protocol = IPPROTO_ICMP, .icmp_type = 8),
	PACKET(ETH_P_IP, AF_INET, .answer = true, .protocol = IPPROTO_TCP, .source_port = 80),
	PACKET(ETH_P_ARP, AF_INET),
};

enum { PATIENCE = 1 << 20 }; /* with sanitizers a step takes many times as long */

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	cleanup_(arena_free) struct arena arena = {};
	cleanup_(text_free) struct text differences = {};
	const char *text = arena_strndup(&arena, (const char *)data, size);
	static const struct hook hook = {"forward", "vmbr0", "eth0"};
	struct tables tables;
	struct table table;
	size_t patience = PATIENCE, patience_at_hooks = PATIENCE;
	struct err err = {};

	if (table_read(&arena, "pctrun_100", text, &table, &err) < 0)
		return require(*err.what);
	for (size_t i = 0; i < ARRAY_SIZE(packets); i++) {
		const struct table_verdict verdict = table_judge(&table, &packets[i], &patience);

		(void)require(verdict.answer <= TABLE_UNCLEAR);
	}
	for (size_t i = 0; i < ARRAY_SIZE(packets); i++)
		(void)require(
			tables_read(&arena, text, &tables, &err) == 0 &&
			tables_judge(&tables, &packets[i], &hook, &patience_at_hooks).answer <=
				TABLE_UNCLEAR);
	return require(table_compare(&table, &table, &differences) <= 2 * table.count);
}
