#include "lib/err.h"
#include "lib/file.h"
#include "lib/json.h"
#include "lib/run.h"
#include "lib/text.h"
#include "ns/personality.h"

#include <stdlib.h>
#include <sys/personality.h>

static const struct personality_step *personality_of(const struct step *step)
{
	return container_of(step, struct personality_step, step);
}

static int personality_apply(const struct step *step, struct run *run, struct err *err)
{
	return personality(personality_of(step)->number) < 0
		       ? err_set(err, -errno, "set the execution domain")
		       : 0;
}

static int personality_observe(const struct step *step, struct run *run, struct observation *seen,
			       struct err *err)
{
	unsigned long number;
	char line[32];

	if (file_line(run->pid_dir_fd, "personality", line, sizeof(line)) < 0)
		return observe(seen, OBSERVED_UNSEEN, "personality can't be read");
	number = strtoul(line, NULL, 16);
	return observe(seen,
		       number == personality_of(step)->number ? OBSERVED_HOLDS : OBSERVED_DIFFERS,
		       "personality = %s", line);
}

static void personality_describe(const struct step *step, struct text *text)
{
	text_add(text, personality_of(step)->domain);
}

static void personality_write(const struct step *step, struct json_out *out)
{
	json_out_string(out, "domain", personality_of(step)->domain);
}

const struct step_kind personality_kind = {
	.name = "personality",
	.describe = personality_describe,
	.write = personality_write,
	.apply = personality_apply,
	.observe = personality_observe,
};
