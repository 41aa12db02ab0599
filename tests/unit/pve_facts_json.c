#include "tests/unit/pve_facts_json.h"

#include "lib/err.h"
#include "lib/json.h"
#include "pve/facts/facts.h"

#include <criterion/criterion.h>
#include <string.h>

#define MEMBER(type, base, at) ((type *)((char *)(base) + (at)))

static const struct member {
	const char *name;
	size_t offset;
} strings[] =
	{
		{"machine", offsetof(struct pve_facts, machine)},
		{"apparmorAbi", offsetof(struct pve_facts, apparmor_abi)},
		{"bundle", offsetof(struct pve_facts, bundle)},
		{"cpus", offsetof(struct pve_facts, cpus)},
		{"resolvConf", offsetof(struct pve_facts, resolv_conf)},
		{"firewallLacks", offsetof(struct pve_facts, firewall_lacks)},
},
  flags[] =
	  {
		  {"apparmor", offsetof(struct pve_facts, apparmor)},
		  {"dhcpcd", offsetof(struct pve_facts, dhcpcd)},
		  {"firewallBridges", offsetof(struct pve_facts, firewall_bridges)},
},
  names[] = {
	  {"hwaddrs", offsetof(struct pve_facts, hwaddrs)},
	  {"addresses", offsetof(struct pve_facts, addresses)},
	  {"files", offsetof(struct pve_facts, files)},
	  {"environment", offsetof(struct pve_facts, environment)},
	  {"lxcfs", offsetof(struct pve_facts, lxcfs)},
	  {"absent", offsetof(struct pve_facts, absent)},
};

static const char *string_of(const struct json *json, const char *name)
{
	const char *value = json_string(json, name);

	cr_assert_not_null(value, "facts: \"%s\" is missing", name);
	return value;
}

static uint32_t number_of(const struct json *json, const char *name)
{
	const struct json *number = json_find(json, name);
	uint64_t value = 0;

	cr_assert(number && json_u64(number, &value) == 0 && value <= UINT32_MAX,
		  "facts: \"%s\" is missing", name);
	return (uint32_t)value;
}

static bool flag_of(const struct json *json, const char *name)
{
	const struct json *value = json_find(json, name);

	return value && value->boolean;
}

/* Return: which of @words it is. */
static unsigned int word_of(const char *word, const char *const *words, unsigned int count)
{
	unsigned int i = 0;

	while (i < count && strcmp(word, words[i]) != 0)
		i++;
	cr_assert(i < count, "facts: nothing is '%s'", word);
	return i;
}

static void read_bridges(struct arena *arena, const struct json *array, struct pve_facts *facts)
{
	static const char *const kinds[] = {
		[PVE_BRIDGE_PLAIN] = "plain",
		[PVE_BRIDGE_VLAN_AWARE] = "vlanAware",
		[PVE_BRIDGE_OVS] = "ovs",
		[PVE_BRIDGE_NONE] = "none",
	};

	facts->bridges.items = arena_array(arena, array->count, sizeof(*facts->bridges.items));
	json_each (json, array)
		facts->bridges.items[facts->bridges.count++] = (struct pve_bridge){
			.name = string_of(json, "name"),
			.mtu = number_of(json, "mtu"),
			.kind = word_of(json_string(json, "kind") ?: "plain", kinds,
					ARRAY_SIZE(kinds)),
			.options = {.no_learning = flag_of(json, "noLearning"),
				    .isolated = flag_of(json, "isolated")},
		};
}

static void read_volumes(struct arena *arena, const struct json *array, struct pve_facts *facts)
{
	static const char *const kinds[] = {
		[PVE_VOLUME_DIR] = "dir",
		[PVE_VOLUME_IMAGE] = "image",
		[PVE_VOLUME_BLOCK] = "block",
	};

	facts->volumes.items = arena_array(arena, array->count, sizeof(*facts->volumes.items));
	json_each (json, array)
		facts->volumes.items[facts->volumes.count++] = (struct pve_volume){
			.key = string_of(json, "key"),
			.kind = word_of(string_of(json, "kind"), kinds, ARRAY_SIZE(kinds)),
			.path = string_of(json, "path"),
			.fs = json_string(json, "fs"),
		};
}

static void read_devices(struct arena *arena, const struct json *array, struct pve_facts *facts)
{
	facts->devices.items = arena_array(arena, array->count, sizeof(*facts->devices.items));
	json_each (json, array)
		facts->devices.items[facts->devices.count++] = (struct pve_device_node){
			.path = string_of(json, "path"),
			.type = *string_of(json, "type"),
			.major = number_of(json, "major"),
			.minor = number_of(json, "minor"),
		};
}

static void read_names(struct arena *arena, const struct json *object, struct pve_names *to)
{
	to->items = arena_array(arena, object->count, sizeof(*to->items));
	json_each (child, object)
		to->items[to->count++] = (struct pve_named){child->name, child->text};
}

void facts_from_json(struct arena *arena, const char *name, const char *text, size_t length,
		     struct pve_facts *facts)
{
	static const struct {
		const char *name;
		void (*read)(struct arena *arena, const struct json *array, struct pve_facts *to);
	} lists[] = {
		{"bridges", read_bridges}, {"volumes", read_volumes}, {"devices", read_devices}};
	const struct json *json;
	struct err err = {};

	*facts = (struct pve_facts){};
	cr_assert_eq(json_read(arena, name, text, length, &json, &err), 0, "%s", err.what);
	for (size_t i = 0; i < ARRAY_SIZE(strings); i++)
		*MEMBER(const char *, facts, strings[i].offset) =
			json_string(json, strings[i].name);
	facts->last_cap = json_find(json, "lastCap") ? number_of(json, "lastCap") : 0;
	for (size_t i = 0; i < ARRAY_SIZE(flags); i++)
		*MEMBER(bool, facts, flags[i].offset) = flag_of(json, flags[i].name);
	for (size_t i = 0; i < ARRAY_SIZE(lists); i++)
		if (json_find(json, lists[i].name))
			lists[i].read(arena, json_find(json, lists[i].name), facts);
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (json_find(json, names[i].name))
			read_names(arena, json_find(json, names[i].name),
				   MEMBER(struct pve_names, facts, names[i].offset));
}
