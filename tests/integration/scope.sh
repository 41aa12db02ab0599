#!/bin/bash
# The cgroup manager systemd: a container's cgroup is a transient scope. What is planned and refused
# needs no systemd; the rest runs where one is the first process: make check-systemd.
# time: 150 s
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

if emulated && [ ! -d /run/systemd/system ]; then
    skip "scopes" "emulated without systemd: make check-systemd"
    done_testing
    exit
fi

name=pctt$$
unit=$name-c.scope
linux=',"cgroupsPath":"pctt.slice:'$name':c","resources":{
 "memory":{"limit":67108864,"reservation":33554432,"swap":134217728},"pids":{"limit":40},
 "cpu":{"shares":512,"quota":25500,"period":50000,"cpus":"0-1"},"blockIO":{"weight":500},
 "unified":{"memory.high":"50331648"},
 "devices":[{"allow":false,"access":"rwm"},{"allow":true,"type":"c","major":10,"minor":229,"access":"rw"}]}'
top=',"annotations":{"org.systemd.property.TimeoutStopSec":"7",
 "org.systemd.property.CollectMode":"'"'inactive-or-failed'"'",
 "org.systemd.property.Documentation":"['"'man:pctrun(1)'"']"}'

sd() { pctrun --systemd-cgroup "$@"; }

# One member of config.json is wrong: refused NAME REGEX, with $linux or $top as they are.
wrong() {
    bundle wrong true
    refused "$1" "$2" pctrun --systemd-cgroup create -b wrong w
}

plans() {
    bundle b sh -c 'trap : USR1; while :; do sleep 0.1; done'
    capture sd --accept-unenforced all plan -b b --format json
    like "the scope is planned" "$out" '"unit": "'$unit'"'
    out=$(sd plan -b b | grep cgroup.scope)
    like "its slice" "$out" "pctt.slice/$unit, Slice=pctt.slice, Delegate=true"
    like "what annotations say" "$out" 'TimeoutStopUSec=7000000, CollectMode=inactive-or-failed, Documentation=1 man:pctrun'
    like "devices: what the filter of our own may allow" "$out" 'DevicePolicy=strict, DeviceAllow=.*char-pts rwm.*/dev/char/10:229 rw'
    if has_controller memory; then
        like "limits" "$out" 'MemoryMax=67108864, MemoryLow=33554432, MemorySwapMax=67108864, CPUWeight=59, CPUQuotaPeriodUSec=50000, CPUQuotaPerSecUSec=510000, AllowedCPUs=1 3, IOWeight=4950, MemoryHigh=50331648, .*TasksMax=40'
    else
        skip "limits" "no memory controller"
    fi
    is "cgroupfs knows nothing of it" "$(linux='' top='' bundle p true; pctrun plan -b p | grep -c scope)" 0
}

refusals() {
    local linux top=''
    linux=',"cgroupsPath":"/a/path"' wrong "a path" 'cgroupsPath: "/a/path" is not of systemd.s form slice:prefix:name'
    linux=',"cgroupsPath":"a:b"' wrong "two words" 'slice:prefix:name'
    linux=',"cgroupsPath":"a:b:c:d"' wrong "four words" 'slice:prefix:name'
    linux=',"cgroupsPath":"system.slice:b:"' wrong "no name" 'slice:prefix:name'
    linux=',"cgroupsPath":"system:b:c"' wrong "a slice without its ending" '"system" is no slice: those end in .slice'
    linux=',"cgroupsPath":"a--b.slice:b:c"' wrong "a slice with a level of no name" '"a--b.slice" is no slice'
    linux=',"cgroupsPath":"../a.slice:b:c"' wrong "a slice that climbs" 'is no slice'
    linux=',"cgroupsPath":"system.slice:b:c/d"' wrong "a unit with a slash" "no name of a unit: '/' is in it"
    linux=''
    top=',"annotations":{"org.systemd.property.TimeoutStopUSec":"nine"}' wrong "a property that is no value" "annotation org.systemd.property.TimeoutStopUSec: 'nine' is no value"
    top=',"annotations":{"org.systemd.property.Delegate":"false"}' wrong "a property of ours" 'org.systemd.property.Delegate: this property is not the container.s'
    refused "an unknown manager" "cgroup manager: 'mine' is none of" pctrun --cgroup-manager mine run -b b c
}

# What no systemd is there for.
refused_here() {
    linux='' top='' bundle plain true
    refused "without systemd" "cgroup.scope system.slice/pctrun-c.scope.*: systemd is not this host's first process; use --cgroup-manager cgroupfs" \
        pctrun --systemd-cgroup run -b plain c
    is "nothing is left" "$(ls "$PCTRUN_ROOT")" ""
}

show() { systemctl show --value -p "$1" "$unit"; }

file() { tr '\n' ' ' <"/sys/fs/cgroup/pctt.slice/$unit/$1" | sed 's/ $//'; }

# loaded UNIT: systemd knows it, in whatever state
loaded() { [ "$(systemctl show --value -p LoadState "$1")" = loaded ]; }

gone() { ! loaded "$1" && [ ! -e "/sys/fs/cgroup/pctt.slice/$1" ]; }

creates() {
    require "create" sd create -b b c
    is "its unit" "$(show ActiveState) $(show SubState)" "active running"
    is "is in its slice" "$(show Slice) $(show ControlGroup)" "pctt.slice /pctt.slice/$unit"
    is "is the container's to govern" "$(show Delegate)" yes
    is "only the container is in it" "$(file cgroup.procs)" "$(container_pid c)"
    is "limits of memory" "$(show MemoryMax) $(show MemoryLow) $(show MemoryHigh) $(show MemorySwapMax)" \
        "67108864 33554432 50331648 67108864"
    is "in the kernel" "$(file memory.max) $(file memory.low) $(file memory.high) $(file memory.swap.max)" \
        "67108864 33554432 50331648 67108864"
    is "of cpus" "$(show CPUWeight) $(show CPUQuotaPerSecUSec) $(show CPUQuotaPeriodUSec) $(show AllowedCPUs)" "59 510ms 50ms 0-1"
    is "in the kernel" "$(file cpu.weight) $(file cpu.max) $(file cpuset.cpus)" "59 25500 50000 0-1"
    is "of tasks, of the disks" "$(show TasksMax) $(file pids.max) $(show IOWeight)" "40 40 4950"
    like "the device policy" "$(show DevicePolicy) $(show DeviceAllow)" 'strict .*/dev/char/10:229 rw'
    is "what annotations say" "$(show TimeoutStopUSec) $(show CollectMode) $(show Documentation)" '7s inactive-or-failed "man:pctrun(1)"'
    like "what it is" "$(show Description)" "^container c of "
    is "no default dependencies" "$(show DefaultDependencies)" no
    runs "start" pctrun start c
    runs "audit finds all as it is to be" pctrun audit c
    status "exec" 0 pctrun exec c sh -c 'grep -q /$ /proc/self/cgroup; cat /dev/null; test ! -r /dev/fuse'
    runs "in its cgroup" pctrun exec -d c sleep 100
    knows_both() { pctrun ps c | grep -q 'sleep 100'; }
    eventually "ps knows them" knows_both
}

updates() {
    runs "update, without a word of systemd" pctrun update --memory 48m --memory-swap -1 --cpu-quota 10000 --cpuset-cpus 0 --pids-limit 30 c
    is "properties" "$(show MemoryMax) $(show MemorySwapMax) $(show CPUQuotaPerSecUSec) $(show AllowedCPUs) $(show TasksMax)" \
        "50331648 infinity 200ms 0 30"
    is "files" "$(file memory.max) $(file memory.swap.max) $(file cpu.max) $(file cpuset.cpus) $(file pids.max)" \
        "50331648 max 10000 50000 0 30"
    runs "systemd reads its units again" systemctl daemon-reload
    is "and keeps the limits" "$(file memory.max) $(file cpu.max) $(file cpuset.cpus) $(file pids.max)" "50331648 10000 50000 0 30"
    runs "audit agrees" pctrun audit c
    runs "pause" pctrun pause c
    is "paused" "$(container_status c)" paused
    runs "resume" pctrun resume c
}

ends() {
    runs "kill" pctrun kill c KILL
    eventually "stopped" is_status c stopped
    runs "delete" pctrun delete c
    is "nothing is left of it" "$(loaded $unit && echo loaded)$(ls -d /sys/fs/cgroup/pctt.slice/$unit 2>/dev/null)" ""
    runs "once more, running" sd run -d -b b c
    runs "is deleted by force" pctrun delete --force c
    is "and nothing is left" "$(loaded $unit && echo loaded)" ""
}

# A name that another has; one that failed and was not asked about.
names_taken() {
    systemd-run -q --scope --slice pctt.slice --unit "$unit" sleep 1000 2>/dev/null &
    local other=$!
    eventually "another's unit" loaded "$unit"
    refused "its name" "start $unit: systemd says: .*; another container uses it" sd create -b b c
    is "it goes on" "$(show ActiveState)" active
    pctrun delete --force c
    is "also after a delete" "$(show ActiveState)" active
    kill $other
    wait $other 2>/dev/null
    eventually "it ends" gone "$unit"
}

out_of_memory() {
    linux=',"cgroupsPath":"pctt.slice:'$name':c","resources":{"memory":{"limit":16777216,"swap":16777216}}' top=''
    bundle hog sh -c 'tail /dev/zero; exit 3'
    status "a hog is killed, not the container" 3 sd run -b hog c
    eventually "its scope is gone" gone "$unit"
}

# A unit that has failed keeps its name until somebody has seen it. Its time has to be enough for the
# start.
fails() {
    local time=1
    ! emulated || time=6
    linux=',"cgroupsPath":"pctt.slice:'$name':c"'
    top=',"annotations":{"org.systemd.property.RuntimeMaxSec":"'$time'","org.systemd.property.TimeoutStopUSec":"uint64 100000"}'
    bundle short sleep 1000
    runs "a scope that may run for some seconds" sd run -d -b short c
    eventually "is ended by systemd" is_status c stopped
    eventually "as a failure" systemctl is-failed "$unit"
    rm -r "$PCTRUN_ROOT/c" # its maker has forgotten it
    runs "its name can be had again" sd run -d -b short c
    eventually "is ended again" is_status c stopped
    runs "delete" pctrun delete c
    is "takes the failure away" "$(loaded $unit && echo loaded)" ""
}

# A runtime that dies before its container is there leaves pctrun-scope alone, which ends by itself.
killed_at_any_instant() {
    local part start victim took left=''
    linux=',"cgroupsPath":"pctt.slice:'$name':c"' top=''
    bundle short true
    start=$EPOCHREALTIME
    runs "a run" sd run -b short c
    took=$((${EPOCHREALTIME/./} - ${start/./}))
    for part in $(seq 15); do
        sd run -b short c >/dev/null 2>&1 &
        victim=$!
        sleep "$(awk -v us=$((took * part / 15)) 'BEGIN {print us / 1000000}')"
        kill -KILL $victim 2>/dev/null
        wait $victim 2>/dev/null
        pctrun delete --force c >"$WORK/log" 2>&1 || left="$left $part: $(cat "$WORK/log")"
        for _ in $(seq 50); do
            ! gone "$unit" || break
            sleep 0.1
        done
        gone "$unit" || left="$left $part"
        [ -z "$(ls "$PCTRUN_ROOT")" ] || left="$left state at $part"
    done
    is "killed at any of 15 instants it leaves nothing" "$left" ""
}

# An ordinary user with a manager of his own: each command as a service of that one.
as_a_user() {
    local uid=4711 linux top='' namespaces="$default_namespaces,{\"type\":\"user\"}"
    useradd -u $uid -U -M pctt && require "a user's manager" systemctl start user@$uid.service
    linux=',"cgroupsPath":":'$name':u","resources":{"memory":{"limit":67108864},"pids":{"limit":40}},
     "uidMappings":[{"containerID":0,"hostID":'$uid',"size":1}],"gidMappings":[{"containerID":0,"hostID":'$uid',"size":1}]'
    bundle user sleep 1000
    chown -R $uid:$uid user
    install -d -o $uid -g $uid user.state
    theirs() { setpriv --reuid $uid --regid $uid --clear-groups env XDG_RUNTIME_DIR=/run/user/$uid "$@"; }
    users_pctrun() { theirs systemd-run --user --wait --pipe -q -E "PATH=$PATH" -E "PCTRUN_ROOT=$WORK/user.state" pctrun "$@"; }
    users_unit() { theirs systemctl --user show --value -p "$1" $name-u.scope; }
    runs "as an ordinary user" users_pctrun --systemd-cgroup run -d -b "$WORK/user" --pid-file "$WORK/user/pid" u
    is "a scope of his manager" "$(users_unit ActiveState) $(users_unit Slice)" "active user.slice"
    local cgroup
    cgroup=/sys/fs/cgroup$(sed -n 's/^0:://p' "/proc/$(cat user/pid)/cgroup")
    like "below it" "$cgroup" "/user@$uid.service/user.slice/$name-u.scope\$"
    is "its limits" "$(cat "$cgroup/memory.max" "$cgroup/pids.max" | xargs) $(users_unit MemoryMax)" "67108864 40 67108864"
    runs "update" users_pctrun update --pids-limit 30 u
    is "changes both" "$(cat "$cgroup/pids.max") $(users_unit TasksMax)" "30 30"
    runs "exec" users_pctrun exec u true
    runs "delete" users_pctrun delete --force u
    is "leaves nothing" "$(users_unit ActiveState) $(ls -d "$cgroup" 2>/dev/null)" "inactive "
    systemctl stop user@$uid.service
}

plans
refusals
if [ ! -d /run/systemd/system ]; then
    refused_here
    skip "scopes" "systemd is not the first process"
    done_testing
    exit
fi
creates
updates
ends
names_taken
out_of_memory
fails
killed_at_any_instant
linux=',"resources":{"pids":{"limit":1}}' top='' bundle one true
runs "a limit of one process, no cgroupsPath" sd run -b one c
systemctl stop pctt.slice
if [ -n "${PCTRUN_TEST_VM:-}" ]; then
    as_a_user
else
    skip "as an ordinary user" "only in a VM: users are this machine's"
fi
done_testing
