#include "pve/conf/property.h"

#include "lib/arena.h"
#include "lib/err.h"

#include <criterion/criterion.h>

/* What is read, printed in its canonical form; or why it isn't. */
Test(property, both_ways)
{
	static const struct {
		const struct property *table;
		const char *text;
		const char *printed; /* NULL: refused */
		const char *what;
	} rows[] = {
		{pve_net_properties, "ip=dhcp,name=eth0,bridge=vmbr0",
		 "name=eth0,bridge=vmbr0,ip=dhcp"},
		{pve_net_properties, "name=eth0,firewall=yes,link_down=OFF,type=veth",
		 "name=eth0,firewall=1,link_down=0,type=veth"},
		{pve_net_properties, "name=eth0,tag=+5,rate=1e3,mtu=64",
		 "name=eth0,mtu=64,rate=1e3,tag=5"},
		{pve_net_properties, ",name=eth0,, ,", "name=eth0"},
		{pve_net_properties, "name=eth0, bridge=x", NULL,
		 " bridge: property is not defined in schema and the schema does not allow "
		 "additional properties"},
		{pve_net_properties, "name=a,name=b", NULL,
		 "duplicate key in comma-separated list property: name"},
		{pve_net_properties, "eth0", NULL,
		 "value without key, but schema does not define a default key: 'eth0'"},
		{pve_net_properties, "name=", NULL,
		 "missing key in comma-separated list property: 'name='"},
		{pve_net_properties, "=x", NULL,
		 "missing key in comma-separated list property: '=x'"},
		{pve_net_properties, "bridge=x", NULL,
		 "name: property is missing and it is not optional"},
		{pve_net_properties, "name=a,tag=0", NULL,
		 "tag: value must have a minimum value of 1"},
		{pve_net_properties, "name=a,tag=4095", NULL,
		 "tag: value must have a maximum value of 4094"},
		{pve_net_properties, "name=a,tag=1.5", NULL,
		 "tag: type check ('integer') failed - got '1.5'"},
		{pve_net_properties, "name=a,firewall=2", NULL,
		 "firewall: type check ('boolean') failed - got '2'"},
		{pve_net_properties, "name=a,type=tap", NULL,
		 "type: value 'tap' does not have a value in the enumeration 'veth'"},
		{pve_net_properties, "name=a,hwaddr=01:00:00:00:00:00", NULL,
		 "hwaddr: invalid format - '01:00:00:00:00:00' is no mac-addr"},
		{pve_mp_properties, "size=4608MiB,mp=/a,volume=local:x,backup=1",
		 "local:x,mp=/a,backup=1,size=4608M"},
		{pve_mp_properties, "/srv,mp=/a=b", "/srv,mp=/a=b"},
		{pve_mp_properties, "volume=/s=v,mp=/a", "volume=/s=v,mp=/a"},
		{pve_mp_properties, "/srv,volume=/b,mp=/a", NULL,
		 "duplicate key in comma-separated list property: volume"},
		{pve_mp_properties, "/srv,/b,mp=/a", NULL,
		 "duplicate key in comma-separated list property: volume"},
		{pve_mp_properties, "/srv", NULL, "mp: property is missing and it is not optional"},
		{pve_mp_properties, "/srv/../etc,mp=/a", NULL,
		 "volume: invalid format - '/srv/../etc' is no pve-lxc-mp-string"},
		{pve_rootfs_properties, "local:x,size=4GB", NULL,
		 "size: invalid format - '4GB' is no disk size"},
		{pve_rootfs_properties, "local:x,size=1.5K", "local:x,size=1536"},
		{pve_rootfs_properties, "local:x,size=0", "local:x,size=0T"},
		{pve_rootfs_properties, "local:x,backup=1", NULL,
		 "backup: property is not defined in schema and the schema does not allow "
		 "additional properties"},
		{pve_rootfs_properties,
		 "local:x,idmap=u:0:1000:1;g:0:1000:1,mountoptions=nodev;noexec",
		 "local:x,idmap=u:0:1000:1;g:0:1000:1,mountoptions=nodev;noexec"},
		{pve_dev_properties, "path=/dev/net/tun,uid=0,mode=0660",
		 "/dev/net/tun,mode=0660,uid=0"},
		{pve_dev_properties, "deny-write=1", "deny-write=1"},
		{pve_dev_properties, "/dev/../x", NULL,
		 "path: invalid format - '/dev/../x' is no pve-lxc-dev-string"},
		{pve_dev_properties, "/dev/a,uid=-1", NULL,
		 "uid: value must have a minimum value of 0"},
		{pve_features_properties, "nesting=1,mount=nfs;cifs", "mount=nfs;cifs,nesting=1"},
		{pve_features_properties, "", ""},
		{pve_startup_properties, "up=10,2", "2,up=10"},
		{pve_startup_properties, "order=2,down=60", "2,down=60"},
		{pve_unused_properties, "local:x", "local:x"},
		{pve_unused_properties, "/srv", NULL,
		 "volume: invalid format - '/srv' is no pve-volume-id"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		cleanup_(arena_free) struct arena arena = {};
		union pve_properties subject = {};
		struct err err = {};
		const char *text = rows[i].text;
		int r = property_read(&arena, rows[i].table, text, &subject, &err);

		cr_expect_eq(r, rows[i].printed ? 0 : -EINVAL, "%s: %s", text, err.what);
		cr_expect_str_eq(err.what, rows[i].what ?: "", "%s: %s", text, err.what);
		if (r == 0)
			cr_expect_str_eq(property_write(&arena, rows[i].table, &subject),
					 rows[i].printed, "%s", text);
	}
}

Test(property, values)
{
	cleanup_(arena_free) struct arena arena = {};
	struct pve_mount mount = {};
	struct pve_net net = {};

	cr_assert_eq(
		property_read(&arena, pve_mp_properties, "/srv,mp=/a,ro=1,size=8G", &mount, NULL),
		0);
	cr_assert_str_eq(mount.volume, "/srv");
	cr_assert_eq(mount.size.value, 8UL << 30);
	cr_assert(opt_bool_or(mount.ro, false));
	cr_assert(opt_bool_or(mount.replicate, true));
	cr_assert_eq(property_read(&arena, pve_net_properties, "name=eth0,host-managed=1,mtu=1400",
				   &net, NULL),
		     0);
	cr_assert(net.host_managed.set && net.host_managed.value);
	cr_assert_eq(opt_i64_or(net.mtu, 0), 1400);
	cr_assert_eq(opt_i64_or(net.tag, 7), 7);
	cr_assert_null(net.bridge);
}

Test(property, mount_kind)
{
	cr_assert_eq(pve_mount_kind("/dev/sdb"), PVE_MOUNT_DEVICE);
	cr_assert_eq(pve_mount_kind("/srv"), PVE_MOUNT_BIND);
	cr_assert_eq(pve_mount_kind("local:100/x.raw"), PVE_MOUNT_VOLUME);
}
