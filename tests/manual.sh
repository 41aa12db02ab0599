#!/bin/bash
# The manual pages name every command and option and render without a warning; the completions
# complete them and the ids of containers. No root: BUILD=build tests/manual.sh
set -u
: "${BUILD:?run it by make check-manual}"
export PATH=$PWD/$BUILD:$PATH LC_ALL=C.UTF-8 MANWIDTH=200 PCTRUN_ROOT PCTRUN_ETC
PCTRUN_ROOT=$(mktemp -d /tmp/pctrun-manual.XXXXXX)
PCTRUN_ETC=$PCTRUN_ROOT/.etc
trap 'rm -rf "$PCTRUN_ROOT"' EXIT
failed=0

fail() {
    echo "manual: $*"
    failed=1
}

verbs() {
    "$1" help | awk '/^Commands:/ {on = 1; next} /^[^ ]/ {on = 0} on && NF {print $1}'
}

# The options of a help text, each with its dashes.
options() {
    grep -Eo '^  (-.,|   ) --[a-z][a-zA-Z0-9.-]*(\[n\])?' | grep -Eo -- '--.*'
}

check_page() {
    local page words
    page=$(man --warnings -l "$BUILD/$1.1" 2>"$PCTRUN_ROOT/warnings" | col -b)
    [ ! -s "$PCTRUN_ROOT/warnings" ] || fail "$1.1: $(head -n 3 "$PCTRUN_ROOT/warnings")"
    for verb in $(verbs "$1" | grep -vx help); do
        words=$("$1" help "$verb")
        sed 's/^ */usage: /' <<<"$page" | grep -Fxq "${words%%$'\n'*}" ||
            fail "$1.1: no synopsis of $verb"
        for option in $(options <<<"$words"); do
            sed -n "/^ *$1 $verb\( \|\$\)/,/^ *$1 [a-z]/p" <<<"$page" | grep -Fq -- "$option" ||
                fail "$1.1: $verb has no $option"
        done
    done
    for option in $("$1" help | options); do
        grep -Eq -- "^ +(-., )?$option( |\$)" <<<"$page" || fail "$1.1: no $option"
    done
    for part in NAME SYNOPSIS DESCRIPTION EXAMPLES COMMANDS 'EXIT STATUS' FILES; do
        grep -qx "$part" <<<"$page" || fail "$1.1: no $part"
    done
}

# complete WORDS...: what may stand in the place of the last one
complete_words() {
    COMP_WORDS=("$@")
    COMP_CWORD=$(($# - 1))
    COMPREPLY=()
    "_$1"
    echo "${COMPREPLY[*]}"
}

# completes GOT WANT-PATTERN: one after complete_words
completes() {
    [[ " $1 " == *" $2 "* ]] || fail "completion: no $2 in '$1'"
}

check_completion() {
    # shellcheck source=/dev/null
    . "$BUILD/$1.bash"
    completes "$(complete_words "$1" '')" "$(verbs "$1" | paste -sd ' ')"
    completes "$(complete_words "$1" help '')" "$(verbs "$1" | paste -sd ' ')"
    for verb in $(verbs "$1" | grep -vx help); do
        for option in $("$1" help "$verb" | options | sed 's/\[n\]/0/'); do
            completes "$(complete_words "$1" "$verb" "$option")" "$option"
        done
    done
}

if command -v man >/dev/null && command -v col >/dev/null; then
    check_page pctrun
    check_page pct
else
    echo "manual: skipped: there is no man or col on this host"
fi
check_completion pctrun
check_completion pct
mkdir "$PCTRUN_ROOT/web"
mkdir -p "$PCTRUN_ETC/lxc"
printf 'arch: amd64\nrootfs: local:100/vm-100-disk-0.raw\n' >"$PCTRUN_ETC/lxc/100.conf"
[ "$(complete_words pctrun create --bundle '')" = "" ] || fail "completion: a value is not an option"
[ "$(complete_words pct start '')" = 100 ] || fail "completion: no id for pct start"
exit $failed
