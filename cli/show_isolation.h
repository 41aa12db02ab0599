#pragma once

struct isolation;
struct json_out;
struct weakness;

/*
 * The report on a process' isolation. Every name in it that somebody in there has chosen is
 * printable().
 */

/** show_isolation() - for people, on stdout */
void show_isolation(struct isolation *isolation, const struct weakness *weaknesses,
		    unsigned long count);

/** write_isolation() - as members of the open object: docs/schema/audit.json */
void write_isolation(struct isolation *isolation, const struct weakness *weaknesses,
		     unsigned long count, struct json_out *out);
