/*
 * A watch sleeps until an address comes (RTM_NEWADDR). It then works by the second: hear which
 * addresses came, read what was answered since the last time, ask again; after PROBES questions, or
 * an answer, an address is done with, and after the last one it sleeps.
 *
 * What a container does in there wakes it no more often than that, and makes it do no more than
 * MOST things at once. Lists of what is there are read once, and not with libnl's caches, which
 * begin anew for as long as somebody changes it.
 */

#include "net/conflict.h"

#include "lib/err.h"
#include "lib/own.h"
#include "lib/text.h"
#include "net/arp.h"
#include "net/link.h"
#include "net/request.h"
#include "net/rtnl.h"

#include <arpa/inet.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <net/if_arp.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <netlink/route/addr.h>
#include <netlink/socket.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>

enum { PROBES = 3 /* RFC 5227 */, MOST = 16, ANSWERS = 64 };

/* An address that came. */
struct question {
	int index, family;
	struct in6_addr address; /* of AF_INET the first four bytes */
	unsigned int asked;      /* how often */
	bool answered;
	char name[IFNAMSIZ]; /* known once it was asked */
	uint8_t hwaddr[HWADDR_BYTES];
};

struct conflict_watch {
	int epoll_fd, timer_fd, netns_fd;
	struct nl_sock *events; /* NULL until it has begun */
	int arp_fd;             /* open while there are questions */
	size_t count;
	struct question questions[MOST];
	void (*found)(void *data, const struct conflict *conflict);
	void *data;
};

static void wake_in_a_second(const struct conflict_watch *watch)
{
	const struct itimerspec once = {.it_value.tv_sec = 1};

	(void)timerfd_settime(watch->timer_fd, 0, &once, NULL);
}

/* ------------------------------------------------------------------ addresses that come */

/* Of IPv6 only those that failed are of interest (RFC 4862). */
static bool is_of_interest(struct rtnl_addr *address)
{
	return rtnl_addr_get_family(address) == AF_INET ||
	       (rtnl_addr_get_family(address) == AF_INET6 &&
		rtnl_addr_get_flags(address) & IFA_F_DADFAILED);
}

static bool same_question(const struct question *one, const struct question *other)
{
	return one->index == other->index && one->family == other->family &&
	       memcmp(&one->address, &other->address, sizeof(one->address)) == 0;
}

static void add(struct conflict_watch *watch, struct rtnl_addr *address)
{
	struct nl_addr *local = rtnl_addr_get_local(address);
	struct question question = {
		.index = rtnl_addr_get_ifindex(address),
		.family = rtnl_addr_get_family(address),
	};

	if (!local || nl_addr_get_len(local) > sizeof(question.address) ||
	    watch->count == ARRAY_SIZE(watch->questions))
		return;
	memcpy(&question.address, nl_addr_get_binary_addr(local), nl_addr_get_len(local));
	for (size_t i = 0; i < watch->count; i++)
		if (same_question(&watch->questions[i], &question))
			return;
	watch->questions[watch->count++] = question;
}

static void see_object(struct nl_object *object, void *data)
{
	if (strcmp(nl_object_get_type(object), "route/addr") == 0 &&
	    is_of_interest((struct rtnl_addr *)object))
		add(data, (struct rtnl_addr *)object);
}

static int see_message(struct nl_msg *msg, void *data)
{
	if (nlmsg_hdr(msg)->nlmsg_type == RTM_NEWADDR)
		(void)nl_msg_parse(msg, see_object, data); /* what can't be read is none of ours */
	return NL_OK;
}

/* What changes meanwhile is an event. */
static void see_present(struct conflict_watch *watch, struct nl_sock *query)
{
	const struct ifaddrmsg all = {};
	struct request request;

	request_init(&request, RTM_GETADDR, NLM_F_REQUEST | NLM_F_DUMP, &all, sizeof(all));
	(void)request_dump(query, &request, see_message, watch);
}

static void see_events(struct conflict_watch *watch)
{
	struct epoll_event again = {.events = EPOLLIN | EPOLLONESHOT};

	for (size_t i = 0; i < MOST && watch->count < MOST; i++)
		if (nl_recvmsgs_default(watch->events) < 0)
			break; /* nothing more, or more than the socket could keep */
	(void)epoll_ctl(watch->epoll_fd, EPOLL_CTL_MOD, nl_socket_get_fd(watch->events), &again);
}

/* Hears of addresses from now on, and takes those that are there. */
static int begin(struct conflict_watch *watch, struct nl_sock *query)
{
	struct epoll_event event = {.events = EPOLLIN | EPOLLONESHOT};
	cleanup_(rtnl_close) struct nl_sock *events = NULL;
	int r = rtnl_open_in(watch->netns_fd, &events, NULL);

	if (r == 0)
		r = rtnl_errno(nl_socket_set_nonblocking(events));
	if (r == 0)
		r = rtnl_errno(nl_socket_add_memberships(events, RTNLGRP_IPV4_IFADDR,
							 RTNLGRP_IPV6_IFADDR, 0));
	if (r < 0)
		return r;
	nl_socket_disable_seq_check(events);
	nl_socket_modify_cb(events, NL_CB_VALID, NL_CB_CUSTOM, see_message, watch);
	if (epoll_ctl(watch->epoll_fd, EPOLL_CTL_ADD, nl_socket_get_fd(events), &event) < 0)
		return -errno;
	watch->events = take_ptr(&events);
	see_present(watch, query);
	return 0;
}

/* ------------------------------------------------------------------ questions and answers */

static int see_link(struct nl_msg *msg, void *data)
{
	const struct nlattr *hwaddr =
		nlmsg_find_attr(nlmsg_hdr(msg), sizeof(struct ifinfomsg), IFLA_ADDRESS);

	if (hwaddr && nla_len(hwaddr) == HWADDR_BYTES)
		text_addn(data, nla_data(hwaddr), HWADDR_BYTES);
	return NL_OK;
}

/* @own: the bytes of all interfaces' addresses. Of two on one bridge, each answers for the other.
 * Virtual functions, which would make for long answers, are told of to those alone who ask. */
static int list_own(struct nl_sock *query, struct text *own)
{
	const struct ifinfomsg all = {};
	struct request request;

	request_init(&request, RTM_GETLINK, NLM_F_REQUEST | NLM_F_DUMP, &all, sizeof(all));
	return request_dump(query, &request, see_link, own);
}

static bool is_own(const struct text *own, const uint8_t hwaddr[HWADDR_BYTES])
{
	for (size_t at = 0; at < own->length; at += HWADDR_BYTES)
		if (memcmp(own->at + at, hwaddr, HWADDR_BYTES) == 0)
			return true;
	return false;
}

static void tell(struct conflict_watch *watch, const struct question *question, const char *hwaddr)
{
	struct conflict conflict = {};

	(void)inet_ntop(question->family, &question->address, conflict.address,
			sizeof(conflict.address));
	(void)snprintf(conflict.name, sizeof(conflict.name), "%s", question->name);
	(void)snprintf(conflict.hwaddr, sizeof(conflict.hwaddr), "%s", hwaddr);
	watch->found(watch->data, &conflict);
}

/* Return: NULL: nothing that was asked, or it is answered already. */
static struct question *question_of(struct conflict_watch *watch, const struct arp_answer *answer)
{
	for (size_t i = 0; i < watch->count; i++) {
		struct question *question = &watch->questions[i];

		if (question->family == AF_INET && question->index == answer->index &&
		    memcmp(&question->address, &answer->address, sizeof(answer->address)) == 0)
			return question->answered ? NULL : question;
	}
	return NULL;
}

static size_t read_answers(struct conflict_watch *watch, struct arp_answer answers[ANSWERS])
{
	size_t count = 0;

	for (size_t i = 0; watch->arp_fd >= 0 && i < ANSWERS; i++) {
		int r = arp_read(watch->arp_fd, &answers[count]);

		if (r == -EAGAIN)
			break;
		if (r == 0 && question_of(watch, &answers[count]))
			count++;
	}
	return count;
}

static void take_answer(struct conflict_watch *watch, const struct text *own,
			const struct arp_answer *answer)
{
	struct question *question = question_of(watch, answer);
	char hwaddr[HWADDR_TEXT];

	if (!question || is_own(own, answer->hwaddr))
		return;
	question->answered = true;
	tell(watch, question, hwaddr_text(answer->hwaddr, hwaddr));
}

static void take_answers(struct conflict_watch *watch, struct nl_sock *query)
{
	cleanup_(text_free) struct text own = {};
	struct arp_answer answers[ANSWERS];
	const size_t count = read_answers(watch, answers);

	if (count && list_own(query, &own) < 0)
		return; /* nothing is said that isn't known */
	for (size_t i = 0; i < count; i++)
		take_answer(watch, &own, &answers[i]);
}

/* Return: false where nobody can be asked: it is gone, or no Ethernet. */
static bool look_at_link(struct nl_sock *query, struct question *question)
{
	cleanup_(link_put) struct rtnl_link *link = NULL;
	struct nl_addr *hwaddr;

	if (rtnl_link_get_kernel(query, question->index, NULL, &link) < 0)
		return false;
	hwaddr = rtnl_link_get_addr(link);
	if (rtnl_link_get_arptype(link) != ARPHRD_ETHER || rtnl_link_get_flags(link) & IFF_NOARP ||
	    !hwaddr || nl_addr_get_len(hwaddr) != HWADDR_BYTES)
		return false;
	memcpy(question->hwaddr, nl_addr_get_binary_addr(hwaddr), HWADDR_BYTES);
	(void)snprintf(question->name, sizeof(question->name), "%s", rtnl_link_get_name(link));
	return true;
}

/* Return: whether the question stays. */
static bool ask(struct conflict_watch *watch, struct nl_sock *query, struct question *question)
{
	struct in_addr address;

	if (question->answered || question->asked == PROBES ||
	    (!question->asked && !look_at_link(query, question)))
		return false;
	if (question->family == AF_INET6) {
		tell(watch, question, "");
		return false;
	}
	if (watch->arp_fd < 0)
		watch->arp_fd = arp_open(watch->netns_fd, NULL);
	if (watch->arp_fd < 0)
		return false;
	question->asked++;
	memcpy(&address, &question->address, sizeof(address));
	(void)arp_probe(watch->arp_fd, question->index, question->hwaddr, address); /* it is down */
	return true;
}

static void ask_all(struct conflict_watch *watch, struct nl_sock *query)
{
	size_t kept = 0;

	for (size_t i = 0; i < watch->count; i++)
		if (ask(watch, query, &watch->questions[i]))
			watch->questions[kept++] = watch->questions[i];
	watch->count = kept;
	if (kept)
		wake_in_a_second(watch);
	else
		watch->arp_fd = close_fd(watch->arp_fd);
}

/* ------------------------------------------------------------------ by the second */

static void work(struct conflict_watch *watch)
{
	cleanup_(rtnl_close) struct nl_sock *query = NULL;

	if (rtnl_open_in(watch->netns_fd, &query, NULL) < 0)
		return;
	if (watch->events)
		see_events(watch);
	else if (begin(watch, query) < 0)
		return;
	take_answers(watch, query);
	ask_all(watch, query);
}

void conflict_watch_handle(struct conflict_watch *watch,
			   void (*found)(void *data, const struct conflict *conflict), void *data)
{
	struct epoll_event event;
	uint64_t times;

	watch->found = found;
	watch->data = data;
	if (read(watch->timer_fd, &times, sizeof(times)) == sizeof(times))
		work(watch);
	else if (epoll_wait(watch->epoll_fd, &event, 1, 0) > 0) /* an address: the first for long */
		wake_in_a_second(watch);
}

int conflict_watch_new(int netns_fd, struct conflict_watch **watch, struct err *err)
{
	struct epoll_event event = {.events = EPOLLIN};
	struct conflict_watch *new = calloc(1, sizeof(*new));

	if (!new) {
		close_fd(netns_fd);
		return err_set(err, -ENOMEM, "watch addresses");
	}
	new->netns_fd = netns_fd;
	new->arp_fd = -EBADF;
	new->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	new->timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (new->epoll_fd < 0 || new->timer_fd < 0 ||
	    epoll_ctl(new->epoll_fd, EPOLL_CTL_ADD, new->timer_fd, &event) < 0) {
		int r = err_set(err, -errno, "watch addresses");

		conflict_watch_free(new);
		return r;
	}
	wake_in_a_second(new);
	*watch = new;
	return 0;
}

int conflict_watch_fd(const struct conflict_watch *watch)
{
	return watch->epoll_fd;
}

void conflict_watch_free(struct conflict_watch *watch)
{
	if (!watch)
		return;
	rtnl_close_p(&watch->events);
	close_fd(watch->arp_fd);
	close_fd(watch->timer_fd);
	close_fd(watch->epoll_fd);
	close_fd(watch->netns_fd);
	free(watch);
}
