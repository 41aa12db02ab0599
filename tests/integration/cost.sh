#!/bin/bash
# What a start costs, in figures that don't depend on the machine's load: system calls, memory, and
# that it doesn't grow with the number of containers. Times are tests/bench's.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

CALLS_MAX=450 PEAK_KIB_MAX=2048 PRESENT=200 LIST_MS_MAX=60 GROWTH_MAX=2
! emulated || CALLS_MAX=540 # a cgroup with all controllers, and AppArmor

"$TREE/tests/bench/spec.py" podman podman
"$TREE/tests/bench/spec.py" minimal minimal

# at_most NAME GOT MAX
at_most() {
    if [ "$2" -le "$3" ] 2>/dev/null; then ok "$1: $2, at most $3"; else not_ok "$1" "got:  $2" "want: at most $3"; fi
}

# The least CPU time of ROUNDS executions, in microseconds.
least_cpu() {
    python3 - "$@" <<'PYTHON'
import os, sys
def once(argv):
    null = [(os.POSIX_SPAWN_OPEN, 1, "/dev/null", os.O_WRONLY, 0)]
    pid = os.posix_spawnp(argv[0], argv, os.environ, file_actions=null)
    _, status, usage = os.wait4(pid, 0)
    assert status == 0, argv
    return usage.ru_utime + usage.ru_stime
print(int(min(once(sys.argv[2:]) for _ in range(int(sys.argv[1]))) * 1e6))
PYTHON
}

runs "a run fills the cache" pctrun run -b podman c0
runs "the same again, counted" strace -f -c -U name,calls -o calls pctrun run -b podman c0
at_most "system calls of a run, its program's included" "$(awk '$1 == "total" {print $2}' calls)" "$CALLS_MAX"
runs "the same again, measured" command time -f %M -o peak pctrun run -b podman c0
at_most "KiB of memory at its peak" "$(tail -1 peak)" "$PEAK_KIB_MAX"

if emulated; then
    skip "with $PRESENT containers more" "too many for an emulated machine"
    done_testing
    exit
fi

alone=$(least_cpu 15 pctrun run -b podman c0)
for ((i = 0; i < PRESENT; i++)); do
    pctrun create -b minimal "present-$i" || break
done
is "containers present" "$(pctrun list -q | wc -l)" "$PRESENT"
at_most "µs of a run among them" "$(least_cpu 15 pctrun run -b podman c0)" $((alone * GROWTH_MAX))
at_most "ms of list" $(($(least_cpu 5 pctrun list) / 1000)) "$LIST_MS_MAX"
for ((i = 0; i < PRESENT; i++)); do
    pctrun delete --force "present-$i" || break
done
is "none is left" "$(pctrun list -q)" ""

done_testing
