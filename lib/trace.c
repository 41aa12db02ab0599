#include "lib/clock.h"
#include "lib/json.h"
#include "lib/run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Chrome's trace event format, "JSON Array Format". */
struct trace {
	int fd;
};

/* What a complete one ends with; viewers can do without, as what was killed leaves it. */
static const char end[] = "\n]\n";

/* The threads of the picture. */
enum { HOST = 1, CONTAINER = 2 };

static void name_thread(int fd, const char *before, int thread, const char *name)
{
	(void)dprintf(fd,
		      "%s\n{\"name\":\"thread_name\",\"ph\":\"M\",\"pid\":1,\"tid\":%d,"
		      "\"args\":{\"name\":\"%s\"}}",
		      before, thread, name);
}

struct trace *trace_new(int fd)
{
	struct trace *trace = fd < 0 ? NULL : calloc(1, sizeof(*trace));

	if (!trace)
		return NULL;
	trace->fd = fd;
	if (lseek(fd, -(off_t)strlen(end), SEEK_CUR) >= 0)
		return trace;
	name_thread(fd, "[", HOST, "host");
	name_thread(fd, ",", CONTAINER, "container");
	return trace;
}

void trace_free(struct trace *trace)
{
	if (trace)
		(void)dprintf(trace->fd, "%s", end);
	free(trace);
}

/* @extra: further members, a comma before each; "": none */
static void mark(const struct run *run, const char *name, const char *phase, const char *extra)
{
	const int64_t now = clock_nsec(CLOCK_MONOTONIC_RAW);

	(void)dprintf(run->trace->fd,
		      ",\n{\"name\":\"%s\",\"ph\":\"%s\",\"ts\":%ld.%03ld,\"pid\":1,\"tid\":%d%s}",
		      name, phase, now / 1000, now % 1000, run->pid_is_init ? CONTAINER : HOST,
		      extra);
}

void run_trace_begin(struct run *run, const char *name)
{
	if (run->trace)
		mark(run, name, "B", "");
}

void run_trace_step(struct run *run, const struct step *step)
{
	cleanup_(text_free) struct text what = {};
	cleanup_(text_free) struct text extra = {};
	cleanup_free char *args = NULL;
	struct json_out *out;

	if (!run->trace)
		return;
	step->kind->describe(step, &what);
	out = json_out_new(false);
	json_out_object(out, NULL);
	json_out_string(out, "step", text_str(&what));
	json_out_string(out, "origin", step->origin ? step->origin : "");
	json_out_end(out);
	args = json_out_take(out);
	text_addf(&extra, ",\"args\":%s", args);
	mark(run, step->kind->name, "B", text_str(&extra));
}

void run_trace_end(struct run *run, const char *name)
{
	if (run->trace)
		mark(run, name, "E", "");
}

static void flow(const struct run *run, const char *name, const char *phase, int id)
{
	char extra[64];

	if (!run->trace)
		return;
	(void)snprintf(extra, sizeof(extra), ",\"cat\":\"barrier\",\"id\":%d%s", id,
		       *phase == 'f' ? ",\"bp\":\"e\"" : "");
	mark(run, name, phase, extra);
}

void run_trace_leave(struct run *run, const char *name, int id)
{
	flow(run, name, "s", id);
}

void run_trace_arrive(struct run *run, const char *name, int id)
{
	flow(run, name, "f", id);
}
