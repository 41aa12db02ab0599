#!/bin/bash
# Terminals: of pctrun run and exec, of pct exec, enter and console.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

terminal=',"terminal":true'

# --- pctrun run: a terminal of the caller's

process=$terminal bundle one sh -c 'tty; stty size; test -t 0 && test -t 1 && test -t 2; echo $?; exit 5'
status "run with a terminal passes the status on" 5 person --rows 31 --columns 97 -- pctrun run -b one c
is "it is one of the container's, of the window's size" "$out" $'/dev/pts/0\n31 97\n0'
process=$terminal bundle one sh -c 'trap "stty size" WINCH; trap "exit 9" TERM; echo ready; while :; do sleep 0.1; done'
status "a new size arrives" 9 person expect:ready size:40x120 'expect:40 120' signal:TERM -- pctrun run -b one c

process=$terminal bundle one sh -c 'trap : INT; sh -c "echo ready; exec sleep 1000"; echo "slept: $?"; read -r line; echo "got $line"'
runs "Ctrl-C is for the foreground process" person expect:ready modes 'send:\x03' 'expect:slept: 130' 'send:word\r' \
    'expect:got word' -- pctrun run -b one c
like "keys go through as they are meanwhile" "$out" 'modes: raw'
process=$terminal bundle one sh -c 'sleep 0.3; exit 0'
runs "the terminal is as before afterwards" person wait modes -- pctrun run -b one c
like "in each mode" "$out" 'modes: cooked'
process=$terminal bundle one sh -c 'trap "exit 9" TERM; echo ready; while :; do sleep 0.1; done'
status "also when a signal ends it" 9 person expect:ready still:0.2 modes signal:TERM wait modes -- pctrun run -b one c
is "raw, then restored" "$out" $'ready\nmodes: raw\nmodes: cooked'
status "also when it can't start" 1 person wait modes -- sh -c 'pctrun run -b nothing c'
like "not even touched" "$out" 'modes: cooked'

process=$terminal bundle one sh -c 'trap "echo hung up >/tmp/said; exit 7" HUP; echo ready; while :; do sleep 0.1; done'
status "a terminal that is hung up hangs the container's up" 7 person expect:ready hangup wait -- pctrun run --keep -b one c
is "the program was told" "$(cat one/rootfs/tmp/said)" "hung up"
runs "and is deleted" pctrun delete c

# --- without a terminal of the caller's

process=$terminal bundle one wc -c
like "input from a pipe, up to its end" "$(printf 'one\ntwo' | pctrun run -b one c | tr -d '\r')" '^(two)?7$'
is "no input at all" "$(pctrun run -b one c </dev/null | tr -d '\r')" 0
process="$terminal,\"consoleSize\":{\"height\":11,\"width\":22}" bundle one stty size
is "consoleSize" "$(pctrun run -b one c </dev/null | tr -d '\r')" "11 22"
process=$terminal bundle one sh -c 'i=0; while [ $i -lt 20000 ]; do echo "line $i"; i=$((i + 1)); done'
is "much output comes whole" "$(pctrun run -b one c </dev/null | tr -d '\r' | tail -n 1)" "line 19999"
is "each line of it" "$(pctrun run -b one c </dev/null | wc -l)" 20000
process=$terminal bundle one yes
# shellcheck disable=SC2016
runs "nobody reads any more: the program is hung up on" timeout 20 sh -c 'pctrun run -b one c </dev/null | head -n 1'
refused "detached it needs a console socket" 'cannot allocate tty if pctrun will detach without setting console socket' \
    pctrun run -d -b one c
is "nothing is left" "$(pctrun list -q)" ""

# --- exec

bundle one sh -c 'trap "exit 0" TERM; while :; do sleep 0.1; done'
runs "a container" pctrun run -d -b one c
status "exec -t" 3 person --rows 25 --columns 81 -- pctrun exec -t c sh -c 'tty; stty size; exit 3'
is "has a terminal of the container's" "$out" $'/dev/pts/0\n25 81'
runs "a shell at it" person 'expect:# ' 'send:sh -c "echo beg""un; exec sleep 100"\r' 'expect:^begun' 'send:\x1a' 'expect:Stopped' 'send:jobs\r' \
    'expect:Stopped *sh -c' 'send:kill %1; fg\r' still:0.3 'send:exit 0\r' wait modes -- pctrun exec -t c sh
like "job control works, the terminal is as before" "$out" 'modes: cooked'
is "exec -t with a pipe" "$(echo hello | pctrun exec -t c cat | tr -d '\r')" $'hello\nhello'
status "what goes on behind does not hold it up" 0 timeout 20 pctrun exec -t c sh -c 'sleep 77 & echo gone'
refused "exec -t -d needs a console socket" 'cannot allocate tty' pctrun exec -t -d c true

cat >receive.py <<'END'
import array, socket, sys, fcntl, termios, struct
listener = socket.socket(socket.AF_UNIX)
listener.bind(sys.argv[1])
listener.listen()
print("listening", flush=True)
connection = listener.accept()[0]
name, ancillary, flags, address = connection.recvmsg(4096, 4096)
fds = [array.array("i", data) for level, kind, data in ancillary if kind == socket.SCM_RIGHTS]
rest = connection.recv(1)
size = struct.unpack("HHHH", fcntl.ioctl(fds[0][0], termios.TIOCGWINSZ, b" " * 8))
print(name.decode(), len(fds), len(fds[0]), rest, size[:2])
text = b""
while b"done" not in text:
    text += open(fds[0][0], "rb", 0, closefd=False).read(100)
print(text.decode().replace("\r", ""))
END
engine() {
    rm -f received
    python3 receive.py socket >received &
    eventually "an engine listens" grep -q listening received
    runs "$@" --console-socket socket "${rest[@]}"
    wait $!
    rm -f socket
}
echo '{"args":["sh","-c","tty; echo done; sleep 1000"],"cwd":"/","env":["PATH=/bin"],"terminal":true,"consoleSize":{"height":7,"width":9},"user":{"uid":0,"gid":0}}' >process.json
rest=(c)
engine "exec with a console socket" pctrun exec -d --process process.json
like "one message, one master, its size set" "$(sed -n 2p received)" "^[^ ]+ 1 1 b'' \(7, 9\)\$"
like "what the program says" "$(tail -n +3 received | tr '\n' ' ')" '/dev/pts/[0-9]+ done'
runs "the end" pctrun delete -f c
process=$terminal top=',"annotations":{"org.pctrun.tty":"2"}' bundle one sh -c 'ls /dev/tty1; echo done; sleep 1000'
rest=(-b one c)
engine "create with a console socket" pctrun run -d
like "one message, though there could be ttys" "$(sed -n 2p received)" "^/dev/ptmx 1 1 b'' "
like "which are not made then" "$(tail -n +3 received)" 'No such file'
runs "the end of it" pctrun delete -f c

# --- what an image could do to a console

mkdir -p dev/pts
ln -s /etc/passwd dev/console
dev=',{"destination":"/dev","type":"bind","source":"'$WORK'/dev","options":["bind"]}'
pts=',{"destination":"/dev/pts","type":"devpts","source":"devpts","options":["ptmxmode=0666"]}'
process=$terminal mounts=$dev$pts bundle evil tty
refused "a /dev/console that leads elsewhere" 'tty pty on /dev/console: .*symbolic link' pctrun run -b evil c
rm -r dev/console
process=$terminal mounts=$dev bundle evil tty
refused "a /dev/pts that is none" '/dev/pts is no devpts' pctrun run -b evil c

done_testing
