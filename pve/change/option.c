#include "pve/change/option.h"

#include "lib/err.h"
#include "lib/file.h"
#include "lib/text.h"
#include "pve/conf/hwaddr.h"
#include "pve/conf/net_check.h"
#include "pve/conf/property.h"
#include "pve/conf/schema.h"
#include "pve/conf/value.h"
#include "pve/etc/datacenter.h"
#include "pve/storage/storage.h"

#include <ctype.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define WEIGHT_MAX "10000" /* of the kernel; the schema still allows what cgroup v1 took */

/* ---------------------------------------------------------------------------------- lists */

static int weight_store(struct arena *arena, const struct option_host *host, const char **value,
			struct err *err)
{
	if (value_number(*value) > value_number(WEIGHT_MAX))
		*value = WEIGHT_MAX;
	return 0;
}

static int list_store(struct arena *arena, const struct option_host *host, const char **value,
		      struct err *err)
{
	cleanup_(text_free) struct text text = {};
	const char *rest = *value, *item;
	size_t length;

	while ((item = value_next(&rest, &length)))
		text_addf(&text, "%s%.*s", text.length ? " " : "", (int)length, item);
	*value = arena_strdup(arena, text_str(&text));
	return 0;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

struct tag_style {
	bool keeps_case, keeps_order;
};

static struct tag_style tag_style(struct arena *arena, const char *text)
{
	const char *sensitive = text ? value_pair(arena, text, "case-sensitive") : NULL;
	const char *ordering = text ? value_pair(arena, text, "ordering") : NULL;

	return (struct tag_style){sensitive && value_bool(sensitive) > 0,
				  ordering && strcmp(ordering, "config") == 0};
}

static bool is_among(char *const *tags, size_t count, const char *tag)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(tags[i], tag) == 0)
			return true;
	return false;
}

/* In lower case and sorted, unless datacenter.cfg wants otherwise; each once. */
static int tags_store(struct arena *arena, const struct option_host *host, const char **value,
		      struct err *err)
{
	cleanup_(text_free) struct text text = {};
	const struct tag_style style = tag_style(arena, host->datacenter->tag_style);
	char **tags = arena_array(arena, strlen(*value) + 1, sizeof(*tags));
	const char *rest = *value, *item;
	size_t length, count = 0;

	while ((item = value_next(&rest, &length))) {
		char *tag = arena_strndup(arena, item, length);

		for (char *at = tag; *at && !style.keeps_case; at++)
			*at = (char)tolower((unsigned char)*at);
		if (!is_among(tags, count, tag))
			tags[count++] = tag;
	}
	if (!style.keeps_order)
		qsort(tags, count, sizeof(*tags), by_name);
	for (size_t i = 0; i < count; i++)
		text_addf(&text, "%s%s", i ? ";" : "", tags[i]);
	*value = arena_strdup(arena, text_str(&text));
	return 0;
}

/* ---------------------------------------------------------------------------- of the host */

static int check_mtu(const struct pve_net *net, struct err *err)
{
	char path[300], line[16];
	unsigned int mtu;

	if (!net->mtu.set || !net->bridge || strlen(net->bridge) > 200)
		return 0;
	(void)snprintf(path, sizeof(path), "/sys/class/net/%s/mtu", net->bridge);
	if (file_line(AT_FDCWD, path, line, sizeof(line)) < 0 || parse_u32(line, &mtu) < 0) {
		err_plain(err, -ENOENT, "bridge '%s' does not exist", net->bridge);
		err_hint(err, "make it on the host: ip link add %s type bridge; or name another",
			 net->bridge);
		return -ENOENT;
	}
	if (net->mtu.value <= mtu)
		return 0;
	return err_plain(err, -EINVAL, "mtu %ld is larger than the %u of bridge %s", net->mtu.value,
			 mtu, net->bridge);
}

/* As it is, where the interface stays: who changes its rate doesn't want another interface. */
static bool keep_hwaddr(struct arena *arena, const struct option_host *host, struct pve_net *net)
{
	struct pve_net before = {};

	if (!host->before ||
	    property_read(arena, pve_net_properties, host->before, &before, NULL) < 0 ||
	    strcmp(before.name, net->name) != 0)
		return false;
	net->hwaddr = before.hwaddr;
	return true;
}

static int net_store(struct arena *arena, const struct option_host *host, const char **value,
		     struct err *err)
{
	struct pve_net net = {};
	int r = property_read(arena, pve_net_properties, *value, &net, err);

	if (r == 0)
		r = check_mtu(&net, err);
	if (r == 0)
		r = net_check(&net, err);
	if (r < 0)
		return r;
	net.type = "veth";
	if (!net.hwaddr && !keep_hwaddr(arena, host, &net)) {
		net.hwaddr = hwaddr_random(arena, host->datacenter->mac_prefix);
		if (!net.hwaddr)
			return err_set(err, -errno, "get random numbers for a hardware address");
	}
	*value = property_write(arena, pve_net_properties, &net);
	return 0;
}

static int dev_store(struct arena *arena, const struct option_host *host, const char **value,
		     struct err *err)
{
	struct pve_dev dev = {};
	int r = property_read(arena, pve_dev_properties, *value, &dev, err);
	struct stat st;

	if (r < 0)
		return r;
	if (!dev.path)
		return err_plain(err, -EINVAL, "a path below /dev is missing");
	if (stat(dev.path, &st) < 0)
		return err_set(err, -errno, "device %s", dev.path);
	if (!S_ISCHR(st.st_mode) && !S_ISBLK(st.st_mode))
		return err_plain(err, -ENODEV, "%s is no device", dev.path);
	return 0;
}

static int hook_store(struct arena *arena, const struct option_host *host, const char **value,
		      struct err *err)
{
	const char *colon = strchr(*value, ':');
	const char *path;
	struct stat st;
	int r;

	if (!starts_with(colon + 1, "snippets/"))
		return err_plain(err, -EINVAL, "'%s' is not in the snippets directory", *value);
	r = storage_path(arena, host->storages, *value, &path, err);
	if (r < 0)
		return r;
	if (stat(path, &st) < 0 || !S_ISREG(st.st_mode))
		return err_plain(err, -ENOENT, "script '%s' does not exist", *value);
	if (!(st.st_mode & 0111))
		return err_plain(err, -EACCES, "script '%s' is not executable", *value);
	return 0;
}

/* Options by the names of their rows in the schema. */
static const struct option_rule {
	const char *name;
	int (*store)(struct arena *arena, const struct option_host *host, const char **value,
		     struct err *err);
} option_rules[] = {
	{"cpuunits", weight_store}, {"nameserver", list_store}, {"searchdomain", list_store},
	{"tags", tags_store},       {"net", net_store},         {"dev", dev_store},
	{"hookscript", hook_store},
};

int option_store(struct arena *arena, const struct option_host *host, const char *key,
		 const char *text, const char **value, struct err *err)
{
	const struct schema_key *row = schema_find(key);
	int r = schema_check_api(arena, key, text, value, err);

	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(option_rules); i++)
		if (strcmp(option_rules[i].name, row->name) == 0)
			r = option_rules[i].store(arena, host, value, err);
	return r;
}

int option_bad(const char *key, int r, struct err *err)
{
	err_add(err, "400 Parameter verification failed. %s", key);
	return r == -ENOENT ? -EINVAL : r;
}
