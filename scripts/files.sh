#!/bin/bash
# Each file has its place in docs/files.md, and each place there has files.
set -eu -f # -f: patterns stay patterns
cd "$(dirname "$0")/.."

declare -A patterns=() # by folder
while read -r line; do
    case $line in
    '## '*) top=${line//[^a-z]/} folder=$top ;;
    '| '*'`'*)
        # A row of a folder in it, to which those below without a name belong too.
        [[ ! $line =~ ^'| `'([a-z]+)'/` |' ]] || folder=$top/${BASH_REMATCH[1]}
        patterns[$folder]+=" $(sed 's/.*|\(.*\)|$/\1/; s/`//g' <<<"$line") "
        ;;
    esac
done <docs/files.md

bad=0
complain() {
    echo "docs/files.md: $1" >&2
    bad=1
}

is_one_of() { # NAME PATTERN...
    local name=$1 pattern
    for pattern in "${@:2}"; do
        # shellcheck disable=SC2053 # it is a pattern
        [[ $name != $pattern ]] || return 0
    done
    return 1
}

names_in() {
    find "$1" -maxdepth 1 -name '*.[ch]' -printf '%f\n' | sed 's/\(\.bpf\)\?\.[ch]$//' | sort -u
}

for folder in $(find . -mindepth 2 -maxdepth 3 -name '*.c' -not -path './build*' -not -path './tests/*' -printf '%h\n' | sort -u); do
    folder=${folder#./}
    read -ra places <<<"${patterns[$folder]:-}"
    mapfile -t names < <(names_in "$folder")
    for name in "${names[@]}"; do
        is_one_of "$name" "${places[@]}" || complain "$folder/$name has no place"
    done
    for place in "${places[@]}"; do
        found=
        for name in "${names[@]}"; do
            is_one_of "$name" "$place" && found=1 && break
        done
        [ "$found" ] || complain "nothing is $folder/$place"
    done
done
exit $bad
