#!/bin/bash
# Interfaces that can't be: each is refused by one line that names the config's, nothing of it is
# attached; and those whose bridge or whose container goes while they come.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

bridge pctnr0 10.88.0.1/24
ip addr add fd88::1/64 dev pctnr0 nodad
mkdir root && cp -a "$SHARED/rootfs/." root

# conf NET...: the container's config, with these interfaces in its fourth line and after
conf() { networked 7990 "$WORK/root" "$@"; }

links() {
    ip -o link | awk '{sub("[@:].*", "", $2); print $2}' | grep -E '^(veth7990|fw..7990|pctnr0v)' | paste -sd' '
}

start() {
    pct start 7990 --accept-unenforced all
}

# wrong MORE REGEX: added to an interface that would be fine
fine='name=eth0,bridge=pctnr0,hwaddr=BC:24:11:00:88:02,host-managed=1'
wrong() {
    conf "$fine,$1"
    refused "$1" "$2.*/7990.conf:4: net0" start
}

# odd NET REGEX: the whole of it
odd() {
    conf "$1"
    refused "$1" "$2.*/7990.conf:4: net0" start
}

wrong ip=10.88.0.256/24 "'10.88.0.256/24' is no pve-ipv4-config"
wrong ip=10.88.0.2 "'10.88.0.2' is no pve-ipv4-config"
wrong ip=10.88.0.2/33 "'10.88.0.2/33' is no pve-ipv4-config"
wrong ip=10.88.0.2/7 "'10.88.0.2/7' is no pve-ipv4-config"
wrong ip=224.0.0.1/24 "224.0.0.1/24 is a group's"
wrong ip=0.0.0.0/24 "0.0.0.0/24 is no host's"
wrong ip=127.0.0.1/8 "127.0.0.1/8 is lo's own"
wrong ip=10.88.0.1/24 "10.88.0.1 is in use: it is the host's, at pctnr0"
wrong ip6=fd88::1/64 'fd88::1 is in use'
wrong ip6=fd88::g/64 "'fd88::g/64' is no pve-ipv6-config"
wrong ip6=fd88::2/129 "'fd88::2/129' is no pve-ipv6-config"
wrong ip6=ff02::1/64 "ff02::1/64 is a group's"
wrong ip6=::/64 "::/64 is no host's"
wrong ip6=fd88::2/64,mtu=1279 'IPv6 needs an mtu of 1280, which 1279 is not'
wrong ip=10.88.0.2/24,gw=10.88.0 "'10.88.0' is no ipv4"
wrong ip=10.88.0.2/24,gw=0.0.0.0 "gw: 0.0.0.0 is no host's"
wrong ip=10.88.0.2/24,gw=10.88.0.2 "gw: 10.88.0.2 is the container's own"
wrong gw=10.88.0.1 'gw 10.88.0.1 needs a static ip'
wrong ip6=fd88::2/64,gw6=fe80::1%eth0 "'fe80::1%eth0' is no ipv6"
wrong tag=0 'tag: value must have a minimum value of 1'
wrong tag=4095 'tag: value must have a maximum value of 4094'
wrong trunks=0 'trunks: there is no VLAN 0: 1 to 4094'
wrong 'trunks=5;4095' 'trunks: there is no VLAN 4095: 1 to 4094'
wrong trunks=5-6 "'5-6' is no VLANs"
wrong 'trunks=5;6' 'trunks=5;6 needs a bridge that is VLAN-aware, and pctnr0'
wrong mtu=0 'mtu: value must have a minimum value of 1'
wrong mtu=63 'mtu 63 is not 1 or at least 68'
wrong mtu=9000 'mtu 9000 is larger than the 1500 of bridge pctnr0'
wrong mtu=65536 'mtu: value must have a maximum value of 65535'
wrong rate=-1 "rate -1 can't be held: the least is 0.004"
wrong rate=0.0000001 "rate 0.0000001 can't be held: the least is 0.004"
wrong rate=1e30 'rate 1e30 is more than any link has'
wrong rate=fast "type check .'number'. failed - got 'fast'"
odd name=eth0,bridge=pctnr0,hwaddr=01:24:11:00:88:02 "'01:24:11:00:88:02' is no mac-addr"
odd name=eth0,bridge=pctnr0,hwaddr=00:00:00:00:00:00 "00:00:00:00:00:00 is nobody's"
odd name=eth0,bridge=pctnr0,hwaddr=BC:24:11:00:88 "'BC:24:11:00:88' is no mac-addr"
odd name=lo,bridge=pctnr0 'name: each container has a lo already'
odd name=a-name-too-long-,bridge=pctnr0 'a-name-too-long- is longer than 15 characters'
odd name=eth0 'bridge is missing'
odd name=eth0,bridge=pctnr9 "bridge 'pctnr9' does not exist"
odd name=eth0,bridge=lo "'lo' is no bridge"

# --- two that don't go together

second='name=eth1,bridge=pctnr0,host-managed=1'
conf "$fine" "${second/eth1/eth0}"
refused "two of one name" 'net0 has the name eth0 already .*/7990.conf:5: net1' start
conf "$fine,ip=10.88.0.2/24" "$second,ip=10.88.0.2/16"
refused "two of one address" "addresses: 10.88.0.2/16 is \[0\]'s, too.*/7990.conf:5: net1" start
conf "$fine" "$second,hwaddr=bc:24:11:00:88:02"
refused "two of one hardware address" "hwaddr: bc:24:11:00:88:02 is \[0\]'s, too.*/7990.conf:5: net1" start
is "nothing of all that is left" "$(links)$(pctrun list -q)" ''

# --- a running container: what it has stays

conf "$fine,ip=10.88.0.2/24"
require "one that is fine" start
before=$(links)
for more in ip=10.88.0.1/24 ip=224.0.0.1/24 tag=4095 rate=-1 mtu=9000 bridge=pctnr9; do
    net=$fine,$more
    [ "$more" != bridge=pctnr9 ] || net=${fine/pctnr0/pctnr9}
    refused "a change to $more" '^.*net0' pct set 7990 --net0 "$net"
done
refused "one more with its address" "addresses: 10.88.0.2/24 is \[0\]'s, too" \
    pct set 7990 --net1 "$second,hwaddr=BC:24:11:00:88:03,ip=10.88.0.2/24"
is "leaves what was there" "$(links) $(pct exec 7990 -- ip -o -4 addr show eth0 | grep -Eo 'inet [^ ]*')" "$before inet 10.88.0.2/24"
runs "audit agrees" pctrun audit 7990

# --- one that dies while an interface comes

no_links() {
    [ -z "$(links)" ]
}

# dies DELAY: its first process is killed while net1 is being attached
dies() {
    pct set 7990 --net1 "$second,hwaddr=BC:24:11:00:88:03,ip=10.88.0.3/24" >set.log 2>&1 &
    sleep "$1"
    kill -9 "$(container_pid 7990)"
    wait $!
    [ "$(grep -vc '^  \|^WARN' set.log)" -le 1 ] || { cat set.log; return 1; }
} 2>/dev/null

for delay in 0.01 0.02 0.03 0.05; do
    runs "it is killed $delay s after the change began: one line at most" dies "$delay"
    pct stop 7990 >/dev/null 2>&1 # the monitor may have been first
    eventually "and nothing is left" no_links
    sed -i '/^net1/d' "$PCTRUN_ETC/lxc/7990.conf"
    runs "it starts again" start
done

# --- a bridge that goes while it starts, and while it runs

ip link del pctnr0
runs "without its bridge it runs on" pct exec 7990 -- ip link show eth0
runs "and is stopped" pct stop 7990
is "with nothing left" "$(links)" ''
refused "it starts no more" "bridge 'pctnr0' does not exist.*/7990.conf:[0-9]: net0" start
top=',"annotations":{"org.pctrun.net":"[{\"name\":\"eth0\",\"host\":\"veth7990i0\",\"bridge\":\"pctnr0\",\"hwaddr\":\"BC:24:11:00:88:02\",\"origin\":\"net0\"}]"}' \
    bundle gone true
refused "nor does one whose bridge went after it was looked for" 'bridge pctnr0 does not exist.*net0' pctrun run -b gone gone
is "with nothing left" "$(links)$(pctrun list -q)" ''
bridges=''
done_testing
