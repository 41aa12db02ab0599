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
if [ "$status" = 0 ]; then
    printf '%s\n' "$output" | grep ': warning: ' >&2 || :
else
    printf '%s\n' "$output" | grep -v 'warnings generated\.$' >&2
fi
exit "$status"
