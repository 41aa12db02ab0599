#include "why/judge.h"

#include "lib/arena.h"
#include "net/net.h"
#include "why/action.h"
#include "why/says.h"
#include "why/subject.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

/* What its network namespace makes of an address, and the cable behind its interface. */

static void judge_cable(const struct subject *subject, struct finding *finding)
{
	const struct route *route = &subject->around.route;
	const struct veth_step *veth = subject_pair(subject);

	finding_set(finding, subject, ANSWER_DENIES, EHOSTUNREACH,
		    "%s, by which the way goes, has no cable: its other end is down", route->name);
	finding_fix(finding, subject, NULL, "%s",
		    veth && veth->link_down ? "link_down=0 of that interface"
					    : "set the other end up");
	finding->origin = veth ? veth->step.origin : NULL;
}

/* The config wants its port in a bridge, and it is in none: that bridge is gone, or somebody took
 * the port out. */
static bool is_unplugged(const struct subject *subject)
{
	const struct veth_step *veth = subject_pair(subject);

	return veth && veth->port.bridge && subject->host_way.there && !subject->host_way.bridged;
}

/* A port of VLANs takes more, and so does one of Open vSwitch. */
static bool is_plain(const struct port *port)
{
	return !port->elsewhere && !port->tag && !port->trunk_count;
}

static void judge_port(const struct subject *subject, struct finding *finding)
{
	const struct veth_step *veth = subject_pair(subject);

	finding_set(finding, subject, ANSWER_DENIES, EHOSTUNREACH,
		    "%s, by which the way goes, ends in no bridge: %s belongs into %s",
		    subject->around.route.name, veth->host, veth->port.bridge);
	finding_fix(finding, subject, NULL,
		    "with that bridge there: stop and start the container%s",
		    is_plain(&veth->port)
			    ? arena_printf(says_arena(subject), ", or ip link set %s master %s",
					   veth->host, veth->port.bridge)
			    : "");
	finding->origin = veth->step.origin;
}

static void judge_way(const struct subject *subject, const struct action *action,
		      struct finding *finding)
{
	const int error = -subject->around.address_error;
	const struct route *route = &subject->around.route;

	if (error) {
		finding_set(finding, subject, ANSWER_DENIES, error,
			    "%sfrom its network namespace: %s",
			    action->kind == ACTION_ACCEPT ? "an answer has no way, " : "",
			    strerror(error));
		finding_fix(finding, subject, "linux.namespaces",
			    "an interface with an address of that network, or a gateway");
	} else if (route->name[0] && !route->is_loopback && !route->has_carrier) {
		judge_cable(subject, finding);
	} else if (is_unplugged(subject)) {
		judge_port(subject, finding);
	} else {
		finding_set(finding, subject, ANSWER_ALLOWS, 0,
			    "there is a way%s%s%s%s; whether somebody answers is another matter",
			    route->name[0] ? " by " : "", route->name,
			    route->gateway[0] ? " and " : "", route->gateway);
	}
}

/* An abstract name is its network namespace's, and has no rights. */
static void judge_local_name(const struct subject *subject, const struct action *action,
			     struct finding *finding)
{
	const struct local_name *local = &subject->around.local;

	if (local->here) {
		finding_set(finding, subject, ANSWER_ALLOWS, 0,
			    "somebody in its network namespace has that name");
		return;
	}
	finding_set(finding, subject, ANSWER_DENIES, ECONNREFUSED,
		    "nobody in its network namespace has that name%s%s",
		    local->otherwise ? " but for a socket of another type" : "",
		    local->outside ? "; on this side somebody has, whom it can't reach" : "");
	if (local->outside)
		finding_fix(finding, subject, "linux.namespaces",
			    "a socket file that is bind-mounted: abstract names end at the network "
			    "namespace");
}

void judge_network(const struct subject *subject, const struct action *action,
		   struct finding *finding)
{
	if (action->kind == ACTION_BIND && subject->around.port_taken)
		finding_set(finding, subject, ANSWER_DENIES, EADDRINUSE,
			    "somebody in its network namespace listens there");
	else if (action->abstract)
		judge_local_name(subject, action, finding);
	else if (action->kind == ACTION_CONNECT || action->kind == ACTION_ACCEPT)
		judge_way(subject, action, finding);
}

/* unix_find_other() asks for the mode first. Who has bound a file can be known by trying alone. */
static void judge_local_end(const struct subject *subject, const struct action *action,
			    struct finding *finding)
{
	const struct place *object = object_of(subject);

	if (object && !S_ISSOCK(object->mode))
		finding_set(finding, subject, ANSWER_DENIES, ECONNREFUSED, "it is no socket");
	else if (object)
		finding_set(finding, subject, ANSWER_ALLOWS, 0,
			    "it is a socket; whether somebody listens is another matter");
	else if (subject->around.local.listens)
		finding_set(finding, subject, ANSWER_ALLOWS, 0, "somebody listens at it");
	else if (action->abstract)
		finding_set(finding, subject, ANSWER_DENIES, ECONNREFUSED,
			    "who has that name doesn't listen");
}

/* Who accepts, at the end of the way in. */
static void judge_listener(const struct subject *subject, const struct action *action,
			   struct finding *finding)
{
	const struct around *around = &subject->around;

	if (action->kind != ACTION_ACCEPT ||
	    (action->protocol != IPPROTO_TCP && action->protocol != IPPROTO_UDP))
		return;
	if (!around->port_taken)
		finding_set(finding, subject, ANSWER_DENIES, ECONNREFUSED,
			    "nobody in its network namespace listens at that port");
	else if (around->port_inside && !around->route.is_loopback)
		finding_set(finding, subject, ANSWER_DENIES, ECONNREFUSED,
			    "who listens at that port does so at the loopback's address alone");
	else
		finding_set(finding, subject, ANSWER_ALLOWS, 0, "somebody listens at that port");
	if (finding->answer == ANSWER_DENIES)
		finding_fix(finding, subject, NULL, "a program that listens at 0.0.0.0 or ::");
}

void judge_socket(const struct subject *subject, const struct action *action,
		  struct finding *finding)
{
	if (action->kind == ACTION_CONNECT_LOCAL)
		judge_local_end(subject, action, finding);
	else
		judge_listener(subject, action, finding);
}
