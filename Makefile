# pctrun: one Makefile, no configure. `make help` lists the targets.
#
#   make V=1      show the commands            make CC=clang
#   make SAN=1    ASan and UBSan, in build-san   make PREFIX=/usr DESTDIR=/tmp/x install

PREFIX ?= /usr/local
VERSION := 0.1.0

SAN ?=
BUILD := build$(if $(SAN),-san)$(if $(findstring clang,$(CC)),-clang)
Q := $(if $(V),,@)

CC ?= gcc
PKG_CONFIG ?= pkg-config
WARN := -Wall -Wextra -Wshadow -Wmissing-prototypes -Wstrict-prototypes -Wpointer-arith -Wformat=2 \
	-Wno-unused-parameter -Wno-missing-field-initializers
HARDEN := -fPIE -fstack-protector-strong -fstack-clash-protection -fcf-protection \
	$(if $(SAN),,-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=$(if $(findstring clang,$(CC)),2,3))
HARDEN_LD := -pie -Wl,-z,relro,-z,now -Wl,-z,noexecstack -Wl,--as-needed
OPT := $(if $(SAN),-O1 -fsanitize=address$(,)undefined -fno-omit-frame-pointer,-O2)
, := ,
OPT := $(if $(SAN),-O1 -fsanitize=address$(,)undefined -fno-omit-frame-pointer,-O2)
CPPFLAGS += -D_GNU_SOURCE -I. -DPCTRUN_VERSION='"$(VERSION)"' -DPCTRUN_PREFIX='"$(PREFIX)"'
CFLAGS += -std=gnu17 -g $(OPT) $(WARN) $(HARDEN) $(if $(WERROR),-Werror)
LDFLAGS += $(HARDEN_LD) $(if $(SAN),-fsanitize=address$(,)undefined)

RUNTIME_LIBS := yajl libseccomp libcap libnl-3.0 libnl-route-3.0
PVE_LIBS := libarchive
pkgs = $(shell $(PKG_CONFIG) $(1) $(2) 2>/dev/null)
CPPFLAGS += $(call pkgs,--cflags,$(RUNTIME_LIBS))

sources = $(wildcard $(addsuffix /*.c,$(1)))
objects = $(patsubst %.c,$(BUILD)/%.o,$(1))

RUNTIME_SRC := $(call sources,lib oci ns cgroup net seccomp runtime)
PVE_SRC := $(call sources,pve)
CLI_PCTRUN := $(wildcard cli/pctrun.c cli/run_*.c)
CLI_PCT := $(wildcard cli/pct.c cli/pct_*.c)
CLI_SHARED := $(filter-out $(CLI_PCTRUN) $(CLI_PCT),$(wildcard cli/*.c))
UNIT_SRC := $(wildcard tests/unit/*.c)

all: $(BUILD)/pctrun $(BUILD)/pct ## build pctrun and pct

$(BUILD)/runtime.a: $(call objects,$(RUNTIME_SRC))
$(BUILD)/pve.a: $(call objects,$(PVE_SRC))
$(BUILD)/cli.a: $(call objects,$(CLI_SHARED))

$(BUILD)/pctrun: $(call objects,$(CLI_PCTRUN)) $(BUILD)/cli.a $(BUILD)/runtime.a
$(BUILD)/pctrun: LIBS := $(call pkgs,--libs,$(RUNTIME_LIBS))
$(BUILD)/pct: $(call objects,$(CLI_PCT)) $(BUILD)/cli.a $(BUILD)/pve.a $(BUILD)/runtime.a
$(BUILD)/pct: LIBS := $(call pkgs,--libs,$(RUNTIME_LIBS) $(PVE_LIBS)) -lcrypt
$(BUILD)/unit: $(call objects,$(UNIT_SRC)) $(BUILD)/cli.a $(BUILD)/pve.a $(BUILD)/runtime.a
$(BUILD)/unit: LIBS := $(call pkgs,--libs,$(RUNTIME_LIBS) $(PVE_LIBS)) -lcrypt -lcriterion

$(BUILD)/%.a:
	@echo "  AR      $@"
	$(Q)rm -f $@ && ar rcs $@ $^

$(BUILD)/pctrun $(BUILD)/pct $(BUILD)/unit:
	@echo "  LD      $@"
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)

$(BUILD)/%.o: %.c Makefile
	@mkdir -p $(@D)
	@echo "  CC      $<"
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

check: check-unit check-layers ## unit tests and layers: no root, seconds

check-unit: $(BUILD)/unit
	$(Q)$(BUILD)/unit --quiet $(UNIT_ARGS)

check-layers:
	$(Q)scripts/layers.sh

clean: ## remove what was built
	rm -rf build build-*

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 24

.PHONY: all check check-unit check-layers clean help
.DELETE_ON_ERROR:
.SECONDARY:
-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
