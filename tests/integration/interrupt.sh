#!/bin/bash
# Who waits for a create, a run or an exec that hangs can end it: nothing is left behind.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

# The hook's own processes are looked for by a word of theirs.
word=$((RANDOM + 100000))
hook='{"path":"/bin/sh","args":["sh","-c","cat >/dev/null; echo > '"$WORK"'/hooked; exec sleep '$word'"]}'

sleeps() {
    pgrep -f "^sleep $word" >/dev/null
}

none_sleeps() {
    ! sleeps
}

# hangs NAME SIGNAL COMMAND...: is ended by the signal, with one line that says so, status 1
hangs() {
    local pid got=0
    rm -f hooked
    "${@:3}" >out.log 2>&1 &
    pid=$!
    eventually "$1: hangs" test -e hooked
    kill -s "$2" $pid
    wait $pid || got=$?
    is "$1: SIG$2 ends it" "$got" "${status:-1}"
    is "$1: one line" "$(wc -l <out.log)" 1
    like "$1: says so" "$(cat out.log)" "${says:-error running [a-zA-Z]+ hook #0: /bin/sh: killed: Interrupted system call \\(from hooks\\.[a-zA-Z]+\\[0\\] in config\\.json\\)$}"
    eventually "$1: what hung is gone" none_sleeps
    is "$1: no container" "$(pctrun list -q)" "${containers:-}"
}

for name in prestart createRuntime poststart; do
    top=',"hooks":{"'$name'":['$hook']}' bundle b sleep 1000
    hangs "run, $name" TERM pctrun run -b b c
    # SIGINT and SIGQUIT are ignored by the background jobs of a script.
    hangs "run -d, $name" HUP pctrun run -d -b b c
done
top=',"hooks":{"createRuntime":['$hook']}' bundle b sleep 1000
hangs "create" TERM pctrun create -b b c
for name in createContainer startContainer; do
    # The container's own: ends with the container.
    inside='{"path":"/bin/sh","args":["sh","-c","cat >/dev/null; echo > '"$WORK"'/hooked; exec sleep '$word'"]}'
    [ $name = createContainer ] || inside='{"path":"/bin/sh","args":["sh","-c","cat >/dev/null; echo > /shared/hooked; exec sleep '$word'"]}'
    mounts=',{"destination":"/shared","source":"'"$WORK"'","options":["bind"]}' top=',"hooks":{"'$name'":['"$inside"']}' bundle b sleep 1000
    says='^pctrun: interrupted$' hangs "run, $name" TERM pctrun run -b b c
done

# A document that never comes.
case $(uname -m) in
x86_64) openat=257 ;;
*) openat=56 ;; # asm-generic/unistd.h
esac
opens() { # PID: waits in openat(2)
    grep -q "^$openat " "/proc/$1/syscall"
}
mkdir fifo
mkfifo fifo/config.json
pctrun run -b fifo c >out.log 2>&1 &
pid=$!
eventually "run: waits for its bundle" opens $pid
kill -TERM $pid
got=0
wait $pid || got=$?
is "SIGTERM ends it" "$got" 1
like "says so" "$(cat out.log)" 'config.json: Interrupted system call'

# What comes after the start is the program's.
bundle b sh -c 'trap "echo got it; exit 7" TERM; echo ready; while :; do sleep 0.1; done'
pctrun run -b b d >out.log 2>&1 &
pid=$!
eventually "a program" grep -q ready out.log
kill -TERM $pid
got=0
wait $pid || got=$?
is "SIGTERM is the program's" "$got" 7
like "it says so" "$(cat out.log)" 'got it'
runs "the end" pctrun delete -f c
done_testing
