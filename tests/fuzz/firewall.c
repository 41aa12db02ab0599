#include "pve/firewall/firewall.h"

#include "lib/arena.h"
#include "lib/text.h"
#include "oci/annotations.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Whatever is in a container's file: rules come out that the reader of the annotation takes, and
 * nothing is in them that could end a word of nft's. */
static void check_firewall(struct arena *arena, const struct oci_firewall *firewall)
{
	char *text = oci_firewall_write(firewall);
	struct oci_pair pair = {ANNOTATION_FIREWALL, text};
	struct oci_spec spec = {.annotations = {1, &pair}};
	const struct oci_firewall *read;

	if (oci_firewall_read(arena, &spec, &read, NULL) < 0)
		abort();
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct firewall_net net = {"net0", "veth100i0", "BC:24:11:00:00:01",
						"10.0.0.2/24", "fd00::2/64"};
	cleanup_(arena_free) struct arena arena = {};
	struct firewall_files files = {.services = "http 80/tcp www\n"};
	struct firewall_options options;
	const struct firewall_request request = {"100", &files, &options, &net, 1};
	struct oci_firewall firewall;
	struct firewall_idle idle = {};

	if (firewall_file_read(&arena, "100.fw", arena_strndup(&arena, (const char *)data, size),
			       &files.guest, NULL) == 0 &&
	    firewall_options_read(&arena, &files, &options, NULL) == 0 &&
	    firewall_expand(&arena, &request, &firewall, NULL) == 0) {
		check_firewall(&arena, &firewall);
		firewall_idle_find(&arena, &request, &idle);
	}
	return 0;
}
