#!/bin/sh
# One fuzz target for some seconds: scripts/fuzz.sh NAME SECONDS. Starts from the kept corpus and
# leaves that alone; what it finds on the way goes to build-fuzz/.
set -eu
cd "$(dirname "$0")/.."
name=$1
seconds=$2
kept=tests/fuzz/corpus/$name
found=build-fuzz/corpus/$name
mkdir -p "$found"
[ -d "$kept" ] || kept=

log=build-fuzz/$name.log
if build-fuzz/"fuzz_$name" -max_total_time="$seconds" -timeout=60 -rss_limit_mb=2048 \
    -artifact_prefix="build-fuzz/$name-" "$found" ${kept:+"$kept"} >"$log" 2>&1; then
    echo "ok fuzz $name: $(sed -n 's/^Done \([0-9]*\) runs.*/\1/p' "$log") runs"
else
    echo "not ok fuzz $name: $log" >&2
    grep -av '^#[0-9]' "$log" | tail -n 40 >&2
    exit 1
fi
