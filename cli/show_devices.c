#include "cli/show_devices.h"

#include "debug/device_report.h"
#include "debug/isolation.h"
#include "debug/known_devices.h"
#include "lib/json.h"
#include "lib/printable.h"
#include "lib/text.h"

#include <stdio.h>
#include <string.h>

/* Device nodes and device filters, for people and as JSON. */

/* --- nodes */

static const char *word_text(struct arena *arena, const struct device_word *word)
{
	if (word->unclear && strcmp(word->allowed, "nothing") != 0)
		return arena_printf(arena, "%s, more is not known: %s", word->allowed,
				    word->unclear);
	if (word->unclear)
		return arena_printf(arena, "not known: %s", word->unclear);
	return word->by ? arena_printf(arena, "%s, by %s", word->allowed, word->by) : word->allowed;
}

static void show_node(struct isolation *isolation, const struct isolation_device *device)
{
	static const char *const words[2][2] = {{"closed", "writable"},
						{"readable", "readable and writable"}};

	(void)printf("  %s: %c %u:%u, %s%s", printable(&isolation->arena, device->path),
		     device->type, device->major, device->minor,
		     words[device->readable][device->writable],
		     device->nodev ? ", but on a mount that is nodev" : "");
	if (isolation->device_filters) {
		const struct device_word word =
			device_word(isolation, device->type, device->major, device->minor);

		if (word.by || word.unclear)
			(void)printf("; device filter: %s", word_text(&isolation->arena, &word));
	}
	(void)printf("\n");
}

void show_devices(struct isolation *isolation)
{
	(void)printf("\ndevices beside those that everybody has\n");
	if (!isolation->device_count)
		(void)printf("  none\n");
	for (size_t i = 0; i < isolation->device_count; i++)
		show_node(isolation, &isolation->devices[i]);
}

static void write_word(struct isolation *isolation, char type, unsigned int major,
		       unsigned int minor, struct json_out *out)
{
	struct device_word word;

	if (!isolation->device_filters)
		return;
	word = device_word(isolation, type, major, minor);
	json_out_string(out, "allowed", word.allowed);
	if (word.by)
		json_out_string(out, "deniedBy", word.by);
	if (word.unclear)
		json_out_string(out, "unclear", word.unclear);
}

void write_devices(struct isolation *isolation, struct json_out *out)
{
	json_out_array(out, "devices");
	for (size_t i = 0; i < isolation->device_count; i++) {
		const struct isolation_device *device = &isolation->devices[i];

		json_out_object(out, NULL);
		json_out_string(out, "path", printable(&isolation->arena, device->path));
		json_out_string(out, "type", device->type == 'b' ? "b" : "c");
		json_out_u64(out, "major", device->major);
		json_out_u64(out, "minor", device->minor);
		json_out_bool(out, "readable", device->readable);
		json_out_bool(out, "writable", device->writable);
		json_out_bool(out, "nodev", device->nodev);
		write_word(isolation, device->type, device->major, device->minor, out);
		json_out_end(out);
	}
	json_out_end(out);
}

/* --- filters */

static void show_filter(struct arena *arena, const struct device_filter_seen *filter)
{
	(void)printf("  %s", printable(arena, filter->name));
	if (filter->id)
		(void)printf("%sBPF program %u", *filter->name ? ", " : "", filter->id);
	(void)printf(" on %s", filter->cgroup ? printable(arena, filter->cgroup)
					      : "a cgroup that isn't seen from here");
	(void)printf("%s%s\n", filter->unread ? ": " : "", filter->unread ? filter->unread : "");
}

static void show_rules(const struct device_report *report)
{
	if (report->unclear) {
		(void)printf("  what they allow can't be told in rules: %s\n", report->unclear);
		return;
	}
	(void)printf("  allowed:%s", report->rule_count ? "" : " nothing");
	for (size_t i = 0; i < report->rule_count; i++)
		(void)printf("%s %s", i ? "," : "", report->rules[i]);
	(void)printf("\n");
}

/* Those of which the same is said share a line. */
static void show_known(struct arena *arena, const struct device_report *report)
{
	bool *shown = arena_array(arena, report->known_count, sizeof(*shown));

	for (size_t i = 0; i < report->known_count; i++) {
		const char *text = word_text(arena, &report->words[i]), *divider = "  ";

		if (shown[i])
			continue;
		for (size_t k = i; k < report->known_count; k++)
			if (same_string(word_text(arena, &report->words[k]), text)) {
				(void)printf("%s%s", divider, report->known[k].name);
				divider = ", ";
				shown[k] = true;
			}
		(void)printf(": %s\n", text);
	}
}

void show_device_filters(struct isolation *isolation)
{
	struct device_report report;

	if (!isolation->device_filters)
		return; /* said at the end */
	(void)printf("\ndevice filters\n");
	device_report(isolation, &report);
	if (!report.filter_count) {
		(void)printf("  none: a device is as open as its mode\n");
		return;
	}
	for (size_t i = 0; i < report.filter_count; i++)
		show_filter(&isolation->arena, &report.filters[i]);
	show_rules(&report);
	show_known(&isolation->arena, &report);
}

static void write_filters(struct isolation *isolation, const struct device_report *report,
			  struct json_out *out)
{
	json_out_array(out, "filters");
	for (size_t i = 0; i < report->filter_count; i++) {
		const struct device_filter_seen *filter = &report->filters[i];

		json_out_object(out, NULL);
		json_out_string(out, "name", printable(&isolation->arena, filter->name));
		if (filter->id)
			json_out_u64(out, "program", filter->id);
		if (filter->cgroup)
			json_out_string(out, "cgroup",
					printable(&isolation->arena, filter->cgroup));
		if (filter->unread)
			json_out_string(out, "unread", filter->unread);
		json_out_end(out);
	}
	json_out_end(out);
}

static void write_known(struct isolation *isolation, const struct device_report *report,
			struct json_out *out)
{
	json_out_array(out, "known");
	for (size_t i = 0; i < report->known_count; i++) {
		const struct known_device *known = &report->known[i];

		json_out_object(out, NULL);
		json_out_string(out, "name", known->name);
		json_out_string(out, "type", known->type == 'b' ? "b" : "c");
		json_out_u64(out, "major", known->major);
		json_out_u64(out, "minor", known->minor);
		write_word(isolation, known->type, known->major, known->minor, out);
		json_out_end(out);
	}
	json_out_end(out);
}

void write_device_filters(struct isolation *isolation, struct json_out *out)
{
	struct device_report report;

	if (!isolation->device_filters)
		return;
	device_report(isolation, &report);
	json_out_object(out, "deviceFilters");
	write_filters(isolation, &report, out);
	if (report.unclear)
		json_out_string(out, "unclear", report.unclear);
	else
		json_out_strings(out, "rules", report.rules, report.rule_count);
	write_known(isolation, &report, out);
	json_out_end(out);
}
