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
limited cpu ',"resources":{"cpu":{"quota":50000,"burst":20000}}' cpu.max "50000 100000" cpu.max.burst 20000
limited cpu ',"resources":{"cpu":{"idle":1,"shares":512}}' cpu.idle 1
limited cpuset ',"resources":{"cpu":{"mems":"0"}}' cpuset.mems 0
limited pids "$pids" pids.max 50
limited cpuset "$cpuset" cpuset.cpus 0
if ! has_controller cpuset || [ "$(getconf _NPROCESSORS_ONLN)" = 1 ]; then
    skip "a caller that is bound to one cpu" "no cpuset controller, or one cpu"
else
    linux=',"resources":{"cpu":{"cpus":"0-1"}}' bundle b sh -c 'grep Cpus_allowed_list /proc/self/status; exec sleep 1000'
    taskset -c 0 pctrun run -d -b b c >cpus
    eventually "a caller that is bound to one cpu" test -s cpus
    is "does not bind the container to it" "$(tr -d '\t ' <cpus)" Cpus_allowed_list:0-1
    runs "a further program" taskset -c 0 pctrun exec c grep Cpus_allowed_list /proc/self/status
    is "is not bound to it either" "$(tr -d '\t ' <<<"$out")" Cpus_allowed_list:0-1
    pctrun delete -f c
fi
limited memory ',"resources":{"unified":{"memory.high":"16777216","memory.oom.group":"1"}}' \
    memory.high 16777216 memory.oom.group 1
limited hugetlb ',"resources":{"hugepageLimits":[{"pageSize":"2MB","limit":4194304}]}' \
    hugetlb.2MB.max 4194304 hugetlb.2MB.rsvd.max 4194304
IFS=: read -r major minor < <(cat /sys/block/*/dev)
device="\"major\":$major,\"minor\":$minor,\"rate\""
limited io ",\"resources\":{\"blockIO\":{\"throttleReadBpsDevice\":[{$device:1048576}],\"throttleWriteIOPSDevice\":[{$device:100}]}}" \
    io.max "$major:$minor rbps=1048576 wbps=max riops=max wiops=100"
linux=',"resources":{"rdma":{"mlx5_none":{"hcaHandles":2,"hcaObjects":3}}}' bundle b true
if has_controller rdma; then
    refused "rdma: a device that is not there" 'cgroup.limit rdma.max = mlx5_none hca_handle=2 hca_object=3' pctrun run -b b c
else
    status "rdma is not there: no start" 1 pctrun run -b b c
    like "rdma: the line that it would be" "$out" '\[rdma\]: rdma.max = mlx5_none hca_handle=2 hca_object=3'
fi
linux=',"resources":{"unified":{"memory.none":"1"}}' bundle b true
if has_controller memory; then
    refused "a file that no controller has" 'memory.none = 1.*no such file' pctrun run -b b c
else
    skip "a file that no controller has" "no memory controller"
fi

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

# Above the container's cgroup: what keeps the kernel from limiting it is named, process by process.
above=$(cgroup2_root)/pctrun-test-$$
mkdir "$above" "$above/taken"
sleep 1000 &
pid=$!
echo $pid >"$above/taken/cgroup.procs"
linux="$memory,\"cgroupsPath\":\"/pctrun-test-$$/taken/c\"" bundle b true
if has_controller memory; then
    refused "below a cgroup with processes" \
        "turn on the memory controller below: Device or resource busy; processes live in it \($pid\)" pctrun run -b b c
else
    skip "below a cgroup with processes" "no memory controller"
fi
linux=",\"cgroupsPath\":\"/pctrun-test-$$/taken/c\"" bundle b true
runs "but without limits a container can be there" pctrun run -b b c
is "and the cgroup stays what it was" "$(cat "$above/taken/cgroup.type")" domain
mkdir "$above/mixed" "$above/mixed/threads"
if echo threaded 2>/dev/null >"$above/mixed/threads/cgroup.type"; then
    echo $pid >"$above/mixed/threads/cgroup.procs"
    linux=",\"cgroupsPath\":\"/pctrun-test-$$/mixed/c\"" bundle b true
    refused "beside threaded cgroups" "type is \"domain invalid\".*processes: $pid\)" pctrun run -b b c
else
    skip "beside threaded cgroups" "a controller is on that knows no threads"
fi
kill $pid
wait $pid 2>/dev/null
rmdir "$above/mixed/threads" "$above/mixed" "$above/taken" "$above"
done_testing
