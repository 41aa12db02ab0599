#!/bin/bash
# net[n]: VLANs of a VLAN-aware bridge, rates, MTUs, gateways, with real packets between containers;
# each of them changed while the container runs.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

aware='' policed=''
if ip link add pctnw1 type bridge vlan_filtering 1 2>/dev/null; then
    ip link set pctnw1 up
    bridges=pctnw1
    aware=1
fi
bridge pctnw0 10.84.0.1/24
ip link add pctnw7 address 02:24:11:00:84:01 type veth peer name pctnw8 && bridges="$bridges pctnw7"
ip link set pctnw7 master pctnw0
ip addr add fd84::1/64 dev pctnw0 nodad
ip link add pctnw2 type veth peer name pctnw3 && bridges="$bridges pctnw2"
tc qdisc add dev pctnw2 ingress &&
    tc filter add dev pctnw2 parent ffff: matchall action police rate 1mbit burst 10k 2>/dev/null && policed=1
pct_storage
alpine_template

# guest ID NET...: a container that only waits
guest() {
    require "container $1" pct create "$1" "$WORK/template.tar.gz" --ostype alpine --rootfs local:0 \
        --unprivileged 1 --memory 64 --swap 0 "${@:2}"
    accept_unless_checked "$1"
    require "starts" pct start "$1" "${accept[@]}"
}

# in_guest ID COMMAND...
in_guest() {
    pct exec "$1" -- "${@:2}"
}

reaches() {
    in_guest "$1" ping -c 1 -W "$((3 * PCTRUN_TEST_SLOW))" "$2"
}

# Where nothing comes, a second is enough to see it once something else has come.
is_cut_off() {
    ! in_guest "$1" ping -c 1 -W 1 "$2"
}

# links PREFIX: those of the host
links() {
    ip -o link | awk -v prefix="$1" 'index($2, prefix) == 1 {print $2}'
}

# port_vlans LINK: "20 untagged, 30-32"
port_vlans() {
    command bridge -j vlan show dev "$1" | python3 -c '
import json, sys
runs = []
for v in json.load(sys.stdin)[0]["vlans"]:
    words = " untagged" if "PVID" in v.get("flags", []) and "Egress Untagged" in v["flags"] else ""
    if runs and not words and runs[-1][1] == v["vlan"] - 1 and not runs[-1][2]:
        runs[-1][1] = v["vlan"]
    else:
        runs.append([v["vlan"], v["vlan"], words])
print(*(f"{a}{-b if b > a else str()}{w}" for a, b, w in runs), sep=", ")'
}

addresses() {
    in_guest "$1" ip -o addr show "$2" | grep -Eo 'inet6? [^ ]+' | grep -v fe80
}

# --- addresses, gateways, MTUs

ip route add 198.51.100.7 dev pctnw0
first=name=eth0,bridge=pctnw0,hwaddr=BC:24:11:00:84:02,ip=10.84.0.2/24,gw=10.84.0.1,ip6=fd84::2/64,host-managed=1
guest 7940 --net0 $first
guest 7941 --net0 name=eth0,bridge=pctnw0,hwaddr=BC:24:11:00:84:03,ip=198.51.100.7/32,gw=10.84.0.1,host-managed=1,mtu=1
in_guest 7941 ip -6 addr add fd84::9/64 dev eth0
eventually "IPv4" reaches 7940 10.84.0.1
is "no address of the host's at its end" "$(ip -o addr show veth7940i0; cat /proc/sys/net/ipv6/conf/veth7940i0/disable_ipv6)" 1
echo 0 >/proc/sys/net/ipv6/conf/veth7940i0/disable_ipv6
status "IPv6 of the host there" 1 pctrun audit 7940
like "is seen" "$out" 'DIFFERS +net.veth .*the host has IPv6 at veth7940i0'
echo 1 >/proc/sys/net/ipv6/conf/veth7940i0/disable_ipv6
is "nor is the bridge's the address of a port" "$(cat /sys/class/net/pctnw0/address)" 02:24:11:00:84:01
eventually "IPv6" reaches 7940 fd84::1
eventually "by a gateway in no subnet of its own" reaches 7941 10.84.0.1
is "an mtu of 1 is the bridge's" "$(in_guest 7941 cat /sys/class/net/eth0/mtu)" 1500
pctrun exec -d 7940 nc -ll -p 5000 -e echo here
eventually "TCP" sh -c 'busybox nc -w 10 10.84.0.2 5000 </dev/null | grep -qx here'
refused "a VLAN of a bridge without" "trunks=10;5 needs a bridge that is VLAN-aware, .* \(from net1: in 7940" \
    pct set 7940 --net1 'name=eth1,bridge=pctnw0,trunks=10;5'
refused "what is no bridge" "'lo' is no bridge.*\(from net1: in 7940" pct set 7940 --net1 name=eth1,bridge=lo
refused "an mtu of nothing" "mtu 5 is not 1 or at least 68" pct set 7940 --net1 name=eth1,bridge=pctnw0,mtu=5
is "and nothing of them is there" "$(links veth7940i1)" ""
wire=$(in_guest 7940 cat /sys/class/net/eth0/ifindex)
runs "a smaller mtu" pct set 7940 --net0 "$first,mtu=1400"
is "it is there" "$(in_guest 7940 cat /sys/class/net/eth0/mtu)" 1400
runs "a pulled cable" pct set 7940 --net0 "$first,link_down=1"
is "is in no bridge" "$(cat /sys/class/net/veth7940i0/operstate; readlink /sys/class/net/veth7940i0/master)" down
runs "plugged in again" pct set 7940 --net0 "$first"
is "it is the same interface" "$(in_guest 7940 cat /sys/class/net/eth0/ifindex)" "$wire"
is "with its addresses" "$(addresses 7940 eth0)" $'inet 10.84.0.2/24\ninet6 fd84::2/64'
eventually "and answers" reaches 7940 10.84.0.1
runs "audit" pctrun audit 7940
runs "an address of somebody else" pct set 7940 --net0 "${first/fd84::2/fd84::9}"
sees_twin() { pctrun audit 7940 | grep -q '^DIFFERS  net.address .*fd84::9/64 of eth0 is somebody else.s, too.*(from net0: in 7940'; }
patience=20 eventually "is seen" sees_twin # a second to ask, and up to one before
runs "its own again" pct set 7940 --net0 "$first"
in_guest 7941 ip -6 addr del fd84::9/64 dev eth0

# --- VLANs of a VLAN-aware bridge

# vlan ID LAST MORE: its second interface; @LAST: of its address
vlan() {
    pct set "$1" --net1 "name=eth1,bridge=pctnw1,hwaddr=BC:24:11:01:84:0$2,ip=10.85.0.$2/24$3"
}

if [ -n "$aware" ]; then
    runs "an interface in VLAN 20" vlan 7940 2 ,tag=20
    runs "another there" vlan 7941 3 ,tag=20
    is "has that VLAN alone" "$(port_vlans veth7940i1)" '20 untagged'
    eventually "they reach each other" reaches 7940 10.85.0.3
    wire=$(in_guest 7941 cat /sys/class/net/eth1/ifindex)
    runs "one moves to VLAN 30" vlan 7941 3 ,tag=30
    runs "and is cut off" is_cut_off 7940 10.85.0.3
    ip link add link pctnw1 name pctnw1.30 type vlan id 30 && ip link del pctnw1.30 # the module is there
    in_guest 7941 ip addr add 10.85.1.3/24 dev eth1
    in_guest 7940 ip link add link eth1 name eth1.30 type vlan id 30
    in_guest 7940 ip addr add 10.85.1.2/24 dev eth1.30
    in_guest 7940 ip link set eth1.30 up
    runs "also with a tag of the container's own" is_cut_off 7940 10.85.1.3
    runs "unless that is in its trunks" vlan 7940 2 ',tag=20,trunks=30'
    eventually "where it gets through" reaches 7940 10.85.1.3
    in_guest 7940 ip link del eth1.30
    in_guest 7941 ip addr del 10.85.1.3/24 dev eth1
    is "as the same interface" "$(in_guest 7941 cat /sys/class/net/eth1/ifindex)" "$wire"
    is "with its address" "$(addresses 7941 eth1)" 'inet 10.85.0.3/24'
    runs "the other follows, with trunks" vlan 7940 2 ',tag=30,trunks=40;42;41'
    is "they are its port's" "$(port_vlans veth7940i1)" '30 untagged, 40-42'
    eventually "they reach each other again" reaches 7940 10.85.0.3
    runs "audit agrees" pctrun audit 7940
    command bridge vlan del dev veth7940i1 vid 41
    status "and sees a VLAN that is gone" 1 pctrun audit 7940
    like "says so" "$out" 'DIFFERS +net.veth .*VLAN 30, trunks 40;42;41.*has other VLANs'
    runs "no tag" vlan 7940 2 ''
    is "is the bridge's own and all others tagged" "$(port_vlans veth7940i1)" '1 untagged, 2-4094'
    runs "and cut off again" is_cut_off 7940 10.85.0.3
    runs "audit agrees with it, too" pctrun audit 7940
    refused "no such VLAN" 'tag: value must have a maximum value of 4094' vlan 7940 2 ,tag=4095
    refused "no such trunk" 'net1: trunks: there is no VLAN 4095' vlan 7940 2 ',trunks=4;4095'
    is "leaves what was there" "$(port_vlans veth7940i1)" '1 untagged, 2-4094'
    runs "none" pct set 7941 --delete net1
    is "is none" "$(links veth7941i1)" ""
else
    skip "VLANs" "no VLAN filtering in this kernel's bridge"
fi

# --- rates

if [ -n "$policed" ]; then
    wire=$(in_guest 7940 cat /sys/class/net/eth0/ifindex)
    runs "a rate of 1 MiB a second" pct set 7940 --net0 "$first,rate=1"
    runs "audit sees it" pctrun audit 7940
    like "as it is" "$out" 'holds +net.rate +eth0 \(veth7940i0\): 1048576 bytes/s.*1048576 bytes/s to the container, 1048576 from it'
    runs "a higher one" pct set 7940 --net0 "$first,rate=4"
    is "on the same interface" "$(in_guest 7940 cat /sys/class/net/eth0/ifindex)" "$wire"
    is "with its addresses" "$(addresses 7940 eth0)" $'inet 10.84.0.2/24\ninet6 fd84::2/64'
    runs "a pulled cable" pct set 7940 --net0 "$first,rate=4,link_down=1"
    runs "and back" pct set 7940 --net0 "$first,rate=4"
    tc qdisc del dev veth7940i0 ingress
    status "a limit that somebody removed" 1 pctrun audit 7940
    like "is seen" "$out" 'DIFFERS +net.rate .*4194304 bytes/s to the container, 0 from it'
    runs "no rate" pct set 7940 --net0 "$first"
    is "leaves no queue" "$(tc qdisc show dev veth7940i0 | grep -Ec 'htb|ingress')" 0
    runs "audit agrees" pctrun audit 7940
else
    refused "a rate that this kernel can't limit" \
        'net.rate eth0 .*: limit it: .*; this kernel lacks act_police.* \(from net0: in 7940.conf' \
        pct set 7940 --net0 "$first,rate=1"
    is "leaves nothing behind" "$(tc qdisc show dev veth7940i0 | grep -Ec 'htb|ingress'; grep -c rate "$PCTRUN_ETC/lxc/7940.conf")" $'0\n0'
    skip "rates" "no policer in this kernel"
fi

# --- links of the same name

links_of_the_same_name() {
    runs "a second interface" pct set 7940 --net1 name=eth1,bridge=pctnw0,hwaddr=BC:24:11:00:84:22
    runs "gone again" pct set 7940 --delete net1
    ip link add veth7940i1 address fe:24:11:00:84:22 type veth peer name pctnw4
    runs "a left-over of ours makes room" pct set 7940 --net1 name=eth1,bridge=pctnw0,hwaddr=BC:24:11:00:84:22
    is "it is gone" "$(links pctnw4)" ""
    is "the new one is a port" "$(basename "$(readlink /sys/class/net/veth7940i1/master)")" pctnw0
    ip link add veth7941i1 address fe:24:11:00:84:23 type veth peer name pctnw4
    refused "somebody else's doesn't" 'make the pair: File exists; .*veth7941i1.* \(from net1' \
        pct set 7941 --net1 name=eth1,bridge=pctnw0,hwaddr=BC:24:11:00:84:24
    is "it is untouched" "$(links veth7941i1 | wc -l)" 1
    ip link del veth7941i1
    refused "a name that the other has" "name eth0 .*\(from net1" \
        pct set 7941 --net1 name=eth0,bridge=pctnw0,hwaddr=BC:24:11:00:84:24
    bundle twin sleep 1000
    top=',"annotations":{"org.pctrun.net":"[{\"name\":\"eth0\",\"host\":\"pctnw5\",\"bridge\":\"pctnw0\",\"hwaddr\":\"BC:24:11:00:84:25\"}]"}' \
        bundle twin sleep 1000
    runs "a bundle" pctrun run -d -b twin twin1
    refused "twice takes nothing away from the first" 'make the pair: File exists; .*pctnw5' \
        pctrun run -d -b twin twin2
    is "which has its interface" "$(pctrun exec twin1 cat /sys/class/net/eth0/address)" bc:24:11:00:84:25
    runs "that ends" pctrun delete --force twin1
    is "with it" "$(links pctnw5)" ""
}
emulated || links_of_the_same_name

# --- a bridge that goes while containers run

a_bridge_that_goes() {
    ip link add pctnw6 type bridge && ip link set pctnw6 up
    third=name=eth2,bridge=pctnw6,hwaddr=BC:24:11:00:84:32,ip=10.89.0.2/24
    runs "an interface in a bridge" pct set 7940 --net2 $third
    ip link del pctnw6
    status "that goes" 1 pctrun audit 7940
    like "is missed" "$out" 'DIFFERS +net.veth .*bridge pctnw6 is gone'
    refused "and nothing can be changed there" "net2: bridge 'pctnw6' does not exist" \
        pct set 7940 --net2 "$third,mtu=1400"
    is "the container has its interface" "$(addresses 7940 eth2)" 'inet 10.89.0.2/24'
    ip link add pctnw6 type bridge && ip link set pctnw6 up && bridges="$bridges pctnw6"
    runs "it is there again" pct set 7940 --net2 "$third,mtu=1400"
    is "and has its port" "$(basename "$(readlink /sys/class/net/veth7940i2/master)")" pctnw6
    runs "audit agrees" pctrun audit 7940
    runs "without it" pct set 7940 --delete net2
}
emulated || a_bridge_that_goes

# --- what is refused, and the end

refused "no rate at all" "rate" pct set 7940 --net0 "$first,rate=x"
refused "one that nobody has" 'rate 1e30 is more than any link has.* \(from net0' pct set 7940 --net0 "$first,rate=1e30"
refused "a second way out" "net0 is the way out already: gw=10.84.0.1 \(net0: in 7940.* \(from net1: in 7940" \
    pct set 7940 --net1 name=eth1,bridge=pctnw0,ip=10.84.9.2/24,gw=10.84.9.1,host-managed=1
refused "IPv6 where its packets are too large" "IPv6 needs an mtu of 1280, which 1000 is not.*\(from net0: in 7940" \
    pct set 7940 --net0 "$first,mtu=1000"
runs "stop" pct stop 7940
runs "and the other" pct stop 7941

more_starts() {
    # Without an address of its own in the config, it has the same one each time.
    sed -i 's/,hwaddr=[^,]*//' "$PCTRUN_ETC/lxc/7941.conf"
    link_of() { in_guest 7941 sh -c 'cat /sys/class/net/eth0/ifindex /sys/class/net/eth0/address' | paste -sd' '; }
    runs "start without an address" pct start 7941 "${accept[@]}"
    wire=$(link_of)
    runs "another hostname and memory" pct set 7941 --hostname other --memory 65
    is "leave the interface" "$(link_of)" "$wire"
    runs "another mtu, and no word of an address" pct set 7941 --net0 name=eth0,bridge=pctnw0,ip=198.51.100.7/32,host-managed=1,mtu=1300
    is "too" "$(link_of)" "$wire"
    runs "stop" pct stop 7941
    runs "start" pct start 7941 "${accept[@]}"
    is "it is the same one" "$(link_of | sed 's/.* //')" "${wire#* }"
    runs "stop" pct stop 7941
    runs "the cable is out before it starts" pct set 7940 --net0 "$first,link_down=1"
    runs "start" pct start 7940 "${accept[@]}"
    is "it has its addresses" "$(addresses 7940 eth0)" $'inet 10.84.0.2/24\ninet6 fd84::2/64'
    runs "plugged in" pct set 7940 --net0 "$first"
    eventually "it is reached" reaches 7940 10.84.0.1
    runs "audit agrees" pctrun audit 7940
    runs "stop" pct stop 7940
}
emulated || more_starts
is "no link is left" "$(links veth79)" ""
ip route del 198.51.100.7 dev pctnw0
! emulated || skip "names that are taken, bridges that go, more starts" "no kernel has a part in it, and each takes long here"
done_testing
