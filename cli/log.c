#include "cli/log.h"

#include "cli/output.h"
#include "lib/err.h"
#include "lib/json.h"
#include "lib/own.h"
#include "lib/text.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { LINE_ROOM = 1600 };

/* As engines' own loggers name them. */
static const char *const levels[] = {[LOG_ERROR] = "error",
				     [LOG_WARNING] = "warning",
				     [LOG_INFO] = "info",
				     [LOG_DEBUG] = "debug"};

/* What else runc's options take; nothing of ours is less or more than these. */
static const struct {
	const char *word;
	enum log_level level;
} aliases[] = {
	{"panic", LOG_ERROR},
	{"fatal", LOG_ERROR},
	{"warn", LOG_WARNING},
	{"trace", LOG_DEBUG},
};

static int set_level(struct log *log, const char *word, struct err *err)
{
	for (size_t i = 0; i < ARRAY_SIZE(levels); i++)
		if (strcmp(levels[i], word) == 0) {
			log->level = (enum log_level)i;
			return 0;
		}
	for (size_t i = 0; i < ARRAY_SIZE(aliases); i++)
		if (strcmp(aliases[i].word, word) == 0) {
			log->level = aliases[i].level;
			return 0;
		}
	return err_plain(err, -EINVAL, "--log-level: '%s' is none of error, warning, info, debug",
			 word);
}

static int open_file(const char *file)
{
	return open(file, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, 0644);
}

/* An engine that asks for a log should hear that it gets none. */
static int try_file(const char *file, struct err *err)
{
	cleanup_close int fd = open_file(file);

	return fd < 0 ? err_set(err, -errno, "--log: open %s", file) : 0;
}

static int set_file(struct log *log, const char *file, struct err *err)
{
	if (starts_with(file, "journald:") || starts_with(file, "syslog:"))
		return err_plain(err, -ENOTSUP, "--log: '%s': only files are supported", file);
	file += starts_with(file, "file:") ? strlen("file:") : 0;
	log->file = *file ? file : NULL;
	return *file ? try_file(file, err) : 0;
}

int log_set(struct log *log, const char *file, const char *format, const char *level,
	    struct err *err)
{
	int r = 0;

	if (file)
		r = set_file(log, file, err);
	if (r < 0)
		log->file = NULL;
	if (r == 0 && format && strcmp(format, "json") != 0 && strcmp(format, "text") != 0)
		r = err_plain(err, -EINVAL, "--log-format: '%s' is neither text nor json", format);
	log->json = format && strcmp(format, "json") == 0;
	return r == 0 && level ? set_level(log, level, err) : r;
}

static void write_json(int fd, const char *date, enum log_level level, const char *line)
{
	struct json_out *out = json_out_new(false);
	cleanup_free char *text = NULL;

	json_out_object(out, NULL);
	json_out_string(out, "level", levels[level]);
	json_out_string(out, "msg", line);
	json_out_string(out, "time", date);
	json_out_end(out);
	text = json_out_take(out);
	(void)dprintf(fd, "%s\n", text); /* nobody is left to hear of a full disk */
}

static void write_file(const struct log *log, enum log_level level, const char *line)
{
	cleanup_close int fd = open_file(log->file);
	time_t now = time(NULL);
	struct tm utc;
	char date[32];

	if (fd < 0)
		return;
	(void)strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &utc));
	if (log->json)
		write_json(fd, date, level, line);
	else
		(void)dprintf(fd, "%s: %s: %s\n", date, levels[level], line);
}

void log_line(const struct log *log, enum log_level level, const char *line)
{
	if (log->file && level <= log->level)
		write_file(log, level, line);
	if (level == LOG_ERROR && log->report)
		(void)fprintf(stderr, "%s: %s", log->program, log->report);
	else if (level == LOG_ERROR)
		output_note("%s: %s", log->program, line);
	else if (!log->file)
		output_note("%s: %s: %s", log->program, levels[level], line);
}

void log_error(const struct log *log, const struct err *err)
{
	char line[LINE_ROOM];

	log_line(log, LOG_ERROR, err_text(err, line, sizeof(line)));
}
