#include "runtime/container.h"

#include "lib/err.h"
#include "net/address.h"
#include "runtime/state.h"

#include <fcntl.h>

/* The namespace first, then the check that it is still that process: the pid can't change hands. */
static int open_netns(const struct record *record, struct err *err)
{
	cleanup_(arena_free) struct arena arena = {};
	const char *path = arena_printf(&arena, "/proc/%d/ns/net", (int)record->pid);
	cleanup_close int netns_fd = open(path, O_RDONLY | O_CLOEXEC);

	if (netns_fd < 0 || !record_alive(record))
		return record_not_running(record, err);
	return take_fd(&netns_fd);
}

int container_readdress(const struct runtime *runtime, const char *id,
			const struct container_address *wish, struct err *err)
{
	const struct address_change change = {wish->name, wish->from, wish->to, wish->from_gateway,
					      wish->to_gateway};
	cleanup_(arena_free) struct arena arena = {};
	cleanup_close int state_fd = -EBADF, netns_fd = -EBADF;
	struct record record;
	int r = record_load(runtime, &arena, id, &state_fd, &record, err);

	if (r < 0)
		return r;
	netns_fd = open_netns(&record, err);
	return netns_fd < 0 ? netns_fd : address_change(netns_fd, &change, err);
}
