#include "pve/facts/bridge_options.h"

#include "lib/json.h"
#include "lib/own.h"
#include "lib/text.h"

#include <string.h>

/* ------------------------------------------------------------- /etc/network/interfaces */

static bool is_word(const char *word, size_t length, const char *wanted)
{
	return word && strlen(wanted) == length && strncmp(word, wanted, length) == 0;
}

static bool is_yes(const char *word, size_t length)
{
	return is_word(word, length, "1") || is_word(word, length, "yes") ||
	       is_word(word, length, "on");
}

/* Its options follow a line that begins with "iface NAME". */
void bridge_options_of_interfaces(const char *text, const char *bridge,
				  struct bridge_options *options)
{
	cleanup_free char *copy = strdup(text);
	bool within = false;
	char *lines = copy;
	const char *line;

	while ((line = strsep(&lines, "\n"))) {
		size_t length, second_length;
		const char *first = next_word(&line, &length);
		const char *second = next_word(&line, &second_length);

		if (is_word(first, length, "iface"))
			within = is_word(second, second_length, bridge);
		else if (within && is_word(first, length, "bridge-disable-mac-learning"))
			options->no_learning = is_yes(second, second_length);
	}
}

/* -------------------------------------------------------------------------------- SDN */

/* Proxmox writes 1, "1" and true. */
static bool is_set(const struct json *object, const char *name)
{
	const struct json *member = json_find(object, name);

	if (!member || member->type == JSON_BOOL)
		return member && member->boolean;
	return member->text && strcmp(member->text, "1") == 0;
}

static const struct json *find_id(const struct json *root, const char *kind, const char *id)
{
	return id ? json_find(json_find(json_find(root, kind), "ids"), id) : NULL;
}

void bridge_options_of_sdn(struct arena *arena, const char *text, const char *bridge,
			   struct bridge_options *options)
{
	const struct json *root, *network;

	if (json_read(arena, "sdn/.running-config", text, strlen(text), &root, NULL) < 0)
		return;
	network = find_id(root, "vnets", bridge);
	if (!network)
		return;
	options->isolated = is_set(network, "isolate-ports");
	if (is_set(find_id(root, "zones", json_string(network, "zone")),
		   "bridge-disable-mac-learning"))
		options->no_learning = true;
}
