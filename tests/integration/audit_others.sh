#!/bin/bash
# pctrun audit --pid on containers and sandboxes that others have made: crun, LXC, systemd-nspawn, a
# service, a browser's sandbox; against what util-linux's own tools and the kernel say of them.
# time: 120 s
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=audited.sh
. "$(dirname "$0")/audited.sh"

sleepers=''
trap 'kill $sleepers 2>/dev/null; clean_up' EXIT
bundle closed sleep 1000

has_systemd() { [ "$(cat /proc/1/comm)" = systemd ] && emulated; }

# cgroup_dir PID: whose device filter counts: a list of version 1 where there is one
cgroup_dir() {
    local v1
    v1=$(findmnt -n -t cgroup -O devices -o TARGET | head -n 1)
    if [ -n "$v1" ]; then
        echo "$v1$(sed -n 's/^[0-9]*:devices://p' "/proc/$1/cgroup")"
    else
        echo "$(cgroup2_root)$(sed -n 's/^0:://p' "/proc/$1/cgroup")"
    fi
}

# rules REGEX NAME: of the last report's device filters, who has one of them
rules() {
    like "its device rules" "$(get '", ".join(report["deviceFilters"]["rules"])')" "$1"
    like "are somebody's" "$(get '[one["name"] for one in report["deviceFilters"]["filters"]]')" "$2"
}

# Whoever starts a program may return, or tell its number, before it is executed.
is_sleep() { [ "$(cat "/proc/$pid/comm")" = sleep ]; }

# --- crun

# In the VM podman's test has one of crun's, and the sandbox is the same anywhere.
linux=',"resources":{"devices":[{"allow":false,"access":"rwm"}]}' bundle crun sleep 1000
if emulated; then
    skip "crun's container" "emulated"
elif capture crun --root "$WORK/crun-state" run -d -b crun audit-crun; then
    pid=$(crun --root "$WORK/crun-state" state audit-crun | sed -n 's/.*"pid": *\([0-9]*\).*/\1/p')
    eventually "crun's container runs" is_sleep
    agrees "crun's container" "$pid"
    rules '^a \*:\* m, .*c 1:3 rwm, .*c 136:\* rwm' "'"
    filters_agree "crun's container" "$(cgroup_dir "$pid")"
    crun --root "$WORK/crun-state" delete -f audit-crun
else
    skip "crun's container" "crun can't run one here: ${out%%$'\n'*}"
fi

# --- LXC

# Some of them stay when a container of LXC's ends.
lxc_cgroups() { find "$(cgroup2_root)" -depth -type d -name 'lxc.*'; }
if command -v lxc-execute >/dev/null; then
    lxc_before=$(lxc_cgroups)
    mkdir lxc && cp -a closed/rootfs lxc/rootfs
    printf '%s\n' "lxc.rootfs.path = dir:$WORK/lxc/rootfs" 'lxc.uts.name = audited' 'lxc.net.0.type = empty' \
        'lxc.mount.auto = proc:mixed sys:ro' 'lxc.apparmor.profile = unconfined' \
        'lxc.cgroup2.devices.deny = a' 'lxc.cgroup2.devices.allow = c 1:3 rwm' \
        'lxc.cgroup2.devices.allow = c 10:229 rw' 'lxc.cgroup2.devices.allow = b 7:* r' \
        'lxc.idmap = u 0 200000 1000' 'lxc.idmap = g 0 200000 1000' 'lxc.cap.drop = sys_time' >lxc/config
    find lxc/rootfs -exec chown -h 200000:200000 {} +
    chmod 755 "$WORK/lxc"
    echo root:200000:1000 >subids
    # shellcheck disable=SC2016 # for that shell
    unshare -m sh -c 'mount --bind subids /etc/subuid && mount --bind subids /etc/subgid && exec "$@"' sh \
        lxc-start -P "$WORK/lxc" -n audited -f lxc/config -F -- sleep 1000 >lxc.log 2>&1 </dev/null &
    lxc=$!
    sleepers="$sleepers $lxc"
    lxc_runs() { pid=$(lxc-info -P "$WORK/lxc" -n audited -p -H 2>/dev/null | grep -E '^[0-9]+$') && is_sleep; }
    eventually "lxc's container runs" lxc_runs
    agrees "lxc's container" "$pid"
    if [[ "$(cgroup_dir "$pid")" = "$(cgroup2_root)"* ]]; then
        rules '^c 1:3 rwm, c 10:229 rw, b 7:\* r$' "'"
        filters_agree "lxc's container" "$(cgroup_dir "$pid")"
    else
        skip "lxc's device rules" "devices are cgroup version 1's here"
    fi
    lxc-stop -P "$WORK/lxc" -n audited -k
    wait $lxc
    lxc_cgroups | grep -vxF -e "$lxc_before" | xargs -r rmdir 2>/dev/null
else
    skip "lxc's container" "no lxc here (scripts/dependencies.sh bench)"
fi

# --- systemd-nspawn

# As a service where there is a systemd, with devices as its own unit has them; else by hand.
nspawn() {
    local options=(--register=no --keep-unit -q --private-users=327680:65536 --private-users-ownership=chown)
    cp -a closed/rootfs nspawn && mkdir -p nspawn/usr # or it takes it for no system
    if has_systemd; then
        runs "systemd-nspawn's service" systemd-run -q --unit pctrun-nspawn -p Delegate=yes -p DevicePolicy=closed \
            -p 'DeviceAllow=/dev/loop-control rw' -p 'DeviceAllow=char-pts rw' -p 'DeviceAllow=block-loop rw' \
            systemd-nspawn "${options[@]}" -D "$WORK/nspawn" sleep 1000
        first=$(systemctl show -P MainPID pctrun-nspawn)
        return
    fi
    cgroup=$(cgroup2_root)/pctrun-nspawn # it makes some beside its own
    mkdir -p "$cgroup/own"
    # shellcheck disable=SC2016 # for that shell
    sh -c 'echo $$ >"$0/own/cgroup.procs" && exec "$@"' "$cgroup" \
        systemd-nspawn "${options[@]}" -D nspawn sleep 1000 </dev/null >nspawn.log 2>&1 &
    first=$!
    sleepers="$sleepers $first"
}
nspawn_gone() {
    if has_systemd; then
        systemctl stop pctrun-nspawn
        systemctl reset-failed pctrun-nspawn 2>/dev/null # what it says of its container's end
    else
        kill "$first" && wait "$first"
        find "$cgroup" -depth -type d -exec rmdir {} +
    fi
}

if command -v systemd-nspawn >/dev/null; then
    nspawn
    eventually "systemd-nspawn's container runs" pgrep -P "$first" -x sleep
    pid=$(pgrep -P "$first" -x sleep)
    agrees "systemd-nspawn's container" "$pid"
    if has_systemd; then
        rules '\bc 1:3 rwm, c 1:5 rwm, .*c 10:237 rw, c 136:\* rw, .*b 7:\* rw$' sd_devices
        filters_agree "systemd-nspawn's container" "$(cgroup_dir "$pid")"
    fi
    nspawn_gone
else
    skip "systemd-nspawn's container" "no systemd-nspawn here (scripts/dependencies.sh engines)"
fi

# --- a service

if has_systemd; then
    runs "a service" systemd-run -q --unit audit-service -p DevicePolicy=strict -p 'DeviceAllow=/dev/null rw' \
        -p PrivateNetwork=yes -p ProtectSystem=strict -p NoNewPrivileges=yes -p CapabilityBoundingSet=CAP_CHOWN \
        -p SystemCallFilter=~@reboot -p ProtectKernelTunables=yes -p MemoryMax=64M sleep 1000
    pid=$(systemctl show -P MainPID audit-service)
    eventually "runs" is_sleep
    agrees "a service" "$pid"
    rules '^c 1:3 rw$' sd_devices
    filters_agree "a service" "$(cgroup_dir "$pid")"
    is "its memory" "$(get 'report["cgroups"][-1]["limits"]["memory.max"]')" 67108864
    status "why" 1 pctrun why --pid "$pid" read /dev/zero
    like "a device of others" "$out" '^DENIES   device filter    c 1:5 is not allowed by sd_devices on /system.slice/audit-service.service'
    systemctl stop audit-service
else
    skip "a service" "systemd is not the first process of a VM of ours"
fi

! emulated || { done_testing; exit; }

# --- as a browser's: an own network, no rights, no way to any, few system calls

unshare --user --map-root-user --net --pid --fork --mount-proc --kill-child \
    setpriv --no-new-privs --bounding-set -all --inh-caps -all -- python3 -c '
import ctypes, os, struct
code = b"".join(struct.pack("<HBBI", *insn) for insn in [  # not ptrace, kexec_load: of x86-64
    (0x20, 0, 0, 4), (0x15, 0, 4, 0xC000003E), (0x20, 0, 0, 0), (0x15, 1, 0, 101), (0x15, 0, 1, 246),
    (0x06, 0, 0, 0x50001), (0x06, 0, 0, 0x7FFF0000)])
buffer = ctypes.create_string_buffer(code, len(code))
program = struct.pack("<HxxxxxxQ", len(code) // 8, ctypes.addressof(buffer))
if ctypes.CDLL(None).prctl(22, 2, program) != 0:
    os._exit(1)
os.execvp("sleep", ["sleep", "1000"])' &
sleepers="$sleepers $!"
sandbox() { pgrep -P "$(pgrep -P $!)" -x sleep || pgrep -P $! -x sleep; }
eventually "a sandbox" sandbox
agrees "a sandbox" "$(sandbox)"
found id-map-of-root ''
not_found may-gain-privileges
not_found no-seccomp
is "no way out" "$(get 'report["defaultRoutes"]')" '[]'
is "what its filter refuses" "$(get '[one["calls"] for one in report["seccomp"]["calls"] if one["outcome"] == "ERRNO EPERM"]')" \
    "[['ptrace', 'kexec_load']]"
done_testing
