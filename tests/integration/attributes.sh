#!/bin/bash
# What a process has beside ids and limits: its scheduling, cpus, execution domain, memory nodes,
# session keyring, clocks; for the container's own program and for further ones.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

run() {
    pctrun run -b b c
}

# audited NAME REGEX: what audit says of container c
audited() {
    capture pctrun audit c || true
    like "$1" "$out" "$2"
}

process=',"scheduler":{"policy":"SCHED_BATCH","nice":7},"ioPriority":{"class":"IOPRIO_CLASS_BE","priority":6},"oomScoreAdj":321' \
    bundle b sleep 1000
runs "a container" pctrun run -d -b b c
pid=$(container_pid c)
like "its scheduling policy" "$(chrt -p "$pid")" 'SCHED_BATCH'
is "its nice value" "$(cut -d' ' -f19 "/proc/$pid/stat")" 7
is "its priority for input and output" "$(ionice -p "$pid")" 'best-effort: prio 6'
audited "audit sees the policy" '^holds +sched.policy +SCHED_BATCH, nice 7: SCHED_BATCH, nice 7'
audited "the priority" '^holds +sched.io +IOPRIO_CLASS_BE, priority 6: IOPRIO_CLASS_BE, priority 6'
renice -n 3 -p "$pid" >renice.log
audited "and what somebody changed" '^DIFFERS +sched.policy .*: SCHED_BATCH, nice 3'
is "a further program has the same" "$(pctrun exec c sh -c 'cut -d" " -f19 /proc/self/stat; cat /proc/self/oom_score_adj')" \
    $'7\n321'
echo '{"args":["sh","-c","cut -d\" \" -f19,41 /proc/self/stat; cat /proc/self/oom_score_adj; ulimit -n"],"cwd":"/","env":["PATH=/bin"],
 "scheduler":{"policy":"SCHED_FIFO","priority":3},"ioPriority":{"class":"IOPRIO_CLASS_IDLE","priority":0},"oomScoreAdj":17,
 "rlimits":[{"type":"RLIMIT_NOFILE","soft":99,"hard":99}]}' >process.json
# Where version 1 of the cpu controller is, a cgroup may have no budget for real time.
if chrt -f 3 true 2>/dev/null; then
    is "or what its own file says" "$(pctrun exec -p process.json c)" $'0 1\n17\n99'
else
    skip "or what its own file says" "this host gives no real time"
fi
# scheduled MEMBERS: policy, nice value, real-time priority of a program, and whether a child is an usual one
scheduled() {
    echo '{"args":["sleep","1000"],"cwd":"/","env":["PATH=/bin"],"scheduler":{'"$1"'}}' >process.json
    capture pctrun exec -d --pid-file pid -p process.json c || return
    chrt -p "$(cat pid)" | sed 's/.*: //' | tr '\n' ' '
    kill -9 "$(cat pid)"
}
is "an idle one" "$(scheduled '"policy":"SCHED_IDLE"')" 'SCHED_IDLE 0 '
is "one whose children are usual" "$(scheduled '"policy":"SCHED_BATCH","flags":["SCHED_FLAG_RESET_ON_FORK"]')" \
    'SCHED_BATCH|SCHED_RESET_ON_FORK 0 '
if chrt -d -T 1000000 -D 5000000 -P 10000000 0 true 2>/dev/null; then
    is "one with a deadline" \
        "$(scheduled '"policy":"SCHED_DEADLINE","runtime":1000000,"deadline":5000000,"period":10000000')" \
        'SCHED_DEADLINE 0 1000000/5000000/10000000 '
else
    skip "one with a deadline" "this host's cgroups give no real time"
fi
echo '{"args":["true"],"cwd":"/","scheduler":{"policy":"SCHED_NONE"}}' >process.json
refused "an unknown policy" 'process\.scheduler\.policy' pctrun exec -p process.json c

affinity() {
    echo '{"args":["grep","Cpus_allowed_list","/proc/self/status"],"cwd":"/","env":["PATH=/bin"],"execCPUAffinity":{'"$1"'}}' \
        >process.json
    pctrun exec -p process.json c | tr -d '\t '
}
last=$(($(getconf _NPROCESSORS_ONLN) - 1))
is "cpus of a further program" "$(affinity '"initial":"0"')" "Cpus_allowed_list:0"
if [ $last -gt 0 ]; then
    is "in the end others" "$(affinity '"initial":"0","final":"'$last'"')" "Cpus_allowed_list:$last"
    is "the caller's stay" "$(taskset -pc $$ | sed 's/.*: //')" "$(taskset -pc 1 | sed 's/.*: //')"
else
    skip "in the end others" "this host has one cpu"
fi
echo '{"args":["true"],"cwd":"/","execCPUAffinity":{"final":"900"}}' >process.json
refused "a cpu that is not there" 'none of them is a cpu' pctrun exec -p process.json c
pctrun delete -f c

linux=',"personality":{"domain":"LINUX32"}' bundle b sh -c 'uname -m; sleep 1000'
capture pctrun run -d -b b c
audited "the execution domain" '^holds +personality +LINUX32: personality = 0*8'
like "is seen inside" "$(pctrun exec c uname -m)" 'i.86|armv'
pctrun delete -f c

if [ -e /proc/self/numa_maps ]; then
    linux=',"memoryPolicy":{"mode":"MPOL_BIND","nodes":"0","flags":["MPOL_F_STATIC_NODES"]}' bundle b sleep 1000
    runs "a memory policy" pctrun run -d -b b c
    like "is the program's" "$(cat "/proc/$(container_pid c)/numa_maps")" ' bind=static:0 '
    audited "audit sees it" '^holds +memory.policy +MPOL_BIND, nodes 0: bind'
    like "a further program has it" "$(pctrun exec c cat /proc/self/numa_maps)" ' bind=static:0 '
    pctrun delete -f c
    linux=',"memoryPolicy":{"mode":"MPOL_BIND","nodes":"700"}' bundle b true
    refused "a node that is not there" 'set the memory policy' run
else
    linux=',"memoryPolicy":{"mode":"MPOL_BIND","nodes":"0"}' bundle b true
    refused "a memory policy" 'this kernel has no NUMA' run
fi

if [ ! -d /sys/fs/resctrl/info ]; then
    linux=',"intelRdt":{"closID":"guaranteed","schemata":["L3:0=f"],"enableMonitoring":true}' bundle b true
    status "a part of the cache, where none can be given" 1 run
    like "is missing" "$out" 'not enforced on this host \[intelRdt\]: no resctrl file system'
else
    skip "a part of the cache, where none can be given" "this host has resctrl"
fi

process=',"user":{"uid":7,"gid":8,"umask":63,"additionalGids":[9,10]}' bundle b sh -c 'umask; id -u; id -g; cat /proc/sys/kernel/domainname; hostname'
sed -i 's/"user": {[^}]*},//; s/"hostname": "tested"/"hostname": "tested", "domainname": "example.org"/' b/config.json
runs "umask, user, domainname" run
is "are the config's" "$out" $'0077\n7\n8\nexample.org\ntested'

if [ -r /proc/keys ]; then
    bundle b sh -c 'cat /proc/keys; sleep 1000'
    pctrun run -d -b b c >keys
    eventually "a keyring of its own" grep -q ' _ses\.c: ' keys
    is "and no other session's" "$(grep -c '_ses' keys)" "$(grep -c '_ses\.c\|_uid_ses' keys)"
    audited "audit finds it" '^(holds|unseen) +keyring +session _ses\.c'
    is "a further program joins it" "$(pctrun exec c grep -o '^[0-9a-f]* .* _ses\.c: ' /proc/keys | cut -c1-8)" \
        "$(grep ' _ses\.c: ' keys | cut -c1-8)"
    pctrun delete -f c
    linux=$userns_maps namespaces="$default_namespaces,{\"type\":\"user\"}" user='"uid": 1000, "gid": 1000' \
        bundle u sh -c 'grep -c " _ses\.u: " /proc/keys; sleep 1000'
    shift_owner u/rootfs
    pctrun run -d -b u u >keys
    eventually "in a user namespace, too" grep -qx 1 keys
    is "a further program joins it there" "$(pctrun exec -u 7:7 u grep -c ' _ses\.u: ' /proc/keys)" 1
    pctrun delete -f u
    pctrun run -d --no-new-keyring -b b n >keys
    eventually "or the caller's" test -s keys
    is "none is made" "$(grep -c ' _ses\.n: ' keys)" 0
    is "for a further program neither" "$(pctrun exec n grep -c ' _ses\.n: ' /proc/keys)" 0
    pctrun delete -f n
else
    skip "a keyring of its own" "this kernel has no keys"
fi

# The clock of the container is a day and 500 s ahead; nothing else of it is the host's.
if [ -e /proc/self/ns/time ]; then
    # shellcheck disable=SC2154 # of lib.sh
    for mode in root user; do
        namespaces="$default_namespaces,{\"type\":\"time\"}" maps=
        [ $mode = root ] || namespaces="$namespaces,{\"type\":\"user\"}" maps=$userns_maps
        linux="$maps,\"timeOffsets\":{\"boottime\":{\"secs\":86400,\"nanosecs\":5},\"monotonic\":{\"secs\":500}}" \
            bundle "$mode" sh -c 'cut -d. -f1 /proc/uptime; readlink /proc/self/ns/time; sleep 1000'
        [ $mode = root ] || shift_owner "$mode/rootfs"
        before=$(cut -d. -f1 /proc/uptime)
        pctrun run -d -b "$mode" c >clock
        eventually "a time namespace ($mode)" grep -q time: clock
        ahead=$(($(head -n 1 clock) - before))
        is "a day ahead" "$((ahead >= 86400 && ahead < 86460))" 1
        is "not the host's" "$(grep -c "$(readlink /proc/self/ns/time)" clock)" 0
        ahead=$(($(pctrun exec c cut -d. -f1 /proc/uptime) - before))
        is "for a further program as well" "$((ahead >= 86400 && ahead < 86460))" 1
        is "which is in the same" "$(pctrun exec c readlink /proc/self/ns/time)" "$(tail -n 1 clock)"
        audited "audit sees the offsets" '^holds +time .*: monotonic 500\.000000000, boottime 86400\.000000005'
        audited "and the namespace" '^holds +namespace +new time'
        pctrun delete -f c
    done
    linux=',"timeOffsets":{"monotonic":{"secs":-999999999}}' namespaces="$default_namespaces,{\"type\":\"time\"}" bundle b true
    refused "a clock before its beginning" "a clock can't be below 0" run
    is "leaves nothing" "$(pctrun list -q)" ""
    namespaces="$default_namespaces,{\"type\":\"time\"}" bundle b readlink /proc/self/ns/time
    runs "one without offsets" run
    like "is new" "$out" '^time:'
    is "not the host's either" "$(grep -c "$(readlink /proc/self/ns/time)" <<<"$out")" 0
else
    skip "a time namespace" "this kernel has none"
fi
done_testing
