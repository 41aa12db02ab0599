/* Commands of Proxmox that rest on something that isn't here yet: known, and honest about it. */

#include "cli/pct/pct.h"

#include "lib/err.h"

#define ABSENT "(not possible yet)"

static int refuse(const char *what, const char *instead, struct err *err)
{
	err_plain(err, -EOPNOTSUPP, "%s", what);
	if (instead)
		err_hint(err, "%s", instead);
	return -EOPNOTSUPP;
}

static int restore(struct pct *pct, const struct options *given, struct err *err)
{
	return refuse("restoring backups is not possible yet",
		      "a template or an unpacked backup: pct create", err);
}

static int migrate(struct pct *pct, const struct options *given, struct err *err)
{
	return refuse("moving containers to other nodes is not possible yet", NULL, err);
}

/* Whatever is given: the answer is the same. */
static const struct option_row migrate_options[] = {
	{"restart", 0, NULL, "stop it here and start it there"},
	{"online", 0, NULL, "passed over, as containers can't move while they run"},
	{"timeout", 0, "SECONDS", "for its shutdown"},
	{"target-storage", 0, "MAP", "storages here to storages there"},
	{"target-bridge", 0, "MAP", "bridges here to bridges there"},
	{"delete", 0, NULL, "remove it here afterwards"},
	{"bwlimit", 0, "KIB/S", "how much to send in a second"},
	{},
};

const struct pct_verb pct_restore = {
	.name = "restore",
	.words = "<vmid> <archive>",
	.help = "make a container from a backup " ABSENT,
	.make_options = pct_create_options,
	.words_min = 2,
	.words_max = 2,
	.run = restore,
};

const struct pct_verb pct_migrate = {
	.name = "migrate",
	.words = "<vmid> <target>",
	.help = "move a container to another node " ABSENT,
	.options = migrate_options,
	.words_min = 2,
	.words_max = 2,
	.run = migrate,
};

const struct pct_verb pct_remote_migrate = {
	.name = "remote-migrate",
	.words = "<vmid> <target-vmid> <target-endpoint>",
	.help = "move a container to another cluster " ABSENT,
	.options = migrate_options,
	.words_min = 3,
	.words_max = 3,
	.run = migrate,
};
