#include "lib/arena.h"
#include "lib/err.h"
#include "lib/own.h"
#include "seccomp/filter.h"
#include "seccomp/shrink.h"
#include "seccomp/stub.h"

#include <linux/filter.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TREE = 2 }; /* SCMP_FLTATR_CTL_OPTIMIZE: a search tree by system call number */

static void release(scmp_filter_ctx *ctx)
{
	if (*ctx)
		seccomp_release(*ctx);
}
DEFINE_CLEANUP(scmp_filter_ctx, release);

/*
 * Architectures come before rules: a rule is put into those that are there. One of the other byte
 * order (EDOM), and one that this libseccomp doesn't know (EINVAL), can't be this machine's: no
 * program of it runs here, and the filter kills what claims to be one.
 */
static int add_arches(scmp_filter_ctx ctx, const struct profile *profile, struct err *err)
{
	for (size_t i = 0; i < profile->arch_count; i++) {
		int r = seccomp_arch_add(ctx, profile->arches[i]);

		if (r < 0 && r != -EEXIST && r != -EDOM && r != -EINVAL)
			return err_set(err, r, "add architecture 0x%x", profile->arches[i]);
	}
	return 0;
}

static int add_rule(scmp_filter_ctx ctx, const struct filter_rule *rule, struct err *err)
{
	struct scmp_arg_cmp args[FILTER_ARGS];
	int number = seccomp_syscall_resolve_name(rule->name), r;

	if (number == __NR_SCMP_ERROR)
		return 0; /* no kernel that this libseccomp knows has it */
	for (uint32_t i = 0; i < rule->arg_count; i++)
		args[i] = (struct scmp_arg_cmp){
			.arg = rule->args[i].index,
			.op = (enum scmp_compare)rule->args[i].op,
			.datum_a = rule->args[i].value,
			.datum_b = rule->args[i].value_two,
		};
	r = seccomp_rule_add_array(ctx, rule->action, number, rule->arg_count, args);
	/* Twice the same is fine; what no architecture of the filter has can't be called. */
	return r == 0 || r == -EEXIST || r == -EDOM
		       ? 0
		       : err_set(err, r, "add a rule for %s", rule->name);
}

static int build(scmp_filter_ctx ctx, const struct profile *profile, struct err *err)
{
	int r;

	if ((r = seccomp_attr_set(ctx, SCMP_FLTATR_CTL_NNP, 0)) < 0 ||
	    (r = seccomp_attr_set(ctx, SCMP_FLTATR_CTL_OPTIMIZE, TREE)) < 0)
		return err_set(err, r, "set up libseccomp");
	r = add_arches(ctx, profile, err);
	for (size_t i = 0; r == 0 && i < profile->count; i++)
		r = add_rule(ctx, &profile->rules[i], err);
	return r;
}

/* To memory: libseccomp 2.5 writes programs to descriptors only. */
static int export(struct arena *arena, scmp_filter_ctx ctx, struct program *program,
		  struct err *err)
{
	cleanup_close int memory_fd = memfd_create("seccomp", MFD_CLOEXEC);
	struct stat st;
	int r;

	if (memory_fd < 0)
		return err_set(err, -errno, "make room for the filter");
	r = seccomp_export_bpf(ctx, memory_fd);
	if (r < 0)
		return err_set(err, r, "compile the filter");
	if (fstat(memory_fd, &st) < 0)
		return err_set(err, -errno, "size of the filter");
	program->count = (size_t)st.st_size / sizeof(*program->insns);
	program->insns = arena_alloc(arena, (size_t)st.st_size + 1);
	if (pread(memory_fd, program->insns, (size_t)st.st_size, 0) != st.st_size)
		return err_set(err, -EIO, "read the filter");
	return 0;
}

int filter_compile(struct arena *arena, const struct profile *profile, struct program *program,
		   struct err *err)
{
	cleanup_(release) scmp_filter_ctx ctx = seccomp_init(profile->default_action);
	int r;

	if (!ctx)
		return err_plain(err, -EINVAL, "libseccomp refuses the default action %s",
				 action_name(profile->default_action));
	r = build(ctx, profile, err);
	if (r == 0)
		r = export(arena, ctx, program, err);
	if (r == 0) {
		stub_add(arena, profile, program);
		shrink(arena, program);
	}
	if (r == 0 && program->count > BPF_MAXINSNS)
		r = err_plain(err, -E2BIG, "the filter has %zu instructions, the kernel takes %d",
			      program->count, BPF_MAXINSNS);
	return r;
}
