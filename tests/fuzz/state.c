/* state.json: what is read of a folder that a crash left is written so that it reads as the same.
 */

#include "tests/fuzz/fuzz.h"

#include "runtime/record.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	cleanup_(arena_free) struct arena arena = {};
	cleanup_free char *once = NULL, *twice = NULL;
	struct record record;
	struct err err = {};

	if (record_parse(&arena, (const char *)data, size, &record, &err) < 0)
		return require(*err.what);
	(void)record_alive(&record);
	once = record_print(&record);
	(void)require(record_parse(&arena, once, strlen(once), &record, &err) == 0);
	twice = record_print(&record);
	return require(strcmp(once, twice) == 0);
}
