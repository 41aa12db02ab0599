#!/bin/sh
# A manual page or a bash completion from what a program's help says, which the tables of verbs and
# options in cli/ print: scripts/man.sh man|bash PROGRAM
# docs/NAME.man is the page, but for its lines @OPTIONS@ and @COMMANDS@.
set -eu
kind=$1
program=$2
name=$(basename "$program")
docs=$(dirname "$0")/../docs

# The rows below a heading of a help text on stdin.
rows() {
    awk -v heading="$1:" '$0 == heading {on = 1; next} /^[^ ]/ {on = 0} on && NF'
}

verbs() {
    "$program" help | rows Commands | awk '{print $1}'
}

usage() {
    sed -n '1s/^usage: //p'
}

# Text on stdin so that roff takes it as it is: backslashes, minus signs, lines that look like
# requests.
escape() {
    sed 's/\\/\\e/g; s/-/\\-/g; s/^[.'\'']/\\\&&/'
}

# Rows of options to paragraphs: words, two or more blanks, meaning.
paragraphs() {
    sed 's/^ *//' | escape | awk '{
        at = match($0, /  +/)
        printf ".TP\n.B %s\n%s\n", substr($0, 1, at - 1), substr($0, at + RLENGTH)
    }'
}

commands() {
    for verb in $(verbs | grep -vx help); do
        help=$("$program" help "$verb")
        printf '.SS "%s"\n' "$(echo "$help" | usage | escape)"
        echo "$help" | sed -n 3p | escape
        echo "$help" | rows Options | paragraphs
    done
}

man_page() {
    printf '.TH %s 1 "" "%s"\n' "$(echo "$name" | tr '[:lower:]' '[:upper:]')" \
        "$("$program" --version | sed -n '1s/ version / /p')"
    while IFS= read -r line; do
        case $line in
        @OPTIONS@) "$program" help | rows Options | paragraphs ;;
        @COMMANDS@) commands ;;
        *) printf '%s\n' "$line" ;;
        esac
    done <"$docs/$name.man"
}

# Option names of the rows on stdin: all, or those with a value.
names() {
    awk -v values="$1" '{
        sub(/^ +/, ""); at = match($0, /  +/); left = substr($0, 1, at - 1)
        if (values && left !~ / [^-]/) next
        while (match(left, /--?[a-zA-Z][a-zA-Z0-9.-]*(\[n\])?/)) {
            word = substr(left, RSTART, RLENGTH); left = substr(left, RSTART + RLENGTH)
            if (left ~ /^,/ || left ~ /^$/ || left ~ /^ /) { sub(/\[n\]/, "0", word); print word }
        }
    }' | paste -sd ' '
}

# Whether a verb's first word names a container that is there.
takes_id() {
    case $1 in
    create | run | plan | restore) false ;;
    *) "$program" help "$1" | usage | grep -Eq ' (ID|<vmid>)' ;;
    esac
}

completion() {
    cat <<EOF
# bash completion of $name, made from its help
_$name() {
    local word=\${COMP_WORDS[COMP_CWORD]} last=\${COMP_WORDS[COMP_CWORD-1]} verb= ids= i
    local options="$("$program" help | rows Options | names '')"
    local values="$("$program" help | rows Options | names 1)" root=()
    for ((i = 1; i < COMP_CWORD; i++)); do
        [[ \${COMP_WORDS[i]} != --root ]] || root=(--root "\${COMP_WORDS[i+1]}")
        case \${COMP_WORDS[i]} in
        $(verbs | paste -sd '|')) verb=\${COMP_WORDS[i]} && break ;;
        esac
    done
    case \$verb in
    '') options="\$options $(verbs | paste -sd ' ')" ;;
    help) options="$(verbs | paste -sd ' ')" ;;
EOF
    for verb in $(verbs | grep -vx help); do
        help=$("$program" help "$verb")
        if takes_id "$verb"; then id=yes; else id=; fi
        printf '    %s) options="%s" values="%s" ids=%s ;;\n' "$verb" \
            "$(echo "$help" | rows Options | names '')" \
            "$(echo "$help" | rows Options | names 1)" "$id"
    done
    cat <<EOF
    esac
    for ((i++; i < COMP_CWORD; i++)); do
        if [[ " \$values " == *" \${COMP_WORDS[i]} "* ]]; then
            ((i++))
        elif [[ \${COMP_WORDS[i]} != -* ]]; then
            ids= # is there already
        fi
    done
    COMPREPLY=()
    [[ " \$values " != *" \$last "* ]] || return
    [[ ! \$ids || \$word == -* ]] || options=\$($name "\${root[@]}" list $(ids))
    COMPREPLY=(\$(compgen -W "\$options" -- "\$word"))
}
complete -o default -F _$name $name
EOF
}

# How the list of containers becomes ids alone.
ids() {
    case $name in
    pct) echo "2>/dev/null | awk 'NR > 1 {print \$1}'" ;;
    *) echo '-q 2>/dev/null' ;;
    esac
}

case $kind in
man) man_page ;;
bash) completion ;;
*)
    echo "usage: man.sh man|bash PROGRAM" >&2
    exit 2
    ;;
esac
