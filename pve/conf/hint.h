#pragma once

/** conf_hint() - what would be right in place of @line, which fits no rule of the grammar. */
const char *conf_hint(const char *line);
