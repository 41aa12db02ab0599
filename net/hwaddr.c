#include "net/hwaddr.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

const char *hwaddr_text(const uint8_t bytes[HWADDR_BYTES], char text[HWADDR_TEXT])
{
	(void)snprintf(text, HWADDR_TEXT, "%02x:%02x:%02x:%02x:%02x:%02x", bytes[0], bytes[1],
		       bytes[2], bytes[3], bytes[4], bytes[5]);
	return text;
}

void hwaddr_derive(const uint8_t hwaddr[HWADDR_BYTES], enum hwaddr_of of,
		   uint8_t derived[HWADDR_BYTES])
{
	/* Locally administered, no groups; one more than needed, for the container's own. */
	static const uint8_t first[] = {0xfe, 0xfa, 0xf6, 0xf2, 0xee};
	size_t at = 0;

	for (int left = of; first[at] == hwaddr[0] || left-- > 0;)
		at++;
	memcpy(derived, hwaddr, HWADDR_BYTES);
	derived[0] = first[at];
}
