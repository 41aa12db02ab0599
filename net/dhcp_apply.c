#include "lib/clock.h"
#include "lib/err.h"
#include "lib/file.h"
#include "lib/helper.h"
#include "lib/json.h"
#include "lib/run.h"
#include "lib/text.h"
#include "net/address.h"
#include "net/dhcp.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

/* The client's cgroup, beside that of the container's processes. */
#define CGROUP "dhcp"

static const struct dhcp_step *dhcp_of(const struct step *step)
{
	return container_of(step, struct dhcp_step, step);
}

static void add_interfaces(const struct dhcp_step *dhcp, struct text *text)
{
	for (size_t i = 0; i < dhcp->count; i++)
		text_addf(text, "%s%s", i ? ", " : "", dhcp->interfaces[i].name);
}

static void dhcp_describe(const struct step *step, struct text *text)
{
	text_add(text, "a client for ");
	add_interfaces(dhcp_of(step), text);
}

/* "eth0": "vmbr0, VLAN 20: 4 6" */
static void write_interface(const struct dhcp_interface *interface, struct json_out *out)
{
	cleanup_(text_free) struct text text = {};

	text_addf(&text, "%s:%s%s", interface->where, interface->ipv4 ? " 4" : "",
		  interface->ipv6 ? " 6" : "");
	json_out_string(out, interface->name, text_str(&text));
}

static void dhcp_write(const struct step *step, struct json_out *out)
{
	const struct dhcp_step *dhcp = dhcp_of(step);

	json_out_object(out, "interfaces");
	for (size_t i = 0; i < dhcp->count; i++)
		write_interface(&dhcp->interfaces[i], out);
	json_out_end(out);
	json_out_string(out, "config", dhcp->config);
}

/* Where processes are in the container's own cgroup, there is no place beside them. */
static int make_cgroup(struct run *run, struct err *err)
{
	if (run->cgroup_fd < 0 || !run->cgroup_path)
		return err_plain(err, -ENOTSUP, "a client of DHCP needs a cgroup of the container");
	if (mkdirat(run->cgroup_fd, CGROUP, 0755) < 0 && errno != EEXIST)
		return err_set(err, -errno, "make the cgroup %s/" CGROUP, run->cgroup_path);
	return 0;
}

static int dhcp_apply(const struct step *step, struct run *run, struct err *err)
{
	const struct dhcp_step *dhcp = dhcp_of(step);
	cleanup_(arena_free) struct arena arena = {};
	cleanup_(text_free) struct text answer = {};
	const char **argv = arena_array(&arena, dhcp->count + 4, sizeof(*argv));
	int r = make_cgroup(run, err);

	if (r < 0)
		return r;
	argv[0] = helper_find(&arena, "pctrun-dhcp");
	argv[1] = arena_printf(&arena, "%d", (int)run->pid);
	argv[2] = arena_printf(&arena, "%s/" CGROUP, run->cgroup_path);
	for (size_t i = 0; i < dhcp->count; i++)
		argv[3 + i] = dhcp->interfaces[i].name;
	return helper_ask(argv, dhcp->config, &answer, err);
}

static int open_cgroup(struct run *run)
{
	int fd = run->cgroup_fd < 0 ? -EBADF
				    : openat(run->cgroup_fd, CGROUP,
					     O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

static bool is_empty(int fd)
{
	char line[32];

	return file_line(fd, "cgroup.procs", line, sizeof(line)) <= 0;
}

static int dhcp_observe(const struct step *step, struct run *run, struct observation *seen,
			struct err *err)
{
	cleanup_close int fd = open_cgroup(run);

	if (run->cgroup_fd < 0)
		return observe(seen, OBSERVED_UNSEEN, "the container's cgroup can't be opened");
	if (fd < 0 || is_empty(fd))
		return observe(seen, OBSERVED_DIFFERS, "the client doesn't run");
	return observe(seen, OBSERVED_HOLDS, "dhcpcd runs");
}

/* ------------------------------------------------------------------ running containers */

bool dhcp_same(const struct step *one, const struct step *other)
{
	return true;
}

static int end_client(struct run *run, struct err *err)
{
	enum { ROUNDS = 1000, PAUSE_MS = 10 };
	cleanup_close int fd = open_cgroup(run);
	int r;

	if (fd < 0)
		return 0;
	r = file_write(fd, "cgroup.kill", "1"); /* Linux 5.14 */
	if (r < 0)
		return err_set(err, r, "end the client of DHCP");
	for (int i = 0; i < ROUNDS && !is_empty(fd); i++)
		pause_ms(PAUSE_MS);
	return unlinkat(run->cgroup_fd, CGROUP, AT_REMOVEDIR) < 0 && errno != ENOENT
		       ? err_set(err, -errno, "remove the cgroup " CGROUP)
		       : 0;
}

/* As @interface, if that is asked for at the same place still. @dhcp: NULL: none */
static struct dhcp_interface asked_still(const struct dhcp_step *dhcp,
					 const struct dhcp_interface *interface)
{
	for (size_t i = 0; dhcp && i < dhcp->count; i++)
		if (strcmp(dhcp->interfaces[i].name, interface->name) == 0 &&
		    strcmp(dhcp->interfaces[i].where, interface->where) == 0)
			return dhcp->interfaces[i];
	return (struct dhcp_interface){};
}

static bool is_asked_still(const struct dhcp_step *dhcp, const struct dhcp_interface *interface)
{
	const struct dhcp_interface other = asked_still(dhcp, interface);

	return other.name && other.ipv4 == interface->ipv4 && other.ipv6 == interface->ipv6;
}

/* A client that was killed leaves its addresses. They stay where the same one is asked again: what
 * doesn't change isn't interrupted. So do those of a family that it had nothing to do with: the
 * container's kernel makes some of what a router advertises. @to: NULL: none */
static int drop_leases(const struct dhcp_step *from, const struct dhcp_step *to, struct run *run,
		       struct err *err)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < from->count; i++) {
		const struct dhcp_interface *had = &from->interfaces[i];
		const struct dhcp_interface has = asked_still(to, had);

		if (had->ipv4 && !has.ipv4)
			r = address_drop_leases(run->netns_fd, had->name, AF_INET, err);
		if (r == 0 && had->ipv6 && !has.ipv6)
			r = address_drop_leases(run->netns_fd, had->name, AF_INET6, err);
	}
	return r;
}

int dhcp_revert(const struct step *step, struct run *run, struct err *err)
{
	int r = end_client(run, err);

	return r < 0 ? r : drop_leases(dhcp_of(step), NULL, run, err);
}

int dhcp_change(const struct step *from, const struct step *to, struct run *run, struct err *err)
{
	const struct dhcp_step *before = dhcp_of(from), *after = dhcp_of(to);
	bool same = strcmp(before->config, after->config) == 0;
	int r;

	for (size_t i = 0; i < after->count; i++)
		same = same && is_asked_still(before, &after->interfaces[i]);
	if (same)
		return 0;
	r = end_client(run, err);
	if (r == 0)
		r = drop_leases(before, after, run, err);
	return r < 0 ? r : dhcp_apply(to, run, err);
}

const struct step_kind dhcp_kind = {
	.name = "net.dhcp",
	.describe = dhcp_describe,
	.write = dhcp_write,
	.apply = dhcp_apply,
	.observe = dhcp_observe,
};
