#!/bin/bash
# An error and a SIGKILL before every single step of a start (a FAULT=1 build: make FAULT=1
# check-root TESTS=crash): after delete --force nothing is left.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

case $(basename "$BUILD") in
*-fault*) ;;
*)
    skip "a crash before every step" "needs a build with FAULT=1"
    done_testing
    exit
    ;;
esac

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

# crash SIDE HOW: host or container, error or kill
crash() {
    local side=$1 how=$2 number
    left >before
    for number in $(seq 500); do
        if PCTRUN_FAULT=$side:$number:$how pctrun run -b b c >log 2>&1; then
            break
        fi
        pctrun delete --force c >>log 2>&1
        left >after
        for _ in 1 2 3 4 5; do
            cmp -s before after && break
            sleep 0.1
            left >after
        done
        cmp -s before after || not_ok "$side: $how before step $number" "$(cat log)" "$(diff before after)"
    done
    if [ "$number" -gt 5 ] && [ "$number" -lt 500 ]; then
        ok "$side: $how before each of $((number - 1)) steps"
    else
        not_ok "$side: $how: all steps seen" "the run with fault $number: $(cat log)"
    fi
}

for side in host container; do
    crash $side error
    pctrun delete --force c >/dev/null 2>&1
    crash $side kill
    pctrun delete --force c >/dev/null 2>&1
done

# Not only between steps: SIGKILL after so many milliseconds, which a start of some 10 ms goes through.
left >before
for instant in $(seq 0 0.1 19.9); do
    pctrun run -b b c >log 2>&1 &
    victim=$!
    sleep "$(awk -v ms="$instant" 'BEGIN {print ms / 1000}')"
    kill -KILL $victim 2>/dev/null
    wait $victim 2>/dev/null
    pctrun delete --force c >>log 2>&1
    for _ in 1 2 3 4 5 6 7 8 9 10; do
        left >after
        ! cmp -s before after || break
        sleep 0.1
    done
    cmp -s before after || not_ok "killed after $instant ms" "$(cat log)" "$(diff before after)"
done
ok "killed at any of 200 instants it leaves nothing behind"
runs "and it still runs" pctrun run -b b c
done_testing
