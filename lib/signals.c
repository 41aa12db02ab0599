#include "lib/signals.h"

#include "lib/own.h"
#include "lib/text.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

struct signal_word {
	const char *name;
	int number;
};

/* signal(7). Of two names for a number the one that we write stands first. */
static const struct signal_word signal_words[] = {
	{"HUP", SIGHUP},   {"INT", SIGINT},     {"QUIT", SIGQUIT},     {"ILL", SIGILL},
	{"TRAP", SIGTRAP}, {"ABRT", SIGABRT},   {"IOT", SIGABRT},      {"BUS", SIGBUS},
	{"FPE", SIGFPE},   {"KILL", SIGKILL},   {"USR1", SIGUSR1},     {"SEGV", SIGSEGV},
	{"USR2", SIGUSR2}, {"PIPE", SIGPIPE},   {"ALRM", SIGALRM},     {"TERM", SIGTERM},
	{"CHLD", SIGCHLD}, {"CLD", SIGCHLD},    {"STKFLT", SIGSTKFLT}, {"CONT", SIGCONT},
	{"STOP", SIGSTOP}, {"TSTP", SIGTSTP},   {"TTIN", SIGTTIN},     {"TTOU", SIGTTOU},
	{"URG", SIGURG},   {"XCPU", SIGXCPU},   {"XFSZ", SIGXFSZ},     {"VTALRM", SIGVTALRM},
	{"PROF", SIGPROF}, {"WINCH", SIGWINCH}, {"IO", SIGIO},         {"POLL", SIGIO},
	{"PWR", SIGPWR},   {"SYS", SIGSYS},     {"UNUSED", SIGSYS},
};

static int in_range(long signal)
{
	return signal >= 1 && signal <= SIGRTMAX ? (int)signal : -EINVAL;
}

/* "RTMIN", "RTMIN+3", "RTMAX-1": @rest is what follows the first five letters. */
static int read_realtime(int base, char sign, const char *rest)
{
	unsigned int offset;
	int signal;

	if (!*rest)
		return base;
	if (*rest != sign || parse_u32(rest + 1, &offset) < 0 || offset > 64)
		return -EINVAL;
	signal = sign == '+' ? base + (int)offset : base - (int)offset;
	return signal >= SIGRTMIN && signal <= SIGRTMAX ? signal : -EINVAL;
}

int signal_read(const char *text)
{
	unsigned int number;

	if (parse_u32(text, &number) == 0)
		return in_range(number);
	if (strncasecmp(text, "SIG", 3) == 0)
		text += 3;
	if (strncasecmp(text, "RTMIN", 5) == 0)
		return read_realtime(SIGRTMIN, '+', text + 5);
	if (strncasecmp(text, "RTMAX", 5) == 0)
		return read_realtime(SIGRTMAX, '-', text + 5);
	for (size_t i = 0; i < ARRAY_SIZE(signal_words); i++)
		if (strcasecmp(text, signal_words[i].name) == 0)
			return signal_words[i].number;
	return -EINVAL;
}

const char *signal_name(int signal, char *buffer)
{
	if (signal >= SIGRTMIN && signal <= SIGRTMAX) {
		snprintf(buffer, SIGNAL_NAME_SIZE, "SIGRTMIN+%d", signal - SIGRTMIN);
		if (signal == SIGRTMIN)
			buffer[strlen("SIGRTMIN")] = '\0';
		return buffer;
	}
	for (size_t i = 0; i < ARRAY_SIZE(signal_words); i++) {
		if (signal_words[i].number != signal)
			continue;
		snprintf(buffer, SIGNAL_NAME_SIZE, "SIG%s", signal_words[i].name);
		return buffer;
	}
	snprintf(buffer, SIGNAL_NAME_SIZE, "%d", signal);
	return buffer;
}
