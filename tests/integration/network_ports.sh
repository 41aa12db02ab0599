#!/bin/bash
# Ports of a bridge that learns no addresses, and of one that keeps its ports apart, as Proxmox's
# SDN says of it: at start, changed while the container runs, behind a firewall's bridge.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

bridge pctnp0 10.82.0.1/24
mkdir -p "$PCTRUN_ETC/sdn" "$PCTRUN_ETC/local"
printf '[OPTIONS]\n\nnftables: 0\n' >"$PCTRUN_ETC/local/host.fw"

# sdn ISOLATED OFF: what it says of the bridge
sdn() {
    printf '{"vnets":{"ids":{"pctnp0":{"zone":"z","isolate-ports":%s}}},"zones":{"ids":{"z":{"bridge-disable-mac-learning":%s}}}}' \
        "$1" "$2" >"$PCTRUN_ETC/sdn/.running-config"
}

net() {
    echo "name=eth0,bridge=pctnp0,hwaddr=BC:24:11:00:82:0$1,ip=10.82.0.$1/24,host-managed=1${2:-}"
}

# port NAME: what it may do, and whose address the bridge was told there
port() {
    for file in learning unicast_flood isolated; do cat "/sys/class/net/$1/brport/$file"; done | paste -sd' '
    command bridge fdb show dev "$1" | awk '/ static/ {print $1}' | sort -u
}

reaches() {
    pct exec 7962 -- ping -c 1 -W "$((3 * PCTRUN_TEST_SLOW))" "$1"
}

is_cut_off() {
    ! pct exec 7962 -- ping -c 1 -W 1 10.82.0.3
}

sdn 1 1
for last in 2 3; do
    mkdir root$last && cp -a "$SHARED/rootfs/." root$last
    networked 796$last "$WORK/root$last" "$(net $last)"
    require "start" pct start 796$last --accept-unenforced all
done
is "no learning, no unknown packets, alone; its address told" "$(port veth7962i0)" $'0 0 1\nbc:24:11:00:82:02'
eventually "the host is reached" reaches 10.82.0.1
runs "and no other isolated port" is_cut_off
runs "audit agrees" pctrun audit 7962
like "and says so" "$out" 'holds +net.veth .*in bridge pctnp0, no learning, isolated'
command bridge link set dev veth7962i0 isolated off
status "a port that somebody has changed" 1 pctrun audit 7962
like "is seen" "$out" 'DIFFERS +net.veth .*veth7962i0 may do otherwise in pctnp0'
blind() { unshare -m sh -c 'mount -t tmpfs none /sys/class/net && exec "$@"' sh "$@"; }
status "also where /sys shows no ports" 1 blind pctrun audit 7962
like "by the kernel's own word" "$out" 'DIFFERS +net.veth .*veth7962i0 may do otherwise in pctnp0'

runs "with a firewall" pct set 7962 --net0 "$(net 2 ,firewall=1)"
is "it is that of the outer port" "$(port fwpr7962p0)" $'0 0 1\nbc:24:11:00:82:02'
is "and not of the one inside" "$(port veth7962i0)" '1 1 0'
eventually "the host is reached" reaches 10.82.0.1
runs "and without" pct set 7962 --net0 "$(net 2)"
is "the container's own again" "$(port veth7962i0)" $'0 0 1\nbc:24:11:00:82:02'

sdn 0 0
for last in 2 3; do
    runs "a bridge like any other, from now on" pct set 796$last --net0 "$(net $last ,mtu=1400)"
done
is "has such ports" "$(port veth7962i0)" '1 1 0'
eventually "they reach each other" reaches 10.82.0.3
runs "audit agrees" pctrun audit 7962
sdn 0 1
runs "it learns no more" pct set 7962 --net0 "$(net 2)"
is "and is told" "$(port veth7962i0)" $'0 0 0\nbc:24:11:00:82:02'
eventually "they still reach each other" reaches 10.82.0.3
for last in 2 3; do runs "stop" pct stop 796$last; done
is "nothing is left" "$(command bridge fdb show br pctnp0 | grep -c bc:24:11)" 0
done_testing
