#include "lib/err.h"
#include "lib/file.h"
#include "lib/json.h"
#include "lib/run.h"
#include "lib/sys.h"
#include "lib/text.h"
#include "ns/timens.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/prctl.h>

/*
 * Having become root of a user namespace left us not dumpable, and files of such a process are the
 * host's root's. Nobody else is in that namespace yet who could make use of the moment: one that
 * is joined is refused by the plan.
 */
static int open_offsets(struct run *run)
{
	int was = prctl(PR_GET_DUMPABLE), fd;

	(void)prctl(PR_SET_DUMPABLE, 1);
	fd = run_open_self(run, "timens_offsets", O_WRONLY);
	(void)prctl(PR_SET_DUMPABLE, was == 1);
	return fd;
}

static int write_offsets(const struct timens_step *timens, struct run *run, struct err *err)
{
	cleanup_close int fd = open_offsets(run);
	cleanup_(text_free) struct text text = {};
	int r;

	if (fd < 0)
		return err_set(err, fd, "open timens_offsets");
	text_addf(&text, "monotonic %" PRId64 " %u\nboottime %" PRId64 " %u\n",
		  timens->monotonic.secs, timens->monotonic.nanosecs, timens->boottime.secs,
		  timens->boottime.nanosecs);
	r = write_all(fd, text_str(&text), text.length);
	if (r < 0)
		err_set(err, r, "set the offsets");
	if (r == -ERANGE)
		err_hint(err, "a clock can't be below 0, nor above 146 years");
	if (r == -EPERM || r == -EACCES)
		err_hint(err, "it takes CAP_SYS_TIME, which a user namespace of the container's "
			      "own has");
	return r;
}

static int timens_apply(const struct step *step, struct run *run, struct err *err)
{
	const struct timens_step *timens = container_of(step, struct timens_step, step);
	cleanup_close int fd = -EBADF;
	int r;

	if (unshare(CLONE_NEWTIME) < 0)
		return err_set(err, -errno, "make a time namespace");
	r = write_offsets(timens, run, err);
	if (r < 0)
		return r;
	fd = openat(run->proc_fd, "self/ns/time_for_children", O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return err_set(err, -errno, "open the time namespace");
	return setns(fd, CLONE_NEWTIME) < 0 ? err_set(err, -errno, "enter the time namespace") : 0;
}

static bool same(const struct clock_offset *a, const struct clock_offset *b)
{
	return a->secs == b->secs && a->nanosecs == b->nanosecs;
}

static int timens_observe(const struct step *step, struct run *run, struct observation *seen,
			  struct err *err)
{
	const struct timens_step *timens = container_of(step, struct timens_step, step);
	struct clock_offset monotonic, boottime;
	cleanup_(arena_free) struct arena arena = {};
	const char *text;

	if (file_read(&arena, run->pid_dir_fd, "timens_offsets", 0, &text, NULL, NULL) < 0 ||
	    sscanf(text, "monotonic %" SCNd64 " %" SCNu32 " boottime %" SCNd64 " %" SCNu32,
		   &monotonic.secs, &monotonic.nanosecs, &boottime.secs, &boottime.nanosecs) != 4)
		return observe(seen, OBSERVED_UNSEEN, "timens_offsets can't be read");
	return observe(seen,
		       same(&monotonic, &timens->monotonic) && same(&boottime, &timens->boottime)
			       ? OBSERVED_HOLDS
			       : OBSERVED_DIFFERS,
		       "monotonic %" PRId64 ".%09u, boottime %" PRId64 ".%09u", monotonic.secs,
		       monotonic.nanosecs, boottime.secs, boottime.nanosecs);
}

static void timens_describe(const struct step *step, struct text *text)
{
	const struct timens_step *timens = container_of(step, struct timens_step, step);

	text_addf(text, "monotonic %+" PRId64 ".%09u s, boottime %+" PRId64 ".%09u s",
		  timens->monotonic.secs, timens->monotonic.nanosecs, timens->boottime.secs,
		  timens->boottime.nanosecs);
}

static void write_offset(struct json_out *out, const char *name, const struct clock_offset *offset)
{
	json_out_object(out, name);
	json_out_i64(out, "secs", offset->secs);
	json_out_u64(out, "nanosecs", offset->nanosecs);
	json_out_end(out);
}

static void timens_write(const struct step *step, struct json_out *out)
{
	const struct timens_step *timens = container_of(step, struct timens_step, step);

	write_offset(out, "monotonic", &timens->monotonic);
	write_offset(out, "boottime", &timens->boottime);
}

const struct step_kind timens_kind = {
	.name = "time",
	.describe = timens_describe,
	.write = timens_write,
	.apply = timens_apply,
	.observe = timens_observe,
};
