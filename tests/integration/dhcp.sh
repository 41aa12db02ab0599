#!/bin/bash
# Containers whose addresses the host asks for: leases of a real server, renewed, router
# advertisements, names for the resolver, and an end with the container.
# time: 90 s
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

id=7720
mkdir -p root
cp -a "$SHARED/rootfs/." root
conf=$PCTRUN_ETC/lxc/$id.conf
for tool in dhcpcd dnsmasq; do
    command -v $tool >/dev/null || { skip "leases" "$tool is not installed"; done_testing; exit; }
done

bridge pctdh0 10.98.0.1/24
bridge pctdh1 10.99.0.1/24
ip addr add fd98::1/64 dev pctdh0 nodad
dnsmasq --keep-in-foreground --conf-file=/dev/null --interface=pctdh0 --interface=pctdh1 --bind-interfaces --port=0 --enable-ra \
    --dhcp-range=10.98.0.50,10.98.0.60,2m --dhcp-range=10.99.0.50,10.99.0.60,2m --dhcp-range=fd98::50,fd98::60,64,2m --dhcp-leasefile="$WORK/leases" \
    --dhcp-option=option:dns-server,10.98.0.1 --dhcp-option=option:domain-name,lan \
    '--dhcp-option=option6:dns-server,[fd98::1]' >dnsmasq.log 2>&1 &
server=$!
trap 'kill $server; clean_up' EXIT

config() {
    cat >"$conf" <<END
arch: amd64
hostname: asked
ostype: unmanaged
rootfs: $WORK/root
net0: name=eth0,bridge=pctdh0,hwaddr=BC:24:11:77:20:00,type=veth,host-managed=1,$1
lxc.init.cmd: /bin/sleep 10000
END
}

inside() { pct exec $id -- "$@"; }
has() { inside ip addr show eth0 | grep -q "$1"; }
has_not() { ! has "$1"; }
clients() { cat "$(cgroup2_root)/lxc/$id/dhcp/cgroup.procs" 2>/dev/null; }
no_client() { [ -z "$(clients)" ]; }

config ip=dhcp
before=$(sha1sum /etc/resolv.conf)
accept_unless_checked $id
require "start" pct start $id "${accept[@]}"
patience=30
eventually "an address" has 'inet 10.98.0.5[0-9]/24'
routed4() { inside ip route | grep -q '^default via 10.98.0.1 dev eth0'; }
eventually "a route" routed4
eventually "names for its resolver" grep -q '^nameserver 10.98.0.1$' root/etc/resolv.conf
like "and a domain" "$(cat root/etc/resolv.conf)" '^search lan$'
is "the host's are its own" "$(sha1sum /etc/resolv.conf)" "$before"
like "the server knows its name" "$(cat leases)" ' asked '
is "nothing but IPv4" "$(inside ip -6 addr show eth0 scope global)" ""
runs "plan" pct plan $id
like "has the client" "$out" 'net.dhcp +a client for eth0'
capture pctrun audit $id
like "audit sees it" "$out" '^holds +net.dhcp'
address=$(inside ip -4 -o addr show eth0 | sed 's/.*inet \([0-9.]*\).*/\1/')
is "it belongs to the container alone" "$(find /run/dhcpcd /var/lib/dhcpcd -name '*eth0*' 2>/dev/null)" ""

# Both families, on a running container.
runs "with IPv6" pct set $id --net0 "$(sed -n 's/^net0: //p' "$conf"),ip6=dhcp"
runs "the first one stays meanwhile" has "inet $address/"
eventually "an address of each" has 'inet6 fd98::5[0-9a-f]/128'
routed() { inside ip -6 route | grep -q '^default via fe80::.* dev eth0'; }
eventually "a route by router advertisement" routed
eventually "names of both" grep -q '^nameserver fd98::1$' root/etc/resolv.conf
eventually "the first ones as well" grep -q '^nameserver 10.98.0.1$' root/etc/resolv.conf

# A second interface, while the first goes on.
second_has() { [ "$(inside ip -4 -o addr show eth1 | grep -o 'inet [0-9]*\.[0-9]*')" = "inet $1" ]; }
runs "one more interface" pct set $id --net1 name=eth1,bridge=pctdh1,host-managed=1,ip=dhcp
eventually "has an address of its own" second_has 10.99
runs "the first has what it had" has "inet $address/"
runs "another bridge" pct set $id --net1 name=eth1,bridge=pctdh0,host-managed=1,ip=dhcp
eventually "is asked for another address, and none is left of the old one" second_has 10.98
advertised() { nsenter -t "$(container_pid $id)" -n ip addr "$@" dev eth1; }
runs "an address that its kernel has for some time" advertised add fd97::5/64 valid_lft 600 preferred_lft 600
runs "no client for it" pct set $id --net1 name=eth1,bridge=pctdh0,host-managed=1
is "leaves it without one" "$(inside ip -4 addr show eth1 | grep inet)" ""
like "but with what its kernel has" "$(advertised show)" 'inet6 fd97::5/64'
runs "without it" pct set $id --delete net1
eventually "the first still has" has "inet $address/"

# A link is somebody else's.
ln -s /run/resolv.conf link && mv -T link root/etc/resolv.conf # the client may write it at any time
config ip=dhcp
runs "apply" pct set $id --net0 "$(sed -n 's/^net0: //p' "$conf")"
eventually "the client starts anew" has "inet $address/"
is "a link stays" "$(readlink root/etc/resolv.conf)" /run/resolv.conf
runs "without DHCP" pct set $id --net0 "$(sed -n 's/^net0: //p' "$conf" | sed 's/ip=dhcp/ip=10.98.0.9\/24/')"
eventually "no client" no_client
eventually "another address" has 'inet 10.98.0.9/24'
runs "with it again" pct set $id --net0 "$(sed -n 's/^net0: //p' "$conf" | sed 's/ip=10.98.0.9\/24/ip=dhcp/')"
eventually "is another client" has "inet $address/"

# It dies alone, and is seen; it ends with the container.
clients | xargs kill -9
eventually "a client that was killed" no_client
status "is seen" 1 pctrun audit $id
like "as such" "$out" '^DIFFERS +net.dhcp .*the client doesn.t run'
runs "stop" pct stop $id
rm root/etc/resolv.conf
require "start again" pct start $id "${accept[@]}"
eventually "the same address" has "inet $address/"
ours=$(clients)
pct stop $id
# shellcheck disable=SC2086 # a list of words
ended() { ! kill -0 $ours; }
eventually "ends with it" ended
is "so does its cgroup" "$(ls -d "$(cgroup2_root)/lxc/$id" 2>/dev/null)" ""

# A router that advertises, and no server.
kill $server
if command -v radvd >/dev/null; then
    cat >radvd.conf <<'END'
interface pctdh0 {
    AdvSendAdvert on;
    MinRtrAdvInterval 3;
    MaxRtrAdvInterval 4;
    prefix fd99::/64 { AdvAutonomous on; };
    RDNSS fd99::53 { };
};
END
    radvd --nodaemon --config="$WORK/radvd.conf" --pidfile="$WORK/radvd.pid" >radvd.log 2>&1 &
    server=$!
    config ip6=dhcp
    rm -f root/etc/resolv.conf
    require "start with a router alone" pct start $id "${accept[@]}"
    eventually "an address made of what it advertises" has 'inet6 fd99::.*/64'
    eventually "its names" grep -q '^nameserver fd99::53$' root/etc/resolv.conf
    runs "stop" pct stop $id
else
    skip "a router alone" "radvd is not installed"
fi

done_testing
