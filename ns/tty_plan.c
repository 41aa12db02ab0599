#include "lib/err.h"
#include "lib/plan.h"
#include "lib/text.h"
#include "ns/tty.h"
#include "oci/annotations.h"
#include "oci/spec.h"

#include <string.h>

enum { TTYS_MAX = 64, STDIO_ALL = 7 };

static struct tty_step *plan_console(struct plan *plan, enum step_stage stage,
				     const struct oci_process *process, const char *path,
				     const char *target)
{
	struct tty_step *step = plan_step(plan, &tty_kind, stage, sizeof(*step),
					  plan_origin(plan, "%s.terminal", path));

	step->path = target;
	step->name = "/dev/ptmx";
	step->uid = process->user.uid;
	step->console = true;
	step->controlling = true;
	step->stdio = STDIO_ALL;
	step->sized = process->console_size.set;
	step->height = (uint16_t)process->console_size.height;
	step->width = (uint16_t)process->console_size.width;
	return step;
}

static void plan_tty(struct plan *plan, const char *folder, unsigned int number)
{
	struct tty_step *step = plan_step(plan, &tty_kind, STEP_ENTER, sizeof(*step),
					  plan_origin(plan, "annotations.%s", ANNOTATION_TTY));

	step->name = arena_printf(&plan->arena, "tty%u", number);
	step->path =
		arena_printf(&plan->arena, "/dev/%s%s%s", folder, *folder ? "/" : "", step->name);
	if (*folder)
		step->link = arena_printf(&plan->arena, "/dev/%s", step->name);
}

static int plan_ttys(struct plan *plan, const struct oci_spec *spec, struct err *err)
{
	const char *count = oci_map_find(&spec->annotations, ANNOTATION_TTY);
	const char *folder = oci_map_find(&spec->annotations, ANNOTATION_TTY_DIR);
	unsigned int ttys;

	if (!count)
		return 0;
	if (parse_u32(count, &ttys) < 0 || ttys > TTYS_MAX)
		return err_plain(err, -EINVAL, "%s: '%s' is no number from 0 to %d", ANNOTATION_TTY,
				 count, TTYS_MAX);
	if (folder && (strchr(folder, '/') || folder[0] == '.'))
		return err_plain(err, -EINVAL, "%s: '%s' is no name of a folder",
				 ANNOTATION_TTY_DIR, folder);
	for (unsigned int i = 1; i <= ttys; i++)
		plan_tty(plan, folder ? folder : "", i);
	return 0;
}

static void plan_own_console(struct plan *plan, const struct oci_spec *spec)
{
	const char *controlling = oci_map_find(&spec->annotations, ANNOTATION_CONSOLE_CONTROLLING);
	struct tty_step *step =
		plan_console(plan, STEP_ENTER, spec->process, "process", "/dev/console");

	step->controlling = !controlling || strcmp(controlling, "0") != 0;
}

int tty_plan(struct plan *plan, const struct oci_spec *spec, struct err *err)
{
	if (spec->process && spec->process->terminal)
		plan_own_console(plan, spec);
	return plan_ttys(plan, spec, err);
}

void tty_exec_plan(struct plan *plan, const struct oci_process *process, const char *path,
		   uint8_t stdio)
{
	struct tty_step *step = plan_console(plan, STEP_EXEC, process, path, NULL);

	if (stdio)
		step->stdio = stdio;
}
