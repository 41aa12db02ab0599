#include "cli/show_isolation.h"

#include "cli/show_devices.h"
#include "debug/capabilities.h"
#include "debug/isolation.h"
#include "debug/kernel_files.h"
#include "debug/weaknesses.h"
#include "lib/json.h"
#include "lib/mountinfo.h"
#include "lib/printable.h"

static void write_name(struct isolation *isolation, struct json_out *out, const char *name,
		       const char *value)
{
	json_out_string(out, name, printable(&isolation->arena, value));
}

static void write_weaknesses(const struct weakness *weaknesses, unsigned long count,
			     struct json_out *out)
{
	json_out_array(out, "weaknesses");
	for (unsigned long i = 0; i < count; i++) {
		json_out_object(out, NULL);
		json_out_string(out, "name", weaknesses[i].name);
		json_out_string(out, "severity", severity_name(weaknesses[i].severity));
		json_out_string(out, "detail", weaknesses[i].detail);
		json_out_string(out, "means", weaknesses[i].means);
		json_out_string(out, "mend", weaknesses[i].mend);
		json_out_end(out);
	}
	json_out_end(out);
}

static void write_namespaces(const struct isolation *isolation, struct json_out *out)
{
	json_out_array(out, "namespaces");
	for (size_t i = 0; i < NAMESPACE_TYPES; i++) {
		const struct isolation_namespace *namespace = &isolation->namespaces[i];

		if (!namespace->id)
			continue;
		json_out_object(out, NULL);
		json_out_string(out, "type", namespace_types[i].type);
		json_out_u64(out, "id", namespace->id);
		if (namespace->owner)
			json_out_u64(out, "owner", namespace->owner);
		json_out_bool(out, "host", namespace->host);
		json_out_end(out);
	}
	json_out_end(out);
}

static void write_map(const char *name, const struct idmap *map, struct json_out *out)
{
	json_out_array(out, name);
	for (size_t i = 0; i < map->count; i++) {
		json_out_object(out, NULL);
		json_out_u64(out, "inside", map->ranges[i].inside);
		json_out_u64(out, "outside", map->ranges[i].outside);
		json_out_u64(out, "count", map->ranges[i].count);
		json_out_end(out);
	}
	json_out_end(out);
}

static void write_ids(const struct isolation *isolation, struct json_out *out)
{
	const struct isolation_creds *creds = &isolation->creds;

	json_out_u64(out, "uid", creds->uid[1]);
	json_out_u64(out, "gid", creds->gid[1]);
	json_out_array(out, "groups");
	for (size_t i = 0; i < creds->group_count; i++)
		json_out_u64(out, NULL, creds->groups[i]);
	json_out_end(out);
	write_map("uidMap", &isolation->uid_map, out);
	write_map("gidMap", &isolation->gid_map, out);
	json_out_bool(out, "setgroupsDenied", isolation->setgroups_denied);
}

static void write_set(const char *name, uint64_t set, struct json_out *out)
{
	json_out_array(out, name);
	for (unsigned int i = 0; i < CAPABILITIES; i++)
		if (set >> i & 1)
			json_out_string(out, NULL, capability_name(i));
	json_out_end(out);
}

static void write_capabilities(const struct isolation *isolation, struct json_out *out)
{
	const struct isolation_creds *creds = &isolation->creds;

	json_out_object(out, "capabilities");
	if (isolation->initial_userns || isolation_sees(isolation, NAMESPACE_USER))
		json_out_bool(out, "overHost", isolation->initial_userns);
	write_set("effective", creds->effective, out);
	write_set("permitted", creds->permitted, out);
	write_set("inheritable", creds->inheritable, out);
	write_set("bounding", creds->bounding, out);
	write_set("ambient", creds->ambient, out);
	json_out_end(out);
}

static void write_calls(const struct isolation *isolation, struct json_out *out)
{
	json_out_array(out, "calls");
	for (size_t i = 0; i < isolation->calls_count; i++) {
		const struct isolation_calls *calls = &isolation->calls[i];

		json_out_object(out, NULL);
		json_out_string(out, "outcome", calls->outcome);
		json_out_strings(out, "calls", calls->names, calls->count);
		json_out_end(out);
	}
	json_out_end(out);
}

static void write_restrictions(struct isolation *isolation, struct json_out *out)
{
	static const char *const modes[] = {"none", "strict", "filter"};
	const struct isolation_creds *creds = &isolation->creds;

	json_out_object(out, "seccomp");
	if (creds->seccomp_mode >= 0 && creds->seccomp_mode < (int)ARRAY_SIZE(modes))
		json_out_string(out, "mode", modes[creds->seccomp_mode]);
	if (creds->seccomp_filters >= 0)
		json_out_u64(out, "filters", (uint64_t)creds->seccomp_filters);
	if (isolation->calls_count)
		write_calls(isolation, out);
	json_out_end(out);
	json_out_bool(out, "noNewPrivileges", creds->no_new_privs);
	if (creds->label)
		write_name(isolation, out, "label", creds->label);
}

static void write_mounts(struct isolation *isolation, struct json_out *out)
{
	json_out_array(out, "mounts");
	for (size_t i = 0; i < isolation->mount_count; i++) {
		const struct isolation_mount *mount = &isolation->mounts[i];

		json_out_object(out, NULL);
		write_name(isolation, out, "destination", mount->info->target);
		write_name(isolation, out, "type", mount->info->type);
		write_name(isolation, out, "source", mount->info->source);
		write_name(isolation, out, "root", mount->info->root);
		json_out_string(out, "options", mount->info->options);
		json_out_string(out, "propagation", mount->info->propagation);
		json_out_bool(out, "readOnly", mount->read_only);
		json_out_bool(out, "idmapped", mount->idmapped);
		write_map("uidMap", &mount->uid, out);
		write_map("gidMap", &mount->gid, out);
		if (mount->host_path)
			write_name(isolation, out, "hostPath", mount->host_path);
		json_out_bool(out, "sharedWithHost", mount->peer_of_host);
		json_out_end(out);
	}
	json_out_end(out);
}

static void write_files(const struct isolation *isolation, struct json_out *out)
{
	json_out_array(out, "kernelFiles");
	for (size_t i = 0; i < isolation->file_count; i++) {
		json_out_object(out, NULL);
		json_out_string(out, "path", isolation->files[i].file->path);
		json_out_bool(out, "masked", isolation->files[i].masked);
		json_out_bool(out, "readable", isolation->files[i].readable);
		json_out_bool(out, "writable", isolation->files[i].writable);
		json_out_end(out);
	}
	json_out_end(out);
}

static void write_sockets(struct isolation *isolation, struct json_out *out)
{
	json_out_array(out, "sockets");
	for (size_t i = 0; i < isolation->socket_count; i++) {
		json_out_object(out, NULL);
		write_name(isolation, out, "path", isolation->sockets[i].path);
		json_out_bool(out, "writable", isolation->sockets[i].writable);
		json_out_end(out);
	}
	json_out_end(out);
}

static void write_cgroups(struct isolation *isolation, struct json_out *out)
{
	json_out_array(out, "cgroups");
	for (size_t i = 0; i < isolation->cgroup_count; i++) {
		const struct isolation_cgroup *cgroup = &isolation->cgroups[i];

		json_out_object(out, NULL);
		write_name(isolation, out, "path", cgroup->path);
		json_out_object(out, "limits");
		for (size_t k = 0; k < cgroup->limit_count; k++)
			json_out_string(out, cgroup->limits[k].file, cgroup->limits[k].value);
		json_out_end(out);
		if (cgroup->device_filters >= 0)
			json_out_u64(out, "deviceFilters", (uint64_t)cgroup->device_filters);
		json_out_end(out);
	}
	json_out_end(out);
}

static void write_network(struct isolation *isolation, struct json_out *out)
{
	json_out_array(out, "interfaces");
	for (size_t i = 0; i < isolation->link_count; i++) {
		const struct isolation_link *link = &isolation->links[i];

		json_out_object(out, NULL);
		write_name(isolation, out, "name", link->name);
		if (link->kind)
			json_out_string(out, "kind", link->kind);
		if (link->addresses) {
			json_out_string(out, "addresses", link->addresses);
			json_out_bool(out, "up", link->up);
		}
		json_out_end(out);
	}
	json_out_end(out);
	json_out_array(out, "defaultRoutes");
	for (size_t i = 0; i < isolation->route_count; i++) {
		json_out_object(out, NULL);
		write_name(isolation, out, "interface", isolation->routes[i].link);
		if (isolation->routes[i].gateway)
			json_out_string(out, "gateway", isolation->routes[i].gateway);
		json_out_end(out);
	}
	json_out_end(out);
}

static void write_unseen(struct isolation *isolation, struct json_out *out)
{
	json_out_array(out, "unseen");
	for (const struct isolation_unseen *unseen = isolation->unseen; unseen;
	     unseen = unseen->next) {
		json_out_object(out, NULL);
		write_name(isolation, out, "what", unseen->what);
		json_out_string(out, "why", unseen->why);
		json_out_end(out);
	}
	json_out_end(out);
}

void write_isolation(struct isolation *isolation, const struct weakness *weaknesses,
		     unsigned long count, struct json_out *out)
{
	json_out_u64(out, "pid", (uint64_t)isolation->pid);
	write_name(isolation, out, "name", isolation->creds.name);
	write_weaknesses(weaknesses, count, out);
	write_namespaces(isolation, out);
	write_ids(isolation, out);
	write_capabilities(isolation, out);
	write_restrictions(isolation, out);
	json_out_bool(out, "chrooted", isolation->chrooted);
	write_mounts(isolation, out);
	write_files(isolation, out);
	write_devices(isolation, out);
	write_sockets(isolation, out);
	write_cgroups(isolation, out);
	write_device_filters(isolation, out);
	write_network(isolation, out);
	write_unseen(isolation, out);
}
