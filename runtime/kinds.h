#pragma once

struct step_kind;

/** step_kind_find() - the kind that wrote a journal record. Return: NULL for an unknown name. */
const struct step_kind *step_kind_find(const char *name);
