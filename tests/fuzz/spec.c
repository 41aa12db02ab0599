/* config.json: whatever is read is written so that it reads as the same document. */

#include "oci/spec.h"
#include "lib/err.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static int require(bool holds)
{
	if (!holds)
		__builtin_trap();
	return 0;
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	cleanup_(arena_free) struct arena arena = {};
	cleanup_free char *once = NULL, *twice = NULL;
	struct err err = {};
	struct oci_spec spec;

	if (oci_spec_read(&arena, "input", (const char *)data, size, &spec, &err) < 0)
		return require(*err.what);
	if (oci_spec_check(&spec, &err) < 0)
		(void)require(*err.what);
	once = oci_spec_write(&spec);
	(void)require(oci_spec_read(&arena, "written", once, strlen(once), &spec, &err) == 0);
	twice = oci_spec_write(&spec);
	return require(strcmp(once, twice) == 0);
}
