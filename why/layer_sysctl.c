#include "why/judge.h"

#include "lib/own.h"
#include "ns/cred.h"
#include "why/action.h"
#include "why/fix.h"
#include "why/rights.h"
#include "why/says.h"
#include "why/subject.h"

#include <errno.h>
#include <linux/capability.h>
#include <linux/magic.h>
#include <string.h>

/*
 * Who may write below /proc/sys: that is asked of the table that a value is in. Those of a
 * namespace are for its root or for a capability over it, all others for root of the host; no
 * other capability counts.
 */

enum { ROOT_OF_IT = -1 }; /* in place of a capability */

static const struct table {
	const char *prefix; /* below /proc/sys/ */
	int namespace;      /* NAMESPACE_* */
	int cap;
	const char *whose;
} tables[] = {
	{"net/", NAMESPACE_NET, CAP_NET_ADMIN, "the network namespace"},
	{"user/", NAMESPACE_USER, CAP_SYS_RESOURCE, "the user namespace"},
	{"kernel/shm", NAMESPACE_IPC, ROOT_OF_IT, "the ipc namespace"},
	{"kernel/msg", NAMESPACE_IPC, ROOT_OF_IT, "the ipc namespace"},
	{"kernel/sem", NAMESPACE_IPC, ROOT_OF_IT, "the ipc namespace"},
	{"kernel/auto_msgmni", NAMESPACE_IPC, ROOT_OF_IT, "the ipc namespace"},
	{"fs/mqueue/", NAMESPACE_IPC, ROOT_OF_IT, "the ipc namespace"},
};

static const struct table *table_of(const char *key)
{
	for (size_t i = 0; i < ARRAY_SIZE(tables); i++)
		if (strncmp(key, tables[i].prefix, strlen(tables[i].prefix)) == 0)
			return &tables[i];
	return NULL;
}

static bool is_root_of(const struct subject *subject, const struct table *table)
{
	const struct isolation *isolation = &subject->isolation;
	const struct isolation_namespace *namespace = &isolation->namespaces[table->namespace];
	uint32_t root = 0;

	if (isolation->initial_userns)
		return isolation->creds.uid[1] == 0;
	return namespace->owner == isolation->namespaces[NAMESPACE_USER].id &&
	       idmap_outside(&isolation->uid_map, 0, &root) && isolation->creds.uid[1] == root;
}

static uint64_t owner_of(const struct isolation *isolation, int namespace)
{
	return namespace == NAMESPACE_USER ? isolation->namespaces[NAMESPACE_USER].id
					   : isolation->namespaces[namespace].owner;
}

/* Has the process the rights of the table's owner? */
static bool owns(const struct subject *subject, const struct table *table)
{
	if (!table)
		return subject->isolation.creds.uid[1] == 0;
	if (table->cap == ROOT_OF_IT)
		return is_root_of(subject, table);
	return rights_over(subject, (unsigned int)table->cap,
			   owner_of(&subject->isolation, table->namespace)) ||
	       (table->namespace == NAMESPACE_NET && subject->isolation.creds.uid[1] == 0);
}

static void deny(const struct subject *subject, const struct table *table, const char *key,
		 mode_t mode, struct finding *finding)
{
	const char *setting = fix_sysctl(subject, key);

	if (!table) {
		const bool name = strcmp(key, "kernel/hostname") == 0 ||
				  strcmp(key, "kernel/domainname") == 0;

		finding_set(finding, subject, ANSWER_DENIES, EACCES,
			    name ? "%s is written by root of the host alone, the process is %s"
				 : "%s is the whole host's: only its root may, the process is %s",
			    key, says_person(subject));
		finding_fix(finding, subject, "linux.uidMappings[0]",
			    name ? "sethostname(2), as hostname(1) does it" : "set it on the host");
	} else if (!(mode & 0222)) {
		finding_set(finding, subject, ANSWER_DENIES, EACCES,
			    "mode %04o: in there %s can only be read, by whoever it is",
			    mode & 07777, key);
		finding_fix(finding, subject, "linux.namespaces",
			    "set it on the host, if the host's can be set");
	} else if (table->cap == ROOT_OF_IT) {
		finding_set(finding, subject, ANSWER_DENIES, EACCES,
			    "%s is for root of %s; the process is %s", key, table->whose,
			    says_person(subject));
		finding_fix(finding, subject, "process.user", "%s, which sets it at the start",
			    setting);
	} else {
		finding_set(finding, subject, ANSWER_DENIES, EACCES, "%s: %s", key,
			    says_capability(subject, (unsigned int)table->cap, table->whose));
		finding_fix(finding, subject, "process.capabilities.effective",
			    "%s, which sets it at the start, or %s", setting,
			    cap_name((unsigned int)table->cap));
	}
}

void judge_sysctl(const struct subject *subject, const struct action *action,
		  struct finding *finding)
{
	const struct place *object = object_of(subject);
	const size_t root = strlen("/proc/sys/");
	const struct table *table;
	unsigned int mode;

	if (!object || object->fs != PROC_SUPER_MAGIC ||
	    strncmp(object->path, "/proc/sys/", root) != 0)
		return;
	table = table_of(object->path + root);
	mode = owns(subject, table) ? object->mode >> 6 : object->mode;
	if ((mode & action->access) == action->access)
		finding_set(finding, subject, ANSWER_ALLOWS, 0, "mode %04o", object->mode & 07777);
	else
		deny(subject, table, says_path(subject, object) + root, object->mode, finding);
}
