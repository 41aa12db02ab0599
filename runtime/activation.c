#include "runtime/activation.h"

#include "lib/arena.h"
#include "oci/spec.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { LISTEN_PID_ROOM = 32 };

char *activation_add(struct arena *arena, struct oci_process *process, unsigned int count)
{
	const struct oci_strings *env = &process->env;
	char *listen_pid = arena_alloc(arena, LISTEN_PID_ROOM);
	const char **items = arena_array(arena, env->count + 2, sizeof(*items));

	if (count == 0)
		return NULL;
	if (env->count)
		memcpy(items, env->items, env->count * sizeof(*items));
	items[env->count] = arena_printf(arena, "LISTEN_FDS=%u", count);
	items[env->count + 1] = listen_pid;
	process->env = (struct oci_strings){env->count + 2, items};
	(void)snprintf(listen_pid, LISTEN_PID_ROOM, "LISTEN_PID=");
	return listen_pid;
}

void activation_own(char *listen_pid)
{
	if (listen_pid)
		(void)snprintf(listen_pid, LISTEN_PID_ROOM, "LISTEN_PID=%d", (int)getpid());
}
