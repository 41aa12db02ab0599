#include "why/jump.h"

#include "debug/isolation.h"
#include "lib/arena.h"
#include "lib/file.h"
#include "lib/proc_status.h"
#include "why/rights.h"
#include "why/subject.h"

#include <linux/capability.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A procfs that counts us counts the process as we do, another one as its own namespace does. */
static pid_t number_there(int folder_fd, const char *up, const struct isolation *isolation,
			  pid_t self, struct arena *arena)
{
	char target[16];

	return readlinkat(folder_fd, arena_printf(arena, "%s../self", up), target, sizeof(target)) >
			       0
		       ? isolation->pid
		       : self;
}

void jump_look(int folder_fd, int link_fd, const struct isolation *isolation, pid_t self,
	       struct jump *jump)
{
	cleanup_(arena_free) struct arena arena = {};
	const char *up = faccessat(folder_fd, "status", F_OK, 0) == 0 ? "" : "../";
	const char *status, *group, *permitted;
	struct stat link, userns;

	*jump = (struct jump){.made = true};
	if (file_read(&arena, folder_fd, arena_printf(&arena, "%sstatus", up), 0, &status, NULL,
		      NULL) < 0 ||
	    fstat(link_fd, &link) < 0 ||
	    fstatat(folder_fd, arena_printf(&arena, "%sns/user", up), &userns, 0) < 0)
		return;
	group = proc_status(&arena, status, "Tgid");
	permitted = proc_status(&arena, status, "CapPrm");
	jump->own = group &&
		    strtol(group, NULL, 10) == number_there(folder_fd, up, isolation, self, &arena);
	jump->uid = link.st_uid;
	jump->gid = link.st_gid;
	jump->permitted = permitted ? strtoull(permitted, NULL, 16) : UINT64_MAX;
	jump->userns = userns.st_ino;
}

/* ptrace_may_access() and cap_ptrace_access_check() */
bool jump_allowed(const struct subject *subject, const struct jump *jump)
{
	const struct isolation *isolation = &subject->isolation;
	const struct isolation_creds *creds = &isolation->creds;

	if (!jump->made || jump->own)
		return true;
	if (jump->uid == creds->uid[3] && jump->gid == creds->gid[3] &&
	    jump->userns == isolation->namespaces[NAMESPACE_USER].id &&
	    !(jump->permitted & ~creds->effective))
		return true;
	return rights_over(subject, CAP_SYS_PTRACE, jump->userns);
}
