#include "why/around.h"

#include "debug/binfmt.h"
#include "debug/isolation.h"
#include "lib/arena.h"
#include "lib/err.h"
#include "lib/file.h"
#include "lib/host.h"
#include "lib/text.h"
#include "lib/worker.h"
#include "runtime/join.h"
#include "why/action.h"
#include "why/module.h"
#include "why/safe_call.h"

#include <fcntl.h>
#include <limits.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>

/* As /proc/net/tcp and /proc/net/udp have them: TCP_LISTEN, and TCP_CLOSE of sockets that are
 * connected to nobody. */
enum { LISTENS = 0x0a, UNCONNECTED = 0x07 };

struct looking {
	const struct isolation *isolation;
	const struct action *action;
	struct around *around; /* shared */
	int proc_fd;           /* the host's procfs, which answers by the reader's namespaces */
};

static long read_number(int proc_fd, const char *path)
{
	char line[32];
	unsigned long value;

	if (file_line(proc_fd, path, line, sizeof(line)) < 0 || parse_u64(line, &value) < 0)
		return -1;
	return (long)value;
}

/* Its numbers are the reader's; an ordinary user reads it with those of the subject. */
static void see_ping_groups(const struct looking *looking)
{
	static const char path[] = "sys/net/ipv4/ping_group_range";
	uint32_t *range = looking->around->ping_groups;
	char line[32];

	looking->around->ping_groups_seen =
		!looking->isolation->host->ordinary &&
		file_line(looking->proc_fd, path, line, sizeof(line)) > 0 &&
		sscanf(line, "%u %u", &range[0], &range[1]) == 2;
}

static bool is_about_address(const struct action *action)
{
	return action->kind == ACTION_CONNECT || action->kind == ACTION_ACCEPT;
}

/* The kernel looks for the way when a datagram's socket gets its address; nothing is sent. */
static int find_way(const struct action *action)
{
	cleanup_close int fd = socket(action->address.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -errno;
	return connect(fd, (const struct sockaddr *)&action->address, action->address_size) < 0
		       ? -errno
		       : 0;
}

static int look_within(void *data, struct err *err)
{
	const struct looking *looking = data;
	const struct isolation *isolation = looking->isolation;
	struct around *around = looking->around;
	uint64_t which =
		CLONE_NEWNET | (looking->action->kind == ACTION_UNSHARE || isolation->host->ordinary
					? CLONE_NEWUSER
					: 0);
	int r = join_as_root(isolation->pid, isolation->pid_fd, which, err);

	if (r < 0)
		return r;
	around->first_port =
		read_number(looking->proc_fd, "sys/net/ipv4/ip_unprivileged_port_start");
	around->max_userns = read_number(looking->proc_fd, "sys/user/max_user_namespaces");
	if (!is_about_address(looking->action))
		return 0;
	see_ping_groups(looking);
	around->address_error = find_way(looking->action);
	return route_look((const struct sockaddr *)&looking->action->address, &around->route, err);
}

/* The loopback's addresses as words of the machine's order: 127.0.0.0/8, the same in IPv6's clothes
 * (::ffff:127.0.0.1), ::1. */
static bool is_inside(const char *local)
{
	uint32_t words[4] = {};
	const bool v4 =
		sscanf(local, "%8x%8x%8x%8x", &words[0], &words[1], &words[2], &words[3]) == 1;
	const uint32_t last = ntohl(v4 ? words[0] : words[3]);

	if (v4 || (!words[0] && !words[1] && words[2] == htonl(0xFFFF)))
		return last >> IN_CLASSA_NSHIFT == IN_LOOPBACKNET;
	return !words[0] && !words[1] && !words[2] && last == 1;
}

/* A table of its network namespace, which may have made very many lines of it: sscanf(3), which
 * looks for the end of its text each time, gets them one by one. Return: "": there is none. */
static char *read_table(struct arena *arena, int dir_fd, const char *file)
{
	const char *text;

	return arena_strdup(arena,
			    file_read(arena, dir_fd, file, 0, &text, NULL, NULL) < 0 ? "" : text);
}

/* Lines "  0: 0100007F:1F90 00000000:0000 0A ...". */
static void see_sockets(const struct looking *looking, const char *file, unsigned int state)
{
	const struct sockaddr_in *address = (const struct sockaddr_in *)&looking->action->address;
	cleanup_(arena_free) struct arena arena = {};
	struct around *around = looking->around;
	char *rest = read_table(&arena, looking->isolation->pid_dir_fd, file);
	unsigned int port, is;
	char local[33];

	for (const char *line; (line = strsep(&rest, "\n"));) {
		if (sscanf(line, " %*u: %32[0-9A-Fa-f]:%x %*[0-9A-Fa-f]:%*x %x", local, &port,
			   &is) != 3 ||
		    port != ntohs(address->sin_port) || is != state)
			continue;
		around->port_inside =
			is_inside(local) && (around->port_inside || !around->port_taken);
		around->port_taken = true;
	}
}

static void see_port(const struct looking *looking)
{
	const bool udp = looking->action->protocol == IPPROTO_UDP;

	see_sockets(looking, udp ? "net/udp" : "net/tcp", udp ? UNCONNECTED : LISTENS);
	see_sockets(looking, udp ? "net/udp6" : "net/tcp6", udp ? UNCONNECTED : LISTENS);
}

/* Lines "ffff...: 00000002 00000000 00010000 0001 01 4711 @name". The flag is __SO_ACCEPTCON. */
static void see_name(const struct action *action, int dir_fd, const char *file,
		     struct local_name *found)
{
	enum { WAITS = 0x10000 };
	cleanup_(arena_free) struct arena arena = {};
	char *rest = read_table(&arena, dir_fd, file);
	unsigned int flags, type;

	for (const char *line; (line = strsep(&rest, "\n"));) {
		int start = 0;

		(void)sscanf(line, "%*x: %*x %*x %x %x %*x %*u @%n", &flags, &type, &start);
		if (!start || strcmp(line + start, action->abstract) != 0)
			continue;
		if ((int)type != action->socket_type) {
			found->otherwise = true;
			continue;
		}
		found->here = true;
		found->listens |= flags & WAITS || type == SOCK_DGRAM;
	}
}

static void see_local(const struct looking *looking)
{
	struct local_name *local = &looking->around->local, outside = {};

	see_name(looking->action, looking->isolation->pid_dir_fd, "net/unix", local);
	see_name(looking->action, looking->proc_fd, "self/net/unix", &outside);
	local->outside = outside.here;
}

/* Lines "nodev\ttmpfs" and "\text4". */
static void see_fstype(const struct looking *looking)
{
	cleanup_(arena_free) struct arena arena = {};
	const char *text, *word;
	size_t length;
	bool nodev = false;

	if (file_read(&arena, AT_FDCWD, "/proc/filesystems", 0, &text, NULL, NULL) < 0)
		return;
	for (char *at = (char *)text; *at; at++)
		*at = *at == '\n' ? '\t' : *at;
	while ((word = next_word(&text, &length))) {
		bool is_nodev = length == strlen("nodev") && memcmp(word, "nodev", length) == 0;

		if (length == strlen(looking->action->fstype) &&
		    memcmp(word, looking->action->fstype, length) == 0) {
			looking->around->fstype_known = true;
			looking->around->fstype_needs_device = !nodev;
		}
		nodev = is_nodev;
	}
}

/* A paused container: whoever joins its cgroup stops as well. */
static bool is_frozen(const struct isolation *isolation)
{
	cleanup_(arena_free) struct arena arena = {};
	const char *text;

	if (!isolation->host->cgroup_root || !isolation->cgroup)
		return false;
	text = arena_printf(&arena, "%s%s/cgroup.events", isolation->host->cgroup_root,
			    isolation->cgroup);
	return file_read(&arena, AT_FDCWD, text, 0, &text, NULL, NULL) == 0 &&
	       strstr(text, "frozen 1");
}

static bool has_emulators(void)
{
	cleanup_(text_free) struct text names = {};

	binfmt_handlers(&names);
	return names.length > 0;
}

/* Of each cgroup on the path, the innermost last. */
static void see_pids(const struct looking *looking)
{
	const struct isolation *isolation = looking->isolation;

	for (size_t i = 0; isolation->host->cgroup_root && i < isolation->cgroup_count; i++) {
		const char *cgroup = isolation->cgroups[i].path;
		char path[PATH_MAX];
		long most, now;

		(void)snprintf(path, sizeof(path), "%s%s/pids.max", isolation->host->cgroup_root,
			       cgroup);
		most = read_number(AT_FDCWD, path);
		(void)snprintf(path, sizeof(path), "%s%s/pids.current",
			       isolation->host->cgroup_root, cgroup);
		now = read_number(AT_FDCWD, path);
		if (most < 0 || now < most)
			continue;
		looking->around->full_cgroup = cgroup;
		looking->around->pids_max = most;
	}
}

/* What the action depends on outside its namespaces. */
static void look_outside(const struct looking *looking)
{
	const struct action *action = looking->action;
	struct around *around = looking->around;

	around->frozen = is_frozen(looking->isolation);
	if (action->kind == ACTION_BIND || action->kind == ACTION_ACCEPT)
		see_port(looking);
	if (action->abstract)
		see_local(looking);
	if (action->kind == ACTION_MOUNT) {
		see_fstype(looking);
		around->fstype_loads = module_may_have(action->fstype);
	}
	if (action->kind == ACTION_EXEC)
		around->has_emulators = has_emulators();
	if (action->kind == ACTION_OPEN)
		around->has_memory_driver = access("/sys/dev/char/1:1", F_OK) == 0;
	if (action->kind == ACTION_SYSCALL) {
		around->call_absent = safe_call_absent(&action->calls[0]);
		see_pids(looking);
	}
}

/* The number that the other end has where it is may be anybody's here: of a pair each has the
 * other's. Return: whether it is ours. */
static bool find_host_port(const struct route *route, char name[IFNAMSIZ])
{
	char path[64];

	if (route->peer <= 0 || !if_indextoname((unsigned int)route->peer, name))
		return false;
	(void)snprintf(path, sizeof(path), "/sys/class/net/%s/iflink", name);
	return read_number(AT_FDCWD, path) == route->index;
}

static int look_inside(const struct looking *looking, struct err *err)
{
	struct around *around = looking->around;
	struct looking shared = *looking;
	int r;

	shared.around = mmap(NULL, sizeof(*around), PROT_READ | PROT_WRITE,
			     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared.around == MAP_FAILED)
		return err_set(err, -ENOMEM, "look at its namespaces");
	*shared.around = *around;
	r = worker_run(look_within, &shared, err);
	*around = *shared.around;
	(void)munmap(shared.around, sizeof(*around));
	if (r == 0 && !find_host_port(&around->route, around->host_port))
		around->host_port[0] = '\0';
	return r;
}

int around_look(const struct isolation *isolation, const struct action *action,
		struct around *around, struct err *err)
{
	cleanup_close int proc_fd = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	const struct looking looking = {
		.isolation = isolation, .action = action, .around = around, .proc_fd = proc_fd};

	*around = (struct around){.first_port = -1, .max_userns = -1};
	look_outside(&looking);
	if (action->kind != ACTION_UNSHARE && action->kind != ACTION_BIND &&
	    !is_about_address(action))
		return 0;
	return look_inside(&looking, err);
}
