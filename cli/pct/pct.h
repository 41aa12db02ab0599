#pragma once

#include "cli/options.h"
#include "pve/etc/etc.h"
#include "runtime/container.h"

struct arena;
struct lint_findings;
struct oci_spec;

/*
 * pct's verbs: each is a file pct_VERB.c with one const row, as pctrun's are.
 */
struct pct {
	struct arena *arena;
	struct etc etc;
	struct runtime runtime;
};

struct pct_verb {
	const char *name;
	const char *alias; /* an older name of it; NULL: none */
	const char *words;
	const char *help;
	const struct option_row *options;
	/* Where the options come from another table: makes @options. NULL: they are there. */
	const struct option_row *(*make_options)(struct arena *arena);
	int words_min, words_max;
	bool reads;   /* of a config alone: also for a user who may not change it */
	bool ours;    /* Proxmox has none of that name */
	bool files;   /* its first word may be a file, with a '/' in it */
	bool enters;  /* puts a process of ours into a container: lib/self.h */
	bool reports; /* what fails once a start has begun is shown as a report: cli/report.h */
	/* Return: the exit status, or a negative errno with @err filled. */
	int (*run)(struct pct *pct, const struct options *options, struct err *err);
};

extern const struct pct_verb *const pct_verbs[]; /* NULL at the end */
extern const struct pct_verb pct_list, pct_config, pct_status, pct_check, pct_plan, pct_bundle,
	pct_start, pct_stop, pct_shutdown, pct_reboot, pct_exec, pct_enter, pct_console, pct_create,
	pct_destroy, pct_unlock, pct_set, pct_pending, pct_push, pct_pull, pct_suspend, pct_resume,
	pct_cpusets, pct_startall, pct_stopall, pct_restore, pct_migrate, pct_remote_migrate,
	pct_resize, pct_mount, pct_unmount, pct_df, pct_fsck, pct_fstrim, pct_rescan,
	pct_move_volume, pct_snapshot, pct_delsnapshot, pct_rollback, pct_listsnapshot, pct_clone,
	pct_template, pct_firewall, pct_last;

/** pct_create_options() - those of create: a restore has them, too. */
const struct option_row *pct_create_options(struct arena *arena);

/** pct_load() - the config of a container, its warnings to stderr. @conf is the caller's. */
int pct_load(struct pct *pct, const char *id, struct pve_conf *conf, struct err *err);

/** pct_warn() - one line to stderr, for callbacks that take one. @data: not used. */
void pct_warn(void *data, const char *line);

/** pct_exists() - Return: 0; -ENOENT in Proxmox's words where there is no such config. */
int pct_exists(struct pct *pct, const char *id, struct err *err);

/** pct_seconds() - the option --timeout; @seconds stays without one. Return: 0; -EINVAL. */
int pct_seconds(const struct options *options, unsigned int *seconds, struct err *err);

/** pct_bwlimit() - the option --bwlimit; NULL without one. Return: 0; -EINVAL: it is no number. */
int pct_bwlimit(const struct options *options, const char **bwlimit, struct err *err);

/** pct_accept() - what a start does without, by cli/accept.h. Return: 0; -EINVAL. */
int pct_accept(struct pct *pct, const struct options *options, struct err *err);

/** pct_warn_findings() - a line to stderr for each */
void pct_warn_findings(struct pct *pct, const struct lint_findings *findings);

/** pct_warn_conf() - a config's warnings to stderr, but for that of the line @err tells of (or
 * NULL)
 */
void pct_warn_conf(struct pct *pct, const struct pve_conf *conf, const struct err *err);

/** pct_report() - the report of a start that failed, in @pct's arena. */
const char *pct_report(struct pct *pct, const struct err *err);

/** pct_running() - whether the runtime has a living container of that id. */
bool pct_running(struct pct *pct, const char *id);

/** pct_paused() - whether it is suspended: it counts as running, and nothing of it runs. */
bool pct_paused(struct pct *pct, const char *id);

/** struct translation - a config as the bundle that it comes to */
struct translation {
	struct pve_conf conf; /* with what was pending applied: a start makes it so */
	bool pending;         /* there was something: the file doesn't say so yet   */
	bool starts;          /* set by the caller: volumes that pending mpN ask for are made */
	const struct oci_spec *running; /* set by the caller that changes a running container:
					   what it was made from */
	/* Set by the caller that asks what a config would come to: */
	const char *file;        /* it is in this file; NULL: in ID.conf           */
	const char *const *sets; /* "memory=512": lines to change before, "memory=": to
				    leave out; NULL at the end, NULL: none */
	bool told;               /* what there is to say about the config has been said         */
	struct pve_facts *facts; /* these, too, in pct->arena */
	struct oci_spec *spec;
	struct pve_notices *notices;
};

/** pct_translate() - gather the facts of this host and translate. conf_free() the conf.
 * Nothing is changed, but for @translation->starts: that caller has the config's lock, and writes
 * a config that had something pending. */
int pct_translate(struct pct *pct, const char *id, const char *bundle,
		  struct translation *translation, struct err *err);

/** pct_change() - give a running container what a config comes to: @translation->conf; the rest of
 * it is filled. What it has already may be gone from the host. */
int pct_change(struct pct *pct, const char *id, struct translation *translation, struct err *err);

/** pct_translate_conf() - the same for the main section of the conf that is in @translation. */
int pct_translate_conf(struct pct *pct, const char *bundle, struct translation *translation,
		       struct err *err);
