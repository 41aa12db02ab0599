#include "lib/signals.h"

#include "lib/own.h"

#include <criterion/criterion.h>
#include <signal.h>

Test(signals, read)
{
	const struct {
		const char *text;
		int number;
	} rows[] = {
		{"TERM", SIGTERM},    {"SIGTERM", SIGTERM},
		{"sigkill", SIGKILL}, {"15", 15},
		{"CLD", SIGCHLD},     {"SIGRTMIN+3", SIGRTMIN + 3},
		{"rtmin", SIGRTMIN},  {"SIGRTMAX-1", SIGRTMAX - 1},
		{"64", 64},           {"0", -EINVAL},
		{"65", -EINVAL},      {"", -EINVAL},
		{"SIG", -EINVAL},     {"SIGNOPE", -EINVAL},
		{"RTMIN-1", -EINVAL}, {"RTMIN+99", -EINVAL},
		{"RTMAX+1", -EINVAL}, {"RTMIN+", -EINVAL},
		{"-9", -EINVAL},      {"TERM ", -EINVAL},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		cr_expect_eq(signal_read(rows[i].text), rows[i].number, "'%s' gave %d, not %d",
			     rows[i].text, signal_read(rows[i].text), rows[i].number);
}

Test(signals, every_name_reads_back)
{
	char buffer[SIGNAL_NAME_SIZE];

	for (int signal = 1; signal <= SIGRTMAX; signal++)
		cr_expect_eq(signal_read(signal_name(signal, buffer)), signal, "%d is %s", signal,
			     buffer);
}

Test(signals, names)
{
	char buffer[SIGNAL_NAME_SIZE];

	cr_expect_str_eq(signal_name(SIGABRT, buffer), "SIGABRT");
	cr_expect_str_eq(signal_name(SIGRTMIN, buffer), "SIGRTMIN");
	cr_expect_str_eq(signal_name(SIGRTMIN + 4, buffer), "SIGRTMIN+4");
	cr_expect_str_eq(signal_name(33, buffer), "33");
}
