#pragma once

#include "oci/spec.h"

/** lxc_command_split() - the program and arguments of lxc.init.cmd, by LXC's rules
 *
 * Words are split at blanks; one that starts with a quote reaches to the next like it. There are
 * no escapes, and a quote inside a word is itself.
 * Return: false when a quote is not closed: LXC drops that word; @words is then not to be used.
 */
bool lxc_command_split(struct arena *arena, const char *text, struct oci_strings *words);

/** shell_split() - the words of @text by a shell's rules for quotes and backslashes
 * Return: false when a quote is not closed. */
bool shell_split(struct arena *arena, const char *text, struct oci_strings *words);
