#include "pve/firewall/parts.h"

#include "lib/arena.h"
#include "lib/err.h"
#include "lib/list.h"
#include "lib/own.h"
#include "lib/text.h"

#include <string.h>
#include <strings.h>

enum option_kind {
	OPTION_BOOL,
	OPTION_COUNT,
	OPTION_ACTION,
	OPTION_LEVEL,
	OPTION_FRAMES,
	OPTION_PASSED
};

struct option_key {
	const char *name;
	enum option_kind kind;
	size_t offset;
};

#define AT(member) offsetof(struct firewall_options, member)

static const struct option_key guest_keys[] = {
	{"enable", OPTION_BOOL, AT(enable)},
	{"policy_in", OPTION_ACTION, AT(policy_in)},
	{"policy_out", OPTION_ACTION, AT(policy_out)},
	{"dhcp", OPTION_BOOL, AT(dhcp)},
	{"ndp", OPTION_BOOL, AT(ndp)},
	{"radv", OPTION_BOOL, AT(radv)},
	{"macfilter", OPTION_BOOL, AT(macfilter)},
	{"ipfilter", OPTION_BOOL, AT(ipfilter)},
	{"log_level_in", OPTION_LEVEL, AT(log_in)},
	{"log_level_out", OPTION_LEVEL, AT(log_out)},
	{"ips", OPTION_BOOL, AT(ips)},
	{"ips_queues", OPTION_PASSED, 0},
	{"layer2_protocols", OPTION_FRAMES, AT(layer2_protocols)},
	{},
};

/* Of the other two files, what changes a container's rules; the rest is the host's own. */
static const struct option_key cluster_keys[] = {{"enable", OPTION_COUNT, AT(cluster)}, {}};
static const struct option_key host_keys[] = {
	{"nf_conntrack_allow_invalid", OPTION_BOOL, AT(invalid)},
	{"nftables", OPTION_BOOL, AT(nftables)},
	{},
};

static const struct option_key *find_key(const struct option_key *keys, const char *name,
					 size_t length)
{
	for (; keys->name; keys++)
		if (strlen(keys->name) == length && strncasecmp(keys->name, name, length) == 0)
			return keys;
	return NULL;
}

static int read_bool(const char *value, bool *flag)
{
	if (strcmp(value, "0") != 0 && strcmp(value, "1") != 0)
		return -EINVAL;
	*flag = *value == '1';
	return 0;
}

static int read_value(struct arena *arena, const struct option_key *key, const char *value,
		      struct firewall_options *options)
{
	void *at = (char *)options + key->offset;
	unsigned long count;

	switch (key->kind) {
	case OPTION_BOOL:
		return read_bool(value, at);
	case OPTION_COUNT: /* Proxmox may write the time there */
		if (parse_u64(value, &count) < 0)
			return -EINVAL;
		*(bool *)at = count > 0;
		return 0;
	case OPTION_ACTION:
		*(const char **)at = firewall_action(value);
		return *(const char **)at ? 0 : -EINVAL;
	case OPTION_LEVEL:
		return firewall_level(value, at);
	case OPTION_FRAMES:
		return firewall_frames(arena, value, at);
	case OPTION_PASSED:
		break;
	}
	return 0;
}

/* The last one holds. */
static void add_origin(struct arena *arena, const struct option_key *key,
		       const struct firewall_line *line, struct oci_map *origins)
{
	const char *origin =
		arena_printf(arena, "%s in %s, line %u", line->text, line->file, line->number);

	for (size_t i = 0; i < origins->count; i++)
		if (strcmp(origins->items[i].name, key->name) == 0) {
			origins->items[i].value = origin;
			return;
		}
	*list_push(arena, origins) = (struct oci_pair){key->name, origin};
}

static int read_line(struct arena *arena, const struct option_key *keys, bool strict,
		     const struct firewall_line *line, struct firewall_options *options,
		     struct err *err)
{
	static const char *const wants[] = {
		[OPTION_BOOL] = "0 or 1",
		[OPTION_COUNT] = "a number",
		[OPTION_ACTION] = "ACCEPT, DROP or REJECT",
		[OPTION_LEVEL] = "a level of syslog, or nolog",
		[OPTION_FRAMES] = "a list of names like ARP, or numbers like 0x8863",
		[OPTION_PASSED] = "a text",
	};
	size_t length = strcspn(line->text, ": \t");
	const struct option_key *key = find_key(keys, line->text, length);
	const char *value = line->text + length;

	value += strspn(value, " \t");
	if (*value != ':')
		return firewall_fail(line, err, "write KEY: VALUE", "'%s' is not like 'enable: 1'",
				     line->text);
	value += 1 + strspn(value + 1, " \t");
	if (!key)
		return strict ? firewall_fail(line, err, "mend its name, or leave the line out",
					      "there is no option '%.*s'", (int)length, line->text)
			      : 0;
	if (read_value(arena, key, value, options) < 0)
		return firewall_fail(
			line, err, "mend the value, or leave the line out: then the default holds",
			"%s: '%s' is not %s", key->name, value, wants[key->kind]);
	add_origin(arena, key, line, &options->origins);
	return 0;
}

static int read_section(struct arena *arena, const struct firewall_file *file,
			const struct option_key *keys, bool strict,
			struct firewall_options *options, struct err *err)
{
	const struct firewall_section *section = firewall_section(file, "options", NULL);
	int r = 0;

	for (size_t i = 0; section && r == 0 && i < section->lines.count; i++)
		r = read_line(arena, keys, strict, &section->lines.items[i], options, err);
	return r;
}

int firewall_options_read(struct arena *arena, const struct firewall_files *files,
			  struct firewall_options *options, struct err *err)
{
	int r;

	*options = (struct firewall_options){
		.policy_in = "drop",
		.policy_out = "accept",
		.dhcp = true, /* as Proxmox does; its documentation says otherwise */
		.ndp = true,
		.macfilter = true,
	};
	r = read_section(arena, &files->guest, guest_keys, true, options, err);
	if (r == 0)
		r = read_section(arena, &files->cluster, cluster_keys, false, options, err);
	return r < 0 ? r : read_section(arena, &files->host, host_keys, false, options, err);
}
