#include "pve/setup/parts.h"

#include "lib/err.h"
#include "lib/text.h"
#include "pve/conf/value.h"
#include "pve/setup/net.h"

#include <string.h>

/* The static address of net0, without its prefix; NULL: there is none. */
static const char *own_address(struct arena *arena, const struct setup *setup)
{
	struct pve_net net = {};
	unsigned int index = 0;
	const char *cidr;

	if (!setup_net(setup, arena, &index, &net) || index != 0)
		return NULL;
	cidr = setup_ip(&net, IP4).cidr ?: setup_ip(&net, IP6).cidr;
	return cidr ? arena_strndup(arena, cidr, strcspn(cidr, "/")) : NULL;
}

/* "www.example.org www", or the host in each search domain, then alone. */
static void add_names(struct text *text, const struct setup *setup)
{
	const char *name = setup_hostname(setup);
	const char *rest = setup_option(setup, "searchdomain"), *domain;
	size_t length;

	if (strchr(name, '.')) {
		text_addf(text, "%s %.*s\n", name, (int)strcspn(name, "."), name);
		return;
	}
	while (rest && (domain = value_next(&rest, &length)))
		text_addf(text, "%s.%.*s ", name, (int)length, domain);
	text_addf(text, "%s\n", name);
}

static bool has_address(const char *text, const char *address)
{
	size_t length = strlen(address);

	for (const char *line = text; line && *line; line = strchr(line, '\n')) {
		line += strspn(line, "\n");
		if (strncmp(line, address, length) == 0 && strspn(line + length, " \t") > 0)
			return true;
	}
	return false;
}

int setup_hosts(const struct setup *setup, struct err *err)
{
	static const char *const loops[] = {"127.0.0.1", "::1"};
	const struct guest guest = setup_guest(setup);
	cleanup_(arena_free) struct arena arena = {};
	cleanup_(text_free) struct text text = {};
	const char *old = guest_read(&arena, &guest, "/etc/hosts");
	const char *outside = guest_outside(&arena, old ? old : "");
	const char *address = own_address(&arena, setup);

	for (size_t i = 0; i < ARRAY_SIZE(loops); i++)
		if (!has_address(outside, loops[i]))
			text_addf(&text, "%s localhost.localnet localhost\n", loops[i]);
	text_addf(&text, "%s ", address ? address : "127.0.1.1");
	add_names(&text, setup);
	return guest_write(&guest, "/etc/hosts",
			   guest_section(&arena, old, text_str(&text), GUEST_APPEND), 0644, err);
}
