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
static int find_program(const struct filter_program_step *wanted, struct run *run,
			struct program *program, struct err *err)
{
	int r;

	if (run->state_root && cache_find(&run->arena, run->state_root, wanted->key, program) == 0)
		return 0;
	r = filter_compile(&run->arena, &wanted->profile, program, err);
	if (r == 0 && run->state_root)
		(void)cache_add(run->state_root, wanted->key, program);
	return r;
}

int filter_program_apply(const struct step *step, struct run *run, struct err *err)
{
	struct sock_fprog *filter = arena_alloc(&run->arena, sizeof(*filter));
	struct program program;
	int r = find_program(container_of(step, struct filter_program_step, step), run, &program,
			     err);

	if (r < 0)
		return r;
	*filter = (struct sock_fprog){(unsigned short)program.count, program.insns};
	run->filter = filter;
	return 0;
}

/* From here on each call goes through the filter: nothing but handing on the listener follows. */
int filter_apply(const struct step *step, struct run *run, struct err *err)
{
	const struct filter_step *filter = container_of(step, struct filter_step, step);
	struct listener_message message = {};
	bool listens = filter->listener_slot >= 0;
	int r;

	if (listens) {
		r = listener_message_read(run->slots[filter->message_slot], &message, err);
		if (r < 0)
			return r;
	}
	r = sys_seccomp(SECCOMP_SET_MODE_FILTER,
			filter->flags | (listens ? SECCOMP_FILTER_FLAG_NEW_LISTENER : 0),
			run->filter);
	if (r < 0) {
		err_set(err, r, "load the filter");
		if (r == -EACCES)
			err_hint(err, "without noNewPrivileges this needs CAP_SYS_ADMIN");
		return r;
	}
	return listens ? listener_send(run->slots[filter->listener_slot], &message, r, err) : 0;
}
