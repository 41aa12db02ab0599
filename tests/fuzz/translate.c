/*
 * <vmid>.conf to config.json: what the translation makes is a document that the reader takes, and
 * it, the checks and the plan give a reason for what they refuse.
 */

#include "tests/fuzz/fuzz.h"

#include "oci/spec.h"
#include "pve/conf/conf.h"
#include "pve/facts/facts.h"
#include "pve/translate/translate.h"
#include "runtime/plan.h"

#include <string.h>

static struct pve_volume volumes[] = {
	{"rootfs", PVE_VOLUME_DIR, "/srv/root", NULL},
	{"mp0", PVE_VOLUME_DIR, "/srv/data", NULL},
	{"mp1", PVE_VOLUME_IMAGE, "/srv/data.raw", "ext4"},
	{"mp2", PVE_VOLUME_BLOCK, "/dev/vg/data", "xfs"},
};

static struct pve_bridge bridges[] = {
	{.name = "vmbr0", .mtu = 1500, .kind = PVE_BRIDGE_VLAN_AWARE},
	{.name = "vmbr1", .mtu = 9000, .kind = PVE_BRIDGE_PLAIN},
	{.name = "ovs0", .mtu = 1500, .kind = PVE_BRIDGE_OVS},
};

static struct pve_device_node devices[] = {
	{"/dev/null", 'c', 1, 3},
	{"/dev/fuse", 'c', 10, 229},
	{"/dev/loop0", 'b', 7, 0},
};

static struct pve_named hwaddrs[] = {
	{"net0", "BC:24:11:00:00:01"},
	{"net1", "BC:24:11:00:00:02"},
	{"net2", "BC:24:11:00:00:03"},
};

static struct pve_named files[] = {
	{FACTS_FIREWALL_GUEST, "[OPTIONS]\nenable: 1\n[RULES]\nIN SSH(ACCEPT)\n"},
};

static const struct pve_facts facts = {
	.machine = "x86_64",
	.last_cap = 40,
	.apparmor = true,
	.apparmor_abi = "4.0",
	.dhcpcd = true,
	.bundle = "/run/bundle",
	.cpus = "0-1",
	.bridges = {ARRAY_SIZE(bridges), bridges},
	.volumes = {ARRAY_SIZE(volumes), volumes},
	.devices = {ARRAY_SIZE(devices), devices},
	.hwaddrs = {ARRAY_SIZE(hwaddrs), hwaddrs},
	.files = {ARRAY_SIZE(files), files},
};

static int plan_it(const struct oci_spec *spec)
{
	const struct plan_request request = {.id = "100", .bundle = facts.bundle};
	cleanup_(plan_free) struct plan plan = {};
	struct err err = {};

	return require(plan_make(&plan, spec, &fuzz_host, &request, &err) == 0 || *err.what);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	cleanup_(arena_free) struct arena arena = {};
	cleanup_(conf_free) struct pve_conf conf = {};
	cleanup_free char *written = NULL;
	struct pve_notices notices = {};
	struct oci_spec spec = {}, read;
	struct err err = {};

	if (conf_read(&conf, "100", (const char *)data, size, true, &err) < 0)
		return require(*err.what);
	if (pve_translate(&arena, &conf, &facts, &spec, &notices, &err) < 0)
		return require(*err.what && err.origin[0]);
	written = oci_spec_write(&spec);
	(void)require(oci_spec_read(&arena, "written", written, strlen(written), &read, &err) == 0);
	return oci_spec_check(&read, &err) < 0 ? require(*err.what) : plan_it(&read);
}
