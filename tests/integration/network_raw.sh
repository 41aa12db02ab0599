#!/bin/bash
# lxc.net.N: interfaces that a config asks for in LXC's words, with real packets.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

pct_storage
alpine_template
conf=$PCTRUN_ETC/lxc/7960.conf
for pair in '0 1 87' '2 3 88'; do
    read -r lower peer net <<<"$pair"
    ip link add "pctnr$lower" type veth peer name "pctnr$peer"
    bridges="$bridges pctnr$peer"
    ip link set "pctnr$lower" up
    ip link set "pctnr$peer" up
    ip addr add "10.$net.0.1/24" dev "pctnr$peer"
done
ip link set pctnr2 address 02:00:00:00:00:bb

require "a container" pct create 7960 "$WORK/template.tar.gz" --ostype alpine --rootfs local:0 \
    --unprivileged 1 --memory 64 --swap 0
cp "$conf" plain.conf
accept_unless_checked 7960

# with LINE...: the container with these raw lines, started
with() {
    pct stop 7960 >/dev/null 2>&1
    cp plain.conf "$conf"
    printf 'lxc.net.%s\n' "$@" >>"$conf"
    pct start 7960 "${accept[@]}"
}

# no_start NAME REGEX LINE...: it doesn't start; the line that says why
no_start() {
    if capture with "${@:3}"; then not_ok "$1" "it started"; fi
    like "$1" "$(grep -v ^WARN <<<"$out" | paste -sd' ')" "$2"
}

guest() {
    pct exec 7960 -- "$@"
}

reaches() {
    guest ping -c 1 -W "$((3 * PCTRUN_TEST_SLOW))" "$1"
}

# upper TYPE LINE...: an interface on top of pctnr0
upper() {
    with "1.type: $1" 1.link:\ pctnr0 '1.ipv4.address: 10.87.0.2/24 10.87.0.255' '1.ipv4.gateway: 10.87.0.1' "${@:2}"
}

runs "a macvlan" upper macvlan '1.macvlan.mode: bridge' '1.hwaddr: 02:16:3e:xx:xx:01' '1.name: lan%d' '1.mtu: 1400'
like "is the container's" "$(guest ip link show lan1)" 'mtu 1400 '
like "with the address asked for" "$(guest cat /sys/class/net/lan1/address)" '^02:16:3e:[0-9a-f]{2}:[0-9a-f]{2}:01$'
like "and a way out" "$(guest ip route)" '^default via 10\.87\.0\.1 dev lan1'
eventually "it reaches the network of the lower one" reaches 10.87.0.1
runs "audit agrees" pctrun audit 7960
like "and names it" "$out" 'holds +net.upper +lan1, a macvlan on pctnr0, mode bridge: lan1 is up, mtu 1400 \(from lxc.net.1.type: in 7960.conf, line'
no_start "on nothing" 'net.upper eth1, a macvlan on nowhere: the host has no interface nowhere .*: lxc.net.1.type' \
    '1.type: macvlan' '1.link: nowhere'
no_start "in no mode" "mode: 'fast' is none of macvlan: private, vepa, bridge, passthru .*: lxc.net.1" \
    '1.type: macvlan' '1.link: pctnr0' '1.macvlan.mode: fast'
no_start "without a link" 'lxc.net.1.link is missing.*: lxc.net.1' '1.type: macvlan'
no_start "of no type" "lxc.net.1.type: 'tap' is none of .*: lxc.net.1" '1.type: tap'
no_start "with no type" 'lxc.net.1.type is missing .*: lxc.net.1.name' '1.name: eth0'
no_start "with one address twice" "add the address 10.87.0.9/24: File exists .*the interface has it already: say it once" \
    '1.type: macvlan' '1.link: pctnr0' '1.ipv4.address: 10.87.0.9/24' '1.ipv4.address: 10.87.0.9/24'
no_start "with no address" "'10.0.0.1/99' is not like .*: lxc.net.1.type" \
    '1.type: macvlan' '1.link: pctnr0' '1.ipv4.address: 10.0.0.1/99'

if ip link add pctnr9 link pctnr0 type ipvlan 2>/dev/null; then
    ip link del pctnr9
    runs "an ipvlan" upper ipvlan '1.ipvlan.mode: l2'
    eventually "reaches it, too" reaches 10.87.0.1
    runs "stop" pct stop 7960
else
    skip "an ipvlan" "none in this kernel"
fi
if ip link add link pctnr1 name pctnr1.5 type vlan id 5 2>/dev/null; then
    ip addr del 10.87.0.1/24 dev pctnr1
    ip addr add 10.87.0.1/24 dev pctnr1.5
    ip link set pctnr1.5 up
    runs "a VLAN device" upper vlan '1.vlan.id: 5'
    eventually "reaches those in its VLAN" reaches 10.87.0.1
    ip link del pctnr1.5
    no_start "of no VLAN" 'vlan: there is no VLAN 5000' '1.type: vlan' '1.link: pctnr0' '1.vlan.id: 5000'
else
    no_start "a VLAN device" 'this kernel lacks vlan' '1.type: vlan' '1.link: pctnr0' '1.vlan.id: 5'
    skip "a VLAN device" "none in this kernel"
fi

runs "an interface of the host" with '0.type: phys' '0.link: pctnr2' '0.name: lan0' '0.ipv4.address: 10.88.0.2/24'
is "is the container's" "$(guest cat /sys/class/net/lan0/address)" 02:00:00:00:00:bb
eventually "and reaches what it reached" reaches 10.88.0.1
runs "stop" pct stop 7960
eventually "gives it back" ip link show pctnr2

runs "no interfaces" with '0.type: empty'
is "are none but lo" "$(guest ls /sys/class/net)" lo
runs "stop" pct stop 7960
sed -i 's/^unprivileged: 1/unprivileged: 0/' plain.conf
runs "the host's network" with '0.type: none'
is "is the container's" "$(readlink "/proc/$(container_pid 7960)/ns/net")" "$(readlink /proc/self/ns/net)"
no_start "with an interface of its own" "the host's network: no interface of its own" \
    '0.type: none' '1.type: macvlan' '1.link: pctnr0'
is "no link is left" "$(ip -o link | grep -c veth7960)" 0
done_testing
