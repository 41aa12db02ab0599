#include "lib/err.h"
#include "lib/file.h"
#include "lib/process.h"
#include "pve/create/create.h"
#include "pve/verbs/destroy.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>

/* A container from a template that a shell makes, and nothing of it afterwards (root). */

static char base[] = "/var/tmp/pctrun-create.XXXXXX";

static void shell(const char *script)
{
	const char *const argv[] = {"sh", "-ec", script, "sh", base, NULL};
	struct err err = {};
	char line[1024];

	cr_assert_eq(process_run(argv, NULL, &err), 0, "%s", err_text(&err, line, sizeof(line)));
}

static void make_template(void)
{
	if (geteuid() != 0)
		cr_skip_test("needs root");
	cr_assert_not_null(mkdtemp(base));
	shell("cd $1; mkdir -p etc/lxc t/etc/network t/dev t/root t/bin vz; echo ID=debian "
	      ">t/etc/os-release\n"
	      "echo root:x:0:0::/root:/bin/sh >t/etc/passwd; echo 'root::1:0:99999:7:::' "
	      ">t/etc/shadow\n"
	      "cp /bin/true t/bin/sh; ln t/bin/sh t/bin/hard; touch t/dev/node; echo x "
	      ">t/etc/owned\n"
	      "chown 1000:1000 t/etc/owned; chmod 4755 t/bin/sh; tar -C t -czf t.tar.gz .\n"
	      "mkdir o; ln -s /etc o/out; tar -C o -cf bad.tar out; mkdir p; mkdir p/out; echo x "
	      ">p/out/pctrun-evil\n"
	      "tar -C p -rf bad.tar out/pctrun-evil");
}

static void remove_template(void)
{
	(void)remove_tree(AT_FDCWD, base); /* it may never have been made */
}

static int create(struct etc *etc, const char *archive, const char *rootfs, struct err *err)
{
	static char folder[PATH_MAX], locks[PATH_MAX], path[PATH_MAX], vz[PATH_MAX];
	const char *const options[][2] = {
		{"rootfs", rootfs},
		{"hostname", "www"},
		{"net0", "name=eth0,bridge=b,ip=10.0.0.2/24,gw=10.0.0.1"}};
	struct create_request request = {.etc = etc,
					 .id = "100",
					 .archive = path,
					 .password = "secret",
					 .options = options,
					 .count = 3};

	(void)snprintf(folder, sizeof(folder), "%s/etc", base);
	(void)snprintf(locks, sizeof(locks), "%s/lock", base);
	(void)snprintf(path, sizeof(path), "%s/%s", base, archive);
	*etc = (struct etc){.folder = folder, .lock_folder = locks};
	(void)snprintf(vz, sizeof(vz), "%s/vz", base);
	setenv("PCTRUN_VZ", vz, 1);
	return create_container(&request, err);
}

static int destroy(const struct etc *etc, struct err *err)
{
	const struct destroy_request request = {.etc = etc, .id = "100"};

	return destroy_container(&request, err);
}

TestSuite(pve_create, .init = make_template, .fini = remove_template);

Test(pve_create, directory)
{
	struct err err = {};
	struct etc etc;
	char line[1024];

	cr_assert_eq(create(&etc, "t.tar.gz", "local:0", &err), 0, "%s",
		     err_text(&err, line, sizeof(line)));
	shell("cd $1/vz/images/100/subvol-100-disk-0.subvol; test $(stat -c %u:%g etc/owned) = "
	      "101000:101000\n"
	      "test $(stat -c %u . etc/hostname bin/sh | sort -u) = 100000; test ! -e dev/node\n"
	      "test $(stat -c %a bin/sh) = 4755; test bin/sh -ef bin/hard; test $(cat "
	      "etc/hostname) = www\n"
	      "grep -q '^root:$6' etc/shadow 2>/dev/null || grep -q '^root:.6.' etc/shadow\n"
	      "grep -q '10.0.0.2 www' etc/hosts; grep -q 'address 10.0.0.2/24' "
	      "etc/network/interfaces\n"
	      "grep -q '^ostype: debian' $1/etc/lxc/100.conf; grep -q '^arch: amd64' "
	      "$1/etc/lxc/100.conf\n"
	      "! grep -q lock $1/etc/lxc/100.conf");
	cr_assert_eq(create(&etc, "t.tar.gz", "local:0", &err), -EEXIST);
	cr_assert_eq(destroy(&etc, &err), 0);
	shell("test ! -e $1/vz/images/100; test ! -e $1/etc/lxc/100.conf");
}

Test(pve_create, image)
{
	struct err err = {};
	struct etc etc;
	char line[1024];

	cr_assert_eq(create(&etc, "t.tar.gz", "local:0.1", &err), 0, "%s",
		     err_text(&err, line, sizeof(line)));
	shell("grep -q 'rootfs: local:100/vm-100-disk-0.raw,size=102M' $1/etc/lxc/100.conf\n"
	      "! grep -q \"$1\" /proc/self/mountinfo; debugfs -R 'stat /etc/owned' "
	      "$1/vz/images/100/vm-100-disk-0.raw 2>&1 | grep -q 101000");
	cr_assert_eq(destroy(&etc, &err), 0);
}

Test(pve_create, nothing_left_of_a_bad_one)
{
	struct err err = {};
	struct etc etc;

	cr_assert_lt(create(&etc, "bad.tar", "local:0", &err), 0);
	cr_assert_not_null(strstr(err.what, "out/pctrun-evil"), "%s", err.what);
	shell("test ! -e /etc/pctrun-evil; test ! -e $1/vz/images/100; test ! -e "
	      "$1/etc/lxc/100.conf");
}
