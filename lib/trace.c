#include "lib/run.h"

#include <stdio.h>
#include <time.h>

/* Chrome's trace event format, "JSON Array Format": the closing bracket is optional. */
struct trace {
	int fd;
};

struct trace *trace_new(int fd)
{
	struct trace *trace = calloc(1, sizeof(*trace));

	if (!trace)
		return NULL;
	trace->fd = fd;
	(void)dprintf(fd, "[\n");
	return trace;
}

void trace_free(struct trace *trace)
{
	free(trace);
}

static void mark(const struct run *run, const char *name, char phase)
{
	struct timespec now;

	if (!run->trace)
		return;
	(void)clock_gettime(CLOCK_MONOTONIC_RAW, &now);
	(void)dprintf(run->trace->fd,
		      "{\"name\":\"%s\",\"ph\":\"%c\",\"ts\":%ld.%03ld,\"pid\":1,\"tid\":%d},\n",
		      name, phase, now.tv_sec * 1000000 + now.tv_nsec / 1000, now.tv_nsec % 1000,
		      run->pid ? 1 : 2);
}

void run_trace_begin(struct run *run, const char *name)
{
	mark(run, name, 'B');
}

void run_trace_end(struct run *run, const char *name)
{
	mark(run, name, 'E');
}
