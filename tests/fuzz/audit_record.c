#include "debug/audit_record.h"

#include "lib/arena.h"
#include "lib/printable.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is shown of a name is never what a terminal obeys. */
static void check(struct arena *arena, const char *name)
{
	for (const char *at = printable(arena, name); *at; at++)
		if ((unsigned char)*at < ' ' || *at == 0x7f)
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	cleanup_(arena_free) struct arena arena = {};
	const char *line = arena_strndup(&arena, (const char *)data, size);
	struct audit_record record;

	check(&arena, line);
	(void)audit_records_lost(line);
	if (!audit_record_read(&arena, line, &record))
		return 0;
	check(&arena, record.comm);
	check(&arena, record.profile);
	check(&arena, record.name);
	return 0;
}
