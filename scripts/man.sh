#!/bin/sh
# A manual page or a bash completion from what a program's --help says, which the tables of verbs
# and options in cli/ print: scripts/man.sh man|bash PROGRAM
# docs/NAME.man, where it is there, is the end of the page: examples, exit status, files.
set -eu
kind=$1
program=$2
name=$(basename "$program")
docs=$(dirname "$0")/../docs

verbs() {
    "$program" --help | awk '/^Commands:/ {on = 1; next} /^$/ {on = 0} on {print $1}'
}

# Option lines of a help text on stdin to roff paragraphs: words, two or more spaces, meaning.
options() {
    awk '/^Options:/ {on = 1; next}
        on && NF {
            line = $0; sub(/^ +/, "", line)
            at = match(line, /  +/)
            words = at ? substr(line, 1, at - 1) : line
            gsub(/-/, "\\-", words)
            printf ".TP\n.B %s\n%s\n", words, at ? substr(line, at + RLENGTH) : ""
        }'
}

man_page() {
    upper=$(echo "$name" | tr a-z A-Z)
    about=$("$program" --help | sed -n 3p)
    printf '.TH %s 1 "" "%s"\n' "$upper" "$("$program" --version | head -n 1)"
    printf '.SH NAME\n%s \\- %s\n' "$name" "$about"
    printf '.SH SYNOPSIS\n.B %s\n[OPTIONS] COMMAND [ARGUMENTS]\n' "$name"
    printf '.SH OPTIONS\n'
    "$program" --help | options
    printf '.SH COMMANDS\n'
    for verb in $(verbs); do
        help=$("$program" "$verb" --help)
        printf '.SS %s\n' "$(echo "$help" | sed -n '1s/^usage: //p')"
        echo "$help" | sed -n 3p
        echo "$help" | options
    done
    [ ! -e "$docs/$name.man" ] || cat "$docs/$name.man"
}

completion() {
    printf '# bash completion of %s, made from its --help\n_%s() {\n' "$name" "$name"
    printf '    local word=${COMP_WORDS[COMP_CWORD]} verb= w\n'
    printf '    for w in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do\n        case $w in\n'
    printf '        %s) verb=$w; break ;;\n        esac\n    done\n    case $verb in\n' \
        "$(verbs | paste -sd '|')"
    for verb in $(verbs); do
        printf '    %s) COMPREPLY=($(compgen -f -W "%s" -- "$word")) ;;\n' "$verb" \
            "$("$program" "$verb" --help | grep -o -- ' --[a-z][a-zA-Z0-9-]*' | tr -d '\n')"
    done
    printf '    *) COMPREPLY=($(compgen -W "%s" -- "$word")) ;;\n    esac\n}\n' \
        "$(verbs | paste -sd ' ')$("$program" --help | grep -o -- ' --[a-z][a-z-]*' | tr -d '\n')"
    printf 'complete -F _%s %s\n' "$name" "$name"
}

case $kind in
man) man_page ;;
bash) completion ;;
*)
    echo "usage: man.sh man|bash PROGRAM" >&2
    exit 2
    ;;
esac
