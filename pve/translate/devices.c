#include "pve/translate/parts.h"

#include "oci/ext_mounts.h"
#include "pve/lxc/devices.h"

#include <string.h>

#define MODE_DEFAULT 0660

/* --------------------------------------------------------------------------- who may open what */

/* "/dev/kvm rwm" as "c 10:232 rwm"; anything else as it is. */
static const char *rule_text(struct translation *t, const struct lxc_line *line)
{
	size_t length = strcspn(line->value, " \t");
	const char *path = arena_strndup(t->arena, line->value, length);
	const struct pve_device_node *node;

	if (*line->value != '/')
		return line->value;
	node = pve_facts_device(t->facts, path);
	if (!node)
		return NULL;
	return arena_printf(t->arena, "%c %u:%u%s", node->type, node->major, node->minor,
			    line->value + length);
}

static int read_rules(struct translation *t, struct lxc_device_policy *policy)
{
	lxc_each(line, &t->lxc, "lxc.cgroup2.devices.")
	{
		bool allow = strcmp(line->key, "lxc.cgroup2.devices.allow") == 0;
		const char *text = rule_text(t, line);
		int r;

		if (!allow && strcmp(line->key, "lxc.cgroup2.devices.deny") != 0)
			return fail_wrong(t, line->origin, "write devices.allow or devices.deny",
					  "'%s' is no list of devices", line->key);
		if (!text)
			return fail(t, -ENOENT, line->origin, "'%s' is no device on this host",
				    line->value);
		r = lxc_device_read(t->arena, allow, text, line->origin, policy, t->err);
		if (r < 0)
			return fail_from(t, r, line->origin);
	}
	return 0;
}

static void add_rule(struct translation *t, const struct oci_device_rule *rule, const char *origin)
{
	note_origin(t, origin, "linux.resources.devices[%zu]",
		    t->spec->linux.resources->devices.count);
	*push(t, &t->spec->linux.resources->devices) = *rule;
}

/* A runtime allows some devices to every container unless a rule speaks of them; LXC doesn't. Lines
 * that deny have no other effect here, and say who wanted it. */
static void add_denials(struct translation *t, const struct lxc_device_policy *policy,
			const char *origin)
{
	add_rule(t, &(struct oci_device_rule){.type = "c", .access = "rwm"}, origin);
	add_rule(t, &(struct oci_device_rule){.type = "b", .access = "rwm"}, origin);
	for (size_t i = 0; i < policy->count; i++)
		if (!policy->items[i].rule.allow)
			add_rule(t, &policy->items[i].rule, policy->items[i].origin);
}

/* The default first, then what differs from it. LXC attaches no filter at all when nothing does,
 * also where the default is to deny: the container may then open everything. */
int translate_device_rules(struct translation *t)
{
	struct lxc_device_policy policy = {};
	struct oci_device_rule all = {.access = "rwm"};
	const char *origin = t->userns ? "Proxmox default: unprivileged" : "Proxmox default";
	bool differs = false;
	int r = read_rules(t, &policy);

	if (r < 0)
		return r;
	for (size_t i = 0; i < policy.count; i++)
		differs |= policy.items[i].rule.allow != policy.allow_by_default;
	if (!differs && !policy.allow_by_default)
		unenforced(t, "devices", "Proxmox default",
			   "no device is allowed by any line: LXC then allows all");
	all.allow = policy.allow_by_default || !differs;
	add_rule(t, &all, origin);
	if (!all.allow)
		add_denials(t, &policy, origin);
	for (size_t i = 0; i < policy.count; i++)
		if (policy.items[i].rule.allow != policy.allow_by_default)
			add_rule(t, &policy.items[i].rule, policy.items[i].origin);
	return 0;
}

/* -------------------------------------------------------------------------------------- devN */

struct passed {
	const struct pve_device_node *node;
	const char *type; /* "b", "c" */
	uint32_t mode, uid, gid;
	const char *origin;
};

static int read_passed(struct translation *t, const struct pve_entry *entry, struct passed *passed)
{
	struct pve_dev dev = {};
	int r = option_read(t, entry->key, pve_dev_properties, &dev);

	if (r < 0)
		return r;
	passed->node = pve_facts_device(t->facts, dev.path); /* there: the rules needed it */
	passed->type = passed->node->type == 'b' ? "b" : "c";
	passed->mode = dev.mode ? (uint32_t)strtoul(dev.mode, NULL, 8) : MODE_DEFAULT;
	passed->uid = (uint32_t)opt_i64_or(dev.uid, 0);
	passed->gid = (uint32_t)opt_i64_or(dev.gid, 0);
	passed->origin = conf_origin(t->arena, t->conf, entry);
	return 0;
}

/* In a user namespace a node can't be made: the runtime makes it outside and binds it. */
static void pass_device(struct translation *t, const struct passed *passed,
			struct oci_passed_list *list)
{
	*push(t, list) = (struct oci_passed){
		.path = passed->node->path,
		.type = passed->type,
		.major = passed->node->major,
		.minor = passed->node->minor,
		.mode = {true, passed->mode},
		.uid = passed->uid,
		.gid = passed->gid,
		.origin = passed->origin,
	};
}

static void add_device(struct translation *t, const struct passed *passed)
{
	note_origin(t, passed->origin, "linux.devices[%zu]", t->spec->linux.devices.count);
	*push(t, &t->spec->linux.devices) = (struct oci_device){
		.path = passed->node->path,
		.type = passed->type,
		.major = passed->node->major,
		.minor = passed->node->minor,
		.file_mode = {true, passed->mode},
		.uid = {true, passed->uid},
		.gid = {true, passed->gid},
	};
}

int translate_devices(struct translation *t)
{
	struct oci_passed_list list = {};
	const struct pve_entry *entry;

	for (unsigned int i = 0; (entry = conf_indexed(&t->conf->main, "dev", &i)); i++) {
		struct passed passed;
		int r = read_passed(t, entry, &passed);

		if (r < 0)
			return r;
		if (t->userns)
			pass_device(t, &passed, &list);
		else
			add_device(t, &passed);
	}
	if (!list.count)
		return 0;
	annotate_take(t, ANNOTATION_DEVICES, oci_passed_write(&list));
	return 0;
}
