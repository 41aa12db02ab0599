#include "net/queue.h"

#include "lib/own.h"
#include "net/request.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/pkt_cls.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <string.h>

/*
 *	egress   htb "1:", all of it in class 1:1: what waits is sent later
 *	ingress  matchall, priority 50, with a policer: what is too much is dropped
 */
enum {
	BURST_MIN = 1024 * 1024,
	BURST_MAX = 1024 * 1024 * 1024,
	POLICED_MTU = 65536,
	QUANTUM = 60000, /* of no meaning where there is one class; without it the kernel warns */
	PRIORITY = 50,
	TICK_NSEC = 64, /* of buffers; PSCHED_SHIFT of the kernel */
};

#define HTB_HANDLE     TC_H_MAKE(1U << 16, 0)
#define HTB_CLASS      TC_H_MAKE(1U << 16, 1)
#define INGRESS_HANDLE TC_H_MAKE(0xffffU << 16, 0)

/* What may pass at once. A sender whose last packets the policer dropped waits for 200 ms
 * (TCP_RTO_MIN): what it might have sent meanwhile has to be left to it afterwards, else it gets
 * less than half of a rate of 12 MiB/s. To the container it makes up for late timers. */
static uint64_t burst(uint64_t rate)
{
	const uint64_t pause = rate / 4;

	if (pause > BURST_MAX)
		return BURST_MAX;
	return pause > BURST_MIN ? pause : BURST_MIN;
}

/* How long @bytes take. */
static uint32_t ticks(uint64_t bytes, uint64_t rate)
{
	const uint64_t ticks = bytes * 1000000000 / rate / TICK_NSEC;

	return ticks < UINT32_MAX ? (uint32_t)ticks : UINT32_MAX;
}

/* Without tables of times, which the kernel finds itself since 3.8. */
static struct tc_ratespec spec(uint64_t rate)
{
	return (struct tc_ratespec){
		.rate = rate < UINT32_MAX ? (uint32_t)rate : UINT32_MAX,
		.linklayer = TC_LINKLAYER_ETHERNET,
		.cell_log = 1, /* what the tables would be for; not 0 */
	};
}

static void begin(struct request *request, int type, const struct tcmsg *header)
{
	const int flags = type == RTM_NEWQDISC || type == RTM_NEWTCLASS || type == RTM_NEWTFILTER
				  ? NLM_F_REQUEST | NLM_F_CREATE | NLM_F_EXCL
				  : NLM_F_REQUEST;

	request_init(request, type, flags, header, sizeof(*header));
}

/* ------------------------------------------------------------------------ to the container */

static int add_htb(struct nl_sock *sock, int index, uint64_t rate __attribute__((unused)))
{
	const struct tcmsg header = {
		.tcm_ifindex = index, .tcm_parent = TC_H_ROOT, .tcm_handle = HTB_HANDLE};
	const struct tc_htb_glob glob = {
		.version = TC_HTB_PROTOVER, .rate2quantum = 10, .defcls = TC_H_MIN(HTB_CLASS)};
	struct request request;
	struct nlattr *nest;

	begin(&request, RTM_NEWQDISC, &header);
	request_text(&request, TCA_KIND, "htb");
	nest = request_open(&request, TCA_OPTIONS);
	request_put(&request, TCA_HTB_INIT, &glob, sizeof(glob));
	request_close(&request, nest);
	return request_send(sock, &request);
}

static int add_class(struct nl_sock *sock, int index, uint64_t rate)
{
	const struct tcmsg header = {
		.tcm_ifindex = index, .tcm_parent = HTB_HANDLE, .tcm_handle = HTB_CLASS};
	const struct tc_htb_opt opt = {
		.rate = spec(rate),
		.ceil = spec(rate),
		.buffer = ticks(burst(rate), rate),
		.cbuffer = ticks(burst(rate), rate), /* tc(8) has one frame */
		.quantum = QUANTUM,
	};
	struct request request;
	struct nlattr *nest;

	begin(&request, RTM_NEWTCLASS, &header);
	request_text(&request, TCA_KIND, "htb");
	nest = request_open(&request, TCA_OPTIONS);
	request_put(&request, TCA_HTB_RATE64, &rate, sizeof(rate));
	request_put(&request, TCA_HTB_CEIL64, &rate, sizeof(rate));
	request_put(&request, TCA_HTB_PARMS, &opt, sizeof(opt));
	request_close(&request, nest);
	return request_send(sock, &request);
}

/* ---------------------------------------------------------------------- from the container */

static int add_ingress(struct nl_sock *sock, int index, uint64_t rate __attribute__((unused)))
{
	const struct tcmsg header = {
		.tcm_ifindex = index, .tcm_parent = TC_H_INGRESS, .tcm_handle = INGRESS_HANDLE};
	struct request request;

	begin(&request, RTM_NEWQDISC, &header);
	request_text(&request, TCA_KIND, "ingress");
	return request_send(sock, &request);
}

static void put_police(struct request *request, uint64_t rate)
{
	static const char table[TC_RTAB_SIZE];
	const struct tc_police police = {
		.action = TC_POLICE_SHOT,
		.burst = ticks(burst(rate), rate),
		.mtu = POLICED_MTU,
		.rate = spec(rate),
	};

	request_text(request, TCA_ACT_KIND, "police");
	struct nlattr *nest = request_open(request, TCA_ACT_OPTIONS);

	request_put(request, TCA_POLICE_TBF, &police, sizeof(police));
	request_put(request, TCA_POLICE_RATE, table, sizeof(table)); /* asked for, and not read */
	request_put(request, TCA_POLICE_RATE64, &rate, sizeof(rate));
	request_close(request, nest);
}

static int add_policer(struct nl_sock *sock, int index, uint64_t rate)
{
	enum { FIRST = 1 };
	const struct tcmsg header = {
		.tcm_ifindex = index,
		.tcm_parent = INGRESS_HANDLE,
		.tcm_info = TC_H_MAKE((uint32_t)PRIORITY << 16, htons(ETH_P_ALL)),
	};
	struct nlattr *options, *actions, *action;
	struct request request;

	begin(&request, RTM_NEWTFILTER, &header);
	request_text(&request, TCA_KIND, "matchall");
	options = request_open(&request, TCA_OPTIONS);
	actions = request_open(&request, TCA_MATCHALL_ACT);
	action = request_open(&request, FIRST);
	put_police(&request, rate);
	request_close(&request, action);
	request_close(&request, actions);
	request_close(&request, options);
	return request_send(sock, &request);
}

int queue_set(struct nl_sock *sock, int index, uint64_t bytes, struct queue_part *part)
{
	static const struct {
		struct queue_part part;
		int (*add)(struct nl_sock *sock, int index, uint64_t rate);
	} parts[] = {
		{{"RTM_NEWQDISC", "sch_htb"}, add_htb},
		{{"RTM_NEWTCLASS", "sch_htb"}, add_class},
		{{"RTM_NEWQDISC", "sch_ingress"}, add_ingress},
		{{"RTM_NEWTFILTER", "act_police or cls_matchall"}, add_policer},
	};
	int r = 0;

	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(parts); i++) {
		*part = parts[i].part;
		r = parts[i].add(sock, index, bytes);
	}
	return r;
}

/* ------------------------------------------------------------------------------ no limits */

static int delete_qdisc(struct nl_sock *sock, int index, uint32_t parent)
{
	const struct tcmsg header = {.tcm_ifindex = index, .tcm_parent = parent};
	struct request request;
	int r;

	begin(&request, RTM_DELQDISC, &header);
	r = request_send(sock, &request);
	return r == -ENOENT || r == -EINVAL ? 0 : r; /* there is none, or the kernel's own */
}

int queue_clear(struct nl_sock *sock, int index)
{
	int r = delete_qdisc(sock, index, TC_H_ROOT);
	int other = delete_qdisc(sock, index, TC_H_INGRESS);

	return r < 0 ? r : other;
}

/* ------------------------------------------------------------------------------ observing */

/* Of rates above 4 GB/s the 32 bit field has the largest number. */
static uint64_t rate_of(struct nlattr *wide, const struct tc_ratespec *narrow)
{
	return wide ? nla_get_u64(wide) : narrow->rate;
}

static int read_class(struct nl_msg *msg, void *data)
{
	struct nlattr *options = nlmsg_find_attr(nlmsg_hdr(msg), sizeof(struct tcmsg), TCA_OPTIONS);
	struct nlattr *parms =
		options ? nla_find(nla_data(options), nla_len(options), TCA_HTB_PARMS) : NULL;

	if (parms && nla_len(parms) >= (int)sizeof(struct tc_htb_opt))
		*(uint64_t *)data =
			rate_of(nla_find(nla_data(options), nla_len(options), TCA_HTB_RATE64),
				&((const struct tc_htb_opt *)nla_data(parms))->rate);
	return NL_OK;
}

/* The attribute at the end of a path of them. */
static struct nlattr *follow(struct nlattr *attr, const int *path, size_t length)
{
	for (size_t i = 0; attr && i < length; i++)
		attr = nla_find(nla_data(attr), nla_len(attr), path[i]);
	return attr;
}

static int read_filter(struct nl_msg *msg, void *data)
{
	static const int path[] = {TCA_MATCHALL_ACT, 1, TCA_ACT_OPTIONS};
	struct nlattr *options =
		follow(nlmsg_find_attr(nlmsg_hdr(msg), sizeof(struct tcmsg), TCA_OPTIONS), path,
		       ARRAY_SIZE(path));
	struct nlattr *police =
		options ? nla_find(nla_data(options), nla_len(options), TCA_POLICE_TBF) : NULL;

	if (police && nla_len(police) >= (int)sizeof(struct tc_police))
		*(uint64_t *)data =
			rate_of(nla_find(nla_data(options), nla_len(options), TCA_POLICE_RATE64),
				&((const struct tc_police *)nla_data(police))->rate);
	return NL_OK;
}

int queue_get(struct nl_sock *sock, int index, uint64_t *to, uint64_t *from)
{
	const struct tcmsg classes = {.tcm_ifindex = index};
	const struct tcmsg filters = {.tcm_ifindex = index, .tcm_parent = INGRESS_HANDLE};
	struct request request;
	int r;

	*to = *from = 0;
	request_init(&request, RTM_GETTCLASS, NLM_F_REQUEST | NLM_F_DUMP, &classes,
		     sizeof(classes));
	r = request_dump(sock, &request, read_class, to);
	if (r < 0)
		return r;
	request_init(&request, RTM_GETTFILTER, NLM_F_REQUEST | NLM_F_DUMP, &filters,
		     sizeof(filters));
	return request_dump(sock, &request, read_filter, from);
}
