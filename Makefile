# pctrun: one Makefile, no configure. `make help` lists the targets.
#
#   make V=1      show the commands            make CC=clang
#   make FAULT=1  fails before the step that $PCTRUN_FAULT names, in build-fault: for crash tests
#   make SAN=1    ASan and UBSan, in build-san   make PREFIX=/usr DESTDIR=/tmp/x install
#   make STATIC=  with shared libraries
#   make CROSS=aarch64-linux-gnu [SYSROOT=folder]   for another machine, in build-aarch64-linux-gnu

PREFIX ?= /usr/local
VERSION := 0.1.0
COMMIT := $(or $(shell git describe --always --dirty --abbrev=40 --exclude='*' 2>/dev/null),unknown)

comma := ,
SAN ?=
FUZZ ?=
FAULT ?=
STATIC ?= $(if $(SAN),,1)
CROSS ?=
SYSROOT ?=
VARIANT := $(if $(FUZZ),-fuzz,$(if $(SAN),-san)$(if $(findstring clang,$(CC)),-clang))$(addprefix -,$(CROSS))
OBJ := build$(VARIANT)
# FAULT is another choice of objects, not another way to make them.
BUILD := build$(if $(FAULT),-fault)$(VARIANT)
Q := $(if $(V),,@)

ifeq ($(origin CC),default)
CC := $(addsuffix -,$(CROSS))gcc
endif
ifeq ($(origin AR),default)
AR := $(addsuffix -,$(CROSS))ar
endif
PKG_CONFIG ?= $(if $(CROSS),PKG_CONFIG_LIBDIR=$(SYSROOT)/usr/lib/$(CROSS)/pkgconfig:$(SYSROOT)/usr/share/pkgconfig \
	$(addprefix PKG_CONFIG_SYSROOT_DIR=,$(SYSROOT))) pkg-config
MACHINE := $(firstword $(subst -, ,$(shell $(CC) -dumpmachine)))
WARN := -Wall -Wextra -Wshadow -Wmissing-prototypes -Wstrict-prototypes -Wpointer-arith -Wformat=2 \
	-Wno-unused-parameter -Wno-unused-result -Wno-missing-field-initializers
SANITIZE := $(if $(FUZZ),-fsanitize=fuzzer-no-link) -fsanitize=address -fsanitize=undefined \
	-fno-sanitize-recover=undefined
HARDEN_x86_64 := -fcf-protection
HARDEN_aarch64 := -mbranch-protection=standard
HARDEN := -fPIE -fstack-protector-strong -fstack-clash-protection $(HARDEN_$(MACHINE)) \
	$(if $(SAN),,-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=$(if $(findstring clang,$(CC)),2,3))
HARDEN_LD := -pie -Wl,-z,relro,-z,now -Wl,-z,noexecstack -Wl,--as-needed
OPT := $(if $(SAN),-O1 -fno-omit-frame-pointer $(SANITIZE),-O2)
CPPFLAGS += -D_GNU_SOURCE -I. -DPCTRUN_VERSION='"$(VERSION)"' -DPCTRUN_PREFIX='"$(PREFIX)"'
CFLAGS += $(addprefix --sysroot=,$(SYSROOT)) -std=gnu17 -g $(OPT) $(WARN) $(HARDEN) $(if $(WERROR),-Werror)
LDFLAGS += $(HARDEN_LD) $(if $(SAN),$(SANITIZE))

RUNTIME_LIBS := yajl libseccomp libcap libnl-3.0 libnl-route-3.0
PVE_LIBS := libarchive libbtrfsutil
SCOPE_LIBS := libsystemd
NFT_LIBS := libnftables
WATCH_LIBS := libbpf yajl
pkgs = $(shell $(PKG_CONFIG) $(1) $(2) 2>/dev/null)
PKG_CPPFLAGS := $(call pkgs,--cflags,$(RUNTIME_LIBS))
CPPFLAGS += $(PKG_CPPFLAGS)

sources = $(wildcard $(addsuffix /*.c,$(1)))
objects = $(patsubst %.c,$(OBJ)/%.o,$(1))

# Two files with the same functions, one of them built.
UNBUILT := $(if $(FAULT),lib/fault_off.c,lib/fault_on.c)
RUNTIME_SRC := $(filter-out $(UNBUILT),$(call sources,lib oci ns cgroup net seccomp runtime debug why))
PVE_SRC := $(call sources,pve/*)
CLI_PCTRUN := $(call sources,cli/pctrun)
CLI_PCT := $(call sources,cli/pct)
CLI_SHARED := $(call sources,cli)
UNIT_SRC := $(wildcard tests/unit/*.c)

# Run by the other two: each links a library, or runs a program, that those don't know.
HELPERS := $(addprefix $(BUILD)/pctrun-,scope nft dhcp)
# Its programs for the kernel are compiled by clang, for the machines of libexec/watch_machine.h.
BPF_CC ?= clang
ifneq ($(and $(call pkgs,--modversion,$(WATCH_LIBS)),$(shell command -v $(BPF_CC)),$(filter x86_64 aarch64,$(MACHINE))),)
HELPERS += $(BUILD)/pctrun-watch
endif
PROGRAMS := $(BUILD)/pctrun $(BUILD)/pct $(HELPERS)

all: $(PROGRAMS) ## build pctrun, pct and what they run

$(BUILD)/runtime.a: $(call objects,$(RUNTIME_SRC))
$(BUILD)/pve.a: $(call objects,$(PVE_SRC))
$(BUILD)/cli.a: $(call objects,$(CLI_SHARED))

# Of pve.a only what reads LXC's seccomp profiles comes along.
$(BUILD)/pctrun: $(call objects,$(CLI_PCTRUN)) $(BUILD)/cli.a $(BUILD)/pve.a $(BUILD)/runtime.a
# Without shared libraries: to find, map and relocate them is a quarter of a start's time, and memory
# that nobody shares. What links a library that has no archive is a program of its own.
$(BUILD)/pctrun: LIBS := $(call pkgs,--libs,$(RUNTIME_LIBS))
$(BUILD)/pct: LIBS := $(call pkgs,--libs,$(RUNTIME_LIBS) $(PVE_LIBS)) -lcrypt
ifneq ($(STATIC),)
ARCHIVES := $(subst -lyajl,-lyajl_s,$(call pkgs,--static --libs,$(RUNTIME_LIBS)))
$(BUILD)/pctrun: LIBS := $(ARCHIVES)
# Of libarchive only tar and its filters come along: what else it could need isn't named here.
$(BUILD)/pct: LIBS := $(ARCHIVES) -lbtrfsutil -l:libarchive.a -lz -llzma -lzstd -lbz2 -lacl -lcrypt
# libnl could ask the name service, by functions that we don't call: it stays out of the program.
$(BUILD)/pctrun $(BUILD)/pct: HARDEN_LD := -static-pie $(filter-out -pie,$(HARDEN_LD)) \
	$(addprefix -Wl$(comma)--defsym=,$(addsuffix =abort,getaddrinfo getprotobyname getprotobynumber))
# Before the C library: lib/self_start.c.
$(OBJ)/lib/self_start.o: HARDEN += -fno-stack-protector -fno-stack-clash-protection
ifeq ($(MACHINE),x86_64)
$(BUILD)/pctrun: HARDEN_LD += -Wl,-e,self_start
endif
endif
$(BUILD)/pct: $(call objects,$(CLI_PCT)) $(BUILD)/cli.a $(BUILD)/pve.a $(BUILD)/runtime.a
$(BUILD)/pctrun-nft: $(call objects,libexec/nft.c) $(BUILD)/runtime.a
$(BUILD)/pctrun-nft: LIBS := $(call pkgs,--libs,$(NFT_LIBS))
$(BUILD)/pctrun-dhcp: $(call objects,libexec/dhcp.c) $(BUILD)/runtime.a
$(BUILD)/pctrun-watch: $(call objects,libexec/watch.c libexec/watch_source.c) $(BUILD)/runtime.a
$(BUILD)/pctrun-watch: LIBS := $(call pkgs,--libs,$(WATCH_LIBS))
# Has the programs for the kernel in it.
$(OBJ)/libexec/watch_source.o: $(OBJ)/libexec/watch.bpf.o
$(OBJ)/libexec/watch_source.o: CFLAGS += -Wa,-I$(OBJ)
$(OBJ)/libexec/watch.bpf.o: libexec/watch.bpf.c libexec/watch.h libexec/watch_machine.h Makefile
	@mkdir -p $(@D)
	@echo "  BPF     $<"
	$(Q)$(BPF_CC) --target=bpf -mcpu=v3 -O2 -g -Wall -Wextra -Wshadow -Wno-unused-parameter \
		$(if $(WERROR),-Werror) -D__$(MACHINE)__ -I. $(addprefix --sysroot=,$(SYSROOT)) \
		-I$(SYSROOT)/usr/include/$(MACHINE)-linux-gnu -c -o $@ $<
$(BUILD)/pctrun-scope: $(call objects,$(addprefix libexec/,scope.c bus.c manager.c property.c)) $(BUILD)/runtime.a
$(BUILD)/pctrun-scope: LIBS := $(call pkgs,--libs,$(SCOPE_LIBS))
$(BUILD)/unit: $(call objects,$(UNIT_SRC)) $(BUILD)/cli.a $(BUILD)/pve.a $(BUILD)/runtime.a
$(BUILD)/unit: LIBS := $(call pkgs,--libs,$(RUNTIME_LIBS) $(PVE_LIBS)) -lcrypt -lcriterion

$(BUILD)/%.a:
	@mkdir -p $(@D)
	@echo "  AR      $@"
	$(Q)rm -f $@ && $(AR) rcs $@ $^

$(PROGRAMS) $(BUILD)/unit:
	@echo "  LD      $@"
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)

$(OBJ)/%.o: %.c Makefile
	@mkdir -p $(@D)
	@echo "  CC      $<"
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

# --version names the commit: made anew when that is another one.
$(OBJ)/cli/pctrun/pctrun.o: CPPFLAGS += -DPCTRUN_COMMIT='"$(COMMIT)"'
$(OBJ)/cli/pctrun/pctrun.o: $(OBJ)/commit
$(OBJ)/commit: always
	@mkdir -p $(@D)
	@echo $(COMMIT) | cmp -s - $@ || echo $(COMMIT) >$@

# Manual pages and completion come from the tables of verbs and options in cli/.
MAN := $(BUILD)/pctrun.1 $(BUILD)/pct.1
COMPLETION := $(BUILD)/pctrun.bash $(BUILD)/pct.bash
$(BUILD)/%.1: $(BUILD)/% scripts/man.sh docs/%.man ; $(Q)scripts/man.sh man $< >$@
$(BUILD)/%.bash: $(BUILD)/% scripts/man.sh ; $(Q)scripts/man.sh bash $< >$@

## Checks

check: check-unit check-layers check-manual check-conformance ## unit tests, layers, manual pages, docs: no root, seconds

check-unit: $(BUILD)/unit
	$(Q)$(BUILD)/unit $(UNIT_ARGS)

check-layers:
	$(Q)scripts/layers.sh
	$(Q)scripts/files.sh

check-manual: all $(MAN) $(COMPLETION)
	$(Q)BUILD=$(BUILD) tests/manual.sh

# The specification's members, docs/oci-conformance.md and the tests that it names.
check-conformance: all
	$(Q)tests/conformance.py $(BUILD)

# What plays the attacker, or another odd program, inside: static, so that it runs in any root, and
# never sanitized.
ATTACKERS := $(patsubst tests/attack/%.c,$(BUILD)/attack/%,$(wildcard tests/attack/*.c))
attackers: $(ATTACKERS)
$(BUILD)/attack/%: tests/attack/%.c Makefile
	@mkdir -p $(@D)
	@echo "  CC      $<"
	$(Q)$(CC) -D_GNU_SOURCE -std=gnu17 -O2 $(WARN) $(if $(WERROR),-Werror) -static -o $@ $<

check-root: all templates attackers ## integration tests on this machine (root); TESTS='name ...' picks some
	$(Q)BUILD=$(BUILD) tests/integration/run.sh $(TESTS)

# Those that need what the VM alone has, or whose subject another kernel could change.
VM_TESTS := apparmor attacks audit checkpoint checkpoint_podman containerd cost denials \
	denials_watch devices docker events exec faults_table firewall firewall_why isolation \
	limits mounts namespaces netdevice network network_bridges network_rate network_raw \
	pct_limits podman rootless seccomp systemd update why
check-vm: all templates attackers ## integration tests in a VM that has every cgroup controller and AppArmor
	$(Q)tests/vm/boot.sh env BUILD=$(BUILD) PCTRUN_TEST_SLOW=15 \
		tests/integration/run.sh $(or $(TESTS),$(VM_TESTS))

# Open vSwitch is no matter of systemd: this lane is the shorter of both.
SYSTEMD_TESTS := audit_others network_ovs scope units
check-systemd: all ## in a VM whose first process is systemd: scopes and units, Open vSwitch
	$(Q)tests/vm/boot.sh --systemd env BUILD=$(BUILD) PCTRUN_TEST_SLOW=15 \
		tests/integration/run.sh $(or $(TESTS),$(SYSTEMD_TESTS))

check-initramfs: $(BUILD)/pctrun ## pctrun alone in a VM with nothing but an initramfs
	$(Q)BUILD=$(BUILD) tests/vm/initramfs.sh

# Debian calls the machine arm64, compilers aarch64: both programs and all that they run are built for
# it; pctrun shows itself to a kernel of it.
CROSS_ARM64 := aarch64-linux-gnu
check-arm64: $(BUILD)/pctrun ## for another machine: build for arm64, and pctrun alone on one that qemu plays
	$(Q)scripts/dependencies.sh cross
	$(Q)$(MAKE) --no-print-directory CROSS=$(CROSS_ARM64) SYSROOT=$$(scripts/foreign.sh arm64) all
	$(Q)BUILD=$(BUILD) PCTRUN=build-$(CROSS_ARM64)/pctrun tests/vm/initramfs.sh --arch arm64

templates: $(addprefix template-,bookworm-systemd trixie-systemd bookworm-openrc) ## what tests boot
template-%:
	$(Q)scripts/template.sh $(subst -, ,$*) >/dev/null

# Each target is one file; what it found interesting is kept in tests/fuzz/corpus/<target>.
FUZZ_SRC := $(wildcard tests/fuzz/*.c)
FUZZ_SECONDS ?= 60
fuzz: ## fuzz each parser for FUZZ_SECONDS (clang)
	$(Q)$(MAKE) --no-print-directory CC=clang SAN=1 FUZZ=1 fuzz-build
	$(Q)printf '%s\n' $(notdir $(FUZZ_SRC:.c=)) | \
		xargs -r -P $(JOBS) -I{} scripts/fuzz.sh {} $(FUZZ_SECONDS)

fuzz-build: $(patsubst tests/fuzz/%.c,$(BUILD)/fuzz_%,$(FUZZ_SRC))
$(BUILD)/fuzz_%: $(OBJ)/tests/fuzz/%.o $(BUILD)/cli.a $(BUILD)/pve.a $(BUILD)/runtime.a
	@echo "  LD      $@"
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -fsanitize=fuzzer -o $@ $^ \
		$(call pkgs,--libs,$(RUNTIME_LIBS) $(PVE_LIBS)) -lcrypt

JOBS ?= $(shell nproc)
C_FILES = $(shell git ls-files '*.c' '*.h')
lint: check-layers ## clang-format, clang-tidy, shellcheck, layers
	$(Q)clang-format --dry-run -Werror $(C_FILES)
	$(Q)shellcheck -S warning $$(git ls-files '*.sh') .ci/run
	$(Q)printf '%s\n' $(filter-out tests/% %.bpf.c,$(filter %.c,$(C_FILES))) | \
		xargs -P $(JOBS) -n 8 scripts/tidy.sh $(CPPFLAGS) -DPCTRUN_COMMIT='"$(COMMIT)"' -std=gnu17 --

RUNS ?= 50
bench: all $(BUILD)/floor $(BUILD)/floor.bpf $(BUILD)/floor_attach ## against crun, runc, lxc and the floor, as ratios (root)
	$(Q)scripts/dependencies.sh bench
	$(Q)BUILD=$(BUILD) RUNS=$(RUNS) tests/bench/run.sh

# What the kernel alone costs: tests/bench/floor.c, floor_attach.c.
$(BUILD)/floor $(BUILD)/floor_attach: $(BUILD)/%: $(OBJ)/tests/bench/%.o
	@echo "  LD      $@"
	$(Q)$(CC) $(CFLAGS) -static -o $@ $^
$(BUILD)/floor_filter: $(OBJ)/tests/bench/floor_filter.o
	@echo "  LD      $@"
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(call pkgs,--libs,libseccomp)
$(BUILD)/floor.bpf: tests/bench/spec.py $(BUILD)/floor_filter
	$(Q)tests/bench/spec.py calls | $(BUILD)/floor_filter $@

test: ## everything that CI runs (root; some 25 minutes)
	$(Q).ci/run

## For people

demo: ## from a config to a booted Debian, on this machine (root)
	$(Q)scripts/dependencies.sh build demo
	$(Q)$(MAKE) --no-print-directory all
	$(Q)BUILD=$(BUILD) scripts/demo.sh

deps: ## install what all targets need, from Debian (root)
	$(Q)scripts/dependencies.sh build test demo vm bench cross

BINDIR := $(DESTDIR)$(PREFIX)/bin
install: all $(MAN) $(COMPLETION) $(wildcard units/*) ## into DESTDIR PREFIX
	install -D -m 755 -t $(BINDIR) $(BUILD)/pctrun $(BUILD)/pct
	install -D -m 755 -t $(DESTDIR)$(PREFIX)/libexec $(HELPERS)
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/man/man1 $(MAN)
	install -D -m 644 $(BUILD)/pctrun.bash $(DESTDIR)$(PREFIX)/share/bash-completion/completions/pctrun
	install -D -m 644 $(BUILD)/pct.bash $(DESTDIR)$(PREFIX)/share/bash-completion/completions/pct
	install -d $(DESTDIR)$(PREFIX)/lib/systemd/system
	for unit in $(notdir $(wildcard units/*)); do \
		sed 's,@bindir@,$(PREFIX)/bin,' "units/$$unit" \
			>"$(DESTDIR)$(PREFIX)/lib/systemd/system/$$unit" || exit 1; done

clean: ## remove what was built
	rm -rf build build-*

help: ## this list
	@sed -n 's/^\([a-z0-9-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 24

.PHONY: all check check-unit check-layers check-manual check-conformance check-root check-vm check-systemd \
	check-initramfs check-arm64 attackers templates fuzz fuzz-build lint bench test demo deps install clean help always
.DELETE_ON_ERROR:
.SECONDARY:
-include $(shell find $(OBJ) -name '*.d' 2>/dev/null)
