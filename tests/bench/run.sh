#!/bin/bash
# The life cycle against crun, runc and lxc in one run, and where pctrun's own time goes: Markdown
# tables on stdout, kept in $BUILD/bench.md. RUNS=50 rounds each. Those that are not installed are left out.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
BUILD=$(cd "$here/../.." && realpath "${BUILD:-build}")

# crun refuses a host with version 1 controllers beside cgroup2: all get a mount namespace in which
# /sys/fs/cgroup is cgroup2 alone. The namespace and what is mounted in it end with this script.
if [ -z "${PCTRUN_BENCH_INSIDE:-}" ]; then
    PCTRUN_BENCH_INSIDE=1 exec unshare --mount --propagation private "$0"
fi
if [ "$(stat -f -c %T /sys/fs/cgroup)" != cgroup2fs ]; then
    umount -R /sys/fs/cgroup
    mount -t cgroup2 cgroup2 /sys/fs/cgroup
fi

runtimes=()
add() {
    [ ! -x "$2" ] || runtimes+=("$1=$2")
}
add pctrun "$BUILD/pctrun"
add crun "$(command -v crun || :)"
add runc "$(command -v runc || :)"
measure=("$here/measure.py" --rounds "${RUNS:-50}" --build "$BUILD" "${runtimes[@]}")
{
    "${measure[@]}" --crowd
    echo
    "${measure[@]}" --pin
    echo
    "$here/cost.py" "$BUILD" "${runtimes[@]}"
    echo
    "$here/trace.py" "$BUILD/pctrun" --rounds "${RUNS:-50}"
    echo
    "$here/attach.py" "$BUILD" --rounds "${RUNS:-50}"
    echo
    "$here/throughput.py" "$BUILD" --rounds 20
    echo
    "$here/toolkit.py" "$BUILD/pct" --rounds "${RUNS:-50}"
} | tee "$BUILD/bench.md"
