#include "cli/show_isolation.h"

#include "cli/show_devices.h"
#include "debug/capabilities.h"
#include "debug/isolation.h"
#include "debug/kernel_files.h"
#include "debug/weaknesses.h"
#include "lib/mountinfo.h"
#include "lib/printable.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static void show_weaknesses(const struct weakness *weaknesses, unsigned long count)
{
	(void)printf("\nweaknesses, the worst first\n");
	if (!count)
		(void)printf("  none of those that are looked for\n");
	for (unsigned long i = 0; i < count; i++) {
		const struct weakness *weakness = &weaknesses[i];

		(void)printf("  %-6s %s%s%s\n", severity_name(weakness->severity), weakness->name,
			     *weakness->detail ? ": " : "", weakness->detail);
		(void)printf("         %s\n         to do: %s\n", weakness->means, weakness->mend);
	}
}

static void show_namespaces(const struct isolation *isolation)
{
	(void)printf("\nnamespaces\n");
	for (size_t i = 0; i < NAMESPACE_TYPES; i++) {
		const struct isolation_namespace *namespace = &isolation->namespaces[i];

		if (!namespace->id)
			continue;
		(void)printf("  %-8s %-11" PRIu64 " %s", namespace_types[i].type, namespace->id,
			     namespace->host ? "the host's" : "its own");
		if (!namespace->host && namespace->owner)
			(void)printf(", %s user namespace %" PRIu64,
				     i == NAMESPACE_USER ? "below" : "governed from",
				     namespace->owner);
		(void)printf("\n");
	}
}

static void show_range(uint32_t first, uint32_t count)
{
	(void)printf("%u", first);
	if (count > 1)
		(void)printf(" to %u", first + (count - 1));
}

static void show_map(const char *what, const struct idmap *map)
{
	for (size_t i = 0; i < map->count; i++) {
		const struct idmap_range *range = &map->ranges[i];

		(void)printf("  %s%s ", what, range->count > 1 ? "s" : "");
		show_range(range->inside, range->count);
		(void)printf(" inside %s%s ", range->count > 1 ? "are" : "is", i ? " also" : "");
		show_range(range->outside, range->count);
		(void)printf(" outside\n");
	}
}

static void show_id(const char *what, const uint32_t *id, const struct idmap *map)
{
	uint32_t inside;

	(void)printf("  %s %u", what, id[1]);
	if (idmap_inside(map, id[1], &inside) && inside != id[1])
		(void)printf(", which is %u inside", inside);
	if (id[0] != id[1] || id[2] != id[1])
		(void)printf(" (real %u, saved %u)", id[0], id[2]);
	(void)printf("\n");
}

static void show_ids(const struct isolation *isolation)
{
	const struct isolation_creds *creds = &isolation->creds;

	(void)printf("\nids, as they are called outside\n");
	show_id("uid", creds->uid, &isolation->uid_map);
	show_id("gid", creds->gid, &isolation->gid_map);
	if (creds->group_count) {
		(void)printf("  groups");
		for (size_t i = 0; i < creds->group_count; i++)
			(void)printf(" %u", creds->groups[i]);
		(void)printf("\n");
	}
	if (isolation->namespaces[NAMESPACE_USER].host)
		return;
	show_map("uid", &isolation->uid_map);
	show_map("gid", &isolation->gid_map);
	if (isolation->setgroups_denied)
		(void)printf("  groups can't be changed (setgroups is denied)\n");
}

static void show_capability(unsigned int number, const struct isolation *isolation)
{
	const struct capability *capability = &capabilities[number];
	const char *own = capability->own ? capability->own
					  : "nothing: the kernel asks for it over the host alone";

	(void)printf("  %-22s %s\n", capability_name(number),
		     isolation->initial_userns ? capability->host : own);
}

/* Over what the capabilities are held. */
static const char *realm(const struct isolation *isolation)
{
	if (isolation->initial_userns)
		return "the whole host";
	return isolation_sees(isolation, NAMESPACE_USER)
		       ? "its own user namespace alone"
		       : "a user namespace that could not be seen";
}

static void show_set(const char *what, uint64_t set)
{
	const char *glue = "";

	if (!set)
		return;
	(void)printf("  %s: ", what);
	for (unsigned int i = 0; i < CAPABILITIES; i++) {
		if (!(set >> i & 1))
			continue;
		(void)printf("%s%s", glue, capability_name(i) + strlen("CAP_"));
		glue = " ";
	}
	(void)printf("\n");
}

static void show_capabilities(const struct isolation *isolation)
{
	const struct isolation_creds *creds = &isolation->creds;

	(void)printf("\ncapabilities in effect, over %s\n", realm(isolation));
	if (!creds->effective)
		(void)printf("  none\n");
	for (unsigned int i = 0; i < CAPABILITIES; i++)
		if (isolation_capable(isolation, i))
			show_capability(i, isolation);
	show_set("may turn on", creds->permitted & ~creds->effective);
	show_set("may get by a program", creds->bounding & ~creds->permitted);
	show_set("inheritable", creds->inheritable);
	show_set("ambient", creds->ambient);
}

static void show_seccomp(const struct isolation_creds *creds)
{
	if (creds->seccomp_mode < 0)
		(void)printf("  seccomp: this kernel doesn't show it\n");
	else if (creds->seccomp_mode == 0)
		(void)printf("  seccomp: no filter\n");
	else if (creds->seccomp_mode == 1)
		(void)printf("  seccomp: strict, read, write and exit alone\n");
	else if (creds->seccomp_filters < 0)
		(void)printf("  seccomp: filtered\n");
	else
		(void)printf("  seccomp: %d filter%s\n", creds->seccomp_filters,
			     creds->seccomp_filters == 1 ? "" : "s");
}

static size_t largest(const struct isolation *isolation)
{
	size_t found = 0;

	for (size_t i = 0; i < isolation->calls_count; i++)
		if (isolation->calls[i].count > isolation->calls[found].count)
			found = i;
	return found;
}

/* All by name but the largest group, which is what everybody has. */
static void show_calls(const struct isolation *isolation)
{
	const size_t most = largest(isolation);

	for (size_t i = 0; i < isolation->calls_count; i++) {
		const struct isolation_calls *calls = &isolation->calls[i];

		(void)printf("    %s: ", calls->outcome);
		if (i == most)
			(void)printf("%zu%s calls", calls->count,
				     isolation->calls_count > 1 ? " other" : "");
		for (size_t k = 0; i != most && k < calls->count; k++)
			(void)printf("%s%s", k ? ", " : "", calls->names[k]);
		(void)printf("\n");
	}
}

static void show_restrictions(struct isolation *isolation)
{
	const struct isolation_creds *creds = &isolation->creds;

	(void)printf("\nrestrictions\n");
	show_seccomp(creds);
	show_calls(isolation);
	(void)printf("  no_new_privs: %s\n", creds->no_new_privs ? "set" : "not set");
	(void)printf("  security label: %s\n",
		     creds->label ? printable(&isolation->arena, creds->label) : "none");
}

static void show_mount(struct arena *arena, const struct isolation_mount *mount)
{
	const struct mountinfo *info = mount->info;
	const bool part = strcmp(info->root, "/") != 0;

	(void)printf("  %s: %s%s%s, %s%s", printable(arena, info->target),
		     printable(arena, info->type), part ? " " : "",
		     part ? printable(arena, info->root) : "", info->options,
		     mount->read_only && !mountinfo_has(info->options, "ro")
			     ? ", of a file system that is read-only"
			     : "");
	if (*info->propagation)
		(void)printf(", %s%s", info->propagation,
			     mount->peer_of_host ? " with the host" : "");
	if (mount->host_path)
		(void)printf(", %s of the host's root", printable(arena, mount->host_path));
	(void)printf("\n");
	show_map("    uid", &mount->uid);
	show_map("    gid", &mount->gid);
}

static void show_mounts(struct isolation *isolation)
{
	(void)printf("\nmounts%s\n", isolation->chrooted ? ", below a root that is no mount" : "");
	for (size_t i = 0; i < isolation->mount_count; i++)
		show_mount(&isolation->arena, &isolation->mounts[i]);
}

static const char *file_word(const struct isolation_file *seen)
{
	if (seen->masked)
		return "masked";
	if (seen->writable)
		return "writable";
	return seen->readable ? "readable" : "closed";
}

static void show_files(const struct isolation *isolation)
{
	(void)printf("\nfiles of the kernel\n");
	for (size_t i = 0; i < isolation->file_count; i++) {
		const struct isolation_file *seen = &isolation->files[i];
		const char *reads = seen->readable ? seen->file->reads : NULL;
		const char *means = seen->writable ? seen->file->writes : reads;

		(void)printf("  %-9s %s%s%s\n", file_word(seen), seen->file->path,
			     means ? ": " : "", means ? means : "");
	}
}

static void show_sockets(struct isolation *isolation)
{
	if (isolation->socket_count)
		(void)printf("\nsockets of services\n");
	for (size_t i = 0; i < isolation->socket_count; i++)
		(void)printf("  %s: %s\n", printable(&isolation->arena, isolation->sockets[i].path),
			     isolation->sockets[i].writable ? "open to it" : "closed");
}

static void show_cgroups(struct isolation *isolation)
{
	(void)printf("\ncgroup, from the root on\n");
	for (size_t i = 0; i < isolation->cgroup_count; i++) {
		const struct isolation_cgroup *cgroup = &isolation->cgroups[i];

		(void)printf("  %s\n", printable(&isolation->arena, cgroup->path));
		for (size_t k = 0; k < cgroup->limit_count; k++)
			(void)printf("    %s = %s\n", cgroup->limits[k].file,
				     cgroup->limits[k].value);
		if (cgroup->device_filters > 0)
			(void)printf("    %d device filter%s\n", cgroup->device_filters,
				     cgroup->device_filters == 1 ? "" : "s");
	}
}

static void show_link(struct arena *arena, const struct isolation_link *link)
{
	(void)printf("  %s", printable(arena, link->name));
	if (link->kind && *link->kind)
		(void)printf(", %s", link->kind);
	if (link->addresses)
		(void)printf(", %s%s%s", link->up ? "up" : "down", *link->addresses ? ", " : "",
			     link->addresses);
	(void)printf("\n");
}

static void show_network(struct isolation *isolation)
{
	(void)printf("\nnetwork\n");
	for (size_t i = 0; i < isolation->link_count; i++)
		show_link(&isolation->arena, &isolation->links[i]);
	for (size_t i = 0; i < isolation->route_count; i++) {
		const struct isolation_route *route = &isolation->routes[i];

		(void)printf("  way out by %s%s%s\n", printable(&isolation->arena, route->link),
			     route->gateway ? " over " : "", route->gateway ? route->gateway : "");
	}
}

static void show_unseen(struct isolation *isolation)
{
	if (isolation->unseen)
		(void)printf("\nwhat could not be seen\n");
	for (const struct isolation_unseen *unseen = isolation->unseen; unseen;
	     unseen = unseen->next)
		(void)printf("  %s: %s\n", printable(&isolation->arena, unseen->what), unseen->why);
}

void show_isolation(struct isolation *isolation, const struct weakness *weaknesses,
		    unsigned long count)
{
	(void)printf("process %d (%s)\n", (int)isolation->pid,
		     printable(&isolation->arena, isolation->creds.name));
	show_weaknesses(weaknesses, count);
	show_namespaces(isolation);
	show_ids(isolation);
	show_capabilities(isolation);
	show_restrictions(isolation);
	show_mounts(isolation);
	if (isolation->files_seen) {
		show_files(isolation);
		show_devices(isolation);
		show_sockets(isolation);
	}
	show_cgroups(isolation);
	show_device_filters(isolation);
	show_network(isolation);
	show_unseen(isolation);
}
