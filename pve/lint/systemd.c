#include "pve/lint/parts.h"

#include "pve/setup/parts.h"
#include "pve/setup/setup.h"

#include <fcntl.h>
#include <string.h>

struct told {
	const struct linting *l;
	const struct pve_entry *entry;
};

static void tell(void *data, const char *line)
{
	const struct told *told = data;
	const size_t length = strlen(line);
	const bool old = !strstr(line, "nesting");

	lint_find(told->l, told->entry,
		  old ? "take a newer distribution: it knows version 1 alone"
		      : "add nesting=1 to features",
		  "%.*s", (int)(length - (length > 0 && line[length - 1] == '.')), line);
}

/* An image is not mounted for a look: the guest's set-up says it at a start. */
void lint_systemd(const struct linting *l)
{
	const struct pve_volume *root = pve_facts_volume(l->facts, "rootfs");
	const struct pve_entry *features = conf_find(&l->conf->main, "features");
	const struct pve_entry *entry = features ? features : conf_find(&l->conf->main, "rootfs");
	struct told told = {l, entry};
	struct setup setup = {.conf = l->conf, .warn = tell, .warn_data = &told};

	if (!root || !entry || root->kind != PVE_VOLUME_DIR)
		return;
	setup.root_fd = open(root->path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (setup.root_fd >= 0)
		setup_check_systemd(&setup);
	close_fd(setup.root_fd);
}
