#include "pve/setup/setup.h"

#include "lib/err.h"
#include "lib/own.h"
#include "lib/sys.h"
#include "lib/text.h"
#include "pve/guest/guest.h"

#include <elf.h>
#include <fcntl.h>
#include <string.h>

/* ID of os-release(5), and what Proxmox calls it. */
static const struct os_name {
	const char *id;
	const char *ostype;
} os_names[] = {
	{"alpine", "alpine"},       {"archlinux", "archlinux"},
	{"arch", "archlinux"},      {"centos", "centos"},
	{"rocky", "centos"},        {"almalinux", "centos"},
	{"debian", "debian"},       {"devuan", "devuan"},
	{"fedora", "fedora"},       {"gentoo", "gentoo"},
	{"openEuler", "openeuler"}, {"openeuler", "openeuler"},
	{"opensuse", "opensuse"},   {"opensuse-leap", "opensuse"},
	{"sles", "opensuse"},       {"opensuse-tumbleweed", "opensuse"},
	{"ubuntu", "ubuntu"},       {"opensuse-slowroll", "opensuse"},
	{"nixos", "nixos"},
};

/* Without a known ID: the first file that is there. */
static const struct os_name release_files[] = {
	{"/etc/debian_version", "debian"},       {"/etc/devuan_version", "devuan"},
	{"/etc/SuSE-brand", "opensuse"},         {"/etc/SuSE-release", "opensuse"},
	{"/etc/fedora-release", "fedora"},       {"/etc/centos-release", "centos"},
	{"/etc/redhat-release", "centos"},       {"/etc/arch-release", "archlinux"},
	{"/etc/alpine-release", "alpine"},       {"/etc/gentoo-release", "gentoo"},
	{"/etc/openEuler-release", "openeuler"},
};

static const struct machine {
	unsigned int number;
	const char *name32, *name64;
} machines[] = {
	{EM_386, "i386", "i386"},         {EM_X86_64, "amd64", "amd64"},
	{EM_ARM, "armhf", "armhf"},       {EM_AARCH64, "arm64", "arm64"},
	{EM_RISCV, "riscv32", "riscv64"},
};

/* The value of the line "ID=", without quotes, in @arena. NULL: there is none. */
static const char *release_id(struct arena *arena, const char *text)
{
	const char *at = starts_with(text, "ID=") ? text : strstr(text, "\nID=");

	if (!at)
		return NULL;
	at += *at == '\n' ? strlen("\nID=") : strlen("ID=");
	at += strspn(at, "\"'");
	return arena_strndup(arena, at, strcspn(at, "\"'\n"));
}

static bool is_ubuntu(const struct guest *guest)
{
	cleanup_(arena_free) struct arena arena = {};
	const char *text = guest_read(&arena, guest, "/etc/lsb-release");

	return text && strstr(text, "DISTRIB_ID=Ubuntu");
}

static const char *by_files(const struct guest *guest)
{
	if (is_ubuntu(guest)) /* it has Debian's file as well */
		return "ubuntu";
	for (size_t i = 0; i < ARRAY_SIZE(release_files); i++)
		if (guest_exists(guest, release_files[i].id))
			return release_files[i].ostype;
	return guest_exists(guest, "/nix/store") ? "nixos" : NULL;
}

int setup_ostype(int root_fd, const char **ostype, struct err *err)
{
	const struct guest guest = {.root_fd = root_fd};
	cleanup_(arena_free) struct arena arena = {};
	const char *text = guest_read(&arena, &guest, "/etc/os-release"), *id, *found;

	if (!text)
		text = guest_read(&arena, &guest, "/usr/lib/os-release");
	id = text ? release_id(&arena, text) : NULL;
	for (size_t i = 0; id && i < ARRAY_SIZE(os_names); i++)
		if (strcmp(os_names[i].id, id) == 0) {
			*ostype = os_names[i].ostype;
			return 0;
		}
	found = by_files(&guest);
	if (!found && text) {
		err_plain(err, -EINVAL, "unable to detect OS distribution");
		err_hint(err, "say which it is with --ostype unmanaged");
		return -EINVAL;
	}
	*ostype = found ? found : "unmanaged";
	return 0;
}

const char *setup_arch(int root_fd)
{
	cleanup_close int fd = sys_open_in_root(root_fd, "/bin/sh", O_RDONLY | O_NONBLOCK, 0);
	Elf32_Ehdr header; /* the members we look at are the same in both classes */
	unsigned int number;

	if (fd < 0 || read(fd, &header, sizeof(header)) != (ssize_t)sizeof(header) ||
	    memcmp(header.e_ident, ELFMAG, SELFMAG) != 0)
		return NULL;
	number = header.e_machine;
	for (size_t i = 0; i < ARRAY_SIZE(machines); i++)
		if (machines[i].number == number)
			return header.e_ident[EI_CLASS] == ELFCLASS64 ? machines[i].name64
								      : machines[i].name32;
	return NULL;
}
