#!/bin/bash
# podman, with pctrun as its runtime
# time: 120 s
crun=$SHARED/crun # to be looked at: before it is taken out of sight
[ -z "${ENGINE_CGROUP:-}" ] || cp "$(command -v crun || echo /bin/false)" "$crun"
# shellcheck source=engine.sh
. "$(dirname "$0")/engine.sh"
# shellcheck source=audited.sh
. "$(dirname "$0")/audited.sh"
needs podman conmon umoci

# Where RLIMIT_NOFILE can't be raised as far as podman's default; /etc/subuid for --userns=auto.
configured /etc/containers/containers.conf.d/pctrun.conf
cat >/etc/containers/containers.conf.d/test.conf <<'END'
[containers]
default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
log_driver = "k8s-file"
[engine]
events_logger = "file"
[network]
network_backend = "netavark"
END
echo containers:200000:200000 | tee /etc/subuid >/etc/subgid

# run ARG...: a container that is gone afterwards
run() {
    podman run --rm --network none "$@"
}

image
require "an image" podman load -q -i "$image"
podman tag "$(tail -n 1 <<<"${out#Loaded image: }")" busybox

# --- what it may use up

limited() {
    runs "one with limits" podman run -d --name limited --network none --memory 64m \
        --memory-swap 64m \
        --cpus 0.5 --cpuset-cpus 0 --pids-limit 30 busybox sleep 1000
    says "they hold" $'67108864\n0\n50000 100000\n0\n30' podman exec -w /sys/fs/cgroup limited \
        cat memory.max memory.swap.max cpu.max cpuset.cpus pids.max
    status "too much memory" 137 podman exec limited dd if=/dev/zero of=/dev/null bs=100M count=1
    runs "update" podman update --memory 48m --cpus 0.25 limited
    says "the new limits hold" $'50331648\n25000 100000' \
        podman exec -w /sys/fs/cgroup limited cat memory.max cpu.max
    like "stats" "$(podman stats --no-stream --format '{{.PIDs}} {{.MemUsage}}' limited)" \
        '^1 [0-9.]+kB /'
    podman rm -f -t 0 limited >/dev/null
}
limits

# --- what isolates one that crun has made

if capture podman --runtime "$crun" run -d --name seen --network none --cap-drop all --pids-limit -1 \
    --security-opt no-new-privileges --device-cgroup-rule 'b 7:* r' busybox sleep 1000; then
    pid=$(podman inspect -f '{{.State.Pid}}' seen)
    agrees "its isolation" "$pid"
    like "its device rules" "$(get '", ".join(report["deviceFilters"]["rules"])')" \
        '^a \*:\* m, c 1:3 rwm, .*c 136:\* rwm, b 7:\* rm$'
    filters_agree "its device filter" "/sys/fs/cgroup$(sed -n 's/^0:://p' "/proc/$pid/cgroup")"
else
    skip "what isolates one that crun has made" "crun can't run one here: ${out%%$'\n'*}"
fi
podman rm -f -t 0 seen >/dev/null

# The rest is the same natively, and minutes there.
! emulated || { done_testing; exit; }

documented_commands podman

says "the output is the program's alone" 'out' run busybox echo out
status "so is its exit status" 7 run busybox sh -c 'exit 7'
status "no such program" 127 run busybox nonesuch
status "no such path" 127 run busybox /bin/nonesuch
status "no program" 126 run busybox /etc/passwd
status "a folder" 126 run busybox /etc
says "environment, directory, user, hostname" $'x y\n/tmp\n1000\nbox' \
    run -e "A=x y" -w /tmp --user alice --hostname box busybox sh -c 'echo $A; pwd; id -u; hostname'
says "standard input" 'typed' run -i busybox cat <<<typed
status "a terminal" 5 person --rows 30 --columns 90 'expect:30 90\r\n/dev/pts/0' \
    'send:exit 5\r' wait -- \
    podman run -it --rm --network none busybox sh -c "$(at_size 30 90); sh"

# --- a container's life

program='trap "echo ended; exit 6" TERM; echo started; while :; do sleep 0.1; done'
runs "run -d" podman run -d --name c --network none --init=false busybox sh -c "$program"
eventually "it has started" eval '[ "$(podman logs c)" = started ]'
says "logs have what it says, nothing of pctrun" started podman logs c
says "exec" 'exec' podman exec c echo exec
status "its exit status" 9 podman exec c sh -c 'exit 9'
status "exec: no such program" 127 podman exec c nonesuch
status "exec: no program" 126 podman exec c /etc/passwd
says "exec: user, environment, directory" $'1000\nb\n/etc' \
    podman exec --user alice -e A=b -w /etc c sh -c 'id -u; echo $A; pwd'
says "exec: standard input" typed podman exec -i c cat <<<typed
status "exec: a terminal" 4 person --rows 31 --columns 91 'expect:31 91\r\n/dev/pts/[0-9]' wait -- \
    podman exec -it c sh -c "$(at_size 31 91); exit 4"
says "exec -d" "" eval 'podman exec -d c touch /tmp/touched >/dev/null'
eventually "does its work" podman exec c test -e /tmp/touched
like "top" "$(podman top c args)" 'sh -c trap'
says "pause" paused eval \
    'podman pause c >/dev/null && podman inspect c --format "{{.State.Status}}"'
like "exec into a paused one" "$(podman exec c true 2>&1)" 'paused|running'
says "unpause" running eval \
    'podman unpause c >/dev/null && podman inspect c --format "{{.State.Status}}"'
says "ps" 'c Up' eval 'podman ps --format "{{.Names}} {{.Status}}" | cut -d" " -f1,2'
says "copy out of it" touched eval 'podman cp c:/tmp/touched . && ls touched'
runs "stop" podman stop -t 20 c
says "it could end by itself" $'started\nended' podman logs c
says "its exit status is kept" "exited 6 false" \
    podman inspect c --format '{{.State.Status}} {{.State.ExitCode}} {{.State.OOMKilled}}'
runs "start again" podman start c
runs "restart" podman restart -t 20 c
runs "kill" podman kill c
says "wait" 137 podman wait c
runs "rm" podman rm c
runs "run" podman run -d --name c --network none busybox sleep 1000
runs "rm -f" podman rm -f -t 0 c

# --- what isolates it

says "--read-only" $'refused\nwritten' \
    run --read-only busybox \
    sh -c 'touch /x 2>/dev/null || echo refused; touch /tmp/x && echo written'
like "--tmpfs" "$(run --tmpfs /data:size=1m,mode=700 busybox grep /data /proc/mounts)" \
    'tmpfs /data tmpfs rw.*size=1024k.*mode=700'
says "--device, to be read only" $'opened\nrefused' run --device /dev/fuse:/dev/f:r busybox \
    sh -c ': </dev/f && echo opened; (: >/dev/f) 2>/dev/null || echo refused'
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
says "seccomp=unconfined" "Seccomp:	0" \
    run --security-opt seccomp=unconfined busybox grep Seccomp: /proc/self/status
says "mask=, unmask=" $'0\nreadable' run --security-opt mask=/proc/meminfo \
    --security-opt unmask=/proc/timer_list \
    busybox sh -c 'wc -c </proc/meminfo; head -c 1 /proc/timer_list >/dev/null && echo readable'
says "--userns=auto" "0 200000 1024" eval \
    'run --userns=auto:size=1024 busybox cat /proc/self/uid_map | xargs'
says "and its files are its own" "0 0" run --userns=auto:size=1024 busybox stat -c '%u %g' /bin
says "--uidmap" "1000 alice" run --uidmap 0:100000:65536 --user alice busybox \
    sh -c 'touch /tmp/x; stat -c "%u %U" /tmp/x'
mkdir volume && echo kept >volume/file
says "a volume" kept run -v "$WORK/volume:/v" busybox cat /v/file
status "read-only" 1 run -v "$WORK/volume:/v:ro" busybox touch /v/x
says "id-mapped" "0 0" run --uidmap 0:100000:65536 -v "$WORK/volume:/v:idmap" busybox stat \
    -c '%u %g' /v/file
says "--privileged" "NoNewPrivs: 0 Seccomp: 0" \
    eval 'run --privileged busybox grep -E "NoNewPrivs:|Seccomp:" /proc/self/status | xargs'
says "--pid=host" $$ run --pid host busybox sh -c "kill -0 $$ && echo $$"
says "--sysctl" 1234 run --sysctl kernel.msgmax=1234 busybox cat /proc/sys/kernel/msgmax
says "--ulimit" 77 run --ulimit nofile=77:77 --ulimit nproc=99:99 busybox sh -c 'ulimit -n'
says "--shm-size" 2.0M run --shm-size 2m busybox sh -c 'df -h /dev/shm | awk "END {print \$2}"'
says "--preserve-fds" passed run --preserve-fds 1 busybox sh -c 'cat <&3' 3<<<passed
says "--init" 1 run --init busybox sh -c 'grep -c podman-init /proc/1/cmdline'
says "--cgroups=disabled" 0::/ eval \
    'run --cgroups disabled --cgroupns host busybox grep ^0: /proc/self/cgroup | sed s,/.*,/,'

# --- with others

runs "a network" podman network create --disable-dns --subnet 10.89.7.0/24 lan
runs "a container in it" podman run -d --name server --network lan --ip 10.89.7.9 busybox nc -ll \
    -p 80 -e echo served
eventually "is reached from another" eval \
    'podman run --rm --network lan busybox nc 10.89.7.9 80 | grep served'
runs "one with a published port" podman run -d --name published --network lan -p 8080:80 \
    busybox nc -ll -p 80 -e echo served
eventually "is reached from the host" eval 'busybox nc 10.89.7.1 8080 | grep served'
says "--network container:" "10.89.7.9/24" \
    eval 'podman run --rm --network container:server busybox ip -o -4 addr show eth0 | grep -o "10[^ ]*/24"'
says "--network host" lo podman run --rm --network host busybox sh -c 'ls /sys/class/net | grep lo'
podman rm -f -t 0 server published >/dev/null
runs "a pod" podman pod create --name pod --network none --share-parent=false
runs "one in it" podman run -d --pod pod --name one busybox nc -ll -p 81 -e echo one
eventually "shares the network with others" eval \
    'podman run --rm --pod pod busybox nc 127.0.0.1 81 | grep one'
says "and the hostname" pod podman run --rm --pod pod busybox hostname
runs "pod pause" podman pod pause pod
runs "pod unpause" podman pod unpause pod
runs "pod stop" podman pod stop -t 0 pod
runs "pod rm" podman pod rm -f -t 0 pod

# podman makes the socket for the program, and its monitor passes on what comes there.
cat >manager.py <<'END'
import socket
manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
manager.bind("manager")
print("listens", flush=True)
while True:
    print(manager.recv(4096), flush=True)
END
python3 manager.py >heard &
eventually "a service manager" grep -q listens heard
runs "--sdnotify=container" env NOTIFY_SOCKET="$WORK/manager" podman run -d --name n --network none --sdnotify container \
    -v "$BUILD/attack/notify:/bin/notify" busybox sh -c 'notify READY=1; sleep 1000'
eventually "the program is heard" grep -q 'READY=1' heard
podman rm -f -t 0 n >/dev/null

runs "with a healthcheck" podman run -d --name h --network none --health-cmd 'test -e /tmp/well' \
    --health-interval disable \
    --health-retries 1 busybox sleep 1000
status "it is ill" 1 podman healthcheck run h
podman exec h touch /tmp/well
runs "it is well" podman healthcheck run h
says "as inspect tells" healthy podman inspect h --format '{{.State.Health.Status}}'
podman rm -f -t 0 h >/dev/null
says "events" "create init start health_status" eval \
    'podman events --stream=false --filter container=h --format "{{.Status}}" | head -n 4 | xargs'

says "nothing is left" "" podman ps -aq
says "of pctrun either" "" pctrun list -q
done_testing
