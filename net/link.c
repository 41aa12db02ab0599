#include "net/link.h"

#include "lib/err.h"
#include "lib/file.h"
#include "net/rtnl.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>

enum { IPV6_PATH = 64 };

int link_find(struct nl_sock *sock, const char *name, struct rtnl_link **link, struct err *err)
{
	int r = rtnl_errno(rtnl_link_get_kernel(sock, 0, name, link));

	if (r == -ENODEV || r == -ENOENT) {
		*link = NULL;
		return 0;
	}
	return r < 0 ? err_set(err, r, "look for %s", name) : 0;
}

bool link_has_type(struct rtnl_link *link, const char *type)
{
	const char *has = rtnl_link_get_type(link);

	return has && strcmp(has, type) == 0;
}

bool link_is(struct rtnl_link *link, const char *type, const char *hwaddr)
{
	struct nl_addr *address = rtnl_link_get_addr(link);
	char has[HWADDR_TEXT];

	return link_has_type(link, type) && address && nl_addr_get_len(address) == HWADDR_BYTES &&
	       strcmp(hwaddr_text(nl_addr_get_binary_addr(address), has), hwaddr) == 0;
}

int link_find_ours(struct nl_sock *sock, const char *type, const char *name, const char *hwaddr,
		   struct rtnl_link **link, struct err *err)
{
	int r = link_find(sock, name, link, err);

	if (r < 0 || !*link || link_is(*link, type, hwaddr))
		return r;
	link_put(link);
	*link = NULL;
	return 0;
}

int link_fill(struct rtnl_link *link, const char *name, const uint8_t hwaddr[HWADDR_BYTES],
	      uint32_t mtu)
{
	struct nl_addr *address = nl_addr_build(AF_LLC, hwaddr, HWADDR_BYTES);

	if (!address)
		return -ENOMEM;
	rtnl_link_set_name(link, name);
	rtnl_link_set_addr(link, address); /* takes a reference of its own */
	nl_addr_put(address);
	if (mtu)
		rtnl_link_set_mtu(link, mtu);
	return 0;
}

static const char *ipv6_file(const char *name, char path[IPV6_PATH])
{
	(void)snprintf(path, IPV6_PATH, "/proc/sys/net/ipv6/conf/%s/disable_ipv6", name);
	return path;
}

/* The file is absent where the kernel has no IPv6. */
void link_without_ipv6(const char *name)
{
	char path[IPV6_PATH];

	(void)file_write(AT_FDCWD, ipv6_file(name, path), "1");
}

bool link_has_ipv6(const char *name)
{
	char path[IPV6_PATH], line[4];

	return file_line(AT_FDCWD, ipv6_file(name, path), line, sizeof(line)) > 0 &&
	       strcmp(line, "0") == 0;
}
