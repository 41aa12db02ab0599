#include "cli/duration.h"

#include "lib/own.h"

#include <stdlib.h>
#include <string.h>

/* Longest first where one begins like another. */
static const struct {
	const char *name;
	double ms;
} units[] = {
	{"ns", 1e-6}, {"us", 1e-3}, {"µs", 1e-3}, {"ms", 1}, {"s", 1e3}, {"m", 6e4}, {"h", 3.6e6},
};

static double unit_read(const char **text)
{
	for (size_t i = 0; i < ARRAY_SIZE(units); i++) {
		const size_t length = strlen(units[i].name);

		if (strncmp(*text, units[i].name, length) == 0) {
			*text += length;
			return units[i].ms;
		}
	}
	return 0;
}

int duration_read(const char *text, int64_t *ms)
{
	double sum = 0;

	if (!*text)
		return -EINVAL;
	while (*text) {
		char *end;
		double number, unit;

		number = strtod(text, &end); /* takes more than digits: "1e3", "0x1", "inf" */
		if (end == text || end != text + strspn(text, "0123456789."))
			return -EINVAL;
		text = end;
		unit = unit_read(&text);
		if (unit == 0)
			return -EINVAL;
		sum += number * unit;
	}
	if (sum > (double)INT64_MAX / 2.0)
		return -ERANGE;
	*ms = (int64_t)sum + (sum > (double)(int64_t)sum);
	return 0;
}
