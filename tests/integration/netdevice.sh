#!/bin/bash
# Interfaces of the host that a container gets for itself (linux.netDevices), and their way back.
# The host's here is a network namespace of the test's own.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

if [ -z "${PCTRUN_TEST_NETNS:-}" ]; then
    trap - EXIT
    cd /
    rm -rf "$WORK"
    PCTRUN_TEST_NETNS=1 exec unshare -n "$0"
fi
ip link add pctn0 type veth peer name pctn1 || {
    skip "interfaces" "no veth in this kernel"
    done_testing
    exit
}

run() {
    pctrun run -b b c
}

# as_before NAME
as_before() {
    is "$1: it is back" "$(ip -o link show pctn0 | grep -c 02:00:00:00:00:aa)" 1
}

ip link set pctn0 address 02:00:00:00:00:aa mtu 1400
ip addr add 10.78.0.1/24 dev pctn0
ip addr add fd78::1/64 dev pctn0
ip link set pctn0 up
ip link set pctn1 up
devices=',"netDevices":{"pctn0":{"name":"lan0"}}'

linux=$devices bundle b sh -c 'ip addr show lan0; ls /sys/class/net; sleep 1000'
pctrun run -d -b b c >log
eventually "a container with it" grep -q lan0 log
eventually "and nothing else" grep -qx lo log
like "its hardware address and mtu" "$(paste -sd' ' log)" 'mtu 1400 .*02:00:00:00:00:aa'
like "its address" "$(cat log)" 'inet 10\.78\.0\.1/24'
like "that of version 6" "$(cat log)" 'inet6 fd78::1/64'
like "it is up" "$(pctrun exec c cat /sys/class/net/lan0/flags)" '0x1.?.3$'
is "the host has it no more" "$(ip -o link | grep -c pctn0)" 0
runs "audit" pctrun audit c
like "sees it" "$out" '^holds +net.device +pctn0 of the host as lan0: lan0 is up, mtu 1400'
like "and what holds its namespace" "$out" '^holds +net.hold '
nsenter -t "$(container_pid c)" -n sh -c 'ip link set lan0 down; ip link set lan0 name other; ip link add lan0 type veth peer name x'
kill -9 "$(container_pid c)"
eventually "its program is killed" is_status c stopped
runs "delete" pctrun delete c
as_before "renamed inside, another in its place"
is "nothing else came along" "$(ip -o link | grep -cv 'lo:\|pctn')" 0

linux=$devices bundle b true
runs "one that ends by itself" run
as_before "run"

linux=$devices bundle b nowhere
status "one that can't start" 1 run
as_before "no such program"
linux=',"netDevices":{"pctn0":{},"pctn7":{}}' bundle b true
refused "one that is not there" 'the host has no interface pctn7' run
as_before "the other one"
linux=',"netDevices":{"pctn0":{"name":"a/b"}}' bundle b true
refused "a name that is none" "'a/b' is no name for an interface" run

capabilities='["CAP_NET_ADMIN"]' linux="$userns_maps$devices" namespaces="$default_namespaces,{\"type\":\"user\"}" bundle u ip link set lan0 down
shift_owner u/rootfs
runs "in a user namespace it is the container's to set" pctrun run -b u c
as_before "user namespace"

unshare -n sleep 1000 &
keeper=$!
is_apart() { [ ! "/proc/$keeper/ns/net" -ef /proc/self/ns/net ]; }
eventually "a namespace of somebody else's" is_apart
linux=$devices namespaces="{\"type\":\"mount\"},{\"type\":\"pid\"},{\"type\":\"uts\"},{\"type\":\"network\",\"path\":\"/proc/$keeper/ns/net\"}" bundle b true
runs "into one that is joined" run
is "it stays there" "$(nsenter -t $keeper -n ip -o link | grep -c lan0)" 1
is "and the host has none" "$(ip -o link | grep -c pctn0)" 0
kill $keeper
done_testing
