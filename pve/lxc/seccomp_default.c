#include "pve/lxc/seccomp.h"

#include "lib/list.h"
#include "pve/lxc/seccomp_parts.h"

#include <errno.h>
#include <string.h>

static const struct lxc_seccomp_machine machines[] = {
	{"x86_64", {"SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32"}, {"x86_64", "amd64"}},
	{"aarch64", {"SCMP_ARCH_AARCH64", "SCMP_ARCH_ARM"}, {"aarch64", "arm64"}},
	{"riscv64", {"SCMP_ARCH_RISCV64"}, {"riscv64"}},
	{"armv7l", {"SCMP_ARCH_ARM"}, {"arm", "armhf"}},
	{"i686", {"SCMP_ARCH_X86"}, {"x86"}},
};

const struct lxc_seccomp_machine *lxc_seccomp_machine(const char *name)
{
	for (size_t i = 0; name && i < ARRAY_SIZE(machines); i++)
		if (strcmp(machines[i].machine, name) == 0)
			return &machines[i];
	return NULL;
}

void lxc_seccomp_set_arches(struct arena *arena, const char *machine_name,
			    struct oci_seccomp *seccomp)
{
	const struct lxc_seccomp_machine *machine = lxc_seccomp_machine(machine_name);

	if (!machine)
		return; /* none listed: the runtime's own */
	seccomp->architectures.items =
		arena_array(arena, ARRAY_SIZE(machine->arches), sizeof(char *));
	for (size_t i = 0; i < ARRAY_SIZE(machine->arches) && machine->arches[i]; i++)
		seccomp->architectures.items[seccomp->architectures.count++] = machine->arches[i];
}

struct builtin {
	const char *names[5];
	uint64_t errnum;
	bool has_arg;
	struct oci_seccomp_arg arg;
	bool unprivileged;   /* only with a user namespace    */
	bool keyctl;         /* not with features: keyctl=1   */
	const char *because; /* who has it, where not all do  */
};

#define UNPRIVILEGED .unprivileged = true, .because = "unprivileged"

#define MNT_FORCE_BIT 1
#define BTRFS_IOCTLS  0x9400 /* ioctl(2) numbers of type 0x94 */
#define IOCTL_TYPE    0xff00
#define AF_ALG_NUMBER 38

/* /usr/share/lxc/config/common.seccomp, and what PVE::LXC adds for unprivileged containers. */
static const struct builtin builtins[] = {
	{{"umount2"}, EACCES, true, {1, MNT_FORCE_BIT, MNT_FORCE_BIT, "SCMP_CMP_MASKED_EQ"}},
	{{"kexec_load", "open_by_handle_at", "init_module", "finit_module", "delete_module"},
	 EPERM},
	{{"ioctl"}, EPERM, true, {1, IOCTL_TYPE, BTRFS_IOCTLS, "SCMP_CMP_MASKED_EQ"}, UNPRIVILEGED},
	{{"keyctl"},
	 ENOSYS,
	 .unprivileged = true,
	 .keyctl = true,
	 .because = "no keyctl=1 in features"},
	{{"socket"}, EAFNOSUPPORT, true, {0, AF_ALG_NUMBER, 0, "SCMP_CMP_EQ"}, UNPRIVILEGED},
};

static void add_builtin(struct arena *arena, const struct builtin *builtin,
			struct oci_seccomp *seccomp)
{
	struct oci_seccomp_rule *rule = list_push(arena, &seccomp->syscalls);

	for (size_t i = 0; i < ARRAY_SIZE(builtin->names) && builtin->names[i]; i++)
		*list_push(arena, &rule->names) = builtin->names[i];
	rule->action = "SCMP_ACT_ERRNO";
	rule->errno_ret = (struct opt_u64){true, builtin->errnum};
	if (!builtin->has_arg)
		return;
	rule->args.items = arena_array(arena, 1, sizeof(*rule->args.items));
	rule->args.items[rule->args.count++] = builtin->arg;
}

void lxc_seccomp_add_builtin(struct arena *arena, const char *name, struct oci_seccomp *seccomp)
{
	for (size_t i = 0; i < ARRAY_SIZE(builtins); i++)
		if (strcmp(builtins[i].names[0], name) == 0)
			add_builtin(arena, &builtins[i], seccomp);
}

struct oci_seccomp *lxc_seccomp_default(struct arena *arena,
					const struct lxc_seccomp_defaults *defaults,
					struct oci_strings *because)
{
	struct oci_seccomp *seccomp = arena_alloc(arena, sizeof(*seccomp));

	seccomp->default_action = "SCMP_ACT_ALLOW";
	seccomp->flags_set = true; /* LXC asks for no flag, SPEC_ALLOW neither */
	lxc_seccomp_set_arches(arena, defaults->machine, seccomp);
	for (size_t i = 0; i < ARRAY_SIZE(builtins); i++) {
		if (builtins[i].unprivileged && !defaults->unprivileged)
			continue;
		if (builtins[i].keyctl && defaults->keyctl)
			continue;
		add_builtin(arena, &builtins[i], seccomp);
		*list_push(arena, because) = builtins[i].because;
	}
	return seccomp;
}
