#!/bin/bash
# The bridges that are made between a container and the host's: for the rules of a firewall
# (fwbr100i0), for a VLAN of a bridge that doesn't keep them apart (vmbr0v20). At start, changed
# while it runs, and nothing left of them.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

bridge pctnb0 10.86.0.1/24
ip link set pctnb0 type bridge ageing_time 12300
ip link add pctnb1 type bridge && bridges="$bridges pctnb1"
vlans=''
if ip link add pctnd0 type dummy 2>/dev/null && ip link add link pctnd0 name pctnd0.7 type vlan id 7; then
    bridges="$bridges pctnd0"
    ip link set pctnd0 master pctnb0 up
    vlans=1
fi
pct_storage
alpine_template

# guest ID LAST: a container that only waits, with an address that ends so
guest() {
    require "container $1" pct create "$1" "$WORK/template.tar.gz" --ostype alpine --rootfs local:0 \
        --unprivileged 1 --memory 64 --swap 0 --net0 "$(net "$2")$3"
    accept_unless_checked "$1"
    require "starts" pct start "$1" "${accept[@]}"
}

net() {
    echo "name=eth0,bridge=pctnb0,hwaddr=BC:24:11:00:86:0$1,ip=10.86.0.$1/24,host-managed=1"
}

reaches() {
    pct exec "$1" -- ping -c 1 -W "$((3 * PCTRUN_TEST_SLOW))" "$2"
}

is_cut_off() {
    ! pct exec "$1" -- ping -c 1 -W 1 "$2"
}

# master LINK: the bridge that it is a port of
master() {
    basename "$(readlink "/sys/class/net/$1/master" || echo none)"
}

# no_start NAME REGEX: 7950 doesn't start; the line that says why
no_start() {
    if capture pct start 7950 --accept-unenforced all; then not_ok "$1" "it started"; fi
    like "$1" "$(grep -v ^WARN <<<"$out" | paste -sd' ')" "$2"
}

# links: all that a container or its VLANs brought
links() {
    ip -o link | awk '{sub("[@:].*", "", $2); print $2}' | grep -E '^(veth79|fw|pctnb.v|pctnd0[.])' | sort | paste -sd' '
}

mkdir -p "$PCTRUN_ETC/local"
printf '[OPTIONS]\n\nnftables: 0\n' >"$PCTRUN_ETC/local/host.fw"
guest 7950 2 ',firewall=1'
before=$(links)
is "the firewall's bridge" "$before" "fwbr7950i0 fwln7950i0 fwpr7950p0${vlans:+ pctnd0.7} veth7950i0"
is "is between it and the real one" \
    "$(master veth7950i0) $(master fwln7950i0) $(master fwpr7950p0)" "fwbr7950i0 fwbr7950i0 pctnb0"
is "with that one's settings" "$(cat /sys/class/net/fwbr7950i0/bridge/ageing_time)" 12300
is "and no IPv6 of the host" "$(cat /proc/sys/net/ipv6/conf/{fwbr7950i0,fwln7950i0,fwpr7950p0}/disable_ipv6 | sort -u)" 1
eventually "the container is reached" ping -c 1 -W 5 10.86.0.2
wire=$(pct exec 7950 -- cat /sys/class/net/eth0/ifindex)
runs "no firewall" pct set 7950 --net0 "$(net 2)"
is "no bridge" "$(links)" "${vlans:+pctnd0.7 }veth7950i0"
is "but the real one" "$(master veth7950i0)" pctnb0
eventually "it is reached" ping -c 1 -W 5 10.86.0.2
runs "a firewall" pct set 7950 --net0 "$(net 2),firewall=1"
is "is there again" "$(links)" "$before"
is "the interface stays" "$(pct exec 7950 -- cat /sys/class/net/eth0/ifindex)" "$wire"
eventually "and is reached" ping -c 1 -W 5 10.86.0.2
runs "another bridge" pct set 7950 --net0 "$(net 2 | sed s/pctnb0/pctnb1/),firewall=1"
is "moves the outer port alone" "$(master veth7950i0) $(master fwpr7950p0)" "fwbr7950i0 pctnb1"
runs "the cable is pulled" pct set 7950 --net0 "$(net 2),firewall=1,link_down=1"
is "then there is none" "$(links)" "${vlans:+pctnd0.7 }veth7950i0"
runs "another address" pct set 7950 --net0 "$(net 2 | sed s/86:02/86:42/),firewall=1"
is "the firewall's bridge follows" "$(master veth7950i0) $(links)" "fwbr7950i0 $before"
eventually "and lets it through" ping -c 1 -W 5 10.86.0.2
runs "another one" pct set 7950 --net0 "$(net 2),firewall=1"
eventually "again" ping -c 1 -W 5 10.86.0.2
runs "audit agrees" pctrun audit 7950
ip link set fwln7950i0 nomaster
status "and sees a port that is out" 1 pctrun audit 7950
like "says which" "$out" 'DIFFERS +net.firewall_bridge eth0: fwbr7950i0, .*: fwln7950i0 is no port of fwbr7950i0'
runs "stop" pct stop 7950
is "nothing is left" "$(links)" "${vlans:+pctnd0.7}"

ip link add fwbr7950i0 type bridge
no_start "a bridge of somebody else's" 'there is a link fwbr7950i0 already, and it isn.t ours .*: net0:'
is "is left alone, and nothing besides" "$(links)" "fwbr7950i0${vlans:+ pctnd0.7}"
ip link del fwbr7950i0

printf '[OPTIONS]\n\nnftables: 1\n' >"$PCTRUN_ETC/local/host.fw"
is "a firewall by nftables needs no bridge" "$(pct plan 7950 | grep -c firewall_bridge)" 0
printf '[OPTIONS]\nnftables: perhaps\n' >"$PCTRUN_ETC/local/host.fw"
refused "what is neither" "nftables: 'perhaps' is not 0 or 1; .*host\.fw, line 2" pct plan 7950
printf '[OPTIONS]\n\nNFTables : 0 # by iptables\n' >"$PCTRUN_ETC/local/host.fw"
is "one by iptables does" "$(pct plan 7950 | grep -c firewall_bridge)" 1

# --- VLANs of a bridge that doesn't keep them apart

runs "a tag" pct set 7950 --net0 "$(net 2),tag=20,firewall=1"
if [ -n "$vlans" ]; then
    runs "start" pct start 7950 "${accept[@]}"
    guest 7951 3 ',tag=20'
    is "a bridge for the VLAN" "$(master fwpr7950p0) $(master veth7951i0) $(master pctnd0.20)" \
        "pctnb0v20 pctnb0v20 pctnb0v20"
    like "its way out" "$(ip -d link show pctnd0.20)" 'vlan protocol 802.1Q id 20 '
    is "it has the other's settings" "$(cat /sys/class/net/pctnb0v20/bridge/ageing_time /proc/sys/net/ipv6/conf/pctnb0v20/disable_ipv6 | paste -sd' ')" "12300 1"
    eventually "those in it reach each other" reaches 7950 10.86.0.3
    runs "and not the bridge's own" is_cut_off 7950 10.86.0.1
    runs "audit agrees" pctrun audit 7951
    like "and names it" "$out" 'in bridge pctnb0v20, VLAN 20 of pctnb0'
    runs "one moves" pct set 7951 --net0 "$(net 3),tag=30"
    is "to another" "$(master veth7951i0) $(master pctnd0.30) $(master pctnd0.20)" "pctnb0v30 pctnb0v30 pctnb0v20"
    runs "and is cut off" is_cut_off 7951 10.86.0.2
    runs "the other leaves" pct set 7950 --net0 "$(net 2),firewall=1"
    is "the VLAN goes with it" "$(master fwpr7950p0) $(links)" \
        "pctnb0 fwbr7950i0 fwln7950i0 fwpr7950p0 pctnb0v30 pctnd0.30 pctnd0.7 veth7950i0 veth7951i0"
    runs "it is back" pct set 7950 --net0 "$(net 2),firewall=1,tag=30"
    eventually "and reaches it there" reaches 7950 10.86.0.3
    refused "a VLAN device of somebody else's" 'there is a pctnd0.7 already, and it is no port of pctnb0v7' \
        pct set 7951 --net0 "$(net 3),tag=7"
    is "leaves all as it was" "$(master veth7951i0) $(links)" \
        "pctnb0v30 fwbr7950i0 fwln7950i0 fwpr7950p0 pctnb0v30 pctnd0.30 pctnd0.7 veth7950i0 veth7951i0"
    refused "a bridge without a way out" 'no port of bridge pctnb1 leads to the outside.*; make it VLAN-aware' \
        pct set 7951 --net0 "name=eth0,bridge=pctnb1,tag=40,hwaddr=BC:24:11:00:86:03"
    runs "stop" pct stop 7951
    is "the VLAN stays as long as it is needed" "$(master pctnd0.30)" pctnb0v30
    runs "stop of the last" pct stop 7950
    is "nothing is left" "$(links)" pctnd0.7
else
    no_start "a VLAN with no way out" 'no port of bridge pctnb0 leads to the outside, where VLAN 20 could be'
    is "nothing is left" "$(links)" ""
    skip "VLANs of a plain bridge" "no VLAN devices in this kernel"
fi
done_testing
