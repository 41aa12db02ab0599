#include "lib/err.h"
#include "lib/own.h"
#include "lib/text.h"
#include "ns/program.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/utsname.h>
#include <unistd.h>

enum { HEAD_SIZE = 4096 }; /* program headers follow the file's own */

/* As uname -m has it, where that is one of them. */
static const struct machine {
	uint16_t number;
	const char *name;
} machines[] = {
	{EM_386, "i386"},    {EM_X86_64, "x86_64"}, {EM_ARM, "arm"},   {EM_AARCH64, "aarch64"},
	{EM_RISCV, "riscv"}, {EM_PPC64, "ppc64"},   {EM_S390, "s390"}, {EM_MIPS, "mips"},
};

/* struct head - the first bytes of a file, and what they say of it */
struct head {
	_Alignas(Elf64_Ehdr) char at[HEAD_SIZE + 1];
	size_t length;
};

static bool read_head(const char *path, struct head *head)
{
	cleanup_close int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, head->at, HEAD_SIZE);

	head->length = n > 0 ? (size_t)n : 0;
	head->at[head->length] = '\0';
	return n >= 0;
}

static bool is_elf(const struct head *head)
{
	return head->length >= sizeof(Elf64_Ehdr) && memcmp(head->at, ELFMAG, SELFMAG) == 0;
}

static uint16_t machine_number(const struct head *head)
{
	Elf64_Ehdr header; /* the members up to e_machine are those of 32 bits, too */

	memcpy(&header, head->at, sizeof(header));
	return header.e_machine;
}

static const char *machine_of(const struct head *head)
{
	for (size_t i = 0; i < ARRAY_SIZE(machines); i++)
		if (machines[i].number == machine_number(head))
			return machines[i].name;
	return "another processor";
}

/* Also for the little brother that most kernels run as well. */
static bool is_native(const struct head *head)
{
	static const struct {
		const char *host;
		uint16_t program;
	} brothers[] = {{"x86_64", EM_386}, {"aarch64", EM_ARM}, {"i686", EM_386}};
	struct utsname host;

	if (uname(&host) < 0)
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(brothers); i++)
		if (strcmp(host.machine, brothers[i].host) == 0 &&
		    brothers[i].program == machine_number(head))
			return true;
	return starts_with(host.machine, machine_of(head));
}

/* The interpreter that a program of 64 bits names; NULL: none, or out of what was read. */
static const char *elf_interpreter(const struct head *head)
{
	Elf64_Ehdr header;
	Elf64_Phdr part;

	memcpy(&header, head->at, sizeof(header));
	if (header.e_ident[EI_CLASS] != ELFCLASS64)
		return NULL;
	for (size_t i = 0; i < header.e_phnum; i++) {
		if (header.e_phoff > HEAD_SIZE ||
		    header.e_phoff + (i + 1) * sizeof(part) > head->length)
			return NULL;
		memcpy(&part, head->at + header.e_phoff + i * sizeof(part), sizeof(part));
		if (part.p_type == PT_INTERP)
			return part.p_offset < head->length ? head->at + part.p_offset : NULL;
	}
	return NULL;
}

/* "#!/bin/sh -e": terminates the path in place. */
static const char *script_interpreter(struct head *head)
{
	char *path = head->at + 2;

	if (head->length < 2 || memcmp(head->at, "#!", 2) != 0)
		return NULL;
	path += strspn(path, " \t");
	path[strcspn(path, " \t\r\n")] = '\0';
	return path;
}

static void explain_absent(const char *path, struct head *head, struct err *err)
{
	const char *interpreter = is_elf(head) ? elf_interpreter(head) : script_interpreter(head);

	if (!interpreter)
		return;
	err_fact(err, "%s is there, its interpreter %s is not", path, interpreter);
	err_hint(err, "install what has %s in the container, or choose another program",
		 interpreter);
}

static void explain_format(const char *path, const struct head *head, struct err *err)
{
	struct utsname host;

	if (is_elf(head) && uname(&host) == 0) {
		err_fact(err, "%s is a program for %s, this host is %s", path, machine_of(head),
			 host.machine);
		err_hint(err,
			 "use a root file system for %s, or register an emulator with "
			 "binfmt_misc",
			 host.machine);
		return;
	}
	err_fact(err, "%s is neither a program nor a script with a line #!", path);
	err_hint(err, "begin it with #!/bin/sh, or choose another program");
}

static void explain_denied(const char *path, struct err *err)
{
	struct statvfs fs;
	struct stat st;

	if (stat(path, &st) < 0)
		return;
	if (statvfs(path, &fs) == 0 && fs.f_flag & ST_NOEXEC) {
		err_fact(err, "%s is on a mount with noexec", path);
		err_hint(err, "take noexec from that mount's options");
	} else if (!S_ISREG(st.st_mode)) {
		err_fact(err, "%s is no regular file", path);
		err_hint(err, "choose another program");
	} else if (!(st.st_mode & (S_IXUSR | S_IXGRP | S_IXOTH))) {
		err_fact(err, "the mode of %s is %03o", path, st.st_mode & 0777);
		err_hint(err, "chmod +x it in the container's root file system");
	} else if (prctl(PR_GET_SECCOMP) == SECCOMP_MODE_FILTER && err->num == EPERM) {
		err_fact(err, "its mode %03o would allow it, and a seccomp filter is loaded",
			 st.st_mode & 0777);
		err_hint(err, "allow execve in the seccomp profile");
	} else {
		err_fact(err, "its mode %03o would allow it", st.st_mode & 0777);
		err_hint(err, "a security module's profile may deny it: see the host's audit log");
	}
}

void program_explain(const char *path, struct err *err)
{
	struct head head = {};

	if (err->num == EACCES || err->num == EPERM || err->num == EISDIR)
		explain_denied(path, err);
	else if (!read_head(path, &head))
		return;
	else if (err->num == ENOENT)
		explain_absent(path, &head, err);
	else if (err->num == ENOEXEC)
		explain_format(path, &head, err);
}

/* Return: what execve(2) would end with because of what is in the file. */
static int format_error(struct head *head)
{
	const char *interpreter;

	if (is_elf(head) && !is_native(head))
		return -ENOEXEC;
	if (is_elf(head))
		interpreter = elf_interpreter(head);
	else if ((interpreter = script_interpreter(head)) == NULL || !*interpreter)
		return -ENOEXEC;
	return interpreter && access(interpreter, F_OK) < 0 ? -errno : 0;
}

int program_foresee(const char *path, struct err *err)
{
	struct head head = {};
	int r;

	if (!read_head(path, &head))
		return 0;
	r = format_error(&head);
	if (r == 0)
		return 0;
	err_set(err, r, "execute %s", path);
	program_explain(path, err);
	return r;
}
