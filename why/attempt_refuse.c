#include "why/attempt.h"

#include "seccomp/calls.h"
#include "seccomp/stack.h"
#include "why/action.h"
#include "why/says.h"
#include "why/subject.h"

#include <linux/seccomp.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>

/* What is not tried. */

/* A tracer or a supervisor of the subject's knows nothing of whom we would send. */
static bool is_asked_of_others(const struct subject *subject, const struct action *action)
{
	for (size_t i = 0; i < action->call_count; i++) {
		const struct action_call *call = &action->calls[i];
		struct seccomp_data data = {.nr = (int)call->number, .arch = call_arches()->audit};
		uint32_t said;

		memcpy(data.args, call->args, sizeof(data.args));
		said = stack_run(subject->filters, &data, NULL) & SECCOMP_RET_ACTION_FULL;
		if (said == SECCOMP_RET_USER_NOTIF || said == SECCOMP_RET_TRACE)
			return true;
	}
	return false;
}

static const char *refuse_by_filters(const struct subject *subject, const struct action *action)
{
	if (!subject->filters)
		return "its filters could not be read";
	if (is_asked_of_others(subject, action))
		return "its filters have another process asked, who expects the subject";
	if (action->kind == ACTION_SYSCALL && action->calls[0].number == SYS_seccomp)
		return "it is the call that filters are loaded by";
	return NULL;
}

static const char *refuse_path(const struct subject *subject, const struct action *action)
{
	const struct place *object = object_of(subject), *entry;

	if (!object)
		return NULL;
	entry = &subject->lookup->entry;
	if (action->name && place_takes_none(object))
		return "the kernel's own file systems have no substitute for it";
	if (action->kind == ACTION_REMOVE && subject->lookup->entry_error == 0 &&
	    (S_ISDIR(entry->mode) || entry->mount != object->mount))
		return "folders and mount points could only be asked for by removing them";
	if (S_ISFIFO(object->mode) && action->kind == ACTION_OPEN)
		return "somebody may wait for the pipe to be opened";
	return NULL;
}

static const char *refuse_packet(const struct action *action)
{
	if ((action->protocol == IPPROTO_ICMP || action->protocol == IPPROTO_ICMPV6) &&
	    !action_is_ping(action))
		return "nobody has to answer to ICMP but to an echo";
	if (action->kind == ACTION_ACCEPT && action->protocol == IPPROTO_UDP)
		return "a datagram that is lost can't be told from one that nobody answers";
	return NULL;
}

/* It is tried from out here: an address has to mean the same there. */
static const char *refuse_accept(const struct subject *subject)
{
	const struct route *route = &subject->around.route;

	if (IN6_IS_ADDR_UNSPECIFIED(&route->source))
		return "it has no address from which the way goes back";
	if (route->is_loopback && !subject->isolation.namespaces[NAMESPACE_NET].host)
		return "only from inside can it be tried";
	return NULL;
}

const char *attempt_refuse(const struct subject *subject, const struct action *action)
{
	const char *why = refuse_by_filters(subject, action);

	if (why)
		return why;
	if (subject->around.frozen)
		return "its cgroup is frozen, and so would be who tries it";
	if (action->kind == ACTION_MOUNT && !subject->around.fstype_known)
		return "the kernel would load a module for it";
	why = refuse_path(subject, action) ?: refuse_packet(action);
	return !why && action->kind == ACTION_ACCEPT ? refuse_accept(subject) : why;
}
