#!/bin/bash
# cgroup v2 limits: written where the controller is there, refused by name where it is not.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

memory=',"resources":{"memory":{"limit":33554432,"swap":33554432,"reservation":16777216}}'
cpu=',"resources":{"cpu":{"quota":50000,"period":100000,"shares":512}}'
pids=',"resources":{"pids":{"limit":50}}'
cpuset=',"resources":{"cpu":{"cpus":"0"}}'

# The container's cgroup as the host sees it.
cgroup_of() {
    echo "$(cgroup2_root)$(sed -n 's/^0:://p' "/proc/$(container_pid "$1")/cgroup")"
}

value() {
    tr '\n' ' ' <"$(cgroup_of c)/$1" | sed 's/ $//'
}

# limited CONTROLLER JSON FILE WANT...
limited() {
    local controller=$1
    linux=$2 bundle b sleep 1000
    shift 2
    if ! has_controller "$controller"; then
        status "$controller is not there: no start" 1 pctrun run -d -b b c
        like "$controller: a line for each value" "$out" \
            "not enforced on this host \[$controller\]: $1 = "
        like "$controller: and the words that accept it" "$out" "--accept-unenforced [a-z,]*$controller"
        runs "$controller: a start when accepted" \
            pctrun --accept-unenforced "$controller" run -d -b b c
        like "$controller: with a warning" "$out" "$controller"
        pctrun delete -f c
        return
    fi
    runs "$controller: start" pctrun run -d -b b c
    while [ $# -gt 0 ]; do
        is "$1" "$(value "$1")" "$2"
        shift 2
    done
    runs "$controller: the end" pctrun delete -f c
}

limited memory "$memory" memory.max 33554432 memory.swap.max 0 memory.low 16777216
limited cpu "$cpu" cpu.max "50000 100000" cpu.weight 59
limited pids "$pids" pids.max 50
limited cpuset "$cpuset" cpuset.cpus 0

if has_controller memory; then
    linux=$memory bundle b sh -c 'x=$(head -c 100000000 /dev/zero | tr "\0" a); echo survived'
    status "more memory than allowed" 137 pctrun run -b b c
else
    skip "more memory than allowed" "no memory controller"
fi
if has_controller pids; then
    linux=',"resources":{"pids":{"limit":5}}' \
        bundle b sh -c 'for i in 1 2 3 4 5 6 7 8; do sleep 5 & done; wait'
    pctrun run -b b c >log 2>&1
    like "more processes than allowed" "$(cat log)" "can't fork"
else
    skip "more processes than allowed" "no pids controller"
fi
done_testing
