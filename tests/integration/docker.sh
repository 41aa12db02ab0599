#!/bin/bash
# dockerd, with pctrun as its runtime
# time: 120 s
# shellcheck source=engine.sh
. "$(dirname "$0")/engine.sh"
needs dockerd docker containerd iptables

configured /etc/docker/daemon.json
printf '#!/bin/sh\nexit 1\n' >/usr/bin/runc # wanted at the start, never used
chmod 755 /usr/bin/runc
dockerd >dockerd.log 2>&1 &
patience=60 eventually "dockerd answers" docker version
require "an image" eval 'tar -C "$SHARED/rootfs" -c . | docker import -c "CMD sh" - busybox'

run() {
    docker run --rm --network none "$@"
}

limited() {
    runs "one with limits" docker run -d --name limited --network none --memory 64m \
        --memory-swap 64m \
        --cpus 0.5 --cpuset-cpus 0 --pids-limit 30 busybox sleep 1000
    says "they hold" $'67108864\n0\n50000 100000\n0\n30' docker exec -w /sys/fs/cgroup limited \
        cat memory.max memory.swap.max cpu.max cpuset.cpus pids.max
    runs "update" docker update --memory 48m --memory-swap 48m --pids-limit 40 limited
    says "the new limits hold" $'50331648\n40' docker exec -w /sys/fs/cgroup limited cat \
        memory.max pids.max
    emulated || like "stats" \
        "$(docker stats --no-stream --format '{{.PIDs}} {{.MemUsage}}' limited)" \
        '^1 [0-9.]+KiB / 48MiB$'
    emulated || docker rm -f limited >/dev/null
}
limits
! emulated || { done_testing; exit; }

documented_commands docker
says "the output is the program's alone" out run busybox echo out
status "so is its exit status" 5 run busybox sh -c 'exit 5'
status "no such program" 127 run busybox nonesuch
status "no such path" 127 run busybox /bin/nonesuch
status "no program" 126 run busybox /etc/passwd
says "standard input" typed run -i busybox cat <<<typed
says "environment, directory, user, hostname" $'b\n/etc\n1000\nbox' \
    run -e A=b -w /etc --user alice --hostname box busybox sh -c 'echo $A; pwd; id -u; hostname'
status "a terminal" 5 person --rows 30 --columns 90 'expect:30 90\r\n/dev/pts/0' \
    'send:exit 5\r' wait -- \
    docker run -it --rm --network none busybox sh -c "$(at_size 30 90); sh"

# --- a container's life

program='trap "echo ended; exit 6" TERM; echo started; while :; do sleep 0.1; done'
runs "run -d" docker run -d --name life --network none busybox sh -c "$program"
eventually "it has started" eval '[ "$(docker logs life)" = started ]'
says "logs have what it says, nothing of pctrun" started docker logs life
says "exec" exec docker exec life echo exec
status "its exit status" 9 docker exec life sh -c 'exit 9'
status "exec: no such program" 126 docker exec life nonesuch
says "exec: user, environment, directory" $'1000\nb\n/etc' \
    docker exec --user alice -e A=b -w /etc life sh -c 'id -u; echo $A; pwd'
status "exec: a terminal" 4 person --rows 31 --columns 91 'expect:31 91\r\n/dev/pts/[0-9]' wait -- \
    docker exec -it life sh -c "$(at_size 31 91); exit 4"
runs "pause" docker pause life
says "it is" paused docker inspect -f '{{.State.Status}}' life
runs "unpause" docker unpause life
like "top" "$(docker top life)" 'sh -c trap'
runs "stop" docker stop -t 20 life
says "it could end by itself" $'started\nended' docker logs life
says "its exit status is kept" "exited 6" docker inspect \
    -f '{{.State.Status}} {{.State.ExitCode}}' life
runs "start again" docker start life
runs "restart" docker restart -t 20 life
runs "kill" docker kill life
says "wait" 137 docker wait life
runs "rm" docker rm life
runs "run" docker run -d --name life --restart always --network none busybox sleep 1000
kill -KILL "$(docker inspect -f '{{.State.Pid}}' life)"
eventually "--restart" eval \
    '[ "$(docker inspect -f "{{.RestartCount}} {{.State.Status}}" life)" = "1 running" ]'
runs "rm -f" docker rm -f life

# --- what isolates it

says "--read-only, --tmpfs" $'refused\nwritten' run --read-only --tmpfs /tmp busybox \
    sh -c 'touch /x 2>/dev/null || echo refused; touch /tmp/x && echo written'
says "--cap-drop, --cap-add" "CapEff:	0000000000000400" \
    run --cap-drop all --cap-add net_bind_service busybox grep CapEff /proc/self/status
says "no-new-privileges" "NoNewPrivs:	1" \
    run --security-opt no-new-privileges busybox grep NoNewPrivs /proc/self/status
cat >seccomp.json <<'END'
{"defaultAction": "SCMP_ACT_ALLOW",
 "syscalls": [{"names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO", "errnoRet": 122}]}
END
like "--security-opt seccomp=" "$(run --security-opt seccomp=seccomp.json busybox mkdir /x 2>&1)" \
    'Disk quota exceeded'
mkdir volume && echo kept >volume/file
says "a volume" kept run -v "$WORK/volume:/v:ro" busybox cat /v/file
says "--privileged" mounted run --privileged busybox \
    sh -c 'mount -t tmpfs none /tmp && echo mounted'
says "--device" "$(stat -c '%a %t:%T' /dev/fuse)" run --device /dev/fuse:/dev/f busybox stat \
    -c '%a %t:%T' /dev/f
says "--sysctl" 1234 run --sysctl kernel.msgmax=1234 busybox cat /proc/sys/kernel/msgmax
says "--ulimit" 77 run --ulimit nofile=77 busybox sh -c 'ulimit -n'
says "--init" 1 run --init busybox sh -c 'grep -c docker-init /proc/1/cmdline'

# --- with others

runs "a network" docker network create lan
runs "a server in it" docker run -d --name server --network lan -p 8080:80 busybox nc -ll -p 80 \
    -e echo served
eventually "is reached by its name" eval \
    'docker run --rm --network lan busybox nc server 80 | grep served'
eventually "and at a published port" eval 'busybox nc 172.17.0.1 8080 | grep served'
says "--network container:" eth0 docker run --rm --network container:server busybox \
    sh -c 'ls /sys/class/net | grep eth0'
runs "rm -f" docker rm -f server
says "nothing is left" "" docker ps -aq
says "of pctrun either" "" pctrun --root /run/docker/runtime-runc/moby list -q
done_testing
