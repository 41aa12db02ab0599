#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct arena;

/*
 * The kernel's audit records of what it has denied, as its log has them: "audit: type=1326
 * audit(1700000000.123:45): pid=... comm="x" syscall=63 ...". linux/audit.h, seccomp(2).
 */

/** struct audit_record - one; strings live in the reader's arena, names not yet printable */
struct audit_record {
	enum audit_record_kind { RECORD_SECCOMP, RECORD_APPARMOR } kind;
	unsigned long serial;
	pid_t pid;                                       /* as the initial pid namespace has it */
	const char *comm;                                /* the process' name; ""               */
	bool has_uid;                                    /* of seccomp                          */
	uint32_t uid;                                    /* as the initial user namespace has it */
	uint32_t arch;                                   /* AUDIT_ARCH_*, of seccomp            */
	long call;                                       /* its number, of seccomp              */
	uint32_t action;                                 /* SECCOMP_RET_*, of seccomp           */
	const char *profile, *operation, *name, *denied; /* of AppArmor; "" */
};

/**
 * audit_record_read() - a line of the kernel's log
 * Return: false for one that is no denial, or torn.
 */
bool audit_record_read(struct arena *arena, const char *line, struct audit_record *record);

/** audit_records_lost() - how many the kernel says to have left out in this line of its log; 0 */
unsigned long audit_records_lost(const char *line);
