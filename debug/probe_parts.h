#pragma once

#include "debug/probe.h"
#include "lib/host.h"
#include "lib/own.h"
#include "lib/text.h"

struct err;

/** probe_failed() - say what failed. Return: its negative errno. */
int probe_failed(struct text *text, const struct err *err);

int probe_userns(const struct probing *probing, struct text *text);
int probe_controllers(const struct probing *probing, struct text *text);
int probe_delegation(const struct probing *probing, struct text *text);
int probe_bpf(const struct probing *probing, struct text *text);
int probe_notify(const struct probing *probing, struct text *text);
int probe_keys(const struct probing *probing, struct text *text);
int probe_inotify(const struct probing *probing, struct text *text);
int probe_rate(const struct probing *probing, struct text *text);
int probe_apparmor(const struct probing *probing, struct text *text);
int probe_binfmt(const struct probing *probing, struct text *text);
