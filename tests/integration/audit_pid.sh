#!/bin/bash
# pctrun audit --pid: any process, against what util-linux's own tools say of it.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

# shellcheck source=audited.sh
. "$(dirname "$0")/audited.sh"

sleepers=''
trap 'kill $sleepers 2>/dev/null; clean_up' EXIT

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
valid

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

# Root's process of the host: its id map tells whose its capabilities are.
sleep 1000 &
roots=$!
runs "a stranger, of the host's root" setpriv --reuid 65534 --regid 65534 --clear-groups ./stranger --root "$WORK/none" audit --format json --pid "$roots"
echo "$out" >report
if [ "$(readlink /proc/self/ns/user)" = 'user:[4026531837]' ]; then
    is "its capabilities are over the host" "$(get 'report["capabilities"]["overHost"]')" True
else
    skip "its capabilities are over the host" "not in the initial user namespace"
fi
kill "$roots"

# --- containers of ours by step, as JSON

runs "audit ID as JSON" pctrun audit closed --format json
echo "$out" >report
valid
is "no drift" "$(get '(report["drift"], report["id"])')" "(False, 'closed')"
is "as many steps as in the text" "$(get 'len(report["steps"])')" "$(pctrun audit closed | wc -l)"
nsenter -t "$(container_pid closed)" -u hostname changed
status "drift" 1 pctrun audit closed --format json
echo "$out" >report
is "which step" "$(get '[one["step"] for one in report["steps"] if one["observed"] == "differs"]')" "['uts']"
is "and it is said" "$(get 'report["drift"]')" True
done_testing
