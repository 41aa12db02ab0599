#!/bin/bash
# Runs the integration tests, as root: tests/integration/run.sh [NAME...]
# Each NAME.sh here is one program that prints TAP lines; see lib.sh. After each of them the host
# must look as before: what a test leaves behind is a failure of its own.
# One takes a minute at most, or what a line "# time: 90 s" in it says; on a machine that has much
# else to do it gets three times as long before it is ended.
#   BUILD=build   PCTRUN_TEST_SLOW=factor for time-outs   V=1: show every line
set -u
here=$(cd "$(dirname "$0")" && pwd)
tree=$(cd "$here/../.." && pwd)
. "$here/host.sh"
[ "$(id -u)" = 0 ] || { echo "run.sh: run as root" >&2; exit 2; }

BUILD=$(cd "$tree" && realpath "${BUILD:-build}")
PCTRUN_TEST_SLOW=${PCTRUN_TEST_SLOW:-1}
SHARED=$(mktemp -d /tmp/pctrun.XXXXXX)
export BUILD PCTRUN_TEST_SLOW SHARED
trap 'rm -rf "$SHARED"' EXIT
trap 'exit 130' INT TERM
[ -x "$BUILD/pctrun" ] || { echo "run.sh: no $BUILD/pctrun: run make" >&2; exit 2; }

# One busybox root, copied by each test.
make_rootfs() {
    local root=$SHARED/rootfs
    mkdir -p "$root"/{bin,dev,etc,proc,root,run,sbin,sys,tmp,var}
    chmod 1777 "$root/tmp"
    cp /bin/busybox "$root/bin/busybox"
    (cd "$root/bin" && busybox --list | grep -vx busybox | xargs -n 1 busybox ln -s busybox)
    ln -s ../bin/busybox "$root/sbin/init"
    printf 'root:x:0:0:root:/root:/bin/sh\nalice:x:1000:1000::/tmp:/bin/sh\n' >"$root/etc/passwd"
    printf 'root:x:0:\nalice:x:1000:\n' >"$root/etc/group"
}

tests() {
    if [ $# -gt 0 ]; then
        printf '%s\n' "$@"
        return
    fi
    for file in "$here"/*.sh; do
        name=$(basename "$file" .sh)
        case $name in run | lib | host | engine | audited) ;; *) echo "$name" ;; esac
    done
}

seconds() {
    local own
    own=$(sed -n 's/^# time: \([0-9]*\) s$/\1/p' "$1")
    echo $((${own:-60} * 3 * PCTRUN_TEST_SLOW))
}

run_one() {
    local name=$1 log=$SHARED/$1.log status=0 start=$EPOCHREALTIME
    host_snapshot >"$SHARED/before"
    timeout -k 10 "$(seconds "$here/$name.sh")" "$here/$name.sh" >"$log" 2>&1 </dev/null || status=$?
    host_settle "$SHARED/before" "$SHARED/after"
    if ! diff -U0 "$SHARED/before" "$SHARED/after" >"$SHARED/leak"; then
        echo "not ok - nothing is left on the host" >>"$log"
        grep '^[-+][^-+]' "$SHARED/leak" | sed 's/^/# /' >>"$log"
    fi
    [ "$status" != 124 ] || echo "not ok - ended in time" >>"$log"
    grep -q '^1\.\.' "$log" || echo "not ok - came to its end (status $status)" >>"$log"
    report "$name" "$log" "$start"
}

report() {
    local good bad skipped
    good=$(grep -c '^ok' "$2")
    bad=$(grep -c '^not ok' "$2")
    skipped=$(grep -c '^ok.*# SKIP' "$2")
    printf '%s %-14s %3d checks, %d skipped, %d failed, %d s\n' \
        "$([ "$bad" = 0 ] && echo ok || echo not ok)" "$1" $((good + bad)) "$skipped" "$bad" \
        $((${EPOCHREALTIME%.*} - ${3%.*}))
    total=$((total + good + bad)) failed=$((failed + bad)) skips=$((skips + skipped))
    if [ "$bad" != 0 ] || [ -n "${V:-}" ]; then
        sed 's/^/    /' "$2"
    else
        sed -n 's/^ok.* - \(.*\) # SKIP \(.*\)/    skipped: \1: \2/p' "$2"
    fi
}

total=0 failed=0 skips=0
make_rootfs
for name in $(tests "$@"); do
    run_one "$name"
done
echo "$total checks, $skips skipped, $failed failed"
[ "$failed" = 0 ]
