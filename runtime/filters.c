#include "runtime/filters.h"

#include "lib/arena.h"
#include "lib/err.h"
#include "lib/file.h"
#include "lib/json.h"
#include "lib/text.h"
#include "oci/annotations.h"
#include "oci/members.h"
#include "oci/spec_members.h"
#include "runtime/container.h"
#include "runtime/state.h"
#include "seccomp/calls.h"
#include "seccomp/filter.h"
#include "seccomp/stack.h"
#include "seccomp/summary.h"
#include "seccomp/verdict.h"

#include <fcntl.h>
#include <linux/filter.h>
#include <string.h>
#include <sys/stat.h>

/* ------------------------------------------------------------------ where they come from */

/* A config without linux.seccomp has no filter: that is an answer too. */
static int of_spec(struct arena *arena, const char *name, const struct oci_spec *spec,
		   struct filter_stack *stack, struct err *err)
{
	const char *text = oci_map_find(&spec->annotations, ANNOTATION_ORIGIN);

	*stack = (struct filter_stack){.name = name, .prefix = "linux.seccomp."};
	if (text) /* only words for people */
		(void)json_read(arena, ANNOTATION_ORIGIN, text, strlen(text), &stack->origins,
				NULL);
	return spec->linux.seccomp ? stack_of_profile(arena, spec->linux.seccomp, stack, err) : 0;
}

/* What engines decide when they make a config.json is not in their profile. */
static int check_decided(const char *name, const struct json *profile, struct err *err)
{
	static const char *const members[] = {"includes", "excludes"};

	json_each (rule, json_find(profile, "syscalls"))
		for (size_t i = 0; i < ARRAY_SIZE(members); i++) {
			const struct json *member = json_find(rule, members[i]);

			if (!member || !member->first)
				continue;
			err_plain(err, -EINVAL,
				  "%s: has rules with \"%s\": which of them count, an engine "
				  "decides for each container",
				  name, members[i]);
			err_hint(err, "give the config.json that it made, or pid:N");
			return -EINVAL;
		}
	return 0;
}

static int of_json(struct arena *arena, const char *name, const char *text, size_t length,
		   struct filter_stack *stack, struct err *err)
{
	struct oci_seccomp *seccomp = arena_alloc(arena, sizeof(*seccomp));
	struct oci_spec *spec = arena_alloc(arena, sizeof(*spec));
	const struct json *root;
	int r;

	r = json_read(arena, name, text, length, &root, err);
	if (r < 0)
		return r;
	if (json_find(root, "ociVersion")) {
		r = oci_spec_read(arena, name, text, length, spec, err);
		return r < 0 ? r : of_spec(arena, name, spec, stack, err);
	}
	*stack = (struct filter_stack){.name = name, .prefix = ""};
	r = check_decided(name, root, err);
	if (r == 0)
		r = members_read(arena, oci_seccomp_members, root, seccomp, err);
	if (r < 0)
		err_add(err, "%s", name);
	return r < 0 ? r : stack_of_profile(arena, seccomp, stack, err);
}

static bool is_json(const char *text, size_t length)
{
	size_t blanks = strspn(text, " \t\r\n");

	return blanks < length && text[blanks] == '{';
}

static int of_file(struct arena *arena, const char *path, struct filter_stack *stack,
		   struct err *err)
{
	const char *text;
	struct stat st;
	size_t length;
	int r;

	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		path = arena_printf(arena, "%s/config.json", path);
	r = file_read(arena, AT_FDCWD, path, 0, &text, &length, err);
	if (r == -ENOENT)
		err_hint(err, "a container is id:ID, a process pid:N");
	if (r < 0)
		return r;
	if (is_json(text, length))
		return of_json(arena, path, text, length, stack, err);
	stack->name = path;
	return stack_of_program(arena, text, length, stack, err);
}

static int of_config(const struct runtime *runtime, struct arena *arena, const char *id,
		     struct filter_stack *stack, struct err *err)
{
	struct oci_spec *spec = arena_alloc(arena, sizeof(*spec));
	cleanup_close int state_fd = -EBADF;
	int r;

	r = record_folder_open(runtime, id, false, &state_fd, err);
	if (r == 0)
		r = record_spec(arena, state_fd, spec, err);
	return r < 0 ? r : of_spec(arena, "config.json", spec, stack, err);
}

static int of_process(struct arena *arena, const char *number, struct filter_stack *stack,
		      struct err *err)
{
	unsigned int pid;

	if (parse_u32(number, &pid) < 0 || pid == 0 || pid > INT32_MAX)
		return err_plain(err, -EINVAL, "pid:%s: no process id", number);
	return stack_fetch(arena, (pid_t)pid, stack, err);
}

int filters_of(const struct runtime *runtime, struct arena *arena, const char *word,
	       const struct filter_stack **filters, struct err *err)
{
	struct filter_stack *stack = arena_alloc(arena, sizeof(*stack));
	int r;

	if (starts_with(word, "id:"))
		r = of_config(runtime, arena, word + strlen("id:"), stack, err);
	else if (starts_with(word, "pid:"))
		r = of_process(arena, word + strlen("pid:"), stack, err);
	else
		r = of_file(arena, word, stack, err);
	*filters = stack;
	return r;
}

int filters_of_profile(struct arena *arena, const char *name, const struct oci_seccomp *seccomp,
		       const struct filter_stack **filters, struct err *err)
{
	struct filter_stack *stack = arena_alloc(arena, sizeof(*stack));

	*stack = (struct filter_stack){.name = name, .prefix = ""};
	*filters = stack;
	return stack_of_profile(arena, seccomp, stack, err);
}

int filters_of_container(const struct runtime *runtime, struct arena *arena, const char *id,
			 const struct filter_stack **filters, struct err *err)
{
	struct filter_stack *stack = arena_alloc(arena, sizeof(*stack));
	cleanup_close int state_fd = -EBADF;
	struct record record;
	int r;

	r = record_load_running(runtime, arena, id, &state_fd, &record, err);
	*filters = stack;
	return r < 0 ? r : stack_fetch(arena, record.pid, stack, err);
}

/* ------------------------------------------------------------------ answers */

static int read_args(const struct filters_call *call, struct verdict *verdict, struct err *err)
{
	if (call->arg_count > VERDICT_ARGS)
		return err_plain(err, -EINVAL, "a system call has %d arguments at most",
				 VERDICT_ARGS);
	for (size_t i = 0; i < call->arg_count; i++) {
		char *end;

		errno = 0;
		verdict->arg[i] = strtoull(call->args[i], &end, 0);
		if (errno || *end || end == call->args[i])
			return err_plain(err, -EINVAL, "%s: an argument is a number, as 5 or 0x10",
					 call->args[i]);
	}
	verdict->args = call->arg_count;
	return 0;
}

int filters_explain(struct arena *arena, const struct filter_stack *filters,
		    const struct filters_call *call, struct text *text, struct json_out *out,
		    struct err *err)
{
	struct verdict verdict = {.call = call->call};
	const char *name;
	int r;

	r = call_arch_find(call->arch, &verdict.arch, err);
	if (r == 0)
		r = call_find(verdict.arch, call->call, &verdict.number, err);
	if (r == 0)
		r = read_args(call, &verdict, err);
	if (r < 0)
		return r;
	name = call_name(arena, verdict.arch, verdict.number);
	verdict.call = name ? name : call->call;
	if (call->arg_count)
		verdict_of(arena, filters, &verdict);
	if (text && call->arg_count) {
		verdict_text(&verdict, text);
		text_addc(text, '\n');
	} else if (text) {
		verdict_any(arena, filters, &verdict, text);
	}
	if (out && call->arg_count)
		verdict_write(&verdict, out);
	else if (out)
		verdict_any_write(arena, filters, &verdict, out);
	return 0;
}

void filters_describe(struct arena *arena, const struct filter_stack *filters, struct text *text,
		      struct json_out *out)
{
	struct summary summary;

	summary_of(arena, filters, &summary);
	if (text) {
		text_addf(text, "%s: %zu filter%s", filters->name, filters->count,
			  filters->count == 1 ? "" : "s");
		for (size_t i = 0; i < filters->count; i++)
			text_addf(text, "%s%zu",
				  i ? " + " : ", instructions: ", filters->programs[i].count);
		text_addc(text, '\n');
		summary_text(&summary, text);
	}
	if (out) {
		json_out_string(out, "name", filters->name);
		json_out_array(out, "filters");
		for (size_t i = 0; i < filters->count; i++)
			json_out_u64(out, NULL, filters->programs[i].count);
		json_out_end(out);
		summary_write(&summary, out, "groups");
	}
}

bool filters_differ(struct arena *arena, const struct filter_stack *one,
		    const struct filter_stack *other, struct text *text, struct json_out *out)
{
	struct summary summary;

	summary_differences(arena, one, other, &summary);
	if (text)
		summary_text(&summary, text);
	if (out)
		summary_write(&summary, out, "differences");
	return summary.count > 0;
}

const void *filters_bytes(const struct filter_stack *filters, size_t index, size_t *length)
{
	if (index >= filters->count)
		return NULL;
	*length = filters->programs[index].count * sizeof(struct sock_filter);
	return filters->programs[index].insns;
}
