#pragma once

struct arena;
struct err;

/*
 * A failed start as a report: first what failed and why, then a row each for who asked for it, the
 * step and its place in the plan, the system call, what the host shows behind it and what to do.
 * A row that nothing is known for is left out.
 *
 *	start 100: mount.source /srv/a: open the source: No such file or directory
 *	  config  /etc/pve/lxc/100.conf:7: mp0: /srv/a,mp=/a
 *	  step    14 of 92, stage prepare
 *	  call    open_tree: open the source: ENOENT
 *	  host    /srv is there, a isn't in it
 *	  fix     create /srv/a on the host or remove this mount
 */

/** struct report_place - where what failed was asked for, looked up by whoever knows the documents
 */
struct report_place {
	const char *where; /* "/etc/pve/lxc/100.conf:7"; NULL: only @err's origin is known */
	const char *text;  /* what stands there: "mp0: /srv/a,mp=/a"; NULL: not found        */
};

/** report_text() - the report in @arena, its lines without control characters, each ended by '\n'.
 */
const char *report_text(struct arena *arena, const struct err *err,
			const struct report_place *place);

/** report_config_line() - the line of a config file that an origin like "mp0: in 100.conf, line 7"
 * or "firewall/100.fw, line 4" means
 * @etc: what lxc/ and firewall/ are in: "/etc/pve" */
struct report_place report_config_line(struct arena *arena, const char *etc, const char *origin);

/** report_spec_origin() - the member that a message about a document begins with, as an origin:
 * "process.cwd: 'x' is not absolute" is "process.cwd in config.json". Return: NULL: none */
const char *report_spec_origin(struct arena *arena, const char *message);

/** report_spec_member() - the member of a bundle's document that "mounts[3] in config.json" means
 * @file: the document */
struct report_place report_spec_member(struct arena *arena, const char *file, const char *origin);
