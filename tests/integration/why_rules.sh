#!/bin/bash
# pctrun why: nftables' rules of the host's own, and those that somebody has made inside. What is said
# is what the kernel does with a connection.

# In a network of its own, where rules are for nobody else.
if [ -z "${PCTRUN_TEST_NETNS:-}" ]; then
    PCTRUN_TEST_NETNS=1 exec unshare -n -m "$0"
fi
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

# The links of this namespace, in /sys as well.
mkdir sys && mount -t sysfs sysfs sys
for folder in class/net devices/virtual/net; do mount --bind sys/$folder /sys/$folder; done
ip link set lo up
sysctl -qw net.ipv4.icmp_ratelimit=0 net.ipv6.icmp.ratelimit=0 # each is told

if ! nft 'add table inet probe; add chain inet probe c { type filter hook output priority 0; }; add rule inet probe c ct state new accept; delete table inet probe' 2>no; then
    skip "rules" "this kernel has no nftables: $(head -n 1 no)"
    done_testing
    exit
fi

# --- a container on a bridge, a neighbour of it, and somebody whom the host routes to

id=7790
mkdir root
cp -a "$SHARED/rootfs/." root
bridge pctwhyr0 10.97.0.1/24
ip addr add fd97::1/64 dev pctwhyr0 nodad
sysctl -qw net.ipv4.ip_forward=1
networked $id "$WORK/root" "name=eth0,bridge=pctwhyr0,hwaddr=BC:24:11:77:90:00,ip=10.97.0.10/24,gw=10.97.0.1,ip6=fd97::10/64,type=veth,host-managed=1"
require "start" pct start $id --accept-unenforced all
pid=$(container_pid $id)
may_use_addresses $id

cat >listen.py <<'END'
import signal, socket, sys
servers = [socket.create_server(("::", port), family=socket.AF_INET6, dualstack_ipv6=True) for port in (80, 81)]
open(sys.argv[1], "w").close()
signal.pause()
END
children=''
trap 'kill $children 2>/dev/null; clean_up' EXIT
# child COMMAND...: one that ends with the test
child() {
    "$@" &
    children+=" $!"
}
# neighbour NAME ADDRESS: a network namespace at the other end of NAME; its process is in $there
neighbour() {
    child unshare -n sleep 1000
    there=${children##* }
    eventually "$1 has a network of its own" sh -c "[ \$(readlink /proc/$there/ns/net) != \$(readlink /proc/self/ns/net) ]"
    ip link add "$1" type veth peer name far netns "$there"
    ip link set "$1" up
    nsenter -t "$there" -n sh -c "ip link set lo up; ip link set far up; ip addr add $2/24 dev far"
    child nsenter -t "$there" -n python3 listen.py "listens-$1"
    eventually "$1 listens" test -e "listens-$1"
}
neighbour pctwhyr1 10.97.0.2
ip link set pctwhyr1 master pctwhyr0
neighbour pctwhyr2 10.96.0.2
ip addr add 10.96.0.1/24 dev pctwhyr2
nsenter -t "$there" -n ip route add default via 10.96.0.1
child python3 listen.py listens-here
eventually "the host listens" test -e listens-here
child nsenter -t "$pid" -n python3 listen.py listens-inside
eventually "the container listens" test -e listens-inside

inside() {
    nsenter -t "$pid" -n nft "$1" || not_ok "rules inside" "$1"
}
host() {
    nft "$1" || not_ok "rules on the host" "$1"
}

# says NAME STATUS REGEX PROOF WORD...: what is said, and what the kernel does
says() {
    status "$1" "$2" pctrun why --prove $id "${@:5}"
    like "$1: why" "$out" "$3"
    like "$1: it is so" "$out" "^proved   $4 "
}

# An error of the network may have to come twice: where TCP is just about to wait it is passed over.
unreachable='(EHOSTUNREACH|ETIMEDOUT)'

# --- inside

says "no rules" 0 '^allows   network' 'done' connect 10.97.0.1 80
is "nothing is said of them" "$(grep -c 'rules inside\|host rules' <<<"$out")" 0
runs "ours, who may not ping" setpriv --bounding-set=-net_raw --inh-caps=-net_raw pctrun why --prove $id accept 10.97.0.1 icmp
like "is no answer" "$out" '^not proved: only who may ping can try it'
chain='add table inet t; add set inet t peers { type ipv4_addr; elements = { 10.97.0.1, 10.97.0.2 }; };
    add chain inet t o { type filter hook output priority 0; policy accept; };
    add chain inet t i { type filter hook input priority 0; policy accept; };'
inside "$chain add rule inet t o ip daddr @peers tcp dport 81 reject with tcp reset;
    add rule inet t o meta skuid 4711 drop; add rule inet t i ip protocol tcp tcp dport 81 reject with icmp admin-prohibited;
    add rule inet t i tcp dport 81 reject with tcp reset"
says "a set inside" 1 '^DENIES   rules inside +table inet t: tcp to 10.97.0.2 to port 81: refused by the rule of chain o, handle [0-9]+$' ECONNREFUSED connect 10.97.0.2 81
like "whom to ask" "$out" 'a rule of whoever runs that table inside: nft -a list table inet t$'
says "of its user" 0 '^unknown  rules inside +table inet t: tcp to 10.97.0.2 to port 80: perhaps stopped by the rule of chain o' 'done' connect 10.97.0.2 80
says "on the way in" 1 '^DENIES   rules inside .*: tcp from 10.97.0.1 to port 81: refused by the rule of chain i' "$unreachable" accept 10.97.0.1 81
says "by IPv6" 1 '^DENIES   rules inside .*: tcp from fd97::1 to port 81: refused by the rule of chain i' ECONNREFUSED accept fd97::1 81
says "by the loopback" 1 '^DENIES   rules inside .*: tcp to ::1 to port 81: refused by the rule of chain i' ECONNREFUSED connect ::1 81
inside 'flush chain inet t o; add chain inet t i { policy drop; }; add rule inet t i icmpv6 type { 135, 136 } accept'
says "the answer" 1 '^DENIES   rules inside +table inet t: the answer: dropped by the policy' ETIMEDOUT connect 10.97.0.1 80
inside 'add rule inet t i ct state vmap { established : accept, related : accept, invalid : drop }'
says "of what is known" 0 "^allows   rules inside +no rule of nftables' inside stops it" 'done' connect 10.97.0.1 80
inside 'add chain inet t o { policy drop; }; add rule inet t o tcp dport 80 reject'
says "a refusal that is dropped itself" 1 '^DENIES   rules inside .*: refused by the rule of chain o' ETIMEDOUT connect 10.97.0.1 80
inside 'delete table inet t; add table inet t; add chain inet t o { type filter hook output priority 0; };
    add rule inet t o icmpv6 type echo-request reject with icmpv6 no-route'
says "a ping that is refused on its way out" 1 '^DENIES   rules inside .*: icmpv6 to fd97::1 of type 128: refused by the rule of chain o' EPERM connect fd97::1 icmp
inside 'delete table inet t'
# No nft(8) would make such a name, and a person copies the line into a shell.
printf '{"nftables": [%s, %s]}' '{"add": {"table": {"family": "inet", "name": "x; reboot #"}}}' \
    '{"add": {"chain": {"family": "inet", "table": "x; reboot #", "name": "o", "type": "filter", "hook": "output", "prio": 0, "policy": "drop"}}}' >odd
require "a table with an odd name" nsenter -t "$pid" -n nft -j -f odd
capture pctrun why $id connect 10.97.0.1 80
like "is said" "$out" '^DENIES   rules inside +table inet x; reboot #: '
like "but not in a command" "$out" 'a rule of whoever runs that table inside: nft -a list ruleset inet$'
inside 'flush ruleset'
if nsenter -t "$pid" -n sh -c 'iptables-legacy -L && ip6tables-legacy -L' >/dev/null 2>&1; then
    says "what can't be read" 0 "^unknown  rules inside +iptables' own tables inside can't be read: filter \(" 'done' connect 10.97.0.1 80
else
    skip "what can't be read" "there is no iptables-legacy"
fi
# Statements are cheap to make.
{
    echo 'add table ip many; add chain ip many c'
    seq -f "add rule ip many c tcp dport %.0f $(printf 'meta mark set 1 %.0s' {1..50}) accept" 1 1500
} >many
require "very many rules" nsenter -t "$pid" -n nft -f many
says "aren't followed" 0 '^unknown  rules inside +nftables. rules inside: nftables: more rules than can be followed' 'done' connect 10.97.0.1 80
inside 'delete table ip many'

# --- on the host

host 'add table inet h; add chain inet h i { type filter hook input priority 0; };
    add chain inet h o { type filter hook output priority 0; };
    add rule inet h i iifname pctwhyr0 tcp dport 81 reject with tcp reset; add rule inet h o oifname pctwhyr0 tcp dport 81 reject with tcp reset'
says "to the host" 1 '^DENIES   host rules +table inet h: tcp to 10.97.0.1 to port 81: refused by the rule of chain i, handle [0-9]+$' ECONNREFUSED connect 10.97.0.1 81
says "to it by IPv6" 1 '^DENIES   host rules .*: tcp to fd97::1 to port 81: refused' ECONNREFUSED connect fd97::1 81
says "from the host" 1 '^DENIES   host rules .*: tcp from 10.97.0.1 to port 81: refused by the rule of chain o' ECONNREFUSED accept 10.97.0.1 81
# pings ADDRESS: how those to it end that are refused by one error of the network after the other
pings() {
    while read -r match error proof; do
        host "flush chain inet h i; add rule inet h i $match type echo-request reject with $match $error"
        says "a ping: $error" 1 "^DENIES   host rules .*: $match to $1 of type [0-9]+: refused by the rule of chain i" "$proof" connect "$1" icmp
    done
}
pings 10.97.0.1 <<<$'icmp net-unreachable ENETUNREACH\nicmp port-unreachable ECONNREFUSED\nicmp host-prohibited EHOSTUNREACH'
pings fd97::1 <<<$'icmpv6 no-route ENETUNREACH\nicmpv6 admin-prohibited EACCES'
says "what they let through" 0 "^allows   host rules +no rule of nftables' on the host stops it" 'done' connect 10.97.0.1 80
host 'delete table inet h'
host 'add table ip f; add chain ip f FORWARD { type filter hook forward priority 0; policy drop; };
    add rule ip f FORWARD iifname pctwhyr0 oifname pctwhyr2 tcp dport 81 reject with tcp reset;
    add rule ip f FORWARD iifname pctwhyr0 oifname pctwhyr2 accept; add rule ip f FORWARD iifname pctwhyr2 ct state established accept'
says "what is routed" 1 '^DENIES   host rules +table ip f: tcp to 10.96.0.2 to port 81: refused by the rule of chain FORWARD' ECONNREFUSED connect 10.96.0.2 81
says "and let through" 0 '^allows   host rules' 'done' connect 10.96.0.2 80
calls=/proc/sys/net/bridge/bridge-nf-call-iptables
if [ -e $calls ]; then
    echo 1 >$calls
    says "what is bridged" 1 '^DENIES   host rules +table ip f: tcp to 10.97.0.2 to port 80: dropped by the policy of its chain$' ETIMEDOUT connect 10.97.0.2 80
    like "what would allow it" "$out" "what is bridged isn't shown to it with net.bridge.bridge-nf-call-iptables=0"
else
    skip "what is bridged" "there is no br_netfilter"
fi
[ ! -e $calls ] || echo 0 >$calls # who loads br_netfilter just now has it shown
says "and not shown to them" 0 '^allows   host rules' 'done' connect 10.97.0.2 80
host 'delete table ip f'
host 'add table ip n; add chain ip n PREROUTING { type nat hook prerouting priority -100; }; add rule ip n PREROUTING tcp dport 80 redirect to :81'
says "another destination" 0 '^unknown  host rules +table ip n: tcp to 10.97.0.1 to port 80: perhaps stopped by the rule of chain PREROUTING' 'done' connect 10.97.0.1 80
host 'delete table ip n'
host "add table netdev d; add chain netdev d c { type filter hook ingress device veth${id}i0 priority 0; }; add rule netdev d c tcp dport 80 drop"
capture pctrun why $id connect 10.97.0.1 80
like "its interface's own" "$out" '^(unknown|DENIES) +host rules +table netdev d: tcp to 10.97.0.1 to port 80: '
host 'delete table netdev d'

# A pair that isn't the host's: its other end, inside or with somebody else, has the number of the
# container's port here.
host 'add table ip h; add chain ip h i { type filter hook input priority 0; policy drop; }'
port=$(<"/sys/class/net/veth${id}i0/ifindex")
for netns in "$pid" "$there"; do
    nsenter -t "$pid" -n ip link add near type veth peer index "$port" name end netns "$netns"
    nsenter -t "$pid" -n sh -c 'ip addr add 10.95.0.1/24 dev near; ip link set near up'
    nsenter -t "$netns" -n ip link set end up
    capture pctrun why $id connect 10.95.0.2 80
    like "a way by a pair of others" "$out" '^allows   network +there is a way by near;'
    is "isn't asked about here" "$(grep -c 'host rules' <<<"$out")" 0
    nsenter -t "$pid" -n ip link del near
done
host 'delete table ip h'

pct stop $id
done_testing
