#include "why/action_reader.h"

#include "lib/err.h"
#include "lib/own.h"
#include "lib/text.h"
#include "why/action.h"

#include <arpa/inet.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <stddef.h>
#include <string.h>
#include <sys/un.h>

/* Ports, addresses and names of sockets. */

static int read_port(struct action_reader *reader, const char *word, in_port_t *port)
{
	unsigned int number;

	if (parse_u32(word, &number) < 0 || number == 0 || number > 65535)
		return err_plain(reader->err, -EINVAL, "'%s': a port is 1 to 65535", word);
	*port = htons((in_port_t)number);
	return 0;
}

static int read_address(struct action_reader *reader, const char *word, in_port_t port)
{
	struct action *action = reader->action;
	struct sockaddr_in *v4 = (struct sockaddr_in *)&action->address;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&action->address;

	if (inet_pton(AF_INET, word, &v4->sin_addr) == 1) {
		v4->sin_family = AF_INET;
		v4->sin_port = port;
		action->address_size = sizeof(*v4);
		return 0;
	}
	if (inet_pton(AF_INET6, word, &v6->sin6_addr) == 1) {
		v6->sin6_family = AF_INET6;
		v6->sin6_port = port;
		action->address_size = sizeof(*v6);
		return 0;
	}
	return err_plain(reader->err, -EINVAL, "'%s': no IPv4 or IPv6 address", word);
}

static void add_socket_calls(struct action *action, const char *call, int type)
{
	action->socket_type = type;
	action_add_call(action, "socket", action->address.ss_family, (uint64_t)type | SOCK_CLOEXEC,
			type == SOCK_RAW ? action->protocol : 0);
	action_add_call(action, call, 0, 0, action->address_size);
}

static const struct transport {
	const char *name;
	uint8_t protocol;
	int type;
} transports[] = {
	{"tcp", IPPROTO_TCP, SOCK_STREAM},
	{"udp", IPPROTO_UDP, SOCK_DGRAM},
	{"icmp", IPPROTO_ICMP, SOCK_RAW},
};

/* "53", "udp/53", "icmp": @word is left at what is behind the name. */
static const struct transport *read_transport(const char **word)
{
	const size_t length = strcspn(*word, "/");

	for (size_t i = 0; i < ARRAY_SIZE(transports); i++)
		if (strlen(transports[i].name) == length &&
		    strncmp(*word, transports[i].name, length) == 0) {
			*word += length + ((*word)[length] == '/');
			return &transports[i];
		}
	return &transports[0];
}

int action_read_bind(struct action_reader *reader)
{
	const char *word = reader->words[0];
	const struct transport *transport = read_transport(&word);
	in_port_t port = 0;
	int r;

	if (transport->type == SOCK_RAW)
		return err_plain(reader->err, -EINVAL, "'%s': it has no ports", reader->words[0]);
	r = read_port(reader, word, &port);
	reader->action->kind = ACTION_BIND;
	reader->action->protocol = transport->protocol;
	if (r == 0)
		r = read_address(reader, "0.0.0.0", port);
	add_socket_calls(reader->action, "bind", transport->type);
	return r;
}

static int read_icmp(struct action_reader *reader, const char *address, const char *type)
{
	struct action *action = reader->action;
	unsigned int number;
	int r = read_address(reader, address, 0);
	const bool v6 = action->address.ss_family == AF_INET6;

	action->protocol = v6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP;
	action->icmp_type = v6 ? ICMP6_ECHO_REQUEST : ICMP_ECHO;
	if (r < 0 || !*type)
		return r;
	if (parse_u32(type, &number) < 0 || number > UINT8_MAX)
		return err_plain(reader->err, -EINVAL, "'%s': an ICMP type is 0 to 255", type);
	action->icmp_type = (uint8_t)number;
	return 0;
}

bool action_is_ping(const struct action *action)
{
	return (action->protocol == IPPROTO_ICMP && action->icmp_type == ICMP_ECHO) ||
	       (action->protocol == IPPROTO_ICMPV6 && action->icmp_type == ICMP6_ECHO_REQUEST);
}

/* "10.0.0.1 22", "10.0.0.1 udp/53", "10.0.0.1 icmp", "10.0.0.1 icmp/13" */
static int read_end(struct action_reader *reader, const struct transport **transport)
{
	const char *address = reader->words[0], *word = reader->words[1];
	in_port_t port = 0;
	int r;

	*transport = read_transport(&word);
	reader->action->protocol = (*transport)->protocol;
	if ((*transport)->type == SOCK_RAW)
		return read_icmp(reader, address, word);
	r = read_port(reader, word, &port);
	return r < 0 ? r : read_address(reader, address, port);
}

/* A path ends at a NUL, an abstract name with its length. */
static int read_name_of_socket(struct action_reader *reader, const char *word)
{
	struct action *action = reader->action;
	struct sockaddr_un *address = (struct sockaddr_un *)&action->address;
	const bool abstract = word[0] == '@';
	const size_t length = strlen(word) + !abstract;

	if (length > sizeof(address->sun_path))
		return err_plain(reader->err, -EINVAL,
				 "'%s': a socket's name has %zu bytes at most", word,
				 sizeof(address->sun_path) - 1);
	address->sun_family = AF_UNIX;
	memcpy(address->sun_path, word, length);
	action->address_size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length);
	if (!abstract)
		return action_read_path(reader, word);
	address->sun_path[0] = '\0';
	action->abstract = word + 1;
	return 0;
}

/* "/run/x.sock", "@name dgram" */
static int read_connect_local(struct action_reader *reader)
{
	static const struct {
		const char *word;
		int type;
	} types[] = {{"stream", SOCK_STREAM}, {"dgram", SOCK_DGRAM}, {"seqpacket", SOCK_SEQPACKET}};
	const char *word = reader->count > 1 ? reader->words[1] : types[0].word;
	int type = 0, r = read_name_of_socket(reader, reader->words[0]);

	for (size_t i = 0; i < ARRAY_SIZE(types); i++)
		if (strcmp(types[i].word, word) == 0)
			type = types[i].type;
	if (!type)
		return err_plain(reader->err, -EINVAL,
				 "'%s': a socket is stream, dgram or seqpacket", word);
	reader->action->kind = ACTION_CONNECT_LOCAL;
	reader->action->access = ACCESS_WRITE;
	add_socket_calls(reader->action, "connect", type);
	return r;
}

int action_read_connect(struct action_reader *reader)
{
	const struct transport *transport;
	int r;

	if (strspn(reader->words[0], "/@"))
		return read_connect_local(reader);
	if (reader->count < 2)
		return err_plain(reader->err, -EINVAL,
				 "'%s': with an address goes PORT, udp/PORT or icmp",
				 reader->words[0]);
	r = read_end(reader, &transport);
	reader->action->kind = ACTION_CONNECT;
	add_socket_calls(reader->action, "connect", transport->type);
	return r;
}

int action_read_accept(struct action_reader *reader)
{
	const struct transport *transport;

	reader->action->kind = ACTION_ACCEPT;
	return read_end(reader, &transport);
}
