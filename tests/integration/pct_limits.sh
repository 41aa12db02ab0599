#!/bin/bash
# The limits of a Proxmox config in the kernel: what the container's cgroup shows, also when they
# change while it runs, and what happens to a process that takes more memory than it may have.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

id=7912
pct_storage

missing=''
for controller in memory cpu cpuset pids; do
    has_controller $controller || missing="$missing $controller"
done
if [ -n "$missing" ]; then
    skip "the limits of a config" "no$missing controller of cgroup version 2"
    done_testing
    exit
fi

cp -a "$SHARED/rootfs" template
printf '::respawn:/bin/sleep 1000\n' >template/etc/inittab
tar -C template -czf template.tar.gz .
runs "create" pct create $id "$WORK/template.tar.gz" --ostype unmanaged --rootfs local:0 \
    --unprivileged 1 --memory 96 --swap 32 --cores 1 --cpulimit 0.5 --cpuunits 50
echo 'lxc.cgroup2.pids.max: 64' >>"$PCTRUN_ETC/lxc/$id.conf"
accept_unless_checked $id
require "start" pct start $id "${accept[@]}"

# The limits are on the cgroup above the container's own, which its root may not write.
cgroup=$(cgroup2_root)$(sed -n 's/^0:://p' "/proc/$(container_pid $id)/cgroup" | sed 's,/ns.*,,')
like "its cgroup" "$cgroup" "/lxc/$id\$"
shows() { is "$1 of the config's $2" "$(cat "$cgroup/$1")" "$3"; }
shows memory.max "memory: 96" $((96 * 1024 * 1024))
shows memory.high "memory: 96" $((96 * 1024 * 1016))
shows memory.swap.max "swap: 32" $((32 * 1024 * 1024))
shows cpu.max "cpulimit: 0.5" "50000 100000"
shows cpu.weight "cpuunits: 50" 50
shows pids.max "lxc.cgroup2.pids.max: 64" 64
like "cpuset.cpus of the config's cores: 1" "$(cat "$cgroup/cpuset.cpus")" '^[0-9]+$'
is "one CPU is what it sees" "$(pct exec $id -- nproc)" 1
pct exec $id -- sh -c 'echo max >/sys/fs/cgroup/memory.max' 2>/dev/null
is "its root can't lift the limit" "$(cat "$cgroup/memory.max")" $((96 * 1024 * 1024))

status "a process that takes more memory is killed" 137 \
    pct exec $id -- sh -c 'x=$(head -c 200000000 /dev/zero | tr "\0" a); echo survived'
is "the container lives on" "$(pct status $id)" "status: running"
like "the kernel counted it" "$(cat "$cgroup/memory.events")" 'oom_kill [1-9]'
is_told() { pct status $id --verbose | grep -Eq "^oomkills: [1-9].*memory: in $id\\.conf, line [0-9]+"; }
eventually "status says so, and by which line" is_told # once the monitor has heard of it

# --- changed while it runs

runs "memory" pct set $id --memory 128 --swap 16
shows memory.max "memory: 128" 134217728
shows memory.high "memory: 128" $((128 * 1024 * 1016))
shows memory.swap.max "swap: 16" 16777216
runs "no swap" pct set $id --delete swap
shows memory.swap.max "swap: none" 0
runs "CPU" pct set $id --cpulimit 0.25 --cpuunits 80
shows cpu.max "cpulimit: 0.25" "25000 100000"
shows cpu.weight "cpuunits: 80" 80
runs "no limit" pct set $id --cpulimit 0 --delete cpuunits
shows cpu.max "cpulimit: 0" "max 100000"
shows cpu.weight "cpuunits: none" 100
runs "audit agrees" pctrun audit $id
runs "stop" pct stop $id
like "status says afterwards, too, who was killed" "$(pct status $id --verbose)" \
    "^oomkills: [1-9].*, last at .*memory: in $id\\.conf, line [0-9]+"
runs "destroy" pct destroy $id

# --- what pct check says of such a host, and of a cgroup that was given less

capture pct check --host
like "every controller" "$out" '^host     controllers +.*cpuset cpu io memory .*pids'
like "a cgroup can be made" "$out" '^host     cgroup +.* was made: it can be frozen and killed$'
given=$(cgroup2_root)/pctrun-given
mkdir -p "$given/own"
echo "+pids +memory" >"$given/cgroup.subtree_control"
# shellcheck disable=SC2016 # for that shell
sh -c 'echo $$ >"$0/own/cgroup.procs" && exec unshare --cgroup --mount "$@"' "$given" \
    sh -c 'umount -R "$0" && mount -t cgroup2 cgroup2 "$0" && exec pct check --host' "$(cgroup2_root)" >given.txt
like "what it was not given" "$(cat given.txt)" '^lacking  controllers +memory pids, but not cpuset cpu io: '
rmdir "$given/own" "$given"
done_testing
