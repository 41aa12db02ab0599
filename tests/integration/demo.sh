#!/bin/bash
# `make demo` takes everything away again, also when Ctrl-C comes somewhere on the way.
# time: 240 s
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

if ! "$TREE/scripts/template.sh" --kept >/dev/null; then
    skip "the demo" "no template of this machine's suite: scripts/template.sh"
    done_testing
    exit
fi

homes() { find /var/tmp -maxdepth 1 -name 'pctrun-demo.*' | sort; }
links() { ip -o link | awk '{sub("@.*", "", $2); print $2}' | sort; }

# A shell without job control has SIGINT ignored in what it runs in the background.
start_demo() {
    setsid env --default-signal=INT "$TREE/scripts/demo.sh" >log 2>&1 &
    demo=$!
}

demo=''
trap '[ -z "$demo" ] || kill -INT -- "-$demo" 2>/dev/null; wait; clean_up' EXIT

said() { grep -q "^# $1" log; }
ended() { ! kill -0 "$demo" 2>/dev/null; }

# interrupt WHEN SECONDS: once it has said that, and so much later
interrupt() {
    local before
    before=$(homes; links)
    start_demo
    patience=60
    eventually "\"$1\" is reached" said "$1"
    sleep "$2"
    kill -INT -- "-$demo"
    eventually "Ctrl-C ends it" ended
    wait "$demo"
    is "with the status of an interrupt" $? 130
    demo=''
    is "and nothing is left" "$(homes; links)" "$before"
}

if emulated; then
    skip "Ctrl-C on the way" "emulated: takes minutes"
    done_testing
    exit
fi
interrupt "a bridge" 0
interrupt "a container from the template" 0.3
interrupt "start" 0
interrupt "start" 0.5
interrupt "its network" 0.5
interrupt "a shell inside" 1
interrupt "the end" 0.1
done_testing
