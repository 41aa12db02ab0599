#include "debug/audit_record.h"

#include "lib/arena.h"
#include "lib/own.h"

#include <criterion/criterion.h>

/* A record as text, or "" for a line that is none. */
static const char *shown(struct arena *arena, const char *line)
{
	struct audit_record record;

	if (!audit_record_read(arena, line, &record))
		return "";
	if (record.kind == RECORD_SECCOMP)
		return arena_printf(arena,
				    "%lu seccomp pid %d (%s) uid %u arch %x call %ld action %x",
				    record.serial, (int)record.pid, record.comm, record.uid,
				    record.arch, record.call, record.action);
	return arena_printf(arena, "%lu apparmor pid %d (%s) %s: %s %s [%s]", record.serial,
			    (int)record.pid, record.comm, record.profile, record.operation,
			    record.name, record.denied);
}

#define SECCOMP                                                                                    \
	"audit: type=1326 audit(1796030649.311:2067): auid=4294967295 uid=0 gid=0 ses=1 "          \
	"pid=10704 "
#define APPARMOR "audit: type=1400 audit(1.2:3): "

Test(debug_audit_record, lines)
{
	static const struct {
		const char *line, *record;
	} rows[] = {
		{SECCOMP
		 "comm=\"unit\" exe=\"/build/unit\" sig=31 arch=c000003e syscall=110 compat=0 "
		 "ip=0x7f code=0x80000000",
		 "2067 seccomp pid 10704 (unit) uid 0 arch c000003e call 110 action 80000000"},
		{"<5>[ 1.2] " SECCOMP "comm=\"a\" sig=0 arch=c000003e syscall=63 code=0x50026",
		 "2067 seccomp pid 10704 (a) uid 0 arch c000003e call 63 action 50026"},
		/* a name with a blank in it, as hexadecimal digits */
		{SECCOMP "comm=6120703D31 sig=0 arch=c000003e syscall=63 code=0x0",
		 "2067 seccomp pid 10704 (a p=1) uid 0 arch c000003e call 63 action 0"},
		/* a name that would like to be a field */
		{SECCOMP "comm=\"x pid=1 syscall=9\" sig=0 arch=c000003e syscall=63 code=0x0",
		 "2067 seccomp pid 10704 (x pid=1 syscall=9) uid 0 arch c000003e call 63 action 0"},
		{APPARMOR
		 "apparmor=\"DENIED\" operation=\"open\" class=\"file\" "
		 "profile=\"lxc-100_</var/lib/lxc>\" name=\"/etc/passwd\" pid=7 comm=\"cat\" "
		 "requested_mask=\"r\" denied_mask=\"r\" fsuid=0 ouid=0",
		 "3 apparmor pid 7 (cat) lxc-100_</var/lib/lxc>: open /etc/passwd [r]"},
		{APPARMOR "apparmor=\"DENIED\" operation=\"capable\" profile=\"p\" pid=7 "
			  "comm=\"su\" capability=21  capname=\"sys_admin\"",
		 "3 apparmor pid 7 (su) p: capable sys_admin []"},
		{APPARMOR "apparmor=\"ALLOWED\" operation=\"open\" profile=\"p\" name=\"/x\" pid=7 "
			  "comm=\"cat\"",
		 ""},
		{APPARMOR "apparmor=\"STATUS\" operation=\"profile_load\" name=\"p\" pid=7 "
			  "comm=\"apparmor_parser\"",
		 ""},
		{APPARMOR "avc:  denied  { read } for  pid=7 comm=\"cat\"", ""}, /* SELinux */
		{"audit: type=1300 audit(1.2:3): arch=c000003e syscall=2 pid=7", ""},
		{"audit: type=1326 audit(1.2:3): pid=7 comm=\"a\" arch=c000003e", ""}, /* torn */
		{"audit: type=1326 audit(1.2:", ""},
		{"audit: type=", ""},
		{"eth0: link up", ""},
		{"", ""},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		cleanup_(arena_free) struct arena arena = {};

		cr_expect_str_eq(shown(&arena, rows[i].line), rows[i].record, "row %zu: %s", i,
				 shown(&arena, rows[i].line));
	}
}

Test(debug_audit_record, lost)
{
	cr_expect_eq(audit_records_lost("kauditd_printk_skb: 26 callbacks suppressed"), 26);
	cr_expect_eq(audit_records_lost("net_ratelimit: 26 callbacks suppressed"), 0);
	cr_expect_eq(audit_records_lost("kauditd_printk_skb: 26 others"), 0);
	cr_expect_eq(audit_records_lost(""), 0);
}
