#!/bin/bash
# pctrun's command line as engines use it: options, logs, documents on stdout, what is refused.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

specs=/usr/share/gocode/src/github.com/opencontainers/runtime-spec/schema

# valid NAME SCHEMA FILE
valid() {
    runs "$1" python3 - "$specs/$2" "$3" <<'P'
import json, sys, warnings
warnings.simplefilter("ignore")
import jsonschema
schema = json.load(open(sys.argv[1]))
resolver = jsonschema.RefResolver("file://" + sys.argv[1], schema)
jsonschema.Draft4Validator(schema, resolver=resolver).validate(json.load(open(sys.argv[2])))
P
}

json() { # FILE EXPRESSION with d for the document
    python3 -c 'import json,sys; d=json.load(open(sys.argv[1])); print(eval(sys.argv[2]))' "$1" "$2"
}

runs "--version" pctrun --version
is "as engines read it" "$(sed -E 's/(version|spec:) [0-9.]+$/\1 N/; s/: ([0-9a-f]{40}(-dirty)?|unknown)$/: H/' <<<"$out")" $'pctrun version N\ncommit: H\nspec: N'
for words in "--help" "help" "help run" "run --help" "exec -h"; do
    # shellcheck disable=SC2086
    runs "$words" pctrun $words
    like "begins with the usage" "$(head -n 1 <<<"$out")" '^usage: pctrun '
done
for words in "features" "list" "--help" "spec --help"; do
    # shellcheck disable=SC2016,SC2086
    refused "$words on a full disk" 'not all of the output was written' sh -c '"$@" >/dev/full' sh pctrun $words
done
refused "no command" 'a command is needed' pctrun
refused "an unknown command" '^pctrun: unknown command nonesuch$' pctrun nonesuch --lsm-mount-context
runs "help of why" pctrun why --help
for action in 'write PATH' 'connect ADDRESS PORT.*' 'kill PID \[SIGNAL\]'; do
    like "lists $action" "$out" "^  $action$"
done
for verb in audit denials debug; do
    refused "$verb of a number that isn't there" "container 7998 does not exist; if it is one of pct's, it isn't running: pct start 7998$" \
        pctrun $verb 7998
done
got=0
capture pctrun why 7998 open / || got=$?
is "why of one" "$got $out" "2 pctrun: container 7998 does not exist; if it is one of pct's, it isn't running: pct start 7998"
refused "plan of one" "does not exist; .*: pct plan 7998$" pctrun plan 7998
refused "of a name, which pct has none of" "container nobody does not exist$" pctrun audit nobody
refused "an unknown global option" '^pctrun: unknown option --nothing$' pctrun --nothing list
refused "an unknown option" '^pctrun: list: unknown option --nothing$' pctrun list --nothing
refused "an option without its value" 'requires an argument' pctrun list --format
refused "/ as the root" 'no place' pctrun --root / list
refused "a word that is no format" "'xml' is neither table nor json" pctrun list -f xml
refused "a word that is no log format" "'xml' is neither text nor json" pctrun --log-format xml list
for log in journald:pctrun syslog:pctrun; do
    refused "--log $log" "--log: '$log': only files are supported" pctrun --log $log list
done
refused "a word that is no log level" "'all' is none of error, warning, info, debug" pctrun --log-level all list

bundle b sleep 1000
for verb in list "create -b b c"; do
    # shellcheck disable=SC2086 # words
    refused "a cgroup manager that nobody has: $verb" "'moon' is none of" pctrun --cgroup-manager=moon $verb
    # shellcheck disable=SC2086 # words
    refused "rootless in another word: $verb" "--rootless: 'maybe' is none of true, false, auto" pctrun --rootless=maybe $verb
done
is "nothing is left" "$(pctrun list -q)" ""

status "an error for an engine" 1 pctrun --root "$PCTRUN_ROOT" --log log.json --log-format json -rootless=true state nobody
is "is one line of the log" "$(wc -l <log.json)" 1
is "of this level" "$(json log.json 'd["level"]')" error
is "with the whole message" "$(json log.json 'd["msg"]')" "container nobody does not exist"
like "and a time" "$(json log.json 'd["time"]')" '^20[0-9-]+T[0-9:]+Z$'
status "the same as text" 1 pctrun --log log.text state nobody
like "one line too" "$(cat log.text)" '^20[0-9-]+T[0-9:]+Z: error: container nobody does not exist$'
runs "steps go to the log" pctrun --debug --log steps.json --log-format json create -b b c
is "and not to stderr" "$out" ""
is "each as JSON" "$(head -n 1 steps.json >first; json first 'd["level"]')" debug
runs "steps without a log" pctrun --debug delete c
process=',"selinuxLabel":"nobody:knows:it:s0"' bundle w echo said
runs "a warning without a log" pctrun --accept-unenforced all run -b w c
like "goes to stderr" "$out" 'warning: not enforced on this host \[selinux\]'
runs "a warning with one" pctrun --accept-unenforced all --log w.log --log-level warn run -b w c
is "does not stand in what the container says" "$out" said
like "but in the log" "$(cat w.log)" 'warning: not enforced on this host \[selinux\]'

pctrun features >features.json
is "features: versions" "$(json features.json '(d["ociVersionMin"], d["ociVersionMax"])')" "('1.0.0', '1.3.0')"
is "features: what Kubernetes asks for" \
    "$(json features.json '"user" in d["linux"]["namespaces"] and d["linux"]["mountExtensions"]["idmap"]["enabled"] and "rro" in d["mountOptions"]')" True
is "features: capabilities" "$(json features.json 'd["linux"]["capabilities"][0]')" CAP_CHOWN

runs "spec" pctrun spec
refused "spec when there is one" 'config.json already exists' pctrun spec
refused "spec where no folder is" 'write nowhere/config.json: No such file or directory; make the folder first: mkdir -p nowhere$' \
    pctrun spec -b nowhere
valid "spec's document follows the schema" config-schema.json config.json
mkdir rootless && runs "spec --rootless" pctrun spec --rootless -b rootless
valid "so does the rootless one" config-schema.json rootless/config.json

top=',"annotations":{"org.test.key":"value"}' bundle b sh -c 'trap : USR1; while :; do sleep 0.1; done'
runs "a container" pctrun run -d -b b c
pctrun state c >state.json
valid "state follows the schema" state-schema.json state.json
is "state: annotations" "$(json state.json 'd["annotations"]["org.test.key"]')" value
like "state: the time, to the nanosecond" "$(json state.json 'd["created"]')" '^20[0-9-]+T[0-9:]+\.[0-9]{9}Z$'
pctrun list -f json >list.json
is "list as JSON has the same" "$(json list.json 'd[0]["annotations"]["org.test.key"], d[0]["pid"]')" \
    "('value', $(container_pid c))"

runs "ps" pctrun ps c
like "has ps's header" "$(head -n 1 <<<"$out")" '^UID +PID '
is "and the container's processes only" "$(awk 'NR > 1 {print $2}' <<<"$out" | head -n 1)" "$(container_pid c)"
runs "ps with options of its own" pctrun ps c -o pid,comm
like "has their columns" "$(head -n 1 <<<"$out")" '^ +PID COMMAND$'
refused "ps with an option that it lacks says what ps says" '^pctrun: ps: exit status 1: .*option' pctrun ps c --no-such-option
refused "ps without a column of pids" 'no column PID' pctrun ps c -o comm

for signal in 0 10 USR1 SIGUSR1 sigusr1 usr1; do
    runs "kill $signal" pctrun kill c $signal
done
runs "kill --all" pctrun kill --all c USR1
for signal in 65 -1 TERMINATE SIG RTMAX+1; do
    refused "kill $signal" "is no signal|unknown option" pctrun kill c -- "$signal"
done

runs "exec: groups, privileges" pctrun exec -u 5:6 -g 7 -g 8 --no-new-privs c grep -E '^(Groups|NoNewPrivs)' /proc/self/status
is "as asked for" "$(tr -s '\t ' ' ' <<<"$out" | sed 's/ $//')" $'Groups: 7 8\nNoNewPrivs: 1'
runs "exec: one more capability" pctrun exec -c CAP_NET_RAW c sh -c 'grep Cap /proc/self/status'
is "in three sets, not to be inherited" "$(tr -s '\t ' ' ' <<<"$out")" $'CapInh: 0000000000000000
CapPrm: 00000000000420eb
CapEff: 00000000000420eb
CapBnd: 00000000000420eb
CapAmb: 0000000000000000'
cgroup=$(cgroup2_root)$(sed -n 's/^0:://p' "/proc/$(container_pid c)/cgroup")
mkdir "$cgroup/below"
runs "exec in a cgroup below" pctrun exec -d --pid-file pid --cgroup below c sleep 1000
like "is there" "$(grep ^0:: "/proc/$(cat pid)/cgroup")" '/below$'
for path in ../.. below/../.. /..; do
    refused "exec in another's cgroup: $path" 'is not below that of container c$' pctrun exec --cgroup $path c true
done
refused "exec in a cgroup that is not there" 'open cgroup nowhere of c: No such file' pctrun exec --cgroup nowhere c true
refused "exec as nobody" "'me' is not UID or UID:GID" pctrun exec -u me c true
for variable in A =A ''; do
    refused "exec with '$variable' as a variable" "^pctrun: --env: '$variable' is not NAME=VALUE" pctrun exec -e "$variable" c true
done
refused "exec with a group that is none" "'all' is no group id" pctrun exec -g all c true
refused "exec of nothing" 'a command, or --process FILE, is needed' pctrun exec c
echo '{"args":["true"],"cwd":"/"}' >process.json
runs "exec of a process from a file" pctrun exec -p process.json c
runs "which engines give a --tty beside it" pctrun exec -t -p process.json c
for words in "--user 1" "--env A=1" "--cap CAP_KILL" "--cwd /" "--no-new-privs" "--additional-gids 1"; do
    # shellcheck disable=SC2086
    refused "exec with $words beside it" "^pctrun: exec: ${words% *} does not go with --process$" pctrun exec -p process.json $words c
done
refused "exec with a command beside it" '^pctrun: exec: a command does not go with --process$' pctrun exec -p process.json c true
echo '{"args":["true"],"cwd":"relative"}' >process.json
refused "exec of a process that makes no sense" 'process.cwd: .relative. is not absolute' pctrun exec -p process.json c
echo '{"args":"true","cwd":"/"}' >process.json
refused "exec of a document that is none" 'process.json: args: is a string, an array is needed' pctrun exec -p process.json c
status "are errors of the runtime" 255 pctrun exec -p process.json c
echo passed >passed
runs "exec: descriptors to keep" pctrun exec --preserve-fds 2 c sh -c 'cat <&4; ls /proc/self/fd | wc -l' 4<passed 5</dev/null
is "that one, and none behind" "$out" $'passed\n5'
runs "the end" pctrun delete -f c
bundle b sh -c 'cat <&3; ls /proc/self/fd | wc -l'
runs "run: descriptors to keep" pctrun run --preserve-fds=1 -b b c 3<passed 4</dev/null
is "that one, and none behind" "$out" $'passed\n5'
# shellcheck disable=SC2016 # for the shell inside
bundle b sh -c 'echo $LISTEN_FDS $LISTEN_PID $$; cat <&3; cat <&4; ls /proc/self/fd | wc -l'
runs "run: a service manager's descriptors" env LISTEN_FDS=1 LISTEN_PID=77 pctrun run --preserve-fds=1 -b b c 3<passed 4<<<behind 5</dev/null
is "those first, and the program is told" "$out" $'1 1 1\npassed\nbehind\n6'
# shellcheck disable=SC2016 # likewise
namespaces='{"type":"mount"},{"type":"uts"}' bundle b sh -c 'test $LISTEN_PID = $$ && [ $$ != 1 ] && echo itself'
runs "run: in the host's pid namespace" env LISTEN_FDS=1 pctrun run -b b c 3<passed
is "the program is told its own pid" "$out" itself
refused "run: LISTEN_FDS of nonsense" "LISTEN_FDS: 'all' is no number of descriptors" env LISTEN_FDS=all pctrun run -b b c
bundle b sleep 1000
runs "without a cgroup of its own" pctrun --cgroup-manager disabled run -d -b b c
is "it is in the caller's" "$(grep ^0:: "/proc/$(container_pid c)/cgroup")" "$(grep ^0:: /proc/self/cgroup)"
runs "kill it" pctrun kill c KILL
eventually "stopped" is_status c stopped
runs "delete it" pctrun delete c
# Each file is an inode; config.json takes the first page, the journal the next one.
mkdir tiny
page=$(getconf PAGESIZE)
while read -r room file; do
    mount -t tmpfs -o "$room" tiny tiny
    refused "where its records find no room: $room" \
        "$file: No space left on device; its file system is full: make room there" pctrun --root tiny create -b b c
    umount tiny
done <<END
nr_inodes=1 make tiny/c
nr_inodes=2 open $WORK/tiny/c/journal
nr_inodes=3 write $WORK/tiny/c/config.json
nr_inodes=4 make the fifo $WORK/tiny/c/start
size=$page write $WORK/tiny/c/journal
size=$((2 * page)) write $WORK/tiny/c/(journal|state.json)
END
done_testing
