#include "pve/conf/conf.h"

#include "lib/err.h"
#include "lib/text.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void rewrite(const char *text, size_t length, bool strict, struct text *out)
{
	cleanup_(conf_free) struct pve_conf conf = {};
	struct err err = {};

	if (conf_read(&conf, "100", text, length, strict, &err) < 0 && !strict)
		abort();
	if (conf_write(&conf, out, &err) < 0)
		abort();
}

/* What was written once is written again like that; strictness only stops. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	cleanup_(text_free) struct text once = {}, twice = {}, strict = {};

	rewrite((const char *)data, size, false, &once);
	rewrite(text_str(&once), once.length, false, &twice);
	if (once.length != twice.length || strcmp(text_str(&once), text_str(&twice)) != 0)
		abort();
	rewrite((const char *)data, size, true, &strict);
	return 0;
}
