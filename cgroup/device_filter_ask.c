#include "cgroup/device_filter.h"
#include "lib/arena.h"
#include "lib/printable.h"

/* Of a list of version 1, one rule has to allow all that is asked for: kernel,
 * security/device_cgroup.c. */
static bool list_allows(const struct device_filter *list, const struct device_request *request)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct device_rule *rule = &list->rules[i];

		if ((rule->type == 'a' || rule->type == request->type) &&
		    (rule->major < 0 || rule->major == (long)request->major) &&
		    (rule->minor < 0 || rule->minor == (long)request->minor) &&
		    !(request->access & ~rule->access))
			return true;
	}
	return false;
}

static struct device_verdict ask_one(const struct device_filter *filter,
				     const struct device_request *request)
{
	struct device_verdict verdict = {.filter = filter};

	if (filter->unread)
		verdict.answer = DEVICE_UNCLEAR;
	else if (filter->rules)
		verdict.answer = list_allows(filter, request) ? DEVICE_ALLOWED : DEVICE_DENIED;
	else
		device_program_run(filter->insns, filter->count, request, &verdict);
	return verdict;
}

/* One that denies is enough, whatever others say that nobody understands. */
struct device_verdict device_filters_ask(const struct device_filters *filters,
					 const struct device_request *request)
{
	struct device_verdict unclear = {.answer = DEVICE_ALLOWED};

	for (size_t i = 0; i < filters->count; i++) {
		const struct device_verdict verdict = ask_one(&filters->items[i], request);

		if (verdict.answer == DEVICE_DENIED)
			return verdict;
		if (verdict.answer == DEVICE_UNCLEAR && unclear.answer == DEVICE_ALLOWED)
			unclear = verdict;
	}
	return unclear;
}

unsigned int device_filters_access(const struct device_filters *filters, char type,
				   unsigned int major, unsigned int minor,
				   struct device_verdict *denial)
{
	unsigned int allowed = 0;

	*denial = (struct device_verdict){.answer = DEVICE_ALLOWED};
	for (unsigned int bit = DEVICE_WRITE; bit; bit >>= 1) {
		const struct device_request request = {type, major, minor, bit};
		const struct device_verdict verdict = device_filters_ask(filters, &request);

		if (verdict.answer == DEVICE_ALLOWED)
			allowed |= bit;
		else if (denial->answer == DEVICE_ALLOWED)
			*denial = verdict;
	}
	return allowed;
}

const char *device_filter_text(struct arena *arena, const struct device_filter *filter)
{
	const char *name = *filter->name ? printable(arena, filter->name)
					 : arena_printf(arena, "BPF program %u", filter->id);

	return arena_printf(arena, "%s on %s", name,
			    filter->cgroup ? printable(arena, filter->cgroup)
					   : "a cgroup that isn't seen from here");
}

const char *device_unclear_text(struct arena *arena, const struct device_verdict *verdict)
{
	const char *filter = device_filter_text(arena, verdict->filter);

	return verdict->filter->unread
		       ? arena_printf(arena, "%s: %s", filter, verdict->filter->unread)
		       : arena_printf(arena, "%s %s (instruction %zu)", filter, verdict->why,
				      verdict->insn);
}
