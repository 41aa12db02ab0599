#pragma once

#include <stdint.h>

enum { HWADDR_BYTES = 6, HWADDR_TEXT = 3 * HWADDR_BYTES };

/** hwaddr_text() - "bc:24:11:00:00:01" of six bytes. Return: @text. */
const char *hwaddr_text(const uint8_t bytes[HWADDR_BYTES], char text[HWADDR_TEXT]);

/*
 * Addresses by which links of ours are known, besides their names. Each is the container's with
 * another first byte: a bridge takes the lowest address of its ports as its own, so a high one
 * doesn't make it change.
 */
enum hwaddr_of { HWADDR_HOST, HWADDR_OUTER, HWADDR_INNER, HWADDR_BRIDGE };

void hwaddr_derive(const uint8_t hwaddr[HWADDR_BYTES], enum hwaddr_of of,
		   uint8_t derived[HWADDR_BYTES]);
