#!/bin/bash
# What a person meets a pct container with: console, enter, exec, at terminals of the container.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

pct_storage
cp -a "$SHARED/rootfs" template
# getty discards what its terminal has not passed on yet: the log gets a second to have it.
cat >template/etc/inittab <<'END'
::sysinit:/bin/sh -c "echo the boot begins; sleep 1"
console::respawn:/bin/getty 38400 console
tty1::respawn:/bin/getty 38400 tty1
tty2::respawn:/bin/getty 38400 tty2
END
printf 'root::0:0:root:/root:/bin/sh\nalice:x:1000:1000::/tmp:/bin/sh\n' >template/etc/passwd
echo 'ID=alpine' >template/etc/os-release
mkdir -p template/root
tar -C template -czf template.tar.gz .

require "create" pct create 7910 "$WORK/template.tar.gz" --ostype unmanaged --hostname www \
    --rootfs local:0 --unprivileged 1
accept_unless_checked 7910
require "a container with three gettys" pct start 7910 "${accept[@]}"

# What person.py has left behind when it was killed.
nobody_there() { ! pgrep -f 'pct console 7910'; }
all_left() {
    local pids
    pids=$(pgrep -f 'pct console 7910')
    [ -z "$pids" ] || kill -KILL $pids
    eventually "who was there is gone" nobody_there
}

# --- a tty, which one has for oneself

# What has begun is what Ctrl-C and Ctrl-Z are for.
sleeps='sh -c "echo beg""un; exec sleep 100"\r'
login=('send:\r' 'expect:login: ' 'send:root\r' "expect:[#$] ")
runs "log in at a tty, and leave it" person --rows 33 --columns 99 "${login[@]}" 'send:tty; stty size\r' \
    'expect:/dev/tty1' 'expect:33 99' size:20x70 "send:until stty size | grep '20 70'; do sleep 0.1; done\r" 'expect:^20 70' modes \
    'send:\x01q' wait modes -- pct console 7910
like "it says how" "$out" 'Connected to tty 1'
like "in Proxmox's words" "$out" 'Type <Ctrl\+a q> to exit the console, <Ctrl\+a Ctrl\+a> to enter Ctrl\+a itself'
is "the terminal was raw, and is as before" "$(grep -o 'modes: .*' <<<"$out")" $'modes: raw\nmodes: cooked'
runs "the session goes on where it was" person "send:$sleeps" 'expect:^begun' 'send:\x03' "expect:[#$] " 'send:echo "status $?"\r' \
    'expect:status 130' 'send:exit\r' 'expect:login: ' 'send:\x01q' -- pct console 7910
runs "another escape key" person 'send:\r' 'expect:login: ' 'send:\x01qx' 'expect:qx' 'send:\x15\x02q' -- \
    pct console 7910 --escape '^b'
refused "one that is none" "escape: value does not match" pct console 7910 --escape 1
status "a pipe may watch" 124 timeout -s INT 2 pct console 7910 </dev/null

python3 "$TREE/tests/integration/person.py" "${login[@]}" 'send:tty\r' expect:/dev/tty1 still:40 -- pct console 7910 >first 2>&1 &
first=$!
eventually "one person at tty1" grep -q ^/dev/tty1 first
runs "a second one gets the next" person "${login[@]}" 'send:tty; exit\r' 'expect:/dev/tty2' 'expect:login: ' 'send:\x01q' -- \
    pct console 7910
like "which is said" "$out" 'Connected to tty 2'
python3 "$TREE/tests/integration/person.py" still:40 -- pct console 7910 >second 2>&1 &
second=$!
eventually "two at two ttys" grep -q 'Connected to tty 2' second
refused "a third one is told so" 'every tty of the container is in use' pct console 7910
kill $first $second
wait $first $second
all_left
runs "who died is gone" person still:0.2 'send:\x03\r' still:0.2 'send:\x01q' -- pct console 7910
like "from the first" "$out" 'Connected to tty 1'

# --- the console, for as many as like

echo 'cmode: console' >>"$PCTRUN_ETC/lxc/7910.conf"
python3 "$TREE/tests/integration/person.py" 'expect:Connected' 'expect:shared' 'send:\x01q' -- pct console 7910 >watcher 2>&1 &
watcher=$!
eventually "somebody watches the console" grep -q Connected watcher
runs "another logs in there" person "${login[@]}" 'send:tty; echo shar""ed\r' 'expect:/dev/console' 'expect:shared' \
    'send:exit\r' 'expect:login: ' 'send:\x01q' -- pct console 7910
wait $watcher
is "the first one saw it" $? 0
like "tty 0" "$out" 'Connected to tty 0'
like "the log has the boot" "$(tr -d '\r' <"$PCTRUN_ROOT/.log/7910")" '^the boot begins'
like "and all that was shown" "$(tr -d '\r' <"$PCTRUN_ROOT/.log/7910")" '^shared'

# Stopped it takes nothing more, the console's writers wait for it, but not for long.
python3 "$TREE/tests/integration/person.py" expect:Connected signal:STOP 'still:40' -- pct console 7910 >stopped 2>&1 &
stopped=$!
eventually "one that is stopped" grep -q Connected stopped
before=$(date +%s)
runs "a client that hangs does not hold the container up" \
    pct exec 7910 -- sh -c 'i=0; while [ $i -lt 30000 ]; do echo "line $i"; i=$((i+1)); done >/dev/console'
is "for more than some seconds" $(($(date +%s) - before > 30 * PCTRUN_TEST_SLOW)) 0
kill $stopped
wait $stopped
all_left
like "all of it is in the log" "$(tail -n 3 "$PCTRUN_ROOT/.log/7910")" 'line 29999'

# --- exec and enter

runs "exec at a terminal" person --rows 30 --columns 90 -- pct exec 7910 -- sh -c 'tty; stty size; test -t 2; echo $?'
like "of the container, of the window's size" "$(tr '\n' ' ' <<<"$out")" '^/dev/pts/[0-9]+ 30 90 0'
status "with its status" 6 person -- pct exec 7910 -- sh -c 'exit 6'
status "or its signal" 143 person -- pct exec 7910 -- sh -c 'kill -TERM $$'
status "or that there is no such program" 127 person -- pct exec 7910 -- nowhere
like "said in plain words" "$out" 'executable file not found'
status "or that it is none" 126 person -- pct exec 7910 -- /etc/passwd
runs "what is no terminal stays what it is" person --out plain -- pct exec 7910 -- sh -c 'echo a; tty; test -t 2 && echo terminal'
like "each for itself" "$(tr '\n' ' ' <plain)" '^a /dev/pts/[0-9]+ terminal $'
is "without carriage returns" "$(grep -c $'\r' plain)" 0
is "no terminal, none inside" "$(pct exec 7910 -- tty </dev/null)" "not a tty"
is "the caller's environment" "$(A=1 SSL_CERT_DIR=x pct exec 7910 -- sh -c 'echo $A$SSL_CERT_DIR')" 1
is "or none of it" "$(A=1 pct exec 7910 --keep-env 0 -- sh -c 'echo $A')" ""
is "the container's own wins" "$(TERM=x container=y pct exec 7910 -- sh -c 'echo $TERM $container')" "linux lxc"
is "the caller's folder" "$(cd /tmp && pct exec 7910 -- pwd)" /tmp
is "where there is one" "$(pct exec 7910 -- pwd)" /
is "it is not made" "$(pct exec 7910 -- ls -A /tmp)" ""

runs "enter" person --rows 22 --columns 66 'expect:# ' 'send:tty; stty size; echo $0\r' 'expect:/dev/pts/' 'expect:22 66' 'expect:/bin/sh' \
    size:23x67 "send:until stty size | grep '23 67'; do sleep 0.1; done\r" 'expect:^23 67' "send:$sleeps" 'expect:^begun' 'send:\x1a' 'expect:Stopped' 'send:fg\r' still:0.3 \
    'send:\x03' 'expect:# ' 'send:exit 0\r' wait modes -- pct enter 7910
like "a shell with job control; the terminal is as before" "$out" 'modes: cooked'
status "enter has the shell's status" 4 person 'expect:# ' 'send:exit 4\r' -- pct enter 7910
status "a terminal that goes away ends the shell" 129 person 'expect:# ' hangup wait -- pct enter 7910
no_shell() { ! pct exec 7910 -- ps | grep -q ' /bin/sh$'; }
eventually "nothing is left of it" no_shell
sed -i 's/^cmode: .*/cmode: shell/' "$PCTRUN_ETC/lxc/7910.conf"
runs "cmode shell" person 'expect:# ' 'send:tty; env | grep -c HOSTED\r' 'expect:/dev/pts/' 'expect:^0' 'send:exit 0\r' -- env HOSTED=1 pct console 7910
no_zombies() { ! pct exec 7910 -- ps -o stat | grep -q '^Z'; }
eventually "no zombies" no_zombies

runs "stop" pct stop 7910
refused "a console of nothing" "container '7910' not running!" pct console 7910
refused "enter nothing" "container '7910' not running!" pct enter 7910
like "the log stays" "$(tail -n 1 "$PCTRUN_ROOT/.log/7910")" 'line 29999'

printf 'console: 0\ntty: 0\n' >>"$PCTRUN_ETC/lxc/7910.conf"
sed -i 's/^cmode: .*/cmode: tty/' "$PCTRUN_ETC/lxc/7910.conf"
runs "without console and ttys" pct start 7910 "${accept[@]}"
is "its first process has nothing of the caller's" \
    "$(readlink "/proc/$(container_pid 7910)/fd/"[012] | sort -u)" /dev/null
refused "there is none" 'the container has no ttys \(tty: 0\)' pct console 7910
sed -i 's/^cmode: .*/cmode: console/' "$PCTRUN_ETC/lxc/7910.conf"
refused "nor a console" 'the container has no console \(console: 0\)' pct console 7910
monitor=$(sed -n 's/.*"monitor": *\([0-9]*\).*/\1/p' "$PCTRUN_ROOT/7910/state.json")
kill -KILL "$monitor"
eventually "a monitor that was killed" test ! -e "/proc/$monitor/exe"
refused "nobody serves it any more" 'its monitor has ended; pct stop and pct start bring it back' pct console 7910
runs "stop that" pct stop 7910
runs "destroy" pct destroy 7910
is "with its log" "$(ls -A "$PCTRUN_ROOT/.log")" ""
done_testing
