#include "lib/arena.h"
#include "lib/err.h"
#include "lib/run.h"
#include "lib/sys.h"
#include "seccomp/cache.h"
#include "seccomp/filter.h"
#include "seccomp/listener.h"

#include <linux/filter.h>
#include <linux/seccomp.h>

/* From the cache: open, look, read. Otherwise libseccomp compiles, and the cache gets it. */
int filter_program_apply(const struct step *step, struct run *run, struct err *err)
{
	const struct filter_program_step *wanted =
		container_of(step, struct filter_program_step, step);
	cleanup_(arena_free) struct arena arena = {};
	struct program program;
	int fd = -ENOENT, r;

	if (run->state_root)
		fd = cache_open(run->state_root, wanted->key);
	if (fd < 0) {
		r = filter_compile(&arena, &wanted->profile, &program, err);
		if (r < 0)
			return r;
		fd = cache_add(run->state_root, wanted->key, &program, err);
	}
	if (fd < 0)
		return fd;
	run->slots[wanted->slot] = fd;
	return 0;
}

/* From here on each call goes through the filter: nothing but handing on the listener follows. */
int filter_apply(const struct step *step, struct run *run, struct err *err)
{
	const struct filter_step *filter = container_of(step, struct filter_step, step);
	cleanup_(arena_free) struct arena arena = {};
	struct listener_message message = {};
	bool listens = filter->listener_slot >= 0;
	struct sock_fprog filter_program;
	struct program program;
	int r;

	r = cache_program(&arena, run->slots[filter->slot], &program);
	if (r < 0)
		return err_set(err, r, "read the compiled filter");
	if (listens) {
		r = listener_message_read(run->slots[filter->message_slot], &message, err);
		if (r < 0)
			return r;
	}
	filter_program = (struct sock_fprog){(unsigned short)program.count, program.insns};
	r = sys_seccomp(SECCOMP_SET_MODE_FILTER,
			filter->flags | (listens ? SECCOMP_FILTER_FLAG_NEW_LISTENER : 0),
			&filter_program);
	if (r < 0) {
		err_set(err, r, "load the filter");
		if (r == -EACCES)
			err_hint(err, "without noNewPrivileges this needs CAP_SYS_ADMIN");
		return r;
	}
	return listens ? listener_send(run->slots[filter->listener_slot], &message, r, err) : 0;
}
