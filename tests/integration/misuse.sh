#!/bin/bash
# Ids, paths, documents and state folders that are wrong: one line that says so, on stderr and in the
# log, the exit status of a failure, and nothing is left behind. What a crash or a person has damaged
# can be listed, killed and deleted.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

json() { # FILE EXPRESSION with d for the document
    python3 -c 'import json,sys; d=json.load(open(sys.argv[1])); print(eval(sys.argv[2]))' "$1" "$2"
}

# wrong NAME STATUS REGEX WORD...: pctrun fails with one line; that of the log is looked at at the end
wrong() {
    local got=0
    capture pctrun --log log.json --log-format json "${@:4}" || got=$?
    printf '%s\n' "$out" >>lines.log
    if [ "$got $(wc -l <lines.log)" != "$2 $(wc -l <log.json)" ]; then
        not_ok "$1" "status $got, not $2; $(wc -l <<<"$out") lines" "$out"
    else
        like "$1" "$out" "$3"
    fi
}

bundle b sleep 1000

# --- ids: of every verb that takes one, before anything else is looked at

long=$(printf 'a%.0s' $(seq 1025))
verbs=$(pctrun help | awk '/^Commands:/ {on = 1; next} /^[^ ]/ {on = 0} on && NF && $1 != "help" {print $1}' |
    while read -r verb; do pctrun help "$verb" | grep -Eq '^usage: .* ID( |$)' && echo "$verb"; done)
for verb in $verbs; do
    code=1 before=() behind=()
    case $verb in
    exec | debug) code=255 behind=(true) ;;
    update) before=(--pids-limit 5) ;;
    create | run | restore) before=(-b b) ;;
    esac
    for id in ../x "$long" 'ünï'; do
        wrong "$verb ${id:0:10}" $code "invalid container ID format: '" "$verb" "${before[@]}" -- "$id" "${behind[@]}"
    done
done
for id in '' . .. a/b 'a b' $'a\nb' $'a\x01' .hidden /etc; do
    wrong "state '$id'" 1 "invalid container ID format: '" state -- "$id"
done
wrong "delete --force ../x" 1 'invalid container ID format' delete --force ../x
runs "the longest id" pctrun create -b b "${long:0:255}"
runs "and its end" pctrun delete "${long:0:255}"
is "no folder" "$(ls "$PCTRUN_ROOT")" ""

# --- paths

wrong "no bundle" 1 'bundle /none: No such file or directory' create -b /none c
wrong "a file as the bundle" 1 'config.json: Not a directory' create -b b/config.json c
wrong "a bundle without config.json" 1 'JSON specification file config.json not found' create -b b/rootfs c
wrong "no pid file's folder" 1 'pid file: write /none/pid: No such file' create --pid-file /none/pid -b b c
wrong "no pidfd socket" 1 'send the pidfd to /none: No such file' create --pidfd-socket /none -b b c
wrong "descriptors below none" 1 "--preserve-fds: '-1' is no number" create --preserve-fds -1 -b b c
wrong "more descriptors than there are" 1 "--preserve-fds: '4294967295' is no number" create --preserve-fds 4294967295 -b b c
refused "a log that can't be" '--log: open /none/log: No such file or directory' pctrun --log /none/log state c
refused "a state root that is a file" 'b/config.json: Not a directory' pctrun --root b/config.json list
is "no container came of it" "$(pctrun list -q; ls "$PCTRUN_ROOT")" ""

# --- process.json

runs "a container" pctrun run -d -b b c
document() { # TEXT REGEX
    printf '%s' "$1" >process.json
    wrong "process.json: ${1:0:40}" 255 "$2" exec -p process.json c
}
document '' 'process.json: line 1, column 1'
document '{' 'process.json: line 1, column 2'
document '[]' 'process.json: is an array, an object is needed'
document '{}' 'process.json: (cwd|args)'
document '{"args":[],"cwd":"/"}' 'args: '
document '{"args":["true"]}' 'cwd: '
document '{"args":["true"],"cwd":"/","user":{"uid":-1}}' 'user.uid: '
document '{"args":["true"],"cwd":"/","env":["X"]}' 'env'
document '{"args":["true"],"cwd":"/","rlimits":[{"type":"RLIMIT_X","soft":1,"hard":1}]}' 'rlimits\[0\]'
document '{"args":["true"],"cwd":"/","args":["false"]}' 'args'
document '{"args":["true"],"cwd":"/"} x' 'process.json: line 1'
document '{"args":["t\u0000"],"cwd":"/"}' 'args'
wrong "no process.json" 255 'open /none: No such file' exec -p /none c
wrong "a folder as process.json" 255 'Is a directory' exec -p b c
for who in '' : 1: :2 1x -1 0x1 4294967296 1:2:3 ' 1' +1; do
    wrong "exec -u '$who'" 255 "is not UID or UID:GID" exec -u "$who" c true
done
is "the container has nothing more" "$(pctrun ps -f json c)" "[$(container_pid c)]"

# --- what is gone from under a running container

rm -rf b/rootfs b/config.json
runs "without its rootfs: state" pctrun state c
runs "kill" pctrun kill c KILL
eventually "stops it" is_status c stopped
runs "delete" pctrun delete c
three_run() {
    [ "$(pctrun ps -f json c | tr ',' '\n' | wc -l)" = 3 ]
}

is_over() {
    ! is_status c running
}

bundle b sh -c 'sleep 1000 | sleep 1000'
for how in 'kill c KILL' 'kill --all c KILL' 'delete --force c'; do
    require "a container" pctrun run -d -b b c
    eventually "three run" three_run
    cgroup=$(cgroup2_root)$(sed -n 's/^0:://p' "/proc/$(container_pid c)/cgroup")
    while read -r pid; do
        echo "$pid" >"$(cgroup2_root)/cgroup.procs"
    done < <(cat "$cgroup/cgroup.procs")
    rmdir "$cgroup"
    is "without its cgroup: state" "$(container_status c)" running
    eventually "ps" three_run
    # shellcheck disable=SC2086 # words
    runs "$how" pctrun $how
    eventually "ends it" is_over
    runs "delete" pctrun delete --force c
    is "no folder" "$(ls "$PCTRUN_ROOT")" ""
done

# --- folders that a crash or a person has left

whole='{"ociVersion":"1.0.2","id":"ID","pid":0,"pidStart":0,"bundle":"/b","rootfs":"/b/rootfs","created":"2026-01-01T00:00:00Z","annotations":{}}'
folder() { # NAME [STATE.JSON [JOURNAL]]
    mkdir "$PCTRUN_ROOT/$1"
    [ $# -lt 2 ] || printf '%s' "${2//ID/$1}" >"$PCTRUN_ROOT/$1/state.json"
    [ $# -lt 3 ] || printf '%s' "$3" >"$PCTRUN_ROOT/$1/journal"
}
folder begun
folder empty ''
folder torn "${whole:0:50}"
folder words 'no document'
folder types '{"ociVersion":1,"id":[],"pid":"x","bundle":{},"rootfs":0,"created":null}'
folder other "${whole//ID/..\/..\/etc}"
folder journal "$whole" $'garbage\n{"kind":"cgroup.create","record":{"path":5}}\n{"kind":"none","record":{}}\n'
mkdir -p "$PCTRUN_ROOT/nested/state.json"
ln -s /etc "$PCTRUN_ROOT/link"
echo >"$PCTRUN_ROOT/file"

ids='begun empty journal nested other torn types words'
is "list has all of them" "$(pctrun list -q | sort | paste -sd ' ')" "$ids"
pctrun list -f json >list.json
is "as stopped" "$(json list.json '{(c["status"], c["pid"]) for c in d}')" "{('stopped', 0)}"
wrong "state of one that was only begun" 1 'container begun does not exist \(its creation was not completed\)' state begun
for id in empty nested other torn types words; do
    wrong "state $id" 1 "container $id: (read )?state.json.*; delete --force removes what is left of it" state $id
    wrong "kill $id" 1 "container $id: " kill $id
    wrong "delete $id" 1 "container $id: .*; delete --force" delete $id
done
wrong "a journal with a line that is none" 1 'container journal: journal: .*; delete --force passes over it' delete journal
wrong "a taken id" 1 'container with given ID already exists: torn' create -b b torn
for id in $ids; do
    runs "delete --force $id" pctrun delete --force "$id"
done
wrong "a link is no container" 1 'link: Not a directory' delete --force link
is "only what was no container is left" "$(cd "$PCTRUN_ROOT" && echo *)" "file link"
is "list" "$(pctrun list -q)" ""

is "the log has each of these lines, as JSON, as an error" "$(python3 - <<'P'
import json
for line, entry in zip(open("lines.log"), open("log.json")):
    entry = json.loads(entry)
    if (entry["level"], "pctrun: " + entry["msg"]) != ("error", line.rstrip("\n")):
        print(line, entry)
P
)" ""
done_testing
