#include "pve/setup/parts.h"

#include "pve/conf/conf.h"

#include <stdarg.h>
#include <stdio.h>

const char *setup_option(const struct setup *setup, const char *key)
{
	const struct pve_entry *entry = conf_find(&setup->conf->main, key);

	return entry ? entry->value : NULL;
}

void setup_warn(const struct setup *setup, const char *fmt, ...)
{
	char line[512];
	va_list args;

	if (!setup->warn)
		return;
	va_start(args, fmt);
	(void)vsnprintf(line, sizeof(line), fmt, args);
	va_end(args);
	setup->warn(setup->warn_data, line);
}
