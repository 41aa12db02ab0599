#include "net/firewall_judge.h"

#include "lib/json.h"
#include "net/firewall_table.h"
#include "net/firewall_walk.h"

#include <linux/if_ether.h>
#include <string.h>

/* ------------------------------------------------------------------ the bridge */

static bool is_at(const struct table_item *item, const char *hook)
{
	const char *at = json_string(item->json, "hook");

	return item->kind == TABLE_CHAIN && at && strcmp(at, hook) == 0;
}

/* Each chain of the hook has to let it through. */
static struct table_verdict judge_at(const struct table *table, const struct packet *packet,
				     const char *hook, size_t *patience)
{
	struct table_verdict verdict = {};

	for (size_t i = 0; verdict.answer == TABLE_ACCEPTS && i < table->count; i++) {
		const struct table_item *item = &table->items[i];

		if (is_at(item, hook) && strcmp(item->family, "bridge") == 0)
			verdict = walk_base_chain(table, item, packet, patience);
	}
	return verdict;
}

struct table_verdict table_judge(const struct table *table, const struct packet *packet,
				 size_t *patience)
{
	struct packet at = *packet;

	at.iif = packet->in ? NULL : packet->port; /* another port, whichever */
	at.oif = packet->in ? packet->port : "";   /* not known yet */
	return judge_at(table, &at, packet->in ? "postrouting" : "prerouting", patience);
}

struct table_verdict table_judge_between(const struct table *table, const struct packet *packet,
					 bool forwarded, size_t *patience)
{
	struct packet between = *packet;
	struct table_verdict verdict;

	between.iif = packet->in ? NULL : packet->port;
	between.oif = packet->in ? packet->port : NULL;
	verdict = judge_at(table, &between, "forward", patience);
	if (forwarded)
		return verdict;
	if (verdict.answer == TABLE_ACCEPTS)
		verdict = judge_at(table, &between, packet->in ? "output" : "input", patience);
	if (verdict.answer != TABLE_ACCEPTS)
		verdict.answer = TABLE_UNCLEAR;
	return verdict;
}

/* ------------------------------------------------------------------ the network's own layer */

static bool is_devices(const struct hook *hook)
{
	return strcmp(hook->name, "ingress") == 0 || strcmp(hook->name, "egress") == 0;
}

static bool is_family(const char *family, const struct packet *packet, const struct hook *hook)
{
	if (is_devices(hook))
		return strcmp(family, "netdev") == 0 || strcmp(family, "inet") == 0;
	if (packet->ether_type == ETH_P_ARP)
		return strcmp(family, "arp") == 0;
	return strcmp(family, "inet") == 0 ||
	       strcmp(family, packet->family == AF_INET6 ? "ip6" : "ip") == 0;
}

static int64_t priority_of(const struct table_item *chain)
{
	const struct json *priority = json_find(chain->json, "prio");
	int64_t value = 0;

	return priority && json_i64(priority, &value) == 0 ? value : 0;
}

static bool has_text(const struct json *list, const char *text)
{
	if (list->type == JSON_STRING)
		return strcmp(list->text, text) == 0;
	json_each (item, list)
		if (item->type == JSON_STRING && strcmp(item->text, text) == 0)
			return true;
	return false;
}

/* Whose interface a chain is for isn't said by libnftables 1.0.6: what it would do is unclear then.
 */
static struct table_verdict judge_at_hook(const struct table *table, const struct table_item *chain,
					  const struct packet *packet, const struct hook *hook,
					  size_t *patience)
{
	const char *device = *hook->name == 'i' ? hook->iif : hook->oif;
	const struct json *devices = json_find(chain->json, "dev");
	struct table_verdict verdict = {};

	if (is_devices(hook) && devices && device && !has_text(devices, device))
		return verdict;
	verdict = walk_base_chain(table, chain, packet, patience);
	if (is_devices(hook) && (!devices || !device) && verdict.answer != TABLE_ACCEPTS)
		verdict.answer = TABLE_UNCLEAR;
	return verdict;
}

/* What stops it comes before what may, and of two that do the one that is asked first. */
static bool is_before(const struct table_verdict *one, int64_t priority,
		      const struct table_verdict *other, int64_t other_priority)
{
	if (one->answer == TABLE_ACCEPTS || other->answer == TABLE_ACCEPTS)
		return one->answer != TABLE_ACCEPTS;
	if (verdict_stops(one->answer) != verdict_stops(other->answer))
		return verdict_stops(one->answer);
	return priority < other_priority;
}

struct table_verdict tables_judge(const struct tables *tables, const struct packet *packet,
				  const struct hook *hook, size_t *patience)
{
	struct table_verdict first = {};
	struct packet at = *packet;
	int64_t first_priority = 0;

	at.iif = hook->iif;
	at.oif = hook->oif;
	for (size_t i = 0; i < tables->count; i++) {
		const struct table *table = &tables->items[i];

		for (size_t k = 0; is_family(table->family, packet, hook) && k < table->count;
		     k++) {
			const struct table_item *chain = &table->items[k];
			struct table_verdict verdict;

			if (!is_at(chain, hook->name))
				continue;
			verdict = judge_at_hook(table, chain, &at, hook, patience);
			if (is_before(&verdict, priority_of(chain), &first, first_priority)) {
				first = verdict;
				first_priority = priority_of(chain);
			}
		}
	}
	return first;
}
