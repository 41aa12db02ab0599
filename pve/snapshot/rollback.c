#include "pve/snapshot/parts.h"

#include "lib/err.h"
#include "pve/conf/edit.h"

int snapshot_check_rollback(struct pve_conf *conf, const struct snapshot_request *request,
			    struct err *err)
{
	struct snapping snapping = {.request = request, .conf = conf};
	const struct pve_entry *state;
	struct pve_section *section = NULL;
	int r = snapping_check_template(conf, "you can't rollback if vm is a template", err);

	if (r == 0)
		r = snapping_find(&snapping, &section, err);
	if (r < 0)
		return r;
	state = conf_find(section, "snapstate");
	if (state)
		return err_plain(err, -EINVAL,
				 "unable to rollback to incomplete snapshot (snapstate = %s)",
				 state->value);
	return conf_check_lock(conf, NULL, err);
}

static int rollback_one(void *data, const char *volume, struct err *err)
{
	struct snapping *snapping = data;

	return storage_rollback(&snapping->storages, volume, snapping->request->name, err);
}

/* The snapshot's config, and of the present what is no state of the container. */
static void restore_main(struct pve_conf *conf, const struct pve_section *section)
{
	struct pve_section was = conf->main;
	const struct pve_entry *entry;

	conf_section_copy(conf, &was, &conf->main);
	conf_section_copy(conf, &conf->main, section);
	conf->main.description = was.description;
	conf_delete(&conf->main, "snaptime");
	conf_set(conf, &conf->main, "parent", section->name);
	for (unsigned int i = 0; (entry = conf_indexed(&was, "unused", &i)); i++)
		conf_set(conf, &conf->main, entry->key, entry->value);
	(void)snapshot_volumes(conf, &was, snapping_keep, conf, NULL);
	section_clear(&conf->pending);
}

int snapshot_rollback(struct pve_conf *conf, const struct snapshot_request *request,
		      struct err *err)
{
	struct snapping snapping = {.request = request, .conf = conf};
	struct pve_section *section = NULL;
	int r = snapping_begin(&snapping, err);

	if (r == 0)
		r = snapshot_check_rollback(conf, request, err);
	if (r == 0)
		r = snapping_find(&snapping, &section, err);
	if (r < 0)
		return r;
	conf_set(conf, &conf->main, "lock", "rollback");
	r = snapping_save(&snapping, err);
	if (r == 0)
		r = snapshot_volumes(conf, section, rollback_one, &snapping, err);
	if (r < 0)
		return r;
	restore_main(conf, section);
	return snapping_save(&snapping, err);
}
