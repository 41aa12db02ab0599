#include "cli/pct/options.h"
#include "cli/pct/pct.h"
#include "cli/pct/power.h"

#include "lib/arena.h"
#include "lib/err.h"
#include "pve/conf/value.h"
#include "pve/lint/lint.h"
#include "pve/verbs/clone.h"

#include <stdio.h>
#include <string.h>

static const struct option_row options[] = {
	{"full", 0, PCT_BOOLEAN, "copy all of it (default, but for a template)"},
	{"storage", 0, "STORAGE", "where a full clone's volumes go; else each where it is"},
	{"snapname", 0, "NAME", "as it was at a snapshot"},
	{"hostname", 0, "NAME", "of the clone"},
	{"description", 0, "TEXT", "of the clone"},
	{"pool", 0, "NAME", "passed over: there are no pools here"},
	{"target", 0, "NODE", "this node: clones on others are not possible yet"},
	{"bwlimit", 0, "KIB", "KiB/s at most, to copy; else what the storages say"},
	{},
};

static void say(void *data, const char *line)
{
	(void)printf("%s\n", line);
	(void)fflush(stdout); /* what is printed next comes from a child */
}

static bool is_set(const struct pve_conf *conf, const char *key)
{
	const char *value = conf_value(&conf->main, key);

	return value && strcmp(value, "1") == 0;
}

static bool wants_full(const struct options *given, const struct pve_conf *conf)
{
	const char *value = option_value(given, "full");

	return value ? strcmp(value, "1") == 0 : !is_set(conf, "template");
}

static int check_free(struct pct *pct, const char *id, struct err *err)
{
	if (etc_exists(&pct->etc, id))
		return err_plain(err, -EEXIST, "CT %s already exists", id);
	if (access(arena_printf(pct->arena, "%s/qemu-server/%s.conf", pct->etc.folder, id), F_OK) ==
	    0)
		return err_plain(err, -EEXIST, "VM %s already exists", id);
	return 0;
}

static int check_request(const struct clone_request *request, struct err *err)
{
	if (!value_is_id(request->new_id))
		return err_plain(err, -EINVAL,
				 "400 Parameter verification failed. newid: type check ('integer') "
				 "failed - got '%s'",
				 request->new_id);
	if (request->hostname && !value_is_dns_name(request->hostname))
		return err_plain(err, -EINVAL,
				 "400 Parameter verification failed. hostname: invalid format - "
				 "value does not look like a valid DNS name");
	return 0;
}

/* The address of the original comes along, as in Proxmox: both can't run with it. It is made
 * already, so whatever can't be read is passed over. */
static void warn_of_collisions(struct pct *pct, const char *id)
{
	cleanup_(conf_free) struct pve_conf conf = {};
	struct lint_findings findings = {.arena = pct->arena};
	struct lint_claims claims = {};

	if (etc_load(&pct->etc, id, &conf, NULL) < 0 ||
	    lint_claims_find(pct->arena, &pct->etc, &claims, NULL) < 0)
		return;
	lint_collisions(&conf, &claims, &findings);
	pct_warn_findings(pct, &findings);
}

static int clone(struct pct *pct, struct power *source, struct clone_request *request,
		 struct err *err)
{
	cleanup_(lock_drop) struct lock lock = LOCK_NONE;
	int r = etc_lock(&pct->etc, request->new_id, LOCK_CREATE_SECONDS, NULL, &lock, err);

	if (r == 0)
		r = check_free(pct, request->new_id, err);
	if (r == 0 && request->full && !request->snapshot && pct_running(pct, source->id))
		r = err_plain(err, -EBUSY,
			      "Full clone of a running container is only possible from a snapshot");
	if (r == 0)
		r = clone_container(&source->conf, request, err);
	if (r == 0)
		warn_of_collisions(pct, request->new_id);
	return r;
}

static int run(struct pct *pct, const struct options *given, struct err *err)
{
	cleanup_(power_end) struct power power = POWER_NONE;
	struct clone_request request = {
		.etc = &pct->etc,
		.new_id = given->words[1],
		.snapshot = option_value(given, "snapname"),
		.storage = option_value(given, "storage"),
		.hostname = option_value(given, "hostname"),
		.description = option_value(given, "description"),
		.target = option_value(given, "target"),
		.say = say,
		.warn = pct_warn,
	};
	int r = check_request(&request, err);

	if (r == 0)
		r = pct_bwlimit(given, &request.bwlimit, err);
	if (option_value(given, "pool"))
		pct_warn(NULL, "pool: there are no pools here");
	if (r == 0) /* looked at again with its lock held */
		r = check_free(pct, request.new_id, err);
	if (r == 0)
		r = power_begin(&power, pct, given->words[0], err);
	if (r < 0)
		return r;
	request.full = wants_full(given, &power.conf);
	return clone(pct, &power, &request, err);
}

const struct pct_verb pct_clone = {
	.name = "clone",
	.words = "<vmid> <newid>",
	.help = "make another container like one that is there",
	.options = options,
	.words_min = 2,
	.words_max = 2,
	.run = run,
};
