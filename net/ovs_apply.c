#include "lib/arena.h"
#include "lib/err.h"
#include "lib/json.h"
#include "lib/process.h"
#include "lib/run.h"
#include "lib/text.h"
#include "net/ovs.h"
#include "net/vlans.h"

#include <string.h>

/* Where its daemon isn't running, the tool would wait for it for good. */
#define OVS "ovs-vsctl", "--timeout=10"

static const struct ovs_step *ovs_of(const struct step *step)
{
	return container_of(step, struct ovs_step, step);
}

static void ovs_describe(const struct step *step, struct text *text)
{
	const struct ovs_step *ovs = ovs_of(step);

	text_addf(text, "%s (%s), by Open vSwitch", ovs->name, ovs->host);
	port_describe(&ovs->port, text);
}

static void ovs_write(const struct step *step, struct json_out *out)
{
	const struct ovs_step *ovs = ovs_of(step);
	char hwaddr[HWADDR_TEXT];

	json_out_string(out, "name", ovs->name);
	json_out_string(out, "host", ovs->host);
	json_out_string(out, "host_hwaddr", hwaddr_text(ovs->host_hwaddr, hwaddr));
	json_out_u64(out, "mtu", ovs->mtu);
	port_write(&ovs->port, out);
}

/* -------------------------------------------------------------------------------- its words */

static const char *join_trunks(struct arena *arena, const struct port *port)
{
	cleanup_(text_free) struct text text = {};

	for (size_t i = 0; i < port->trunk_count; i++)
		text_addf(&text, "%s%u", i ? "," : "", port->trunks[i]);
	return arena_strdup(arena, text_str(&text));
}

static int call(const char *const argv[], struct text *output, struct err *err)
{
	int r = process_run(argv, output, err);

	if (r == -ENOENT)
		err_hint(err, "install openvswitch-switch or use a Linux bridge");
	return r;
}

/* A port of that name that is there from before goes in the same transaction. */
static int add_port(const struct ovs_step *ovs, struct err *err)
{
	enum { MOST = 24 };
	cleanup_(arena_free) struct arena arena = {};
	const struct port *port = &ovs->port;
	const char *argv[MOST] = {OVS,  "--if-exists", "del-port",   ovs->host,
				  "--", "add-port",    port->bridge, ovs->host};
	size_t count = 0;

	while (argv[count])
		count++;
	if (port->tag)
		argv[count++] = arena_printf(&arena, "tag=%u", port->tag);
	if (port->trunk_count)
		argv[count++] = arena_printf(&arena, "trunks=%s", join_trunks(&arena, port));
	if (port->tag && port->trunk_count)
		argv[count++] = "vlan_mode=native-untagged";
	if (ovs->mtu) {
		argv[count++] = "--";
		argv[count++] = "set";
		argv[count++] = "Interface";
		argv[count++] = ovs->host;
		argv[count++] = arena_printf(&arena, "mtu_request=%u", ovs->mtu);
	}
	return call(argv, NULL, err);
}

/* Without the tool there is no such port any more, or nobody to ask. */
static int delete_port(const char *host, struct err *err)
{
	const char *const argv[] = {OVS, "--if-exists", "del-port", host, NULL};
	int r = process_run(argv, NULL, err);

	if (r != -ENOENT)
		return r;
	err_clear(err);
	return 0;
}

/* ----------------------------------------------------------------------------- the step */

static int ovs_apply(const struct step *step, struct run *run, struct err *err)
{
	return add_port(ovs_of(step), err);
}

static int ovs_undo(const struct json *record, struct run *run, struct err *err)
{
	const char *host = json_string(record, "host");

	return host ? delete_port(host, err) : err_plain(err, -EINVAL, "the journal names no port");
}

/* What the tool prints, a blank for each line break; "" where it fails. */
static const char *ask(struct arena *arena, const char *const argv[])
{
	cleanup_(text_free) struct text output = {};
	char *answer;

	if (process_run(argv, &output, NULL) < 0)
		return "";
	answer = arena_strdup(arena, text_str(&output));
	for (char *at = answer; (at = strchr(at, '\n'));)
		*at = at[1] ? ' ' : '\0';
	return answer;
}

/* As the tool prints them: "20 [30, 40]"; "[]" is none. */
static const char *print_vlans(struct arena *arena, const struct port *port)
{
	cleanup_(text_free) struct text text = {};
	struct vlans trunks = {};
	const char *comma = "";

	if (port->tag)
		text_addf(&text, "%u", port->tag);
	else
		text_add(&text, "[]");
	text_add(&text, " [");
	for (size_t i = 0; i < port->trunk_count; i++)
		vlans_add(&trunks, port->trunks[i], port->trunks[i]);
	for (uint32_t vlan = VLAN_FIRST; vlan <= VLAN_LAST; vlan++) {
		if (!vlans_has(&trunks, vlan))
			continue;
		text_addf(&text, "%s%u", comma, vlan);
		comma = ", ";
	}
	text_addc(&text, ']');
	return arena_strdup(arena, text_str(&text));
}

static int ovs_observe(const struct step *step, struct run *run, struct observation *seen,
		       struct err *err)
{
	const struct ovs_step *ovs = ovs_of(step);
	const char *const which[] = {OVS,    "port-to-br", ovs->host, "--",     "get",
				     "Port", ovs->host,    "tag",     "trunks", NULL};
	cleanup_(arena_free) struct arena arena = {};
	const char *bridge = arena_printf(&arena, "%s ", ovs->port.bridge);
	const char *answer = ask(&arena, which), *vlans;

	if (!starts_with(answer, bridge))
		return observe(seen, OBSERVED_DIFFERS, "%s is not in bridge %s", ovs->host,
			       ovs->port.bridge);
	vlans = answer + strlen(bridge);
	return observe(seen,
		       strcmp(vlans, print_vlans(&arena, &ovs->port)) == 0 ? OBSERVED_HOLDS
									   : OBSERVED_DIFFERS,
		       "%s is in bridge %s, tag and trunks %s", ovs->host, ovs->port.bridge, vlans);
}

const struct step_kind ovs_kind = {
	.name = "net.ovs",
	.describe = ovs_describe,
	.write = ovs_write,
	.apply = ovs_apply,
	.undo = ovs_undo,
	.observe = ovs_observe,
};

/* ------------------------------------------------------------------------------------ live */

bool ovs_same(const struct step *one, const struct step *other)
{
	const struct ovs_step *a = ovs_of(one), *b = ovs_of(other);

	return strcmp(a->host, b->host) == 0 && strcmp(a->name, b->name) == 0 &&
	       memcmp(a->host_hwaddr, b->host_hwaddr, HWADDR_BYTES) == 0;
}

int ovs_revert(const struct step *step, struct run *run, struct err *err)
{
	return delete_port(ovs_of(step)->host, err);
}

int ovs_change(const struct step *from, const struct step *to, struct run *run, struct err *err)
{
	const struct ovs_step *before = ovs_of(from), *after = ovs_of(to);

	if (port_same_bridge(&before->port, &after->port) &&
	    port_same_vlans(&before->port, &after->port) && before->mtu == after->mtu)
		return 0;
	return add_port(after, err); /* one transaction: it did all or nothing */
}
