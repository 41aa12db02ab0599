#!/bin/sh
# clang-tidy over some files with our flags: scripts/tidy.sh FLAGS... -- FILES...
set -eu
flags=
while [ "$1" != -- ]; do
    flags="$flags '$1'"
    shift
done
shift
status=0
output=$(eval "clang-tidy --quiet \"\$@\" -- $flags" 2>&1) || status=$?
[ "$status" = 0 ] || printf '%s\n' "$output" | grep -v 'warnings generated\.$' >&2
exit "$status"
