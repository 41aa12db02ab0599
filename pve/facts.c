#include "pve/facts.h"

#include "lib/err.h"
#include "lib/json.h"

#include <stddef.h>
#include <string.h>

static const char *const bridge_kind_names[] = {
	[PVE_BRIDGE_PLAIN] = "plain",
	[PVE_BRIDGE_VLAN_AWARE] = "vlanAware",
	[PVE_BRIDGE_OVS] = "ovs",
	[PVE_BRIDGE_NONE] = "none",
};

static const char *const kind_names[] = {
	[PVE_VOLUME_DIR] = "dir",
	[PVE_VOLUME_IMAGE] = "image",
	[PVE_VOLUME_BLOCK] = "block",
};

/* ------------------------------------------------------------------------------- looking up */

const struct pve_bridge *pve_facts_bridge(const struct pve_facts *facts, const char *name)
{
	for (size_t i = 0; i < facts->bridges.count; i++)
		if (strcmp(facts->bridges.items[i].name, name) == 0)
			return &facts->bridges.items[i];
	return NULL;
}

const struct pve_volume *pve_facts_volume(const struct pve_facts *facts, const char *key)
{
	for (size_t i = 0; i < facts->volumes.count; i++)
		if (strcmp(facts->volumes.items[i].key, key) == 0)
			return &facts->volumes.items[i];
	return NULL;
}

const struct pve_device_node *pve_facts_device(const struct pve_facts *facts, const char *path)
{
	for (size_t i = 0; i < facts->devices.count; i++)
		if (strcmp(facts->devices.items[i].path, path) == 0)
			return &facts->devices.items[i];
	return NULL;
}

const char *pve_names_find(const struct pve_names *names, const char *name)
{
	for (size_t i = 0; i < names->count; i++)
		if (strcmp(names->items[i].name, name) == 0)
			return names->items[i].value;
	return NULL;
}

/* ------------------------------------------------------------- single values and maps of them */

static const struct string_member {
	const char *name;
	size_t offset;
} string_members[] = {
	{"machine", offsetof(struct pve_facts, machine)},
	{"apparmorAbi", offsetof(struct pve_facts, apparmor_abi)},
	{"bundle", offsetof(struct pve_facts, bundle)},
	{"cpus", offsetof(struct pve_facts, cpus)},
	{"resolvConf", offsetof(struct pve_facts, resolv_conf)},
	{"firewallLacks", offsetof(struct pve_facts, firewall_lacks)},
};

static const struct bool_member {
	const char *name;
	size_t offset;
} bool_members[] = {
	{"apparmor", offsetof(struct pve_facts, apparmor)},
	{"dhcpcd", offsetof(struct pve_facts, dhcpcd)},
	{"firewallBridges", offsetof(struct pve_facts, firewall_bridges)},
};

static const struct names_member {
	const char *name;
	size_t offset;
} names_members[] = {
	{"hwaddrs", offsetof(struct pve_facts, hwaddrs)},
	{"addresses", offsetof(struct pve_facts, addresses)},
	{"files", offsetof(struct pve_facts, files)},
	{"environment", offsetof(struct pve_facts, environment)},
	{"lxcfs", offsetof(struct pve_facts, lxcfs)},
	{"absent", offsetof(struct pve_facts, absent)},
};

#define MEMBER(type, base, at) ((type *)((char *)(base) + (at)))

static void write_single_values(const struct pve_facts *facts, struct json_out *out)
{
	for (size_t i = 0; i < ARRAY_SIZE(string_members); i++) {
		const char *value = *MEMBER(const char *const, facts, string_members[i].offset);

		if (value)
			json_out_string(out, string_members[i].name, value);
	}
	json_out_u64(out, "lastCap", facts->last_cap);
	for (size_t i = 0; i < ARRAY_SIZE(bool_members); i++)
		json_out_bool(out, bool_members[i].name,
			      *MEMBER(const bool, facts, bool_members[i].offset));
}

static void write_names(const struct pve_facts *facts, struct json_out *out)
{
	for (size_t i = 0; i < ARRAY_SIZE(names_members); i++) {
		const struct pve_names *names =
			MEMBER(const struct pve_names, facts, names_members[i].offset);

		if (!names->count)
			continue;
		json_out_object(out, names_members[i].name);
		for (size_t j = 0; j < names->count; j++)
			json_out_string(out, names->items[j].name, names->items[j].value);
		json_out_end(out);
	}
}

/* ---------------------------------------------------------------------------------- lists */

static void write_bridge(const void *item, struct json_out *out)
{
	const struct pve_bridge *bridge = item;

	json_out_string(out, "name", bridge->name);
	json_out_u64(out, "mtu", bridge->mtu);
	json_out_string(out, "kind", bridge_kind_names[bridge->kind]);
	if (bridge->options.no_learning)
		json_out_bool(out, "noLearning", true);
	if (bridge->options.isolated)
		json_out_bool(out, "isolated", true);
}

static void write_volume(const void *item, struct json_out *out)
{
	const struct pve_volume *volume = item;

	json_out_string(out, "key", volume->key);
	json_out_string(out, "kind", kind_names[volume->kind]);
	json_out_string(out, "path", volume->path);
	if (volume->fs)
		json_out_string(out, "fs", volume->fs);
}

static void write_device(const void *item, struct json_out *out)
{
	const struct pve_device_node *device = item;
	const char type[] = {device->type, '\0'};

	json_out_string(out, "path", device->path);
	json_out_string(out, "type", type);
	json_out_u64(out, "major", device->major);
	json_out_u64(out, "minor", device->minor);
}

/* The member @name of @json as a string that has to be there. */
static int need_string(const struct json *json, const char *name, const char **value,
		       struct err *err)
{
	*value = json_string(json, name);
	return *value ? 0 : err_plain(err, -EINVAL, "facts: \"%s\" is missing or no string", name);
}

static int need_u32(const struct json *json, const char *name, uint32_t *value, struct err *err)
{
	const struct json *number = json_find(json, name);
	uint64_t wide;

	if (!number || json_u64(number, &wide) < 0 || wide > UINT32_MAX)
		return err_plain(err, -EINVAL, "facts: \"%s\" is missing or no 32-bit number",
				 name);
	*value = (uint32_t)wide;
	return 0;
}

static bool is_true(const struct json *json, const char *name)
{
	const struct json *value = json_find(json, name);

	return value && value->boolean;
}

static int read_bridge(const struct json *json, void *item, struct err *err)
{
	struct pve_bridge *bridge = item;
	const char *kind = json_string(json, "kind") ?: bridge_kind_names[PVE_BRIDGE_PLAIN];
	int r = need_string(json, "name", &bridge->name, err);

	if (r == 0)
		r = need_u32(json, "mtu", &bridge->mtu, err);
	if (r < 0)
		return r;
	bridge->options.no_learning = is_true(json, "noLearning");
	bridge->options.isolated = is_true(json, "isolated");
	for (size_t i = 0; i < ARRAY_SIZE(bridge_kind_names); i++) {
		if (strcmp(kind, bridge_kind_names[i]) != 0)
			continue;
		bridge->kind = (enum pve_bridge_kind)i;
		return 0;
	}
	return err_plain(err, -EINVAL, "facts: '%s' is no kind of bridge", kind);
}

static int read_volume(const struct json *json, void *item, struct err *err)
{
	struct pve_volume *volume = item;
	const char *kind = NULL;
	int r = need_string(json, "key", &volume->key, err);

	if (r == 0)
		r = need_string(json, "path", &volume->path, err);
	if (r == 0)
		r = need_string(json, "kind", &kind, err);
	if (r < 0)
		return r;
	volume->fs = json_string(json, "fs");
	for (size_t i = 0; i < ARRAY_SIZE(kind_names); i++) {
		if (strcmp(kind, kind_names[i]) != 0)
			continue;
		volume->kind = (enum pve_volume_kind)i;
		return 0;
	}
	return err_plain(err, -EINVAL, "facts: '%s' is no kind of volume (dir, image, block)",
			 kind);
}

static int read_device(const struct json *json, void *item, struct err *err)
{
	struct pve_device_node *device = item;
	const char *type = NULL;
	int r = need_string(json, "path", &device->path, err);

	if (r == 0)
		r = need_string(json, "type", &type, err);
	if (r == 0)
		r = need_u32(json, "major", &device->major, err);
	if (r == 0)
		r = need_u32(json, "minor", &device->minor, err);
	if (r < 0)
		return r;
	if (strcmp(type, "b") != 0 && strcmp(type, "c") != 0)
		return err_plain(err, -EINVAL, "facts: '%s' is no type of device (b, c)", type);
	device->type = *type;
	return 0;
}

/* All lists have the same shape: a count, then a pointer to the items. They are copied in and out,
 * as the pointers' types differ. */
struct list {
	size_t count;
	void *items;
};

static const struct list_member {
	const char *name;
	size_t offset;
	size_t item_size;
	void (*write)(const void *item, struct json_out *out);
	int (*read)(const struct json *json, void *item, struct err *err);
} list_members[] = {
	{"bridges", offsetof(struct pve_facts, bridges), sizeof(struct pve_bridge), write_bridge,
	 read_bridge},
	{"volumes", offsetof(struct pve_facts, volumes), sizeof(struct pve_volume), write_volume,
	 read_volume},
	{"devices", offsetof(struct pve_facts, devices), sizeof(struct pve_device_node),
	 write_device, read_device},
};

static void write_list(const struct list_member *member, const struct pve_facts *facts,
		       struct json_out *out)
{
	struct list list;

	memcpy(&list, MEMBER(const char, facts, member->offset), sizeof(list));
	if (!list.count)
		return;
	json_out_array(out, member->name);
	for (size_t i = 0; i < list.count; i++) {
		json_out_object(out, NULL);
		member->write((const char *)list.items + i * member->item_size, out);
		json_out_end(out);
	}
	json_out_end(out);
}

static int read_list(struct arena *arena, const struct list_member *member, const struct json *json,
		     struct pve_facts *facts, struct err *err)
{
	const struct json *array = json_find(json, member->name);
	struct list list = {};

	if (!array)
		return 0;
	if (array->type != JSON_ARRAY)
		return err_plain(err, -EINVAL, "facts: \"%s\" is no array", member->name);
	list.items = arena_array(arena, array->count, member->item_size);
	json_each (child, array) {
		int r = member->read(child, (char *)list.items + list.count * member->item_size,
				     err);

		if (r < 0)
			return r;
		list.count++;
	}
	memcpy(MEMBER(char, facts, member->offset), &list, sizeof(list));
	return 0;
}

/* --------------------------------------------------------------------------- the whole of it */

void pve_facts_write(const struct pve_facts *facts, struct json_out *out, const char *name)
{
	json_out_object(out, name);
	write_single_values(facts, out);
	for (size_t i = 0; i < ARRAY_SIZE(list_members); i++)
		write_list(&list_members[i], facts, out);
	write_names(facts, out);
	json_out_end(out);
}

static int read_single_values(const struct json *json, struct pve_facts *facts, struct err *err)
{
	for (size_t i = 0; i < ARRAY_SIZE(string_members); i++)
		*MEMBER(const char *, facts, string_members[i].offset) =
			json_string(json, string_members[i].name);
	for (size_t i = 0; i < ARRAY_SIZE(bool_members); i++) {
		const struct json *value = json_find(json, bool_members[i].name);

		*MEMBER(bool, facts, bool_members[i].offset) = value && value->boolean;
	}
	return json_find(json, "lastCap") ? need_u32(json, "lastCap", &facts->last_cap, err) : 0;
}

static int read_names(struct arena *arena, const struct json *json, struct pve_names *names,
		      struct err *err)
{
	if (!json)
		return 0;
	names->items = arena_array(arena, json->count, sizeof(*names->items));
	json_each (child, json) {
		if (child->type != JSON_STRING || !child->name)
			return err_plain(err, -EINVAL, "facts: \"%s\" holds strings by name",
					 json->name);
		names->items[names->count++] = (struct pve_named){child->name, child->text};
	}
	return 0;
}

int pve_facts_read(struct arena *arena, const struct json *json, struct pve_facts *facts,
		   struct err *err)
{
	struct pve_facts result = {};
	int r;

	if (!json || json->type != JSON_OBJECT)
		return err_plain(err, -EINVAL, "facts: no JSON object");
	r = read_single_values(json, &result, err);
	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(list_members); i++)
		r = read_list(arena, &list_members[i], json, &result, err);
	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(names_members); i++)
		r = read_names(arena, json_find(json, names_members[i].name),
			       MEMBER(struct pve_names, &result, names_members[i].offset), err);
	if (r == 0)
		*facts = result;
	return r;
}
