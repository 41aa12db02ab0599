#!/bin/bash
# pctrun audit --pid: any process, against what util-linux's own tools say of it.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

schema=$TREE/docs/schema/audit.json
sleepers=''
trap 'kill $sleepers 2>/dev/null; clean_up' EXIT

# report PID: as JSON, in the file report
report() {
    runs "report on $1" pctrun audit --format json --pid "$1"
    echo "$out" >report
}

# agrees NAME PID: the report follows the schema, and tools see the same
agrees() {
    report "$2"
    is "$1: as util-linux sees it" "$(python3 "$TREE/tests/integration/facts.py" "$schema" report 2>&1)" ''
}

# get EXPRESSION: of the last report
get() {
    python3 -c 'import json, sys; report = json.load(open("report")); print(eval(sys.argv[1]))' "$1"
}

# weaknesses: the names found, sorted
weaknesses() {
    get '" ".join(sorted(one["name"] for one in report["weaknesses"]))'
}

# found NAME DETAIL / not_found NAME: a weakness of the last report
found() {
    is "found: $1" "$(get "[one['detail'] for one in report['weaknesses'] if one['name'] == '$1']")" "['$2']"
}
not_found() {
    is "not found: $1" "$(get "[one['detail'] for one in report['weaknesses'] if one['name'] == '$1']")" "[]"
}

# The kernel files of the table that change something: those that a root of the host finds writable.
changing() {
    pctrun audit --format json --pid $$ | python3 -c 'import json, sys
print("\n".join(one["path"] for one in json.load(sys.stdin)["kernelFiles"] if one["writable"]))'
}

# writable COMMAND...: of those, what COMMAND sh -c opens for writing, nothing being written
writable() {
    changing >paths
    # shellcheck disable=SC2016 # for that shell
    "$@" sh -c 'while read -r path; do [ ! -f "$path" ] || ! (true >>"$path") 2>/dev/null || echo "$path"; done' <paths
}
reported_writable() {
    get '"\n".join(one["path"] for one in report["kernelFiles"] if one["writable"])' |
        while read -r path; do [ ! -f "/proc/$1/root$path" ] || echo "$path"; done
}

# --- containers of ours

bundle closed sleep 1000
runs "a container" pctrun run -d -b closed closed
pid=$(container_pid closed)
agrees "a container" "$pid"
is "kernel files that it may write" "$(reported_writable "$pid")" "$(writable pctrun exec closed)"
is "what is masked" "$(get '[one["path"] for one in report["kernelFiles"] if one["masked"]]')" \
    "$(pctrun exec closed sh -c '[ ! -e /sys/firmware/dmi/tables/DMI ] || echo')[]"
found host-root ''
not_found mounts-of-host
not_found kernel-files-take-over
not_found network-of-host

namespaces="$default_namespaces,{\"type\":\"user\"}" linux=$userns_maps bundle mapped sleep 1000
shift_owner mapped/rootfs
runs "one with a user namespace" pctrun run -d -b mapped mapped
pid=$(container_pid mapped)
agrees "a user namespace" "$pid"
is "its capabilities end there" "$(get 'report["capabilities"]["overHost"]')" False
is "it may not write" "$(reported_writable "$pid")" "$(writable pctrun exec mapped)"
not_found host-root
not_found capabilities-take-over
not_found host-folders-writable

# --- folders of the host: which of them it may write to

# folders NAME: a copy of that container with some of the host's
folders() {
    cp -a "$1" "$1.folders"
    python3 - "$1.folders/config.json" <<'END'
import json, sys
path = sys.argv[1]
config = json.load(open(path))
config["mounts"] += [{"destination": f"/srv/{i}", "source": source, "options": ["bind", *options]}
                     for i, (source, *options) in enumerate([["/opt"], ["/etc/profile.d"], ["/usr/bin", "ro"], ["/tmp"]])]
json.dump(config, open(path, "w"))
END
    runs "$1 with folders of the host" pctrun run -d -b "$1.folders" "$1.folders"
    report "$(container_pid "$1.folders")"
}
if [ "$(stat -c %d / /opt /etc/profile.d /usr/bin | sort -u | wc -l)" -eq 1 ]; then
    folders closed
    found host-folders-writable '/srv/0, /srv/1'
    folders mapped
    not_found host-folders-writable
    pctrun delete -f closed.folders
    pctrun delete -f mapped.folders
else
    skip "folders of the host" "they are not all on its root file system"
fi

linux=',"readonlyPaths":[]' bundle open sleep 1000
sed -i 's/"readonlyPaths": \["\/proc\/sys"\]/"x-nothing": []/; s/"maskedPaths": \[[^]]*\]/"y-nothing": []/' open/config.json
sed -i "s/\"CAP_CHOWN\"/\"CAP_CHOWN\",\"CAP_SYS_ADMIN\",\"CAP_NET_ADMIN\"/g; s/{\"type\":\"network\"},//; s/{\"type\":\"pid\"},//" open/config.json
python3 - open/config.json <<'END'
import json, sys
path = sys.argv[1]
config = json.load(open(path))
config["mounts"] += [
    {"destination": "/run/docker.sock", "source": "socket", "options": ["bind"]},
    {"destination": "/host etc", "source": "/etc", "options": ["rbind", "rw"]},
]
json.dump(config, open(path, "w"))
END
python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("open/socket")'
runs "a container that is none" pctrun run -d -b open open
pid=$(container_pid open)
agrees "an open container" "$pid"
is "it may write" "$(reported_writable "$pid")" "$(writable pctrun exec open)"
found capabilities-take-over CAP_SYS_ADMIN
found service-sockets /run/docker.sock
found governs-host-network ''
found network-of-host ''
found pids-of-host ''
like "a folder of the host" "$(weaknesses)" host-folders-writable
like "core_pattern" "$(get '[one["detail"] for one in report["weaknesses"] if one["name"] == "kernel-files-take-over"]')" \
    /proc/sys/kernel/core_pattern
is "the worst first" "$(get 'sorted(("open", "weak", "noted").index(one["severity"]) for one in report["weaknesses"]) == [("open", "weak", "noted").index(one["severity"]) for one in report["weaknesses"]]')" True
runs "as text" pctrun audit --pid "$pid"
like "capabilities in words" "$out" '^  CAP_SYS_ADMIN +mounts anything'
like "and what to do" "$out" '^         to do: drop them'
is "nothing of it changed" "$(cat "/proc/$pid/mountinfo")" "$(pctrun audit --pid "$pid" >/dev/null && cat "/proc/$pid/mountinfo")"

# --- an id-mapped mount

python3 - mapped/config.json <<'END'
import json, sys
path = sys.argv[1]
config = json.load(open(path))
maps = [{"containerID": 0, "hostID": 300000, "size": 1000}]
config["mounts"] += [{"destination": "/data", "source": "data", "options": ["bind"],
                      "uidMappings": maps, "gidMappings": maps}]
json.dump(config, open(path, "w"))
END
mkdir mapped/data
if capture pctrun run -d -b mapped idmapped; then
    report "$(container_pid idmapped)"
    is "an id-mapped mount" "$(get '[one["idmapped"] for one in report["mounts"] if one["destination"] == "/data"]')" '[True]'
    seen=$(get '[one["uidMap"] for one in report["mounts"] if one["destination"] == "/data"]')
    if grep -q 'id maps' report; then
        skip "its map" "the kernel doesn't show it (before Linux 6.15)"
    else
        is "its map" "$seen" "[[{'inside': 0, 'outside': 300000, 'count': 1000}]]"
    fi
else
    skip "an id-mapped mount" "$out"
fi

# --- containers and sandboxes of others

cp -a closed crun
if capture crun --root "$WORK/crun-state" run -d -b crun audit-crun; then
    pid=$(crun --root "$WORK/crun-state" state audit-crun | sed -n 's/.*"pid": *\([0-9]*\).*/\1/p')
    agrees "crun's container" "$pid"
    crun --root "$WORK/crun-state" delete -f audit-crun
else
    skip "crun's container" "crun can't run one here: ${out%%$'\n'*}"
fi

# Some of them stay when a container of LXC's ends.
lxc_cgroups() { find "$(cgroup2_root)" -depth -type d -name 'lxc.*'; }
if command -v lxc-execute >/dev/null; then
    lxc_before=$(lxc_cgroups)
    mkdir lxc && cp -a closed/rootfs lxc/rootfs
    printf '%s\n' "lxc.rootfs.path = dir:$WORK/lxc/rootfs" 'lxc.uts.name = audited' 'lxc.net.0.type = empty' \
        'lxc.mount.auto = proc:mixed sys:ro' 'lxc.apparmor.profile = unconfined' \
        'lxc.idmap = u 0 200000 1000' 'lxc.idmap = g 0 200000 1000' 'lxc.cap.drop = sys_time' >lxc/config
    find lxc/rootfs -exec chown -h 200000:200000 {} +
    chmod 755 "$WORK/lxc"
    echo root:200000:1000 >subids
    # shellcheck disable=SC2016 # for that shell
    unshare -m sh -c 'mount --bind subids /etc/subuid && mount --bind subids /etc/subgid && exec "$@"' sh \
        lxc-start -P "$WORK/lxc" -n audited -f lxc/config -F -- sleep 1000 >lxc.log 2>&1 </dev/null &
    lxc=$!
    sleepers="$sleepers $lxc"
    lxc_pid() { lxc-info -P "$WORK/lxc" -n audited -p -H 2>/dev/null | grep -E '^[0-9]+$'; }
    eventually "lxc's container runs" lxc_pid
    agrees "lxc's container" "$(lxc_pid)"
    lxc-stop -P "$WORK/lxc" -n audited -k
    wait $lxc
    lxc_cgroups | grep -vxF -e "$lxc_before" | xargs -r rmdir 2>/dev/null
else
    skip "lxc's container" "no lxc here (scripts/dependencies.sh bench)"
fi

if command -v systemd-nspawn >/dev/null; then
    cp -a closed/rootfs nspawn && mkdir -p nspawn/usr # or it takes it for no system
    # It makes cgroups beside its own.
    cgroup=$(cgroup2_root)/audit-nspawn
    mkdir -p "$cgroup/own"
    # shellcheck disable=SC2016 # for that shell
    sh -c 'echo $$ >"$0/own/cgroup.procs" && exec "$@"' "$cgroup" systemd-nspawn --register=no --keep-unit -q \
        --private-users=327680:65536 --private-users-ownership=chown -D nspawn sleep 1000 \
        </dev/null >nspawn.log 2>&1 &
    nspawn=$!
    sleepers="$sleepers $nspawn"
    eventually "systemd-nspawn's container runs" pgrep -P $nspawn -x sleep
    agrees "systemd-nspawn's container" "$(pgrep -P $nspawn -x sleep)"
    kill $nspawn && wait $nspawn
    find "$cgroup" -depth -type d -exec rmdir {} +
else
    skip "systemd-nspawn's container" "no systemd-nspawn here (scripts/dependencies.sh engines)"
fi

# As a browser's: an own network, no rights, no way to any.
unshare --user --map-root-user --net --pid --fork --mount-proc --kill-child \
    setpriv --no-new-privs --bounding-set -all --inh-caps -all -- sleep 1000 &
sleepers="$sleepers $!"
sandbox() { pgrep -P "$(pgrep -P $!)" -x sleep || pgrep -P $! -x sleep; }
eventually "a sandbox" sandbox
pid=$(sandbox)
agrees "a sandbox" "$pid"
found id-map-of-root ''
not_found may-gain-privileges
is "no way out" "$(get 'report["defaultRoutes"]')" '[]'

# --- names that somebody has chosen to do harm

hostile=$'a\n\e[31mb\\c\xff'
unshare --mount sh -c 'mkdir "$0" && mount -t tmpfs "$1" "$0" && exec sleep 1000' "$hostile" "$hostile" &
sleepers="$sleepers $!"
pid=$!
is_asleep() { [ "$(cat "/proc/$pid/comm")" = sleep ]; }
eventually "a hostile mount" is_asleep
runs "the report" pctrun audit --pid "$pid"
like "its name is one line" "$out" '/a\\n\\x1b\[31mb\\\\c\\xff: tmpfs'
is "and nothing for the terminal" "$(tr -d '\n' <<<"$out" | tr -dc '[:cntrl:]' | wc -c)" 0
report "$pid"
is "the document is valid" "$(python3 -c 'import json, sys, jsonschema
jsonschema.validate(json.load(open("report")), json.load(open(sys.argv[1])))' "$schema" 2>&1)" ''

# --- system call filters, read back

linux=',"seccomp":{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["mkdir","mkdirat"],"action":"SCMP_ACT_ERRNO","errnoRet":28}]}' \
    bundle filtered sleep 1000
runs "a container with a filter" pctrun run -d -b filtered filtered
agrees filtered "$(container_pid filtered)"
is "what its filter refuses" "$(get '[one["calls"] for one in report["seccomp"]["calls"] if one["outcome"] == "ERRNO ENOSPC"]')" \
    "[['mkdir', 'mkdirat']]"
runs "as text" pctrun audit --pid "$(container_pid filtered)"
like "by name" "$out" '^    ERRNO ENOSPC: mkdir, mkdirat$'
like "and what is usual by number" "$out" '^    ALLOW: [0-9]{3} other calls$'
pctrun delete -f filtered

# --- what can't be looked at

refused "no such process" 'there is no process 4194304$' pctrun audit --pid 4194304
refused "no number" "'-1' is no process id" pctrun audit --pid=-1
refused "nothing" "'' is no process id" pctrun audit --pid ''
refused "zero" "'0' is no process id" pctrun audit --format json --pid 0
refused "a word" "'init' is no process id" pctrun audit --pid init
refused "both" 'an ID or --pid N, one of them' pctrun audit closed --pid 1
refused "neither" 'an ID or --pid N, one of them' pctrun audit
refused "a format that isn't there" 'format' pctrun audit --pid 1 --format xml
sh -c 'sleep 0 & exec sleep 1000' &
sleepers="$sleepers $!"
zombie() { pgrep -P $! -r Z; }
eventually "a zombie" zombie
refused "a process that has ended" "process $(zombie) has ended" pctrun audit --pid "$(zombie)"

# Processes that come and go: a report, or one line that says so.
bad=''
for _ in 1 2 3 4 5 6 7 8; do
    sleep 0.01 &
    capture pctrun audit --pid $! && continue
    grep -qxE 'pctrun: (process [0-9]+ has ended|there is no process [0-9]+)' <<<"$out" || bad="$bad$out"
done
is "processes that vanish meanwhile" "$bad" ''

# An ordinary user sees less, and the report says what.
install -m 755 "$BUILD/pctrun" stranger
runs "a stranger" setpriv --reuid 65534 --regid 65534 --clear-groups ./stranger --root "$WORK/none" audit --format json --pid "$(container_pid closed)"
echo "$out" >report
like "what it could not see" "$(get '[one["what"] for one in report["unseen"]]')" 'its namespaces'
is "nothing is claimed of it" "$(get '(report["namespaces"], report["kernelFiles"], report["devices"])')" '([], [], [])'
not_found pids-of-host
is "but what everybody sees" "$(get 'report["seccomp"]["mode"]')" none

# --- containers of ours by step, as JSON

runs "audit ID as JSON" pctrun audit closed --format json
echo "$out" >report
is "follows the schema" "$(python3 -c 'import json, sys, jsonschema
jsonschema.validate(json.load(open("report")), json.load(open(sys.argv[1])))' "$schema" 2>&1)" ''
is "no drift" "$(get '(report["drift"], report["id"])')" "(False, 'closed')"
is "as many steps as in the text" "$(get 'len(report["steps"])')" "$(pctrun audit closed | wc -l)"
nsenter -t "$(container_pid closed)" -u hostname changed
status "drift" 1 pctrun audit closed --format json
echo "$out" >report
is "which step" "$(get '[one["step"] for one in report["steps"] if one["observed"] == "differs"]')" "['uts']"
is "and it is said" "$(get 'report["drift"]')" True
done_testing
