#!/bin/bash
# time: 120 s
# A thousand starts and ends leave the host's network as it was: links, addresses, routes,
# neighbours, queues, tables of rules; and cgroups, mounts, namespaces, files of the state.
# In a network namespace of its own, so that nobody else changes any of it meanwhile.
if [ -z "${PCTRUN_TEST_NETNS:-}" ]; then
    PCTRUN_TEST_NETNS=1 exec unshare -n -m "$0"
fi
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

CYCLES=1000 AT_ONCE=4 PCT_CYCLES=20
! emulated || CYCLES=40 PCT_CYCLES=4

# The links of this namespace, in /sys as well.
mkdir sys && mount -t sysfs sysfs sys
for folder in class/net devices/virtual/net; do mount --bind sys/$folder /sys/$folder; done
echo 1 >/proc/sys/net/ipv6/conf/default/addr_gen_mode # nothing that comes by itself, later
ip link set lo up
bridge pctnc0 10.87.0.1/24
ip addr add fd87::1/64 dev pctnc0 nodad
ip link add pctnc1 address 02:24:11:00:87:01 type veth peer name pctnc2 # a port that stays
for end in pctnc1 pctnc2; do ip link set $end up; done
ip link set pctnc1 master pctnc0
pct_storage

# network: all of it that a container could have left something in
network() {
    ip -o link | sed 's/ mtu.*//'
    ip -o addr show to 0.0.0.0/0
    ip route show table all
    command bridge fdb show | grep 'master.* permanent'
    tc qdisc show
    nft list tables 2>/dev/null
}

# The states of neighbours change by themselves.
neighbours() {
    ip neigh show | awk '{print $1, $3, $5}' | sort
}

# others: what is no network
others() {
    find "$(cgroup2_root)" -type d \( -name 'pctnc*' -o -name 798 -o -path '*/lxc/798*' \)
    awk '{print $5}' /proc/self/mountinfo
    find "$PCTRUN_ROOT" /run/lock/lxc /run/netns -name '*798*' -o -name '*pctnc*' | grep -v '/\.l[oa][gs]'
    find /proc/self/fd -lname '*pctnc*'
} 2>/dev/null

# net NUMBER: the annotation of one interface
net() {
    printf ',"annotations":{"org.pctrun.net":"[%s]"}' "$(printf \
        '{"name":"eth0","host":"pctnc3%s","bridge":"pctnc0","hwaddr":"BC:24:11:00:87:1%s","addresses":["10.87.0.1%s/24"],"gateways":["10.87.0.1"],"up":true}' \
        "$1" "$1" "$1" | sed 's/"/\\"/g')"
}

for ((i = 0; i < AT_ONCE; i++)); do
    top=$(net "$i") bundle "b$i" /bin/true
done
# This one is heard of on the host's side.
top=$(net 9) bundle speaks sh -c 'nc -w 1 10.87.0.1 9; grep -c 10.87.0.1 /proc/net/arp'

# cycles NUMBER: its share of them, one after the other
cycles() {
    for ((n = 0; n < CYCLES / AT_ONCE; n++)); do
        pctrun run -b "b$1" "pctnc$1" || echo "cycle $n failed"
    done
}

all_cycles() {
    for ((i = 0; i < AT_ONCE; i++)); do
        cycles "$i" &
    done >log 2>&1
    wait
    [ ! -s log ] || { cat log; return 1; }
}

# What an administrator has set stays, also where a container has that hardware address.
ip neigh add 10.87.0.99 lladdr bc:24:11:00:87:19 dev pctnc0 nud permanent
before=$(network) others_before=$(others) neighbours_before=$(neighbours)
runs "one that speaks to the host" pctrun run -b speaks pctnc9
is "is a neighbour no longer" "$(neighbours)" "$neighbours_before"
runs "$CYCLES starts and ends, $AT_ONCE at once" all_cycles
is "leave the network as it was" "$(network)" "$before"
is "and no other neighbour" "$(neighbours)" "$neighbours_before"
is "nor anything else" "$(others)" "$others_before"

# --- by pct: rules, the firewall's bridge, a rate where the kernel can

mkdir -p root "$PCTRUN_ETC/firewall" "$PCTRUN_ETC/local"
cp -a "$SHARED/rootfs/." root
printf '[OPTIONS]\nnftables: 0\n' >"$PCTRUN_ETC/local/host.fw"
printf '[OPTIONS]\nenable: 1\n' | tee "$PCTRUN_ETC/firewall/cluster.fw" >"$PCTRUN_ETC/firewall/7980.fw"
networked 7980 "$WORK/root" \
    name=eth0,bridge=pctnc0,firewall=1,hwaddr=BC:24:11:00:87:80,ip=10.87.0.80/24,ip6=fd87::80/64,host-managed=1 \
    name=eth1,bridge=pctnc0,hwaddr=BC:24:11:00:87:81,link_down=1

start() {
    pct start 7980 --accept-unenforced all
}

pct_cycles() {
    for ((n = 0; n < PCT_CYCLES; n++)); do
        start && pct stop 7980 || return
    done
}

require "start" start
like "with all of it" "$(network | paste -sd' ')" 'fwbr7980i0.*veth7980i1'
eventually "it is reached" ping -c 1 -W 1 10.87.0.80
runs "stop" pct stop 7980
runs "$PCT_CYCLES starts and stops by pct" pct_cycles
is "leave the network as it was" "$(network)" "$before"
is "and no other neighbour" "$(neighbours)" "$neighbours_before"
is "nor anything else" "$(others)" "$others_before"
done_testing
