#include "cli/output.h"
#include "cli/pct/pct.h"
#include "cli/pct/settings.h"
#include "cli/progress.h"

#include "lib/arena.h"
#include "lib/err.h"
#include "lib/text.h"
#include "pve/create/create.h"
#include "pve/create/login.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

/* What create has beside the options of the config itself. */
static const struct option_row own_options[] = {
	{"storage", 0, "ID", "storage for volumes (default: local)"},
	{"password", 0, "[TEXT]", "root's password inside, or a crypt(3) hash; asks without it"},
	{"ssh-public-keys", 0, "FILE", "keys that may log in as root"},
	{"shift-free", 0, NULL, "new volumes hold ids 0 and up: idmap=passthrough in the config"},
	{"ignore-unpack-errors", 0, NULL, "warn of members that can't be extracted, and go on"},
	{"bwlimit", 0, "KIB/S", "how much of the template to read in a second"},
	{"start", 0, NULL, "start it afterwards"},
	{"accept-unenforced", 0, "LIST",
	 "with --start: go on without what this host can't enforce; all, or words"},
	{"force", 0, NULL, "with --restore: overwrite the container"},
	{"restore", 0, NULL, "from a backup; not possible yet"},
	{"unique", 0, NULL, "with --restore: new hardware addresses"},
	{"pool", 0, "NAME", "passed over: there are no pools here"},
	{"ha-managed", 0, NULL, "passed over: there is no cluster here"},
};

/* Raw lines for the config: an option of ours that becomes a part of it. */
static const struct option_row idmap_option = {"lxc.idmap", 0, "LINE",
					       "a range of ids for the raw line: 'u 0 200000 "
					       "65536'"};

const struct option_row *pct_create_options(struct arena *arena)
{
	struct option_row rows[ARRAY_SIZE(own_options) + 1];

	memcpy(rows, own_options, sizeof(own_options));
	rows[ARRAY_SIZE(own_options)] = idmap_option;
	return settings_rows(arena, rows, ARRAY_SIZE(rows));
}

static void say(void *data, const char *text)
{
	(void)printf("%s\n", text);
	(void)fflush(stdout);
}

static void warn(void *data, const char *text)
{
	output_note("WARN: %s", text);
}

static void show(void *data, uint64_t done, uint64_t total)
{
	progress_show(data, done, total);
}

/* Options that make no sense together, or without something that isn't here. */
static int check_kind(const struct options *given, struct err *err)
{
	if (option_flag(given, "restore"))
		return err_plain(err, -EOPNOTSUPP, "restoring backups is not possible yet");
	if (option_flag(given, "unique"))
		return err_plain(err, -EINVAL,
				 "400 Parameter verification failed. unique: missing property - "
				 "'restore' requires this property");
	if (strcmp(given->words[1], "-") == 0)
		return err_plain(err, -EINVAL, "only a restore reads from standard input");
	if (option_value(given, "pool"))
		warn(NULL, "pool: there are no pools here");
	if (option_flag(given, "ha-managed"))
		warn(NULL, "ha-managed: there is no cluster here");
	return 0;
}

/* Given without a text, it is asked for. */
static int read_password(struct arena *arena, const char *given, const char **password,
			 struct err *err)
{
	const char *again;

	*password = given;
	if (!given)
		return 0;
	if (!*given || strcmp(given, "0") == 0) {
		again = getpass("Enter new password: ");
		*password = arena_strdup(arena, again ? again : "");
		again = getpass("Retype new password: ");
		if (!again || strcmp(again, *password) != 0)
			return err_plain(err, -EINVAL, "passwords do not match");
	}
	return login_check_password(*password, err);
}

static int read_own(struct pct *pct, const struct options *given, struct create_request *request,
		    struct err *err)
{
	const char *keys = option_value(given, "ssh-public-keys");
	int r;

	r = read_password(pct->arena, option_value(given, "password"), &request->password, err);
	if (r == 0 && keys)
		r = login_read_keys(pct->arena, keys, &request->keys, err);
	return r < 0 ? r : pct_bwlimit(given, &request->bwlimit, err);
}

/* The verb itself, in this process' place: it takes the lock anew. */
static int start(const char *id, const char *accept, struct err *err)
{
	(void)fflush(NULL);
	(void)execl("/proc/self/exe", "pct", "start", id, accept ? "--accept-unenforced" : NULL,
		    accept, NULL);
	return err_set(err, -errno, "run pct start %s", id);
}

static void nothing(int signal)
{
}

/* An interrupt ends what is at work for us, mkfs or the extraction; we take back what was made. */
static void survive_interrupts(void)
{
	const struct sigaction action = {.sa_handler = nothing, .sa_flags = SA_RESTART};

	(void)sigaction(SIGHUP, &action, NULL); /* these only fail for signals that there are not */
	(void)sigaction(SIGINT, &action, NULL);
	(void)sigaction(SIGTERM, &action, NULL);
}

static int create(struct pct *pct, const struct options *given, struct err *err)
{
	struct progress progress;
	struct create_request request = {
		.etc = &pct->etc,
		.id = given->words[0],
		.archive = given->words[1],
		.storage = option_value(given, "storage"),
		.shift_free = option_flag(given, "shift-free"),
		.ignore_errors = option_flag(given, "ignore-unpack-errors"),
		.say = say,
		.warn = warn,
		.progress = show,
		.data = &progress,
	};
	int r = pct_accept(pct, given, err); /* a wrong word before all the work */

	if (r == 0)
		r = check_kind(given, err);
	progress_init(&progress, "extracting archive");
	if (r == 0)
		r = read_own(pct, given, &request, err);
	if (r < 0)
		return r;
	request.options = settings_given(pct->arena, given, own_options, ARRAY_SIZE(own_options),
					 &request.count);
	survive_interrupts();
	r = create_container(&request, err);
	if (r < 0 || !option_flag(given, "start"))
		return r;
	return start(request.id, option_value(given, "accept-unenforced"), err);
}

const struct pct_verb pct_create = {
	.name = "create",
	.words = "<vmid> <ostemplate>",
	.help = "make a container from a template",
	.make_options = pct_create_options,
	.words_min = 2,
	.words_max = 2,
	.run = create,
};
