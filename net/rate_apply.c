#include "lib/err.h"
#include "lib/json.h"
#include "lib/run.h"
#include "lib/text.h"
#include "net/queue.h"
#include "net/rate.h"
#include "net/rtnl.h"
#include "net/veth.h"

#include <string.h>

static const struct rate_step *rate_of(const struct step *step)
{
	return container_of(step, struct rate_step, step);
}

static void rate_describe(const struct step *step, struct text *text)
{
	const struct rate_step *rate = rate_of(step);

	text_addf(text, "%s (%s): %lu bytes/s, both ways", rate->name, rate->host, rate->bytes);
}

static void rate_write(const struct step *step, struct json_out *out)
{
	const struct rate_step *rate = rate_of(step);
	char hwaddr[HWADDR_TEXT];

	json_out_string(out, "name", rate->name);
	json_out_string(out, "host", rate->host);
	json_out_string(out, "host_hwaddr", hwaddr_text(rate->host_hwaddr, hwaddr));
	json_out_u64(out, "bytes", rate->bytes);
}

/* Return: its index; 0: it is gone, or another's. */
static int find(const struct rate_step *rate, struct nl_sock **sock, struct err *err)
{
	cleanup_(link_put) struct rtnl_link *link = NULL;
	char hwaddr[HWADDR_TEXT];
	int r = rtnl_open(sock, err);

	if (r == 0)
		r = veth_find(*sock, rate->host, hwaddr_text(rate->host_hwaddr, hwaddr), &link,
			      err);
	return r < 0 || !link ? r : rtnl_link_get_ifindex(link);
}

int rate_limit(struct nl_sock *sock, int index, uint64_t bytes, struct err *err)
{
	struct queue_part part = {};
	int r = queue_set(sock, index, bytes, &part);

	if (r == 0)
		return 0;
	err_sys(err, r, part.call, "limit it");
	if (r == -ENOENT || r == -EOPNOTSUPP)
		err_hint(err, "this kernel lacks %s: modprobe it, or remove the rate", part.module);
	return r;
}

static int rate_apply(const struct step *step, struct run *run, struct err *err)
{
	const struct rate_step *rate = rate_of(step);
	cleanup_(rtnl_close) struct nl_sock *sock = NULL;
	int r, index = find(rate, &sock, err);

	if (index <= 0)
		return index < 0 ? index : err_plain(err, -ENODEV, "%s is gone", rate->host);
	(void)queue_clear(sock, index); /* where a change was cut short there may be some of it */
	r = rate_limit(sock, index, rate->bytes, err);
	if (r < 0)
		(void)queue_clear(sock, index);
	return r;
}

static int rate_observe(const struct step *step, struct run *run, struct observation *seen,
			struct err *err)
{
	const struct rate_step *rate = rate_of(step);
	cleanup_(rtnl_close) struct nl_sock *sock = NULL;
	uint64_t to, from;
	int r, index = find(rate, &sock, err);

	if (index <= 0)
		return index < 0 ? index
				 : observe(seen, OBSERVED_DIFFERS, "%s is not there", rate->host);
	r = queue_get(sock, index, &to, &from);
	if (r < 0)
		return err_set(err, r, "list the queues of %s", rate->host);
	return observe(seen,
		       to == rate->bytes && from == rate->bytes ? OBSERVED_HOLDS : OBSERVED_DIFFERS,
		       "%lu bytes/s to the container, %lu from it; 0: no limit", to, from);
}

const struct step_kind rate_kind = {
	.name = "net.rate",
	.describe = rate_describe,
	.write = rate_write,
	.apply = rate_apply,
	.observe = rate_observe,
};

bool rate_same(const struct step *one, const struct step *other)
{
	const struct rate_step *a = rate_of(one), *b = rate_of(other);

	return strcmp(a->host, b->host) == 0 && strcmp(a->name, b->name) == 0 &&
	       memcmp(a->host_hwaddr, b->host_hwaddr, HWADDR_BYTES) == 0;
}

/* They end with the pair. */
int rate_revert(const struct step *step, struct run *run, struct err *err)
{
	const struct rate_step *rate = rate_of(step);
	cleanup_(rtnl_close) struct nl_sock *sock = NULL;
	int index = find(rate, &sock, err);

	if (index <= 0)
		return index;
	return queue_clear(sock, index) < 0 ? err_set(err, -EIO, "end the limit of %s", rate->host)
					    : 0;
}

int rate_change(const struct step *from, const struct step *to, struct run *run, struct err *err)
{
	int r;

	if (rate_of(from)->bytes == rate_of(to)->bytes)
		return 0;
	r = rate_apply(to, run, err);
	if (r < 0)
		(void)rate_apply(from, run, NULL); /* the first failure is what counts */
	return r;
}
