#!/bin/bash
# containerd: its shim, with pctrun as the runtime, by ctr
# shellcheck source=engine.sh
. "$(dirname "$0")/engine.sh"
needs containerd ctr umoci

configured /etc/containerd/config.toml
containerd >containerd.log 2>&1 &
eventually "containerd answers" ctr version
image
runs "an image" ctr image import --base-name docker.io/library/busybox "$image"
busybox=docker.io/library/busybox:latest
pctrun=(--runc-binary /usr/bin/pctrun)

run() {
    ctr run --rm "${pctrun[@]}" "$@"
}

task_is() {
    ctr task ls | grep -q "^$1 .* $2\$"
}

too_much() {
    run --memory-limit 20971520 $busybox c dd if=/dev/zero of=/dev/null bs=60M count=1
}

# The shim looks at memory.events in its own time: it may be late for a container that is gone.
told_as_such() {
    grep -q /tasks/oom events.log || { too_much; false; }
}

limited() {
    local cgroup=type=cgroup,src=cgroup,dst=/sys/fs/cgroup,options=ro
    says "limits" $'67108864\n50000 100000' run --memory-limit 67108864 --cpus 0.5 --mount $cgroup \
        $busybox c \
        sh -c 'cd "/sys/fs/cgroup$(cut -d: -f3 /proc/self/cgroup)"; cat memory.max cpu.max'
    ctr events >events.log 2>&1 &
    status "too much memory" 137 too_much
    eventually "is told as such" told_as_such
    runs "one to look at" ctr run -d "${pctrun[@]}" --memory-limit 67108864 $busybox m sleep 1000
    out=$(ctr task metrics m)
    like "metrics: processes" "$out" '^pids.current +1 '
    like "metrics: memory" "$out" '^memory.usage_limit +67108864 '
    runs "kill" ctr task kill -s KILL m
    eventually "it ends" task_is m STOPPED
    runs "delete it" ctr task rm m
    ctr container rm m
    kill %2
}
limits
! emulated || { done_testing; exit; }

documented_commands ctr
says "the output is the program's alone" out run $busybox c echo out
status "so is its exit status" 5 run $busybox c sh -c 'exit 5'
status "no such program" 1 run $busybox c nonesuch
like "is told" "$out" 'executable file not found in \$PATH'
says "environment, directory" $'b\n/etc' run --env A=b --cwd /etc $busybox c sh -c 'echo $A; pwd'
says "a terminal" $'tty /dev/pts/0\ntyped' eval \
    "person --rows 30 --columns 90 expect:tty 'send:typed\r' 'expect:typed' 'send:\x04' wait -- \
    ctr run --rm -t ${pctrun[*]} $busybox c sh -c 'echo tty \$(tty); stty -echo; cat' | tr -d '\r'"
status "--read-only" 1 run --read-only $busybox c touch /x
mkdir volume && echo kept >volume/file
says "--mount" kept run --mount "type=bind,src=$WORK/volume,dst=/v,options=rbind:ro" $busybox c \
    cat /v/file
says "--privileged" "$(grep CapEff /proc/self/status)" run --privileged $busybox c grep CapEff \
    /proc/self/status
says "--seccomp" "Seccomp:	2" run --seccomp $busybox c grep Seccomp: /proc/self/status
says "--cap-drop" "CapEff:	00000000a80425da" run --cap-drop CAP_CHOWN --cap-drop CAP_KILL \
    $busybox c grep CapEff /proc/self/status
says "--net-host" lo run --net-host $busybox c sh -c 'ls /sys/class/net | grep lo'

# --- a task's life

program='trap "echo ended; exit 6" TERM; echo started; while :; do sleep 0.1; done'
runs "run -d" ctr run -d "${pctrun[@]}" --log-uri "file://$WORK/c.log" $busybox c sh -c "$program"
eventually "it has started" grep -qx started c.log
is "its log has nothing of pctrun" "$(cat c.log)" started
says "exec" $'PID\n1' eval "ctr task exec --exec-id e c sh -c 'ps -o pid | head -n 2' | xargs -n 1"
status "its exit status" 9 ctr task exec --exec-id e c sh -c 'exit 9'
status "exec: no such program" 1 ctr task exec --exec-id e c nonesuch
like "is told" "$out" 'executable file not found in \$PATH'
status "exec: a terminal" 4 person expect:tty wait -- ctr task exec -t --exec-id e c \
    sh -c 'echo tty $(tty); exit 4'
runs "pause" ctr task pause c
runs "it is" task_is c PAUSED
runs "resume" ctr task resume c
runs "it runs" task_is c RUNNING
like "ps" "$(ctr task ps c)" "^$(ctr task ls | awk '$1 == "c" {print $2}') "
runs "kill" ctr task kill -s TERM c
eventually "it could end by itself" grep -qx ended c.log
eventually "it is stopped" task_is c STOPPED
runs "delete" ctr task rm c
like "its exit status is told" "$out" 'non-zero exit code 6'
runs "start again" ctr task start -d c
runs "kill all" ctr task kill -s KILL -a c
eventually "stopped again" task_is c STOPPED
runs "delete again" ctr task rm c
runs "a container of its own namespaces joined" ctr run -d "${pctrun[@]}" $busybox p sleep 1000
pid=$(ctr task ls | awk '$1 == "p" {print $2}')
says "another shares its network" "$(readlink "/proc/$pid/ns/net")" \
    run --with-ns "network:/proc/$pid/ns/net" $busybox q readlink /proc/self/ns/net
runs "rm -f" ctr task rm -f p

ln -s pctrun /usr/bin/runc
says "a user namespace, under the name runc" "0 200000 65536" eval \
    "ctr run --rm --uidmap 0:200000:65536 --gidmap 0:200000:65536 \
    $busybox c2 cat /proc/self/uid_map | xargs"

ctr container rm c p
says "nothing of pctrun is left" "" pctrun --root /run/containerd/runc/default list -q
done_testing
