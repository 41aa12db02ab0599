#!/bin/bash
# Limits of a running container changed: in the kernel, in what audit compares with, and refused.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

cgroup_of() {
    echo "$(cgroup2_root)$(sed -n 's/^0:://p' "/proc/$(container_pid "$1")/cgroup")"
}

value() {
    tr '\n' ' ' <"$(cgroup_of c)/$1" | sed 's/ $//'
}

bundle b sh -c 'trap : USR1; while :; do sleep 0.1; done'
refused "an unknown container" 'does not exist' pctrun update --memory 64m nobody
runs "a container" pctrun create -b b c
refused "nothing to change" 'nothing is to be changed' pctrun update c
refused "a word that is no number" "--memory: '64q' is no number" pctrun update --memory 64q c
refused "a number that is too large" "--memory: '99999999999g' is no number" pctrun update --memory 99999999999g c
while read -r option value range; do
    refused "--$option $value is out of range" "pctrun: --$option: $value is out of range \\($range\\)\$" \
        pctrun --accept-unenforced all update --pids-limit 77 "--$option" "$value" c
done <<'END'
blkio-weight 5 0, 10 to 1000
blkio-weight 1001 0, 10 to 1000
cpu-share 1 0, 2 to 262144
cpu-quota 999 -1, 0, 1000 and above
cpu-period 1000001 0, 1000 to 1000000
cpu-idle 5 0, 1
memory -5 -1, 0, 1 and above
memory-reservation -2 -1, 0, 1 and above
memory-swap -2 -1, 0, 1 and above
pids-limit -9 -1, 0, 1 and above
END
echo '{"cpu":{"idle":5}}' >wrong.json
refused "a document's value that is out of range" 'linux.resources.cpu.idle: 5 is out of range' pctrun update -r wrong.json c
is "nothing of it is on record" "$(grep -c '"limit": *77' "$PCTRUN_ROOT/c/config.json")" 0
for option in --kernel-memory --kernel-memory-tcp --cpu-rt-period --cpu-rt-runtime; do
    status "$option" 1 pctrun update $option 1048576 c
    like "is of another cgroup version, and the option's" "$out" "cgroup version 2 has nothing like it \(from $option\)"
done
echo '{"memory":{"kernel":1048576}}' >kernel.json
capture pctrun update -r kernel.json c
like "or the document's" "$out" '\(from kernel.json\)'
refused "swap without a limit" 'memory.swap: needs memory.limit' pctrun update --memory-swap 64m c
for option in --l3-cache-schema --mem-bw-schema; do
    refused "$option is for good" 'container has no intelRdt' pctrun update $option MB:0=70 c
done
refused "a list that is none" "cpus: 'all' is no list" pctrun update --cpuset-cpus all c
echo '{"memory":{"limit":"1"}}' >wrong.json
refused "a document that is none" 'wrong.json: memory.limit: is a string' pctrun update -r wrong.json c

# Each changes another member of what is on record.
both_recorded() {
    for i in $(seq 10); do
        pctrun --accept-unenforced all update --pids-limit $((100 + i)) c &
        pctrun --accept-unenforced all update --cpu-share $((1000 + i)) c && wait $! || return 1
        grep -Eq "\"limit\": ?$((100 + i))\b" "$PCTRUN_ROOT/c/config.json" &&
            grep -Eq "\"shares\": ?$((1000 + i))\b" "$PCTRUN_ROOT/c/config.json" || return 1
    done
}
runs "of two updates at once both are on record" both_recorded

if ! has_controller memory; then
    capture pctrun update --memory 64m c
    like "a limit that this host can't enforce" "$out" 'no memory controller'
    runs "is accepted when that is said" pctrun --accept-unenforced memory update --memory 64m c
    skip "limits in the kernel" "no memory controller"
else
    runs "memory" pctrun update --memory 64m --memory-swap 96M --memory-reservation 16777216 c
    is "its limit" "$(value memory.max)" 67108864
    is "swap, without the memory" "$(value memory.swap.max)" 33554432
    is "what it should keep" "$(value memory.low)" 16777216
    runs "memory alone" pctrun update --memory 32m c
    is "its limit" "$(value memory.max)" 33554432
    is "swap is what is left of the sum" "$(value memory.swap.max)" 67108864
    runs "no limit" pctrun update --memory -1 --memory-swap=-1 c
    is "is max" "$(value memory.max) $(value memory.swap.max)" "max max"
    echo '{"memory":{"limit":4096,"checkBeforeUpdate":true}}' >small.json
    runs "start" pctrun start c
    refused "less than is in use" 'rejecting memory limit 4096: [0-9]+ are in use' pctrun update -r small.json c
    is "changes nothing" "$(value memory.max)" max

    runs "quota" pctrun update --cpu-quota 20000 c
    is "of a usual period" "$(value cpu.max)" "20000 100000"
    runs "period" pctrun update --cpu-period 50000 c
    is "keeps the quota" "$(value cpu.max)" "20000 50000"
    runs "shares, pids, cpus" pctrun update --cpu-share 512 --pids-limit 20 --cpuset-cpus 0 c
    is "are set" "$(value cpu.weight) $(value pids.max) $(value cpuset.cpus)" "59 20 0"
    runs "weight for the disks, memory nodes, bursts" pctrun update --blkio-weight 500 --cpuset-mems 0 --cpu-burst 2000 c
    is "are set" "$(cat "$(cgroup_of c)"/io.bfq.weight "$(cgroup_of c)"/io.weight 2>/dev/null | head -n 1) $(value cpuset.mems) $(value cpu.max.burst)" \
        "default $([ -e "$(cgroup_of c)/io.bfq.weight" ] && echo 500 || echo 4950) 0 2000"
    runs "idle" pctrun update --cpu-idle 1 c
    is "is set" "$(value cpu.idle)" 1
    runs "and no longer" pctrun update --cpu-idle 0 c
    is "its weight is there again" "$(value cpu.idle) $(value cpu.weight)" "0 59"
    runs "a document on stdin" pctrun update -r - c <<<'{"pids":{"limit":30},"unified":{"memory.high":"50331648"},"devices":[{"allow":false}]}'
    is "is set" "$(value pids.max) $(value memory.high)" "30 50331648"
    echo '{"pids":{"limit":55},"cpu":{"shares":2048},"memory":{"limit":100663296},"unified":{"memory.high":"nonsense"}}' >late.json
    refused "a write that fails after others" 'memory.high = nonsense: write: Invalid argument' pctrun update -r late.json c
    is "they are taken back" "$(value pids.max) $(value cpu.weight) $(value memory.max) $(value memory.high)" "30 59 max 50331648"
    runs "also on record" pctrun audit c
    echo '{"cpu":{"cpus":""},"unified":{"cpuset.cpus":"","pids.max":"x"}}' >late.json
    refused "a list that becomes empty, and fails later" 'pids.max = x: write' pctrun update -r late.json c
    is "it is there again" "$(value cpuset.cpus)" 0
    runs "pause" pctrun pause c
    runs "update when paused" pctrun update --pids-limit 40 c
    is "stays paused" "$(container_status c)" paused
    runs "resume" pctrun resume c
    runs "audit finds all as it is to be" pctrun audit c
    like "the new limit" "$out" 'pids.max = 40'
fi
pctrun kill c KILL
eventually "stopped" is_status c stopped
refused "update when stopped" 'container not running' pctrun update --pids-limit 1 c
runs "the end" pctrun delete c
done_testing
