#include "pve/lint/parts.h"

#include "lib/list.h"
#include "lib/text.h"
#include "oci/ext.h"
#include "pve/conf/property.h"
#include "pve/etc/etc.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

/* Addresses that another container has on the same wire: one bridge, one VLAN. Of two that run,
 * whoever asks for it reaches now one, now the other. */

/* "fd00:0::2/64" as "fd00::2"; a hardware address is what it is. Return: NULL: "dhcp", ... */
static const char *bare(struct arena *arena, const char *text)
{
	char address[INET6_ADDRSTRLEN];
	const char *host = text ? arena_strndup(arena, text, strcspn(text, "/")) : "";
	struct in6_addr bytes;

	if (inet_pton(AF_INET6, host, &bytes) == 1)
		return arena_strdup(arena, inet_ntop(AF_INET6, &bytes, address, sizeof(address)));
	return strpbrk(host, ".:") ? host : NULL;
}

static void claim(struct arena *arena, const struct pve_conf *conf, const struct pve_entry *entry,
		  struct lint_claims *claims)
{
	struct pve_net net = {};

	if (property_read(arena, pve_net_properties, entry->value, &net, NULL) < 0 || !net.bridge)
		return;
	const char *const asked[] = {net.hwaddr, net.ip, net.ip6};

	for (size_t i = 0; i < ARRAY_SIZE(asked); i++) {
		const char *address = bare(arena, asked[i]);

		if (address && !oci_address_is_of_link(address))
			*list_push(arena, claims) = (struct lint_claim){
				.id = arena_strdup(arena, conf->id),
				.address = address,
				.bridge = arena_strdup(arena, net.bridge),
				.tag = opt_i64_or(net.tag, 0),
				.origin = conf_origin(arena, conf, entry),
			};
	}
}

/* A template asks for nothing: it never runs. */
static void claim_all(struct arena *arena, const struct pve_conf *conf, struct lint_claims *claims)
{
	const struct pve_entry *entry;
	bool is_template = false;

	if (conf_bool(conf, &conf->main, "template", &is_template, NULL) == 0 && is_template)
		return;
	for (unsigned int i = 0; (entry = conf_indexed(&conf->main, "net", &i)); i++)
		claim(arena, conf, entry, claims);
}

int lint_claims_find(struct arena *arena, const struct etc *etc, struct lint_claims *claims,
		     struct err *err)
{
	const char **ids;
	int r = etc_list(arena, etc, &ids, err);

	for (; r == 0 && *ids; ids++) {
		cleanup_(conf_free) struct pve_conf conf = {};

		if (etc_load(etc, *ids, &conf, NULL) == 0)
			claim_all(arena, &conf, claims);
	}
	return r;
}

static bool collides(const struct lint_claim *one, const struct lint_claim *other)
{
	return strcmp(one->id, other->id) != 0 && one->tag == other->tag &&
	       strcmp(one->bridge, other->bridge) == 0 &&
	       strcasecmp(one->address, other->address) == 0;
}

static void compare(const struct linting *l, const struct pve_entry *entry)
{
	struct lint_claims own = {};

	claim(l->arena, l->conf, entry, &own);
	for (size_t i = 0; i < own.count; i++)
		for (size_t j = 0; j < l->claims->count; j++)
			if (collides(&own.items[i], &l->claims->items[j]))
				lint_find(l, entry, "give another one to one of them",
					  "%s at %s is container %s's, too (%s)",
					  own.items[i].address, own.items[i].bridge,
					  l->claims->items[j].id, l->claims->items[j].origin);
}

void lint_others(const struct linting *l)
{
	const struct pve_entry *entry;

	for (unsigned int i = 0; l->claims && (entry = conf_indexed(&l->conf->main, "net", &i));
	     i++)
		compare(l, entry);
}
