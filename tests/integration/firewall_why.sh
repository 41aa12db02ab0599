#!/bin/bash
# pctrun why: which rule of a container's firewall decides, in both directions, and whether the
# kernel does as it was said.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

fw=$PCTRUN_ETC/firewall
id=7720
mkdir -p "$fw" root
bridge pctfwhy0 10.98.0.1/24
ip addr add fd98::1/64 dev pctfwhy0 nodad
cp -a "$SHARED/rootfs/." root
net() { # NUMBER: of the container
    echo "name=eth0,bridge=pctfwhy0,firewall=1,hwaddr=BC:24:11:77:2$1:00,ip=10.98.0.1$1/24,ip6=fd98::1$1/64,type=veth,host-managed=1"
}
networked $id "$WORK/root" "$(net 0)"
printf '[OPTIONS]\nenable: 1\n[IPSET blacklist]\n10.98.0.66\n[group web]\nIN HTTP(ACCEPT)\n' >"$fw/cluster.fw"

# write OPTIONS RULE...: the container's file
write() {
    printf '[OPTIONS]\nenable: 1\n%s\n[RULES]\n' "$1"
    printf '%s\n' "${@:2}"
} >"$fw/$id.fw"
# shellcheck disable=SC2120 # rules are optional
apply() {
    write "$@"
    require "apply" pct firewall $id --apply
}

# says NAME STATUS REGEX WORD...: what is said of an action, in any of its lines
says() {
    status "$1" "$2" pctrun why $id "${@:4}"
    like "why ${*:4}" "$out" "$3"
}

# A neighbour that is a container as well, and rules of somebody else.
other=7721
mkdir other
cp -a "$SHARED/rootfs/." other
networked $other "$WORK/other" "$(net 1)"
printf '[OPTIONS]\nenable: 1\npolicy_in: ACCEPT\n[RULES]\nIN DROP -p tcp -dport 24\nOUT DROP -p tcp -dport 27\n' >"$fw/$other.fw"
theirs() {
    nft 'add table bridge theirs; add chain bridge theirs c { type filter hook forward priority 5; };
        add rule bridge theirs c tcp dport 28 drop; add rule bridge theirs c tcp dport 29 limit rate 1/second drop'
    says "somebody's table" 1 '^DENIES   bridge +table bridge theirs: tcp to 10.98.0.11 to port 28: dropped by the rule of chain c, handle [0-9]+$' connect 10.98.0.11 28
    like "whom to ask" "$out" 'to allow it: +a rule of whoever runs that table: nft -a list table bridge theirs'
    says "what can't be followed in it" 0 '^unknown  bridge .*: perhaps stopped by' connect 10.98.0.11 29
    says "whether it goes on at all" 0 '^unknown  bridge +table bridge theirs: tcp to 10.98.0.1 to port 28: perhaps stopped' connect 10.98.0.1 28
    says "nothing of that" 0 '^allows   far firewall' connect 10.98.0.11 30
    is "nobody else" "$(grep -c 'bridge theirs' <<<"$out")" 0
    status "it is so" 1 pctrun why --prove $id connect 10.98.0.11 28
    like "as was said" "$out" '^proved   ETIMEDOUT'
    nft add rule bridge theirs c icmp type echo-request drop
    status "a ping that it drops" 1 pctrun why --prove $id connect 10.98.0.11 icmp
    like "is not answered" "$out" '^DENIES   bridge .*dropped'
    like "nor when it is made" "$out" '^proved   ETIMEDOUT'
    nft delete table bridge theirs
    for way in "connect 10.98.0.11" "connect fd98::11" "accept 10.98.0.1" "accept fd98::1"; do
        # shellcheck disable=SC2086 # words
        status "a ping: $way" 0 pctrun why --prove $id $way icmp
        like "is answered" "$out" '^proved   done +it was done, asked by a ping$'
    done
}

write ''
capture pct firewall $id
if grep -q '^pct: not enforced: this kernel' <<<"$out"; then
    lacks=$(sed -n 's/^pct: not enforced: //p' <<<"$out" | head -n 1)
    require "start without" pct start $id --accept-unenforced all
    may_use_addresses $id
    runs "nothing of it is there" pctrun why $id accept 10.98.0.1 icmp
    like "which is said" "$out" '^allows +firewall +none is there: this kernel'
    require "another one" pct start $other --accept-unenforced all
    may_use_addresses $other
    runs "nor of a neighbour's" pctrun why $id connect fd98::11 80
    like "which is said as well" "$out" '^allows +far firewall +none is there: this kernel'
    theirs
    pct stop $other
    pct stop $id
    skip "packets" "$lacks"
    done_testing
    exit
fi
require "start" pct start $id
may_use_addresses $id
pid=$(container_pid $id)

# --- what a person reads

apply '' 'IN SSH(ACCEPT)' 'GROUP web' 'OUT REJECT -p tcp -dport 25' 'OUT DROP -dest 10.98.0.9'
says "the policy" 1 '^DENIES   firewall +at veth7720i0: tcp from 10.98.0.1 to port 23: dropped by the rule of chain in, handle [0-9]+ \(from policy_in, by default\)$' accept 10.98.0.1 23
like "what would allow it" "$out" "to allow it: +IN ACCEPT -source 10.98.0.1 -p tcp -dport 23 in \[RULES\] of firewall/$id.fw, then: pct firewall $id --apply$"
says "a rule" 1 "^DENIES   firewall +.*: tcp to 10.98.0.1 to port 25: refused by .* \(from OUT REJECT -p tcp -dport 25 in firewall/$id.fw, line 7\)$" connect 10.98.0.1 25
like "refused" "$out" '^connect 10.98.0.1 25: would fail with ECONNREFUSED'
like "what would allow that" "$out" 'OUT ACCEPT -dest 10.98.0.1 -p tcp -dport 25 in \[RULES\] .*, before that line'
says "a macro of it, and nobody listens" 1 "^allows   firewall .* \(from IN SSH\(ACCEPT\) in firewall/$id.fw, line 5\)$" accept 10.98.0.1 22
like "at the end" "$out" '^DENIES   socket +nobody in its network namespace listens'
says "a group" 1 '\(from IN HTTP\(ACCEPT\) in firewall/cluster.fw, line 6, by firewall/7720.fw, line 6\)$' accept fd98::1 80
says "a set of the cluster" 1 "dropped by .*\(from ipset blacklist in firewall/cluster.fw\)$" accept 10.98.0.66 80
says "icmp" 1 '^DENIES   firewall .*: icmp from 10.98.0.1 of type 8: dropped' accept 10.98.0.1 icmp
says "icmp that is an error" 0 '^allows   firewall .*from errors without which' accept 10.98.0.1 icmp/3
says "udp" 0 '^allows   firewall .*: udp to 10.98.0.1 to port 53: accepted .*\(from policy_out, by default\)' connect 10.98.0.1 udp/53
says "no route" 1 '^DENIES   network +from its network namespace: Network is unreachable' connect 192.0.2.1 80
says "its own address" 1 '^DENIES   socket ' accept 10.98.0.10 80
apply 'dhcp: 0
ndp: 0'
says "an option" 1 "udp to 10.98.0.1 to port 67" connect 10.98.0.1 udp/67
nsenter -t "$pid" -n ip neigh flush dev eth0
says "neighbours" 1 "^DENIES   firewall .*: the question for a neighbour \(ICMPv6 135\): dropped .*\(from ndp: 0 in firewall/$id.fw, line 4\)" connect fd98::1 80
like "the option that allows it" "$out" "to allow it: +ndp: 1 in \[OPTIONS\] of firewall/$id.fw, then"
nft insert rule bridge pctrun-$id out tcp dport 99 drop
says "somebody's rule" 1 "^DENIES   firewall .*, which nobody's file has; somebody has changed the table: nobody's rule is in chain out" connect 10.98.0.1 99
nft insert rule bridge pctrun-$id out tcp dport 98 limit rate 1/second drop
says "and one that can't be followed" 0 '^unknown  firewall .*: perhaps stopped by' connect 10.98.0.1 98
nft delete table bridge pctrun-$id
says "no table" 0 "^allows   firewall +there is no table pctrun-$id" connect 10.98.0.1 99
runs "the cable" pct set $id --net0 "$(sed -n 's/^net0: //p' "$PCTRUN_ETC/lxc/$id.conf"),link_down=1"
says "is out" 1 "^DENIES   network +eth0, by which the way goes, has no cable.*\(from net0: in $id.conf" connect 10.98.0.1 80
runs "the cable is in" pct set $id --net0 "$(sed -n 's/^net0: \(.*\),link_down=1/\1/p' "$PCTRUN_ETC/lxc/$id.conf")"
may_use_addresses $id
ip addr add 198.51.100.7/32 dev pctfwhy0
status "who has no way back" 1 pctrun why --prove $id accept 198.51.100.7 81
like "has no address for the proof" "$out" '^not proved: it has no address from which the way goes back'
status "nor is the host's loopback the container's" 1 pctrun why --prove $id accept 127.0.0.1 81
like "it isn't tried" "$out" '^not proved: only from inside can it be tried'
nsenter -t "$pid" -n ip route add default via 10.98.0.1
nsenter -t "$pid" -n python3 -c 'import signal, socket
one = socket.create_server(("127.0.0.53", 81))
two = socket.create_server(("::ffff:127.0.0.1", 82), family=socket.AF_INET6, dualstack_ipv6=True)
print(flush=True)
signal.pause()' >listens &
listener=$!
eventually "somebody listens at the loopback" test -s listens
apply 'policy_in: ACCEPT' 'OUT DROP -p udp -dport 25'
inside='^DENIES   socket +who listens at that port does so at the loopback.s address alone'
says "at any of its addresses" 1 "$inside" accept 10.98.0.1 81
says "also by IPv6" 1 "$inside" accept 10.98.0.1 82
kill $listener
status "a datagram" 0 pctrun why --prove $id connect 10.98.0.1 udp/7
like "isn't sent" "$out" "^proved   passes +there is a way; no datagram was sent"
status "nor is one that is denied" 1 pctrun why --prove $id connect 10.98.0.1 udp/25
like "though there is a way" "$out" "^proved   passes"
status "nor is anything where an answer is nobody's duty" 0 pctrun why --prove $id connect 10.98.0.1 icmp/13
like "which is said" "$out" '^not proved: nobody has to answer to ICMP but to an echo'

# --- the other end is a container beside it

require "another one" pct start $other
may_use_addresses $other
says "its rule on the way in" 1 "^DENIES   far firewall +on the way into $other, at veth${other}i0: tcp from 10.98.0.10 to port 24: dropped by .* \(from IN DROP -p tcp -dport 24 in firewall/$other.fw, line 5\)$" connect 10.98.0.11 24
like "what would allow it" "$out" "to allow it: +IN ACCEPT -source 10.98.0.10 -p tcp -dport 24 in \[RULES\] of firewall/$other.fw, before that line, then: pct firewall $other --apply"
like "its own is asked before" "$out" '^allows   firewall +at veth7720i0: tcp to 10.98.0.11 to port 24: accepted'
says "on the way out" 1 "^DENIES   far firewall +on the way out of $other, at veth${other}i0: tcp to fd98::10 to port 27: dropped by .*, line 6\)$" accept fd98::11 27
says "and none that denies" 0 "^allows   far firewall +on the way into $other, at veth${other}i0: tcp from fd98::10 to port 25: accepted" connect fd98::11 25
capture pctrun why --prove $id connect 10.98.0.11 25
like "it is so" "$out" '^proved   ECONNREFUSED .*: the other end refuses it'
status "and dropped" 1 pctrun why --prove $id connect 10.98.0.11 24
like "as well" "$out" '^proved   ETIMEDOUT'
emulated || theirs # no other kernel changes that
capture pct stop $other

# --- predictions and proofs

"$TREE/tests/integration/why_firewall.py" $id "$pid" "$fw/$id.fw" >cases 2>&1
sed '$d; s/^/# differs: /' cases | head -n 40
read -r right proved asked < <(tail -n 1 cases)
echo "# $right of $asked predictions are what the kernel does with a connection"
is "all predictions are right" "$right" "${asked:-none}"
is "all were tried" "$proved" "$((asked))"
capture pct stop $id
done_testing
