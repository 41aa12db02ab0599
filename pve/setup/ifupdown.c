#include "pve/setup/ifupdown.h"

#include "lib/err.h"
#include "lib/text.h"
#include "pve/setup/parts.h"

#include <string.h>

#define INTERFACES "/etc/network/interfaces"

/*
 * interfaces(5), changed in place: stanzas of interfaces that the config gives addresses are
 * written anew and keep what else the guest says in them; all other lines stay as they are.
 */

enum { NETS_MAX = 32 };

struct iface {
	struct pve_net net;
	bool automatic;            /* an "auto" line names it */
	bool written[IP_FAMILIES]; /* its stanza of that family is there */
};

struct rewrite {
	struct text out;
	struct text kept; /* what the guest's stanza says besides addresses */
	struct ifupdown_style style;
	struct iface ifaces[NETS_MAX];
	size_t count;
	struct iface *open; /* whose stanza the lines belong to; NULL: not one of ours */
	enum ip_family family;
	bool in_section; /* between the marks around our routes */
	bool gap;        /* an empty line was seen in the stanza */
};

static const char *const family_words[IP_FAMILIES] = {[IP4] = "inet", [IP6] = "inet6"};

static bool is_word(const char *word, size_t length, const char *name)
{
	return word && strlen(name) == length && strncmp(word, name, length) == 0;
}

static struct iface *find_iface(struct rewrite *rewrite, const char *name, size_t length)
{
	for (size_t i = 0; i < rewrite->count; i++)
		if (is_word(name, length, rewrite->ifaces[i].net.name))
			return &rewrite->ifaces[i];
	return NULL;
}

static void write_stanza(struct rewrite *rewrite, struct iface *iface, enum ip_family family)
{
	if (!iface->automatic)
		text_addf(&rewrite->out, "auto %s\n", iface->net.name);
	iface->automatic = true;
	ifupdown_stanza(&rewrite->out, &iface->net, family, rewrite->style,
			text_str(&rewrite->kept));
	iface->written[family] = true;
	text_clear(&rewrite->kept);
}

static void close_stanza(struct rewrite *rewrite)
{
	if (rewrite->open)
		write_stanza(rewrite, rewrite->open, rewrite->family);
	rewrite->open = NULL;
	rewrite->gap = rewrite->in_section = false;
}

/* Return: whether "iface NAME FAMILY ..." opens a stanza that we write. */
static bool opens_ours(struct rewrite *rewrite, const char *line)
{
	size_t length, name_length, family_length;
	const char *word = next_word(&line, &length);
	const char *name = next_word(&line, &name_length);
	const char *family = next_word(&line, &family_length);

	if (!is_word(word, length, "iface") || !name || !family)
		return false;
	for (enum ip_family i = IP4; i < IP_FAMILIES; i++)
		if (is_word(family, family_length, family_words[i])) {
			rewrite->family = i;
			rewrite->open = find_iface(rewrite, name, name_length);
			return rewrite->open && !rewrite->open->written[i];
		}
	return false;
}

/* Words of interfaces(5) that end a stanza. */
static bool ends_stanza(const char *line)
{
	static const char *const words[] = {"iface",  "auto",         "mapping", "allow-",
					    "source", "no-auto-down", "rename",  "template"};

	line += strspn(line, " \t");
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (starts_with(line, words[i]))
			return true;
	return false;
}

/* A line in a stanza of ours: addresses are the config's, the rest is kept. */
static void keep_attribute(struct rewrite *rewrite, const char *line)
{
	static const char *const ours[] = {"address", "netmask", "gateway", "broadcast"};
	const char *rest = line;
	size_t length;
	const char *word = next_word(&rest, &length);

	for (size_t i = 0; word && i < ARRAY_SIZE(ours); i++)
		if (is_word(word, length, ours[i]))
			return;
	if (word)
		text_addf(&rewrite->kept, "\t%s\n", word);
	else
		rewrite->gap = true;
}

static void take_line(struct rewrite *rewrite, const char *line)
{
	const char *start = line + strspn(line, " \t");

	if (rewrite->open && starts_with(start, "# --- BEGIN PVE")) {
		rewrite->in_section = true;
		return;
	}
	if (rewrite->in_section) {
		rewrite->in_section = !starts_with(start, "# --- END PVE");
		return;
	}
	if (ends_stanza(line) || (*start == '#' && rewrite->gap))
		close_stanza(rewrite);
	if (rewrite->open)
		keep_attribute(rewrite, line);
	else if (!opens_ours(rewrite, line)) {
		rewrite->open = NULL;
		text_addf(&rewrite->out, "%s\n", line);
	}
}

/* Return: whether an "auto" line names the loopback; the interfaces of ours that one names. */
static bool note_automatic(struct rewrite *rewrite, const char *old)
{
	bool loopback = false;

	for (const char *line = old, *end; *line; line = *end ? end + 1 : end) {
		cleanup_free char *copy = strndup(line, strcspn(line, "\n"));
		const char *rest = copy ? copy : "", *word;
		struct iface *iface;
		size_t length;

		end = line + strcspn(line, "\n");
		word = next_word(&rest, &length);
		if (!is_word(word, length, "auto"))
			continue;
		while ((word = next_word(&rest, &length))) {
			loopback = loopback || is_word(word, length, "lo");
			iface = find_iface(rewrite, word, length);
			if (iface)
				iface->automatic = true;
		}
	}
	return loopback;
}

static bool configured(const struct pve_net *net)
{
	return net->name && (net->ip || net->gw || net->ip6 || net->gw6);
}

/* Sorted by name, as they are appended. */
static void add_iface(struct rewrite *rewrite, const struct pve_net *net)
{
	size_t at = rewrite->count++;

	for (; at > 0 && strcmp(rewrite->ifaces[at - 1].net.name, net->name) > 0; at--)
		rewrite->ifaces[at] = rewrite->ifaces[at - 1];
	rewrite->ifaces[at] = (struct iface){.net = *net};
}

static void append_missing(struct rewrite *rewrite)
{
	for (size_t i = 0; i < rewrite->count; i++) {
		struct iface *iface = &rewrite->ifaces[i];
		const struct pve_net *net = &iface->net;

		if (!iface->written[IP4] && (net->ip || net->gw))
			write_stanza(rewrite, iface, IP4);
		if (!iface->written[IP6] && (net->ip6 || net->gw6))
			write_stanza(rewrite, iface, IP6);
	}
}

static void rewrite_file(struct rewrite *rewrite, const char *old)
{
	if (!note_automatic(rewrite, old))
		text_add(&rewrite->out,
			 "auto lo\niface lo inet loopback\niface lo inet6 loopback\n\n");
	for (const char *line = old; *line; line += strcspn(line, "\n"), line += *line == '\n') {
		cleanup_free char *copy = strndup(line, strcspn(line, "\n"));

		if (copy)
			take_line(rewrite, copy);
	}
	close_stanza(rewrite);
	append_missing(rewrite);
}

int setup_ifupdown(const struct setup *setup, struct err *err)
{
	const struct guest guest = setup_guest(setup);
	cleanup_(arena_free) struct arena arena = {};
	struct rewrite rewrite = {.style = ifupdown_style(setup)};
	struct pve_net net = {};
	const char *old;
	int r = 0;

	for (unsigned int i = 0; rewrite.count < NETS_MAX && setup_net(setup, &arena, &i, &net);
	     i++)
		if (configured(&net))
			add_iface(&rewrite, &net);
	if (rewrite.count == 0)
		return 0;
	old = guest_read(&arena, &guest, INTERFACES);
	rewrite_file(&rewrite, old ? old : "");
	r = guest_make_dir(&guest, "/etc/network", 0755, err);
	if (r == 0)
		r = guest_write(&guest, INTERFACES, text_str(&rewrite.out), 0644, err);
	text_free(&rewrite.out);
	text_free(&rewrite.kept);
	return r;
}
