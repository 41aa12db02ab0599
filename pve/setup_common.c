#include "pve/setup_parts.h"

#include "lib/err.h"
#include "lib/text.h"
#include "pve/conf.h"
#include "pve/property.h"

#include <string.h>

enum { NAMESERVERS_MAX = 3 };

/* The next of a list in a config: commas, semicolons and blanks stand between items. */
static const char *next_item(const char **rest, size_t *length)
{
	static const char between[] = " \t,;";
	const char *item = *rest + strspn(*rest, between);

	*length = strcspn(item, between);
	*rest = item + *length;
	return *length ? item : NULL;
}

static const char *hostname(const struct setup *setup)
{
	const char *name = setup_option(setup, "hostname");

	return name ? name : "localhost";
}

static int write_hostname(const struct setup *setup, struct err *err)
{
	const struct guest guest = setup_guest(setup);
	cleanup_(text_free) struct text text = {};
	const char *name = hostname(setup);

	text_addn(&text, name, strcspn(name, "."));
	text_addc(&text, '\n');
	return guest_write(&guest, "/etc/hostname", text_str(&text), 0644, err);
}

/* The static address of net0, without its prefix; NULL: there is none. */
static const char *own_address(struct arena *arena, const struct setup *setup)
{
	struct pve_net net = {};
	unsigned int index = 0;
	const char *address;

	if (!setup_net(setup, arena, &index, &net) || index != 0)
		return NULL;
	address = net.ip && strchr(net.ip, '/') ? net.ip : net.ip6;
	return address && strchr(address, '/')
		       ? arena_strndup(arena, address, strcspn(address, "/"))
		       : NULL;
}

/* "www.example.org www", or the host in each search domain, then alone. */
static void add_names(struct text *text, const struct setup *setup)
{
	const char *name = hostname(setup);
	const char *rest = setup_option(setup, "searchdomain"), *domain;
	size_t length;

	if (strchr(name, '.')) {
		text_addf(text, "%s %.*s\n", name, (int)strcspn(name, "."), name);
		return;
	}
	while (rest && (domain = next_item(&rest, &length)))
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

static int write_hosts(const struct setup *setup, struct err *err)
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

/* What follows @word at the start of the host's lines, @max of them. */
static void add_host_lines(struct text *text, const char *resolv, const char *word,
			   unsigned int max)
{
	size_t length = strlen(word);

	for (const char *line = resolv; line && *line && max > 0; line = strchr(line, '\n')) {
		line += strspn(line, "\n");
		if (strncmp(line, word, length) != 0 || strspn(line + length, " \t") == 0)
			continue;
		text_addf(text, "%.*s\n", (int)strcspn(line, "\n"), line);
		max--;
	}
}

static void add_items(struct text *text, const char *before, const char *rest, const char *after)
{
	const char *item;
	size_t length;

	while ((item = next_item(&rest, &length)))
		text_addf(text, "%s%.*s%s", before, (int)length, item, after);
}

static int write_resolv(const struct setup *setup, struct err *err)
{
	const struct guest guest = setup_guest(setup);
	const char *search = setup_option(setup, "searchdomain");
	const char *servers = setup_option(setup, "nameserver");
	cleanup_(arena_free) struct arena arena = {};
	cleanup_(text_free) struct text text = {};
	const char *old = guest_read(&arena, &guest, "/etc/resolv.conf");

	if (search) {
		text_add(&text, "search");
		add_items(&text, " ", search, "");
		text_addc(&text, '\n');
	} else {
		add_host_lines(&text, setup->resolv_conf, "search", 1);
	}
	if (servers)
		add_items(&text, "nameserver ", servers, "\n");
	else
		add_host_lines(&text, setup->resolv_conf, "nameserver", NAMESERVERS_MAX);
	return guest_write(&guest, "/etc/resolv.conf",
			   guest_section(&arena, old, text_str(&text), GUEST_REPLACE), 0644, err);
}

int setup_common(const struct setup *setup, struct err *err)
{
	const struct guest guest = setup_guest(setup);
	int r = guest_make_dir(&guest, "/etc", 0755, err);

	if (r == 0)
		r = write_hostname(setup, err);
	if (r == 0)
		r = write_hosts(setup, err);
	if (r == 0)
		r = write_resolv(setup, err);
	return r < 0 ? r : setup_timezone(setup, err);
}
