#include "lib/err.h"
#include "oci/spec.h"
#include "runtime/change.h"
#include "runtime/record.h"

static int settle(struct changing *changing, struct err *err)
{
	struct oci_spec now, half;
	int r = record_announced_spec(&changing->arena, changing->state_fd, &half, err);

	if (r == 0)
		r = record_spec(&changing->arena, changing->state_fd, &now, err);
	if (r == 0)
		r = changing_begin(changing, &now, &half, err);
	if (r < 0)
		return r;
	changes_take_back(&changing->changes, &changing->run);
	record_drop_spec(changing->state_fd);
	return 0;
}

int change_settle(const struct runtime *runtime, const struct record *record, int state_fd,
		  struct err *err)
{
	cleanup_(changing_free) struct changing changing;

	changing_init(&changing, runtime, record, state_fd);
	return record_announced(state_fd) ? settle(&changing, err) : 0;
}
