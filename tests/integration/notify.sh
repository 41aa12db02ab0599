#!/bin/bash
# Who was started by a service manager passes on to it that the container's program is ready, and
# nothing else that is said inside.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

cat >manager.py <<'END'
import socket, sys
manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
manager.bind(sys.argv[1])
print("listens", flush=True)
while True:
    print(manager.recv(4096), flush=True)
END
python3 manager.py manager >>heard &
manager=$!
eventually "a service manager" grep -q listens heard
heard() {
    sed 1d heard
}
# hears NAME WANT: the manager, who takes his time, has been told this and nothing else
hears() {
    has_heard() { [ "$(heard)" = "$1" ]; }
    eventually "$1" has_heard "$2"
}
forget() {
    echo listens >heard
}

# with_notify COMMAND...: as that manager starts it
with_notify() {
    NOTIFY_SOCKET=$WORK/manager "$@"
}
# Not yet ready; it is when somebody makes the file /tmp/go.
says='notify "MAINPID=1
STOPPING=1" "FDSTORE=1" "XREADY=1" "READY=11" && touch /tmp/said; until [ -e /tmp/go ]; do sleep 0.1; done'
ready='notify "STATUS=up
READY=1
MAINPID=1" && { notify "RELOADING=1" 2>/dev/null; touch /tmp/done; sleep 1000; }'
fresh() {
    rm -rf b
    bundle b "$@"
    cp "$BUILD/attack/notify" b/rootfs/bin/
}

fresh sh -c "echo \$NOTIFY_SOCKET >/tmp/where; $says; $ready"
with_notify pctrun run -d -b b c >out.log 2>&1 &
pid=$!
eventually "run -d: the program speaks" test -e b/rootfs/tmp/said
is "of its own socket" "$(cat b/rootfs/tmp/where)" /run/notify/notify.sock
is "the manager hears nothing of that" "$(heard)" ""
is "and pctrun waits" "$(kill -0 $pid && echo yes)" yes
touch b/rootfs/tmp/go
wait $pid
is "until the program is ready" "$?$(cat out.log)" 0
hears "that is passed on, with who it is" "b'MAINPID=$(container_pid c)\\nREADY=1'"
eventually "what it says later goes nowhere" test -e b/rootfs/tmp/done
is "a further program has no such socket" "$(pctrun exec c sh -c 'echo $NOTIFY_SOCKET')" ""
is "the folder can't be written to from inside" "$(pctrun exec c sh -c 'touch /run/notify/x 2>/dev/null || echo no')" no
runs "delete" pctrun delete -f c
is "nothing else was heard" "$(heard | wc -l)" 1
forget

fresh sh -c "$says; $ready"
runs "create" with_notify pctrun create -b b c
with_notify pctrun start c >out.log 2>&1 &
pid=$!
eventually "start: the program speaks" test -e b/rootfs/tmp/said
is "start waits" "$(kill -0 $pid && echo yes)" yes
touch b/rootfs/tmp/go
wait $pid
is "until it is ready" "$?$(cat out.log)" 0
hears "and passes that on" "b'MAINPID=$(container_pid c)\\nREADY=1'"
runs "delete" pctrun delete -f c
forget

fresh sh -c "notify READY=1; sleep 0.1; exit 7"
status "run" 7 with_notify pctrun run -b b c
hears "stays the main process" "b'READY=1'"
forget
fresh sh -c 'exit 3'
runs "run -d of one that ends without a word ends too" with_notify pctrun run -d -b b c
runs "delete" pctrun delete c
is "nothing is heard" "$(heard)" ""
fresh sh -c ': >/tmp/up; exec sleep 1000'
with_notify pctrun run -d -b b c &
pid=$!
eventually "one that never says it" test -e b/rootfs/tmp/up
kill -TERM $pid
wait $pid
is "is waited for until the caller has enough" "$?" 143
is "and runs on" "$(container_status c)" running
runs "delete" pctrun delete -f c

linux=$userns_maps namespaces="$default_namespaces,{\"type\":\"user\"}" user='"uid": 1000, "gid": 1000' \
    fresh sh -c 'notify READY=1 && sleep 1000'
shift_owner b/rootfs
runs "in a user namespace, another user" with_notify pctrun run -d -b b c
hears "is heard as well" "b'MAINPID=$(container_pid c)\\nREADY=1'"
runs "delete" pctrun delete -f c
forget
env='"PATH=/bin","NOTIFY_SOCKET=/engine"' fresh sh -c 'echo $NOTIFY_SOCKET; ls -d /run/notify 2>/dev/null; true'
runs "where the bundle has a socket already" with_notify pctrun run -b b c
is "that one stays" "$out" /engine
bundle b sh -c 'echo ${NOTIFY_SOCKET-none}; ls -d /run/notify 2>/dev/null; true'
rm -rf b/rootfs/run/notify
runs "where nobody waits" pctrun run -b b c
is "there is none" "$out" none
(cd "$WORK" && runs "a state root by a relative path" with_notify pctrun --root .state run -b b c)
kill $manager
done_testing
