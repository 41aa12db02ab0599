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
linux=$userns_maps',"sysctl":{"net.ipv4.ip_forward":"1"}'
namespaces="$default_namespaces,{\"type\":\"user\"}"
mounts=",{\"destination\":\"/in\",\"type\":\"bind\",\"source\":\"$WORK/outside\",\"options\":[\"rbind\",\"ro\"]}"
bundle b true
shift_owner b/rootfs

# Everything that a start could leave, the state root included.
left() {
    host_snapshot
    ls -A "$PCTRUN_ROOT"
}

# crash HOW: error or kill
crash() {
    local how=$1 number
    left >before
    for number in $(seq 500); do
        if PCTRUN_FAULT=$how:$number pctrun run -b b c >log 2>&1; then
            break
        fi
        pctrun delete --force c >>log 2>&1
        left >after
        for _ in 1 2 3 4 5; do
            cmp -s before after && break
            sleep 0.1
            left >after
        done
        cmp -s before after || not_ok "$how before step $number" "$(cat log)" "$(diff before after)"
    done
    if [ "$number" -gt 10 ] && [ "$number" -lt 500 ]; then
        ok "$how before each of $((number - 1)) steps"
    else
        not_ok "$how: all steps seen" "the run with fault $number: $(cat log)"
    fi
}

crash error
crash kill
runs "and it still runs" pctrun run -b b c
done_testing
