#!/bin/bash
# An address that somebody else on the wire has already: seen after the start, which doesn't wait for
# it, whoever gave the container its address.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

bridge pctnc0 10.78.0.1/24
ip addr add 10.78.0.9/24 dev pctnc0
ip addr add fd78::1/64 dev pctnc0 nodad
mkdir root && cp -a "$SHARED/rootfs/." root

# conf ID NET...: a container with these interfaces, from its fourth line on
conf() {
    local nets=() net
    for net in "${@:2}"; do
        nets+=("name=eth${#nets[@]},bridge=pctnc0,host-managed=1,$net")
    done
    networked "$1" "$WORK/root" "${nets[@]}"
}

conflict() { pct status "$1" --verbose | sed -n 's/^conflict: //p'; }
says() { grep -Eq -- "$2" <<<"$(conflict "$1")"; }

conf 7961 hwaddr=BC:24:11:00:78:61,ip=10.78.0.2/24
conf 7962 hwaddr=BC:24:11:00:78:62,ip=10.78.0.2/24
conf 7963 hwaddr=BC:24:11:00:78:63,ip=10.78.0.3/24 hwaddr=BC:24:11:00:78:64,ip=10.78.0.4/24
for id in 7963 7961 7962; do
    require "$id starts" pct start $id --accept-unenforced all
done
seen='^10\.78\.0\.2 of eth0 is also bc:24:11:00:78:61.s: .* \(from net0: .*7962\.conf, line 4\), 2'
eventually "the second to have an address is told whose it is" says 7962 "$seen"
eventually "and so is the log" grep -q 'WARN: 10\.78\.0\.2 of eth0 is also' "$PCTRUN_ROOT/.log/7962"

# --- addresses that come later, from inside or by a change

# tells ID ADDRESS: who administers a container's network sends what the kernel would of an address,
# as the first part of many, to all that hear of addresses there
tells() {
    nsenter -t "$(container_pid "$1")" -n python3 -c 'import socket, struct, sys
address = struct.pack("=BBBBi", socket.AF_INET, 24, 0x80, 0, socket.if_nametoindex("eth0"))
for kind in 1, 2: # IFA_ADDRESS, IFA_LOCAL
    address += struct.pack("=HH", 8, kind) + socket.inet_aton(sys.argv[1])
new, more, groups = 20, 2, 1 << 4 # RTM_NEWADDR, NLM_F_MULTI, RTNLGRP_IPV4_IFADDR
message = struct.pack("=IHHII", 16 + len(address), new, more, 0, 0) + address
socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE).sendto(message, (0, groups))' "$2"
}
runs "an address that it never had" tells 7962 10.78.0.9
runs "the host's address, set inside" pct exec 7962 -- ip addr add 10.78.0.1/24 dev eth0
eventually "is the host's" says 7962 "^10\.78\.0\.1 of eth0 is also $(cat /sys/class/net/pctnc0/address).s"
is "and the only one: the kernel alone is heard" "$(grep -c '10\.78\.0\.9' "$PCTRUN_ROOT/.log/7962")" 0
if [ "$(pct exec 7962 -- cat /proc/sys/net/ipv6/conf/eth0/disable_ipv6 2>/dev/null)" = 0 ]; then
    runs "one of IPv6" pct exec 7962 -- ip addr add fd78::1/64 dev eth0
    eventually "is known by the kernel" says 7962 '^fd78::1 of eth0 is also somebody else.s'
else
    skip "one of IPv6" "no IPv6 in a container here"
fi
is "two interfaces at one bridge don't disturb each other" "$(conflict 7963)" ''
net=name=eth0,bridge=pctnc0,host-managed=1,hwaddr=BC:24:11:00:78:62
runs "a change to the third's" pct set 7962 --net0 $net,ip=10.78.0.4/24
eventually "is told, too" says 7962 '^10\.78\.0\.4 of eth0 is also bc:24:11:00:78:6[34].s' # each of its interfaces answers
for id in 7961 7962 7963; do
    runs "$id stops" pct stop $id
done
is "what has stopped has none" "$(conflict 7962)" ''
done_testing
