#include "net/firewall_reject.h"

#include "lib/json.h"
#include "lib/own.h"
#include "net/firewall_judge.h"

#include <errno.h>
#include <string.h>

/* The kernel's icmp_err_convert() and icmpv6_err_convert(); "icmpx" is of either family. */
static const struct {
	const char *type;
	uint64_t code;
	const char *name;
	int error, error_v6;
} answers[] = {
	{"icmp", 0, "net-unreachable", ENETUNREACH, 0},
	{"icmp", 1, "host-unreachable", EHOSTUNREACH, 0},
	{"icmp", 2, "prot-unreachable", ENOPROTOOPT, 0},
	{"icmp", 3, "port-unreachable", ECONNREFUSED, 0},
	{"icmp", 9, "net-prohibited", ENETUNREACH, 0},
	{"icmp", 10, "host-prohibited", EHOSTUNREACH, 0},
	{"icmp", 13, "admin-prohibited", EHOSTUNREACH, 0},
	{"icmpv6", 0, "no-route", 0, ENETUNREACH},
	{"icmpv6", 1, "admin-prohibited", 0, EACCES},
	{"icmpv6", 3, "addr-unreachable", 0, EHOSTUNREACH},
	{"icmpv6", 4, "port-unreachable", 0, ECONNREFUSED},
	{"icmpv6", 5, "policy-fail", 0, EACCES},
	{"icmpv6", 6, "reject-route", 0, EACCES},
	{"icmpx", 0, "no-route", ENETUNREACH, ENETUNREACH},
	{"icmpx", 1, "port-unreachable", ECONNREFUSED, ECONNREFUSED},
	{"icmpx", 2, "host-unreachable", EHOSTUNREACH, EHOSTUNREACH},
	{"icmpx", 3, "admin-prohibited", EHOSTUNREACH, EACCES},
};

bool reject_resets(const struct json *reject)
{
	const char *type = json_string(reject, "type");

	return type && strcmp(type, "tcp reset") == 0;
}

bool reject_takes(const struct json *reject, const struct packet *packet)
{
	const char *type = json_string(reject, "type");

	if (!type)
		return true;
	if (reject_resets(reject))
		return packet->protocol == IPPROTO_TCP;
	return strcmp(type, "icmpx") == 0 ||
	       (strcmp(type, "icmpv6") == 0) == (packet->family == AF_INET6);
}

/* A code is a number, or a name where libnftables doesn't make it one. */
static bool is_code(const struct json *code, uint64_t number, const char *name)
{
	uint64_t value;

	if (code && code->type == JSON_NUMBER)
		return json_u64(code, &value) == 0 && value == number;
	return code && code->type == JSON_STRING && strcmp(code->text, name) == 0;
}

int reject_error(const struct json *reject, const struct packet *packet)
{
	const char *type = json_string(reject, "type");
	const struct json *code = json_find(reject, "expr");

	for (size_t i = 0; type && i < ARRAY_SIZE(answers); i++)
		if (strcmp(type, answers[i].type) == 0 &&
		    is_code(code, answers[i].code, answers[i].name))
			return packet->family == AF_INET6 ? answers[i].error_v6 : answers[i].error;
	return 0;
}
