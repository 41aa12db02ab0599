#pragma once

struct err;
struct option_row;
struct options;

/* The value of a row whose option is a boolean of the config: given without one it is "1". */
#define PCT_BOOLEAN "<boolean>"

/**
 * pct_options_parse() - options_parse(), by the rules of Proxmox's commands
 *
 * Names in any case, shortened as long as they are one option's alone; "--name VALUE" also where
 * VALUE begins with a dash. Names of @words ("<vmid> <disk>") are options too, but never stand for
 * the word. A flag, which has no value in the table, is a boolean too: "--debug 0"
 * and "--debug=no" are as if it wasn't given. A value in brackets may be missing, and is "" then.
 * Return: 0; -EINVAL with "400 ...".
 */
int pct_options_parse(const struct option_row *table, const char *words, char **argv, int argc,
		      struct options *options, struct err *err);
