#pragma once

#include <stddef.h>

struct arena;
struct pve_facts;

/**
 * facts_from_json() - facts as tests write them down: a member for each that isn't empty
 * @name: what messages call the document
 * A document that is none fails the test. Strings and lists live in @arena.
 */
void facts_from_json(struct arena *arena, const char *name, const char *text, size_t length,
		     struct pve_facts *facts);
