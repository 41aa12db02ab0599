#!/bin/bash
# create, start, state, kill, delete: the order of a life, and what is refused out of order.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

bundle one sh -c 'trap "exit 5" TERM; : >/tmp/listens; while :; do sleep 0.1; done'

runs "create" pctrun create -b one --pid-file pid c1
is "created" "$(container_status c1)" created
is "the pid file has no newline" "$(wc -l <pid)" 0
is "the pid file says who it is" "$(cat pid)" "$(container_pid c1)"
is "its first process is there" "$(test -d "/proc/$(cat pid)" && echo yes)" yes
refused "a taken id" 'container with given ID already exists' pctrun create -b one c1

echo '{}' >one/config.json
runs "start, although the bundle was changed since" pctrun start c1
is "start says nothing" "$out" ""
is "running" "$(container_status c1)" running
refused "start twice" 'cannot start an already running container' pctrun start c1
refused "delete while it runs" 'cannot delete container c1 that is not stopped: running' pctrun delete c1

runs "state is one JSON object" pctrun state c1
runs "and can be read" python3 -c 'import json,sys; s=json.loads(sys.argv[1]); assert s["id"] == "c1" and s["bundle"].endswith("/one") and s["rootfs"].endswith("/one/rootfs") and s["pid"] > 1 and s["ociVersion"]' "$out"

runs "list" pctrun list
like "list has a header" "$out" '^ID +PID +STATUS +BUNDLE +CREATED +OWNER'
like "list shows it" "$out" '^c1 +[0-9]+ +running '
is "list -q" "$(pctrun list -q)" c1
runs "ps" pctrun ps -f json c1
like "ps is an array of numbers" "$(tr -d '\n' <<<"$out")" '^\[[0-9, ]+\]$'

eventually "it listens" test -e one/rootfs/tmp/listens
runs "kill" pctrun kill c1 TERM
eventually "stopped" is_status c1 stopped
is "no pid when stopped" "$(container_pid c1)" 0
refused "kill when stopped" 'container not running' pctrun kill c1 KILL
refused "exec when stopped" 'cannot exec in a stopped container' pctrun exec c1 true
runs "delete" pctrun delete c1
refused "state of nothing" 'does not exist' pctrun state c1
refused "kill of nothing" 'does not exist' pctrun kill c1 KILL
refused "delete of nothing" 'does not exist' pctrun delete c1
runs "delete --force of nothing" pctrun delete --force c1
is "says nothing" "$out" ""

bundle two sleep 1000
runs "create again" pctrun create -b two c2
runs "a created container may be deleted" pctrun delete c2
runs "run detached" pctrun run -d -b two c2
runs "delete --force while it runs" pctrun delete --force c2
is "the list is empty" "$(pctrun list -q)" ""

refused "a bad id" 'invalid container ID format' pctrun create -b two '../x'
refused "no bundle" 'nothing.*No such file or directory' pctrun create -b nothing c3
is "nothing is left of it" "$(pctrun list -q)" ""

runs "signals by number" pctrun run -d -b two c4
runs "kill 9" pctrun kill c4 9
eventually "it is dead" is_status c4 stopped
runs "delete it" pctrun delete c4
runs "run for pause" pctrun run -d -b two c5
runs "pause" pctrun pause c5
is "paused" "$(container_status c5)" paused
refused "exec when paused" 'cannot exec in a paused container' pctrun exec c5 true
runs "resume" pctrun resume c5
is "running again" "$(container_status c5)" running
refused "resume twice" 'container not paused' pctrun resume c5
runs "the end" pctrun delete -f c5

# Without a pid namespace of its own a container's processes outlive its first one.
shared=${default_namespaces/'{"type":"pid"},'/}
namespaces=$shared bundle two sh -c 'sleep 4711 & sleep 4711 & wait'
runs "a container in the host's pid namespace" pctrun run -d -b two c6
eventually "with three processes" sh -c '[ "$(pctrun ps -f json c6 | tr , "\n" | wc -l)" = 3 ]'
pids=$(pctrun ps -f json c6 | tr -d '[]' | tr , ' ')
runs "KILL" pctrun kill c6 KILL
for pid in $pids; do
    eventually "kills each of them" test ! -e "/proc/$pid/exe"
done
refused "and then there is nobody" 'container not running' pctrun kill c6 KILL
runs "delete" pctrun delete c6
namespaces=$shared bundle two sh -c 'sleep 4711 & echo $! >/tmp/pid'
runs "one whose first process ends before the rest" pctrun run -d -b two c7
eventually "stopped" is_status c7 stopped
runs "KILL for the rest" pctrun kill c7 KILL
eventually "kills it" test ! -e "/proc/$(cat two/rootfs/tmp/pid)/exe"
runs "delete" pctrun delete c7

# Cgroups above the container's, which a killed runtime made and didn't come to mark.
linux=",\"cgroupsPath\":\"/pctrun-test-$$/made/c8\"" bundle two true
runs "a cgroup two levels down" pctrun create -b two c8
above=$(cgroup2_root)/pctrun-test-$$
python3 -c 'import os, sys
for path in sys.argv[1:]: os.removexattr(path, "user.pctrun.made")' "$above" "$above/made"
runs "delete" pctrun delete c8
is "takes away what was made for it" "$(find "$above" -type d 2>/dev/null)" ""
mkdir "$above"
linux=",\"cgroupsPath\":\"/pctrun-test-$$/made/c8\"" bundle two true
runs "one below somebody's" pctrun create -b two c8
runs "delete" pctrun delete c8
is "leaves that one alone" "$(find "$above" -type d)" "$above"
rmdir "$above"

done_testing
