#!/bin/bash
# An error and a SIGKILL before every single step of a start or restore (a FAULT=1 build: make FAULT=1
# check-root TESTS=crash): after delete --force nothing is left.
# time: 120 s
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

needs_faults "a crash before every step"

mkdir outside
ip link add pctc0 type veth peer name pctc1 && bridges="$bridges pctc0"
linux=$userns_maps',"sysctl":{"net.ipv4.ip_forward":"1"},"netDevices":{"pctc0":{"name":"eth0"}},
 "timeOffsets":{"monotonic":{"secs":7}}'
namespaces="$default_namespaces,{\"type\":\"user\"},{\"type\":\"time\"}"
mounts=",{\"destination\":\"/in\",\"type\":\"bind\",\"source\":\"$WORK/outside\",\"options\":[\"rbind\",\"ro\"]}"
bundle b true
shift_owner b/rootfs

# Everything that a start could leave, the state root included.
left() {
    host_snapshot
    ls -A "$PCTRUN_ROOT"
}

attempt_run() {
    pctrun run -b b c
}

# By a CRIU that always fails: what comes before it is all.
printf '#!/bin/sh\nexec python3 %s/criu.py "$@"\n' "$TREE/tests/integration" >criu
chmod +x criu
mkdir images
touch images/inventory.img
echo '[]' >images/descriptors.json
linux=$userns_maps',"resources":{"devices":[{"allow":false,"access":"rwm"}]}' bundle r true
attempt_restore() {
    ! pctrun --criu ./criu restore -d -b r --image-path images c && grep -q 'only asked' log
}

# crash ATTEMPT SIDE HOW: run or restore, host or container, error or kill
crash() {
    local side=$2 how=$3 number
    left >before
    for number in $(seq 500); do
        if PCTRUN_FAULT=$side:$number:$how "attempt_$1" >log 2>&1; then
            break
        fi
        pctrun delete --force c >>log 2>&1
        settled || not_ok "$1: $side: $how before step $number" "$(cat log)" "$(diff before after)"
    done
    if [ "$number" -gt 5 ] && [ "$number" -lt 500 ]; then
        ok "$1: $side: $how before each of $((number - 1)) steps"
    else
        not_ok "$1: $side: $how: all steps seen" "with fault $number: $(cat log)"
    fi
}

for side in host container; do
    crash run $side error
    pctrun delete --force c >/dev/null 2>&1
    crash run $side kill
    pctrun delete --force c >/dev/null 2>&1
done
crash restore host error
crash restore host kill

# Not only between steps: SIGKILL after so many milliseconds, which a start of some 10 ms goes through.
left >before
for instant in $(seq 0 0.1 19.9); do
    pctrun run -b b c >log 2>&1 &
    victim=$!
    sleep "$(awk -v ms="$instant" 'BEGIN {print ms / 1000}')"
    kill -KILL $victim 2>/dev/null
    wait $victim 2>/dev/null
    pctrun delete --force c >>log 2>&1
    settled || not_ok "killed after $instant ms" "$(cat log)" "$(diff before after)"
done
ok "killed at any of 200 instants it leaves nothing behind"
runs "and it still runs" pctrun run -b b c

# Neighbours are forgotten last: where they can't be, nothing else of the interface is left, and the
# next attempt ends it. Its network namespace is held, so that the link doesn't go with that.
bridge pctc2 10.85.0.1/24
net='{\"name\":\"eth0\",\"host\":\"pctc3\",\"bridge\":\"pctc2\",\"hwaddr\":\"BC:24:11:00:85:10\",\"up\":true}'
linux='' namespaces='' mounts='' top=",\"annotations\":{\"org.pctrun.net\":\"[$net]\"}" bundle n true
links() { ip -o link | sed 's/^[0-9]*: //; s/[:@].*//' | sort; }
before=$(links)
runs "one with an interface" pctrun create -b n n
like "has it" "$(links)" '^pctc3$'
exec {held}<"/proc/$(container_pid n)/ns/net"
refused "delete, its neighbours unforgotten" 'fault before step 1 of the neighbours' \
    env PCTRUN_FAULT=neighbours:1:error pctrun delete --force n
is "has left no link" "$(links)" "$before"
runs "delete again" pctrun delete --force n
is "leaves nothing" "$(ls -A "$PCTRUN_ROOT")" ""
exec {held}<&-
done_testing
