#!/bin/bash
# What a start costs, in figures that don't depend on the machine's load: system calls, memory, and
# that it doesn't grow with the number of containers. Times are tests/bench's. Of the memory most are
# pages of the program's file; how many of them a fault brings in is the kernel's choice.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

CALLS_MAX=334 EXEC_CALLS_MAX=206 PEAK_KIB_MAX=2304 PRESENT=200 LIST_CALLS_MAX=16 IDS_CALLS_MAX=9
! emulated || CALLS_MAX=384 EXEC_CALLS_MAX=225 # a cgroup with all controllers, and AppArmor

"$TREE/tests/bench/spec.py" podman podman
"$TREE/tests/bench/spec.py" minimal minimal

# at_most NAME GOT MAX
at_most() {
    if [ "$2" -le "$3" ] 2>/dev/null; then ok "$1: $2, at most $3"; else not_ok "$1" "got:  $2" "want: at most $3"; fi
}

# The system calls of a command, with those of the processes that it makes.
calls_of() {
    strace -f -c -U name,calls -o calls "$@" >/dev/null && awk '$1 == "total" {print $2}' calls
}

runs "a run fills the cache" pctrun run -b podman c0
alone=$(calls_of pctrun run -b podman c0)
at_most "system calls of a run, its program's included" "$alone" "$CALLS_MAX"
runs "the same again, measured" command time -f %M -o peak pctrun run -b podman c0
at_most "KiB of memory at its peak" "$(tail -1 peak)" "$PEAK_KIB_MAX"
runs "one that waits" pctrun create -b podman c1
at_most "system calls of an exec, its program's included" "$(calls_of pctrun exec c1 true)" "$EXEC_CALLS_MAX"
runs "its end" pctrun delete --force c1

if emulated; then
    skip "with $PRESENT containers more" "too many for an emulated machine"
    done_testing
    exit
fi

for ((i = 0; i < PRESENT; i++)); do
    pctrun create -b minimal "present-$i" || break
done
is "containers present" "$(pctrun list -q | wc -l)" "$PRESENT"
at_most "system calls of a run among them" "$(calls_of pctrun run -b podman c0)" $((alone + 5))
at_most "system calls of list, for each container" $(($(calls_of pctrun list) / PRESENT)) "$LIST_CALLS_MAX"
at_most "of list --quiet" $(($(calls_of pctrun list --quiet) / PRESENT)) "$IDS_CALLS_MAX"
for ((i = 0; i < PRESENT; i++)); do
    pctrun delete --force "present-$i" || break
done
is "none is left" "$(pctrun list -q)" ""

done_testing
