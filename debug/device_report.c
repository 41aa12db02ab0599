#include "debug/device_report.h"

#include "cgroup/device_filter.h"
#include "debug/isolation.h"
#include "debug/known_devices.h"
#include "lib/text.h"

struct device_word device_word(struct isolation *isolation, char type, unsigned int major,
			       unsigned int minor)
{
	struct device_verdict denial;
	const unsigned int access =
		device_filters_access(isolation->device_filters, type, major, minor, &denial);
	struct device_word word = {.allowed = device_access_text(access)};

	if (denial.answer == DEVICE_DENIED)
		word.by = device_filter_text(&isolation->arena, denial.filter);
	else if (denial.answer == DEVICE_UNCLEAR)
		word.unclear = device_unclear_text(&isolation->arena, &denial);
	return word;
}

static void report_filters(struct isolation *isolation, struct device_report *report)
{
	const struct device_filters *filters = isolation->device_filters;
	struct device_filter_seen *seen =
		arena_array(&isolation->arena, filters->count + 1, sizeof(*seen));

	for (size_t i = 0; i < filters->count; i++)
		seen[i] = (struct device_filter_seen){
			.id = filters->items[i].id,
			.name = filters->items[i].name,
			.cgroup = filters->items[i].cgroup,
			.unread = filters->items[i].unread,
		};
	report->filters = seen;
	report->filter_count = filters->count;
}

static void report_rules(struct isolation *isolation, struct device_report *report)
{
	struct device_summary summary;
	const char **rules;

	device_filters_summary(&isolation->arena, isolation->device_filters, &summary);
	rules = arena_array(&isolation->arena, summary.count + 1, sizeof(*rules));
	for (size_t i = 0; i < summary.count; i++) {
		cleanup_(text_free) struct text text = {};

		device_rule_text(&summary.rules[i], &text);
		rules[i] = arena_strdup(&isolation->arena, text_str(&text));
	}
	report->rules = rules;
	report->rule_count = summary.count;
	report->unclear = summary.unclear;
}

static void report_known(struct isolation *isolation, struct device_report *report)
{
	struct device_word *words;

	while (known_devices[report->known_count].name)
		report->known_count++;
	words = arena_array(&isolation->arena, report->known_count, sizeof(*words));
	for (size_t i = 0; i < report->known_count; i++)
		words[i] = device_word(isolation, known_devices[i].type, known_devices[i].major,
				       known_devices[i].minor);
	report->known = known_devices;
	report->words = words;
}

void device_report(struct isolation *isolation, struct device_report *report)
{
	*report = (struct device_report){};
	report_filters(isolation, report);
	report_rules(isolation, report);
	report_known(isolation, report);
}
