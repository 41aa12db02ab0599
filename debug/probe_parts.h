#pragma once

#include "debug/probe.h"
#include "lib/host.h"
#include "lib/own.h"
#include "lib/text.h"

int probe_userns(const struct probing *probing, struct text *text);
int probe_controllers(const struct probing *probing, struct text *text);
int probe_delegation(const struct probing *probing, struct text *text);
int probe_bpf(const struct probing *probing, struct text *text);
int probe_notify(const struct probing *probing, struct text *text);
int probe_keys(const struct probing *probing, struct text *text);
int probe_inotify(const struct probing *probing, struct text *text);
int probe_apparmor(const struct probing *probing, struct text *text);
int probe_binfmt(const struct probing *probing, struct text *text);
