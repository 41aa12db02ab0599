#include "pve/storage/storage.h"

#include "lib/text.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char cfg[] = "dir: d\n\tpath /srv/d\n\nbtrfs: b\n\tpath /srv/b\n";

/* Whatever a volume is called, it is below its storage. */
static void check_volume(struct arena *arena, const char *volume)
{
	struct storages storages;
	const char *path;

	if (storage_parse(arena, cfg, "/srv/vz", &storages, NULL) < 0)
		abort();
	if (storage_path(arena, &storages, volume, &path, NULL) < 0)
		return;
	if (!starts_with(path, "/srv/") || strstr(path, "/../") || ends_with(path, "/.."))
		abort();
}

/* The first line is a volume, all of it a storage.cfg. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	cleanup_(arena_free) struct arena arena = {};
	const char *text = arena_strndup(&arena, (const char *)data, size);
	const char *volume = arena_strndup(&arena, text, strcspn(text, "\n"));
	struct storages storages;
	const char *path;

	check_volume(&arena, volume);
	if (storage_parse(&arena, text, "/srv/vz", &storages, NULL) == 0)
		(void)storage_path(&arena, &storages, "local:vztmpl/a.tar", &path, NULL);
	return 0;
}
