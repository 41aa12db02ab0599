#!/bin/bash
# A first process that has ended and whom nobody has waited for yet, and one whose first thread has
# ended before the others: both are stopped, for every command.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

# keeper.py COMMAND...: becomes the parent of what COMMAND leaves behind, and waits for nobody
cat >keeper.py <<'END'
import ctypes, subprocess, sys, time
ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER
subprocess.run(sys.argv[1:], check=True)
time.sleep(1000)
END

# stopped_for_all ID: what each command says of it
stopped_for_all() {
    is "state: no pid" "$(container_pid "$1")" 0
    like "list" "$(pctrun list)" "^$1 +0 +stopped "
    refused "start" 'cannot start a container that has stopped' pctrun start "$1"
    refused "exec" 'cannot exec in a stopped container' pctrun exec "$1" true
    for command in pause ps update; do
        words=$1
        [ $command != update ] || words="--pids-limit 9 $1"
        # shellcheck disable=SC2086
        refused "$command" 'container not running' pctrun --accept-unenforced all $command $words
    done
    refused "resume" 'container not paused|container not running' pctrun resume "$1"
    refused "events" 'is not running' pctrun events --stats "$1"
    refused "kill" 'container not running' pctrun kill "$1" TERM
}

bundle b sleep 1000
python3 keeper.py pctrun run -d -b b --pid-file pid c &
keeper=$!
eventually "running" is_status c running
eventually "with its number in the file" test -s pid
kill -KILL "$(cat pid)"
eventually "it is a zombie" grep -q '^State:.*Z' "/proc/$(cat pid)/status"
is "which is stopped" "$(container_status c)" stopped
stopped_for_all c
refused "kill KILL" 'container not running' pctrun kill c KILL
runs "delete" pctrun delete c
is "the zombie is still there" "$(grep -c '^State:.*Z' "/proc/$(cat pid)/status")" 1
kill $keeper
wait $keeper 2>/dev/null

cp "$BUILD/attack/leaderless" b/rootfs/bin/
bundle b leaderless
runs "one whose first thread ends" pctrun run -d -b b --pid-file pid c
eventually "is a zombie with another thread" grep -q '^State:.*Z' "/proc/$(cat pid)/status"
is "that goes on" "$(find "/proc/$(cat pid)/task" -mindepth 1 -maxdepth 1 | wc -l)" 2
is "which is stopped" "$(container_status c)" stopped
stopped_for_all c
runs "kill KILL" pctrun kill c KILL
eventually "ends the thread" test ! -e "/proc/$(cat pid)/exe"
runs "delete" pctrun delete c
runs "once more" pctrun run -d -b b --pid-file pid c
eventually "is a zombie" grep -q '^State:.*Z' "/proc/$(cat pid)/status"
runs "delete alone" pctrun delete c
eventually "ends the thread as well" test ! -e "/proc/$(cat pid)/exe"
is "no cgroup is left" "$(find "$(cgroup2_root)" -path '*pctrun/c')" ""

# Where no pid namespace ends with its first process, cgroup.kill alone would leave it behind.
namespaces=${default_namespaces/'{"type":"pid"},'/} bundle b sh -c 'leaderless & echo $! >/tmp/pid; exec sleep 1000'
for command in "delete --force c" "kill --all c KILL" "kill c KILL"; do
    runs "one more beside a first process" pctrun run -d -b b c
    eventually "is a zombie with another thread" sh -c 'grep -q "^State:.*Z" "/proc/$(cat b/rootfs/tmp/pid)/status"'
    # shellcheck disable=SC2086
    runs "$command" pctrun $command
    eventually "ends it" test ! -e "/proc/$(cat b/rootfs/tmp/pid)/exe"
    runs "nothing is left" pctrun delete --force c
done
done_testing
