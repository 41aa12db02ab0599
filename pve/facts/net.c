#include "pve/facts/parts.h"

#include "lib/err.h"
#include "lib/file.h"
#include "lib/list.h"
#include "lib/process.h"
#include "lib/text.h"
#include "pve/conf/conf.h"
#include "pve/conf/hwaddr.h"
#include "pve/conf/property.h"
#include "pve/etc/datacenter.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static bool is_ovs_bridge(const char *name)
{
	const char *const argv[] = {"ovs-vsctl", "--timeout=10", "br-exists", name, NULL};

	return process_status(argv, NULL, NULL) == 0;
}

static enum pve_bridge_kind bridge_kind(const struct gathering *g, const char *name)
{
	const char *folder = arena_printf(g->arena, "/sys/class/net/%s/bridge", name);
	char line[16];

	if (file_line(AT_FDCWD, arena_printf(g->arena, "%s/vlan_filtering", folder), line,
		      sizeof(line)) > 0 &&
	    strcmp(line, "0") != 0)
		return PVE_BRIDGE_VLAN_AWARE;
	if (access(folder, F_OK) == 0)
		return PVE_BRIDGE_PLAIN;
	return is_ovs_bridge(name) ? PVE_BRIDGE_OVS : PVE_BRIDGE_NONE;
}

static struct bridge_options find_options(const struct gathering *g, const char *name)
{
	const char *etc = g->request->etc, *text;
	struct bridge_options options = {};

	if (file_read(g->arena, AT_FDCWD, "/etc/network/interfaces", 0, &text, NULL, NULL) == 0)
		bridge_options_of_interfaces(text, name, &options);
	if (etc &&
	    file_read(g->arena, AT_FDCWD, arena_printf(g->arena, "%s/sdn/.running-config", etc), 0,
		      &text, NULL, NULL) == 0)
		bridge_options_of_sdn(g->arena, text, name, &options);
	return options;
}

static bool find_bridge(const struct gathering *g, const char *name, struct pve_bridge *bridge)
{
	char line[16];
	uint32_t mtu;

	if (file_line(AT_FDCWD, arena_printf(g->arena, "/sys/class/net/%s/mtu", name), line,
		      sizeof(line)) < 0 ||
	    parse_u32(line, &mtu) < 0)
		return facts_running_bridge(g, name, bridge);
	*bridge = (struct pve_bridge){name, mtu, bridge_kind(g, name), find_options(g, name)};
	return true;
}

static void add_bridge(const struct gathering *g, const char *name)
{
	struct pve_bridge bridge;

	if (strchr(name, '/') || pve_facts_bridge(g->facts, name) || !find_bridge(g, name, &bridge))
		return; /* not there: the translation says so, with the line */
	*list_push(g->arena, &g->facts->bridges) = bridge;
}

/* What no other host has, best first: machine-id(5), which isn't there in each image and has no
 * digits in one that never ran; dbus' own, which is older; and as long as the host is up what its
 * kernel has made of random numbers. Return: "": none of them. */
static const char *host_identity(const struct gathering *g)
{
	static const char *const files[] = {
		"/etc/machine-id",
		"/var/lib/dbus/machine-id",
		"/proc/sys/kernel/random/boot_id",
	};
	char line[64];

	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		if (file_line(AT_FDCWD, files[i], line, sizeof(line)) > 0 &&
		    strcmp(line, "uninitialized") != 0)
			return arena_strdup(g->arena, line);
	return "";
}

/* Another on each host, for each container and interface, and always the same there: a change of
 * something else doesn't make the interface anew, and a server of DHCP knows it again. */
int facts_add_hwaddr(const struct gathering *g, const char *key)
{
	struct datacenter datacenter = {};
	int r = g->request->etc ? datacenter_read(g->arena, g->request->etc, &datacenter, g->err)
				: 0;

	if (r < 0)
		return r;
	facts_add_name(
		g, &g->facts->hwaddrs, key,
		hwaddr_of(g->arena, datacenter.mac_prefix,
			  arena_printf(g->arena, "%s %s %s", host_identity(g), g->conf->id, key)));
	return 0;
}

int facts_gather_net(const struct gathering *g)
{
	const struct pve_entry *entry;
	int r = 0;

	for (unsigned int i = 0; r == 0 && (entry = conf_indexed(&g->conf->main, "net", &i)); i++) {
		struct pve_net net = {};

		if (property_read(g->arena, pve_net_properties, entry->value, &net, NULL) < 0)
			continue; /* the translation says so */
		if (net.bridge)
			add_bridge(g, net.bridge);
		if (!net.hwaddr)
			r = facts_add_hwaddr(g, entry->key);
		if (!opt_bool_or(net.host_managed, false))
			continue;
		g->facts->dhcpcd = process_has("dhcpcd");
		facts_add_addresses(g, &net);
	}
	return r;
}
