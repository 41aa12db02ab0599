#include "net/link.h"

#include "lib/err.h"
#include "net/rtnl.h"

int link_find(struct nl_sock *sock, const char *name, struct rtnl_link **link, struct err *err)
{
	int r = rtnl_errno(rtnl_link_get_kernel(sock, 0, name, link));

	if (r == -ENODEV || r == -ENOENT) {
		*link = NULL;
		return 0;
	}
	return r < 0 ? err_set(err, r, "look for %s", name) : 0;
}
