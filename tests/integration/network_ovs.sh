#!/bin/bash
# Bridges of Open vSwitch, its own daemons, started for this test alone: by the kernel's datapath
# where there is one, else by the one in user space. Ports with their VLANs, a firewall's bridge,
# rates; changed while it runs, changed behind its back, and nothing left of them. What the data base
# alone knows is the same with either datapath, and left out in the VM, which has the kernel's.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

if [ ! -x /usr/sbin/ovs-vswitchd ]; then
    skip "all of it" "no Open vSwitch: apt-get install openvswitch-switch"
    done_testing
    exit
fi

# --- its daemons

mkdir bin ovs
export OVS_RUNDIR=$WORK/ovs OVS_DBDIR=$WORK/ovs OVS_LOGDIR=$WORK/ovs
# The runtime's own tools see this one first: it knows where the data base of this test is.
printf '#!/bin/sh\nexec /usr/bin/ovs-vsctl --db=unix:%s/ovs/db.sock "$@"\n' "$WORK" >bin/ovs-vsctl
chmod +x bin/ovs-vsctl
PATH=$WORK/bin:$PATH
datapath=netdev
! { emulated && modprobe openvswitch 2>/dev/null; } || datapath=system

start_ovs() {
    ovsdb-server ovs/conf.db --remote="punix:$WORK/ovs/db.sock" --pidfile --detach --no-chdir -vconsole:off &&
        ovs-vsctl --no-wait init &&
        ovs-vswitchd "unix:$WORK/ovs/db.sock" --pidfile --detach --no-chdir -vconsole:off --log-file="$WORK/ovs/log"
}

# stop_ovs [--cleanup]: with all the links that it has made. Who doesn't hear is killed.
# shellcheck disable=SC2120
stop_ovs() {
    local daemons
    daemons=$(cat ovs/*.pid)
    ovs-appctl --timeout=$((5 * PCTRUN_TEST_SLOW)) -t ovs-vswitchd exit ${1:+"$1"}
    ovs-appctl --timeout=$((5 * PCTRUN_TEST_SLOW)) -t ovsdb-server exit
    # shellcheck disable=SC2086 # a list
    for _ in $(seq $((50 * PCTRUN_TEST_SLOW))); do
        kill -0 $daemons || return 0 # false where none of them is there
        sleep 0.1
    done
    # shellcheck disable=SC2086
    kill -KILL $daemons
} >/dev/null 2>&1
trap 'stop_ovs --cleanup; clean_up' EXIT

require "a data base" ovsdb-tool create ovs/conf.db /usr/share/openvswitch/vswitch.ovsschema
require "its daemons" start_ovs
require "a bridge" ovs-vsctl add-br pctov0 -- set bridge pctov0 datapath_type=$datapath
require "another" ovs-vsctl add-br pctov1 -- set bridge pctov1 datapath_type=$datapath
bridge pctov2 10.90.0.1/24
policed=''
tc qdisc add dev pctov2 ingress &&
    tc filter add dev pctov2 parent ffff: matchall action police rate 1mbit burst 10k 2>/dev/null && policed=1

# --- two containers

# net LAST MORE: the interface of the container whose address ends so
net() {
    echo "name=eth0,hwaddr=BC:24:11:00:90:0$1,ip=10.90.0.$1/24,host-managed=1,bridge=pctov0${2:-}"
}

for last in 2 3; do
    mkdir root$last && cp -a "$SHARED/rootfs/." root$last
    networked 797$last "$WORK/root$last" "$(net $last ,tag=20)"
    echo 'lxc.apparmor.profile: unconfined' >>"$PCTRUN_ETC/lxc/797$last.conf" # compiling one takes long
done

# sets ID LAST MORE: changes its interface while it runs
sets() {
    pct set "797$1" --net0 "$(net "$1" "$2")"
}

reaches() {
    pct exec 7972 -- ping -c 1 -W "$((3 * PCTRUN_TEST_SLOW))" 10.90.0.3
}

is_cut_off() {
    ! pct exec 7972 -- ping -c 1 -W 1 10.90.0.3
}

# port NAME: its bridge and VLANs, as Open vSwitch has them
port() {
    ovs-vsctl port-to-br "$1" -- get Port "$1" tag trunks vlan_mode 2>/dev/null | paste -sd' '
}

# links: those that a container brought
links() {
    ip -o link | awk '{sub("[@:].*", "", $2); print $2}' | grep -E '^(veth797|fw)' | sort | paste -sd' '
}

all_links='veth7972i0 veth7973i0'
accept_unless_checked 7972
require "start" pct start 7972 "${accept[@]}"
require "and another" pct start 7973 "${accept[@]}"
is "a port in its VLAN" "$(port veth7972i0)" 'pctov0 20 [] []'
is "without IPv6" "$(ip -o addr show veth7972i0; cat /proc/sys/net/ipv6/conf/veth7972i0/disable_ipv6)" 1
eventually "they reach each other" reaches
runs "audit agrees" pctrun audit 7972
like "and names it" "$out" \
    'holds +net.ovs +eth0 \(veth7972i0\), by Open vSwitch in bridge pctov0, VLAN 20: veth7972i0 is in bridge pctov0, tag and trunks 20 \[\]'
wire=$(pct exec 7972 -- cat /sys/class/net/eth0/ifindex)
runs "another VLAN" sets 2 ,tag=30
is "is the port's" "$(port veth7972i0)" 'pctov0 30 [] []'
eventually "and cut off" is_cut_off # its flows follow
runs "with trunks" sets 2 ',tag=20,trunks=41;40'
is "they are the port's" "$(port veth7972i0)" 'pctov0 20 [40, 41] native-untagged'
eventually "it reaches the other again" reaches

more_of_an_interface() {
    runs "audit agrees with them" pctrun audit 7972
    runs "a smaller mtu" sets 2 ,tag=20,mtu=1400
    is "is there" "$(pct exec 7972 -- cat /sys/class/net/eth0/mtu)" 1400
    is "and the port still one" "$(port veth7972i0)" 'pctov0 20 [] []'
    runs "a pulled cable" sets 2 ,tag=20,link_down=1
    is "ends in no bridge" "$(port veth7972i0)$(cat /sys/class/net/veth7972i0/operstate)" down
    runs "plugged in" sets 2 ,tag=20
    eventually "it reaches the other" reaches
    is "as the same interface" "$(pct exec 7972 -- cat /sys/class/net/eth0/ifindex)" "$wire"
}
emulated || more_of_an_interface

# --- a firewall

runs "a firewall" sets 2 ,tag=20,firewall=1
is "has a bridge, as no rule sees a port of Open vSwitch" "$(links)" "fwbr7972i0 fwln7972i0 fwpr7972p0 $all_links"
is "in which the container is" "$(basename "$(readlink /sys/class/net/veth7972i0/master)")" fwbr7972i0
is "and which is in its VLAN" "$(port fwpr7972p0)$(port veth7972i0)" 'pctov0 20 [] []'
eventually "where it reaches the other" reaches

more_of_a_firewall() {
    runs "audit agrees" pctrun audit 7972
    like "and names the port" "$out" 'holds +net.ovs +eth0 \(fwpr7972p0\), by Open vSwitch in bridge pctov0'
    runs "another VLAN" sets 2 ,tag=30,firewall=1
    is "is that port's" "$(port fwpr7972p0)" 'pctov0 30 [] []'
}
emulated || more_of_a_firewall
runs "no firewall" sets 2 ,tag=20
is "leaves nothing of it" "$(links) $(port fwpr7972p0)" "$all_links "
eventually "it reaches the other" reaches

a_firewall_from_the_start() {
    runs "stop" pct stop 7972
    sed -i 's/^net0:.*/&,firewall=1/' "$PCTRUN_ETC/lxc/7972.conf"
    runs "a start with it" pct start 7972 "${accept[@]}"
    eventually "reaches the other, too" reaches
    is "as the same port" "$(port fwpr7972p0)" 'pctov0 20 [] []'
}
emulated || a_firewall_from_the_start

# --- from bridge to bridge

runs "another of Open vSwitch" pct set 7972 --net0 "$(net 2 | sed s/pctov0/pctov1/)"
is "has the port" "$(port veth7972i0)" 'pctov1 [] [] []'
runs "one of the kernel's" pct set 7972 --net0 "$(net 2 | sed s/pctov0/pctov2/)"
is "has it" "$(port veth7972i0)$(basename "$(readlink /sys/class/net/veth7972i0/master)")" pctov2
eventually "the host is reached there" pct exec 7972 -- ping -c 1 -W 1 10.90.0.1
runs "and back" sets 2 ,tag=20
is "it is Open vSwitch's" "$(port veth7972i0)" 'pctov0 20 [] []'
eventually "and reaches the other" reaches

# --- rates

# limits: what the kernel has of them on the host's end
limits() {
    tc qdisc show dev veth7972i0 | grep -Eo 'htb|ingress' | sort | paste -sd' '
}

if [ -n "$policed" ]; then
    runs "a rate" sets 2 ,tag=20,rate=2
    is "is on its port" "$(limits)" 'htb ingress'
    runs "another VLAN" sets 2 ,tag=21,rate=2
    is "leaves it there" "$(limits)" 'htb ingress'
    runs "audit sees it" pctrun audit 7972
    runs "no rate" sets 2 ,tag=20
    is "is none" "$(limits)" ''
else
    skip "rates" "no policer in this kernel"
fi

# --- killed

kill -9 "$(sed -n 's/.*"monitor":\([0-9]*\).*/\1/p' "$PCTRUN_ROOT/7972/state.json")" "$(container_pid 7972)"
eventually "killed with who looks after it" is_status 7972 stopped
is "its port is still there" "$(port veth7972i0)" 'pctov0 20 [] []'
refused "until it is stopped" "not running" pct stop 7972
is "and cleared away" "$(port veth7972i0)$(links)" veth7973i0

# --- left over, and changed behind its back

behind_its_back() {
    ovs-vsctl -- add-port pctov1 veth7972i0 2>/dev/null # of a link that isn't there, as a crash leaves it
    runs "a port that is left over" pct start 7972 "${accept[@]}"
    is "makes room" "$(port veth7972i0)" 'pctov0 20 [] []'
    ovs-vsctl set Port veth7972i0 tag=22
    status "another VLAN than asked for" 1 pctrun audit 7972
    like "is seen" "$out" 'DIFFERS +net.ovs .*tag and trunks 22 \[\]'
    ovs-vsctl del-port veth7972i0
    status "no port" 1 pctrun audit 7972
    like "is seen, too" "$out" 'DIFFERS +net.ovs .*veth7972i0 is not in bridge pctov0'
    runs "stop, for all that" pct stop 7972
    runs "start" pct start 7972 "${accept[@]}"
    is "with its port" "$(port veth7972i0)" 'pctov0 20 [] []'
    stop_ovs
    refused "stop without the daemons" 'undo net.ovs: ovs-vsctl: .*database connection failed' pct stop 7972
    require "they are back" start_ovs
    runs "start" pct start 7972 "${accept[@]}"
    is "with its port" "$(port veth7972i0)" 'pctov0 20 [] []'
    runs "stop" pct stop 7972
    is "without" "$(port veth7972i0)$(links)" veth7973i0
}
emulated || behind_its_back

# --- the end

ovs-vsctl del-br pctov0
status "a bridge that goes while it runs" 1 pctrun audit 7973
like "is missed" "$out" 'DIFFERS +net.ovs .*veth7973i0 is not in bridge pctov0'
runs "stop" pct stop 7973
is "nothing is left" "$(links)" ''
refused "start without it" "bridge 'pctov0' does not exist.*7973.conf:4: net0:" pct start 7973 "${accept[@]}"
! emulated || skip "mtu, cable, ports that are left over or changed, daemons that are gone" \
    "the data base's part: the same with the datapath in user space"
done_testing
