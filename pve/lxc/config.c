#include "pve/lxc/config.h"

#include "lib/list.h"
#include "lib/text.h"

#include <ctype.h>
#include <string.h>

static const char *cleaned(struct arena *arena, const char *value)
{
	size_t length = strlen(value);

	while (length && isspace((unsigned char)value[length - 1]))
		length--;
	while (length && isspace((unsigned char)*value)) {
		value++;
		length--;
	}
	if (length >= 2 && (*value == '"' || *value == '\'') && value[length - 1] == *value) {
		value++;
		length -= 2;
	}
	return arena_strndup(arena, value, length);
}

void lxc_config_add(struct lxc_config *config, const char *key, const char *value,
		    const char *origin)
{
	*list_push(config->arena, config) =
		(struct lxc_line){key, cleaned(config->arena, value), value, origin};
}

const struct lxc_line *lxc_config_last(const struct lxc_config *config, const char *key)
{
	for (size_t i = config->count; i-- > 0;) {
		if (strcmp(config->items[i].key, key) != 0)
			continue;
		return *config->items[i].value ? &config->items[i] : NULL;
	}
	return NULL;
}

const char *lxc_config_value(const struct lxc_config *config, const char *key)
{
	const struct lxc_line *line = lxc_config_last(config, key);

	return line ? line->value : "";
}

static bool taken_back(const struct lxc_config *config, size_t index)
{
	for (size_t i = index; i < config->count; i++)
		if (!*config->items[i].value &&
		    strcmp(config->items[i].key, config->items[index].key) == 0)
			return true;
	return false;
}

static bool key_matches(const char *key, const char *wanted)
{
	return ends_with(wanted, ".") ? starts_with(key, wanted) : strcmp(key, wanted) == 0;
}

const struct lxc_line *lxc_config_next(const struct lxc_config *config, const struct lxc_line *line,
				       const char *key)
{
	for (size_t i = line ? (size_t)(line - config->items) + 1 : 0; i < config->count; i++)
		if (key_matches(config->items[i].key, key) && !taken_back(config, i))
			return &config->items[i];
	return NULL;
}
