#!/bin/bash
# pct: from a template to a running container, and what it refuses, in Proxmox's words.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

has_verb() { pct help 2>&1 | grep -Eq "^ +pct $1( |\$)"; }

accept=(--accept-unenforced all)
bridge pctt0 10.79.0.1/24
mkdir -p storage
printf 'dir: local\n\tpath %s\n\tcontent rootdir,images,vztmpl\n' "$WORK/storage" >"$PCTRUN_ETC/storage.cfg"

# A template without systemd: busybox's init.
cp -a "$SHARED/rootfs" template
printf '::sysinit:/bin/hostname >/tmp/hostname\n::respawn:/bin/sleep 1000\n::shutdown:/bin/touch /tmp/down\n' \
    >template/etc/inittab
echo 'ID=alpine' >template/etc/os-release
tar -C template -czf template.tar.gz .

status "status of nothing" 2 pct status 100
like "says so" "$out" "Configuration file '.*lxc/100.conf' does not exist"

missing=
for verb in create start exec stop destroy; do
    has_verb "$verb" || missing="$missing $verb"
done
if [ -n "$missing" ]; then
    skip "the life of a container" "pct has no$missing"
    done_testing
    exit
fi

runs "create" pct create 100 "$WORK/template.tar.gz" --ostype unmanaged --hostname www \
    --rootfs local:0 --unprivileged 1 --memory 64 --swap 0 --cores 1 \
    --net0 name=eth0,bridge=pctt0,hwaddr=BC:24:11:00:00:64,ip=10.79.0.100/24
is "stopped" "$(pct status 100)" "status: stopped"
like "the config is there" "$(pct config 100)" '^hostname: www$'
like "in Proxmox's file" "$(cat "$PCTRUN_ETC/lxc/100.conf")" '^unprivileged: 1$'
refused "a taken id" 'CT 100 already exists' pct create 100 "$WORK/template.tar.gz" --rootfs local:0
runs "list" pct list
like "list shows it" "$out" '^100 +stopped '

runs "the plan" pct plan 100
like "names the config line" "$out" 'net0: in 100\.conf'
runs "the bundle" pct bundle 100 --output bundle
runs "is JSON" python3 -m json.tool bundle/config.json

runs "start" pct start 100 "${accept[@]}"
is "running" "$(pct status 100)" "status: running"
refused "start twice" 'CT 100 already running' pct start 100
refused "destroy while it runs" 'running' pct destroy 100
is "pctrun sees it" "$(container_status 100)" running
runs "exec" pct exec 100 -- sh -c 'id -u; cat /proc/self/uid_map'
is "as root of its own user namespace" "$(tr -s ' ' <<<"$out")" $'0\n 0 100000 65536'
status "exec passes the status on" 9 pct exec 100 -- sh -c 'exit 9'
status "exec of nothing" 127 pct exec 100 -- nowhere
like "its address" "$(pct exec 100 -- ip addr show eth0)" 'bc:24:11:00:00:64'
is "its end of the veth is a port of the bridge" \
    "$(basename "$(readlink /sys/class/net/veth100i0/master)")" pctt0
runs "it is reached through the bridge" \
    sh -c 'pct exec 100 -- ip addr add 10.79.0.100/24 dev eth0 2>/dev/null; pct exec 100 -- ip link set eth0 up; ping -c 1 -W 5 10.79.0.100'
runs "audit" pctrun audit 100
if has_verb enter; then
    is "enter reads commands" "$(echo hostname | pct enter 100)" www
else
    skip "enter reads commands" "pct has no enter"
fi
if has_controller memory; then
    cgroup=$(cgroup2_root)$(sed -n 's/^0:://p' "/proc/$(container_pid 100)/cgroup" | sed 's,/ns.*,,')
    is "its memory limit" "$(cat "$cgroup/memory.max")" 67108864
    is "and no swap" "$(cat "$cgroup/memory.swap.max")" 0
else
    skip "its memory limit" "no memory controller"
fi

runs "stop" pct stop 100
is "stopped again" "$(pct status 100)" "status: stopped"
refused "stop twice" 'CT 100 not running' pct stop 100
is "the veth is gone" "$(test -e /sys/class/net/veth100i0 && echo there)" ""

echo 'nonsense line' >>"$PCTRUN_ETC/lxc/100.conf"
pct config 100 >log 2>&1
like "a line that is none is named" "$(cat log)" '100\.conf.*line [0-9]+|nonsense'
sed -i '$d' "$PCTRUN_ETC/lxc/100.conf"

runs "destroy" pct destroy 100
is "no config left" "$(ls -A "$PCTRUN_ETC/lxc")" ""
is "no volume left" "$(find storage -path '*100*')" ""

mkdir evil && printf x >evil/x
tar -C evil --transform 's,^x,../../escaped,' -P -cf evil.tar x
status "a template that leaves the root" 1 pct create 101 "$WORK/evil.tar" --rootfs local:0 --ostype unmanaged
is "writes nothing outside" "$(find "$WORK" -name escaped -not -path '*/images/*')" ""
done_testing
