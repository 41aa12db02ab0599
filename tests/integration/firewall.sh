#!/bin/bash
# The firewall of a container: files that are wrong, and rules with real packets from both sides.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

fw=$PCTRUN_ETC/firewall
id=7710
mkdir -p "$fw" root
bridge pctfw0 10.97.0.1/24
ip addr add fd97::1/64 dev pctfw0 nodad
cp -a "$SHARED/rootfs/." root
net() { # NUMBER: of the container
    echo "name=eth0,bridge=pctfw0,firewall=1,hwaddr=BC:24:11:77:1$1:00,ip=10.97.0.1$1/24,ip6=fd97::1$1/64,type=veth,host-managed=1"
}
networked $id "$WORK/root" "$(net 0)"

# rules [TEXT...]: each a line of the container's [RULES]; $options are lines of its [OPTIONS]
options=''
rules() {
    {
        printf '[OPTIONS]\nenable: 1\n%s\n[ALIASES]\nhost 10.97.0.1\n' "$options"
        printf '[IPSET known]\n10.97.0.0/24\n!10.97.0.128/25 # not these\n10.97.0.200\nfd97::/64\n[RULES]\n'
        printf '%s\n' "$@"
    } >"$fw/$id.fw"
}
printf '[OPTIONS]\nenable: 1\n[IPSET far]\n192.0.2.0/24\n[group web]\nIN HTTP(ACCEPT)\nIN ACCEPT -p tcp -dport 8443\n' \
    >"$fw/cluster.fw"

# --- what is in the files

# wrong NAME LINE REGEX: the rule is refused, and said where it stands and what to write
wrong() {
    rules "$2"
    refused "$1" "^(pct: )?$3.*; [a-z].* \(from firewall/$id.fw, line 12\)" pct firewall $id
}
what_is_wrong() {
    wrong "no kind" 'IM ACCEPT' "'IM' is no kind of rule"
    wrong "forwarded" 'FORWARD ACCEPT' "'FORWARD' is no kind of rule of a container"
    wrong "no action" 'IN' 'the action is missing'
    wrong "another action" 'IN PASS' "'PASS' is no action"
    wrong "no macro" 'IN Foo(ACCEPT)' "'Foo' is no macro"
    wrong "a macro's own port" 'IN SSH(ACCEPT) -p tcp -dport 2222' "'SSH' has its own protocol and ports"
    wrong "a port without protocol" 'IN ACCEPT -dport 22' 'ports need -p tcp'
    wrong "no port" 'IN ACCEPT -p tcp -dport 70000' "'70000' is no port"
    wrong "no service" 'IN ACCEPT -p tcp -dport nosuchservice' "'nosuchservice' is no port"
    wrong "a range upside down" 'IN ACCEPT -p tcp -dport 90:80' "'90:80' is no port"
    wrong "too many ports" 'IN ACCEPT -p tcp -dport 1,2,3,4,5,6,7,8,9,10,11,12,13,14:15,16' 'more than 15 ports'
    wrong "no protocol" 'IN ACCEPT -p tpc' "'tpc' is no protocol"
    wrong "no ICMP type" 'IN ACCEPT -p icmp -icmp-type ping' "'ping' is no ICMP type"
    wrong "a type without ICMP" 'IN ACCEPT -p tcp -icmp-type 8' "'8' needs -p icmp"
    wrong "no address" 'IN ACCEPT -source 10.0.0' "'10.0.0' is no address, no network and no alias"
    wrong "both families" 'IN ACCEPT -source 10.0.0.1,fd00::1' '.*both IPv4 and IPv6'
    wrong "a range of nothing" 'IN ACCEPT -source 10.0.0.9-10.0.0.1' '.*is no range'
    wrong "no set" 'IN ACCEPT -source +none' "there is no ipset 'none'"
    like "its place" "$out" "; add a section \[IPSET none\] to firewall/$id.fw, or"
    wrong "no set of the cluster" 'IN ACCEPT -source +dc/none' "there is no ipset 'dc/none'"
    like "the place of that" "$out" "; add a section \[IPSET none\] to firewall/cluster.fw, or"
    wrong "no group" 'GROUP none' "'none' is no group in cluster.fw"
    wrong "a group for some" 'GROUP web -source 10.0.0.0/8' '-source is for the rules in the group'
    wrong "two families of a rule" 'IN ACCEPT -source 10.0.0.1 -dest fd00::1' '.*is about both IPv4 and IPv6'
    wrong "an address of no packet" 'IN ACCEPT -p icmpv6 -source host' '.*is about both IPv4 and IPv6'
    wrong "no number of an interface" 'IN ACCEPT -i netx' "'netx' is no interface like net0"
    wrong "no interface" 'IN ACCEPT -i eth0' "'eth0' is no interface like net0"
    wrong "no level" 'IN ACCEPT -log loud' "'loud' is no level of syslog"
    wrong "no parameter" 'IN ACCEPT -to 10.0.0.1' "'-to' is nothing that a rule has"
    wrong "twice" 'IN ACCEPT -p tcp -p udp' '-p is there twice'
    wrong "no value" 'IN ACCEPT -p' '-p needs a value'
    options='policy_in: MAYBE'
    rules
    refused "no policy" "policy_in: 'MAYBE' is not ACCEPT, DROP or REJECT; .*firewall/$id.fw, line 3" pct firewall $id
    options='layer2_protocols: ARP,0x5ff'
    rules
    refused "no protocol of frames" "layer2_protocols: 'ARP,0x5ff' is not a list of names like ARP, or numbers like 0x8863; .*firewall/$id.fw, line 3" pct firewall $id
    options='layer2_protocols: arp, PPP_DISC,0x88B5'
    rules
    runs "protocols of frames" pct firewall $id
    like "are listed" "$out" "^out  accept  frames of 0x0806,0x8863,0x88b5 \(layer2_protocols: .* in firewall/$id.fw, line 3\)"
    options='ips: 1'
    rules
    runs "what no rule of nftables could do" pct firewall $id
    like "is said" "$out" "^pct: not enforced: what is accepted is not handed to a program that prevents intrusions: .*\(from ips: 1 in firewall/$id.fw, line 3\)"
    options='colour: red'
    rules
    refused "no option" "there is no option 'colour'; .*firewall/$id.fw, line 3" pct firewall $id
    refused "nothing starts with it" "there is no option 'colour'" pct start $id
    options=''
    rules '[IPSET known]'
    refused "a set for the second time" '\[ipset known\] is in line 6 already' pct firewall $id
    rm "$fw/$id.fw" && mkdir "$fw/$id.fw"
    refused "a file that can't be read" "read .*firewall/$id.fw: Is a directory" pct start $id
    rmdir "$fw/$id.fw"
    printf '[RULES]\0\n' >"$fw/$id.fw"
    refused "one with zeros" "firewall/$id.fw: is no text" pct firewall $id
    rules
    refused "none for what doesn't run" "CT $id not running" pct firewall $id --apply
}
if emulated; then
    skip "files that are wrong" "the same everywhere, and no kernel has a part in it"
else
    what_is_wrong
fi
options='dhcp: 0'
rules 'IN SSH(ACCEPT) -source +known -log info # from here' 'GROUP web -i net0' '|IN DROP' 'OUT REJECT -p tcp -dport smtp'
sed -i "s/enable: 1/enable: 0/" "$fw/cluster.fw"
runs "off in the cluster" pct firewall $id
is "no rules" "$(tail -1 <<<"$out")" 'no rules: enable: 1 is not in firewall/cluster.fw'
sed -i "s/enable: 0/enable: 1493029302/" "$fw/cluster.fw"
capture pct firewall $id
lacks=$(sed -n 's/^pct: not enforced: //p' <<<"$out")
is "all of it, resolved" "$(grep -v '^pct: ' <<<"$out")" "port veth${id}i0 sends from BC:24:11:77:10:00
set  guest-known  10.97.0.0/25,10.97.0.200,fd97::/64
in   drop    what fits no connection (nf_conntrack_allow_invalid, by default)
in   drop    a client's DHCP (dhcp: 0 in firewall/$id.fw, line 3)
in   accept  neighbours' discovery (ndp, by default)
in   accept  tcp from guest-known to port 22 (IN SSH(ACCEPT) -source +known -log info in firewall/$id.fw, line 12)
in   accept  veth${id}i0 tcp to port 80 (IN HTTP(ACCEPT) in firewall/cluster.fw, line 6, by firewall/$id.fw, line 13)
in   accept  veth${id}i0 tcp to port 8443 (IN ACCEPT -p tcp -dport 8443 in firewall/cluster.fw, line 7, by firewall/$id.fw, line 13)
in   drop    (policy_in, by default)
out  drop    what fits no connection (nf_conntrack_allow_invalid, by default)
out  drop    a client's DHCP (dhcp: 0 in firewall/$id.fw, line 3)
out  drop    advertisements of a router (radv, by default)
out  accept  neighbours' discovery (ndp, by default)
out  reject  tcp to port 25 (OUT REJECT -p tcp -dport smtp in firewall/$id.fw, line 15)
out  accept  (policy_out, by default)"
rules 'IN ACCEPT -i net7 -p tcp -dport 5'
runs "a rule for no interface" pct firewall $id
idle="no packet meets this rule: the config has no net7 with firewall=1 \(from IN ACCEPT -i net7 .* in firewall/$id.fw, line 12\)"
like "is said to be one" "$out" "^pct: $idle"
capture pct check $id
like "also by pct check" "$out" "^note +net.firewall +$idle"
options=''
if [ -n "$lacks" ]; then
    capture pct start $id
    like "what the kernel lacks stops the start" "$out" "$lacks .*firewall/$id.fw"
    require "start without" pct start $id --accept-unenforced all
    runs "apply" pct firewall $id --apply
    like "says each time that nothing came of it" "$out" "^pct: not enforced: $lacks"
    runs "stop" pct stop $id
    skip "packets" "$lacks"
    done_testing
    exit
fi

# --- packets

host=$$
start_container() {
    require "start" pct start $id
    pid=$(container_pid $id)
}

# arrive NAME WANT SENDER ARG...: which packets do. What a busy machine loses is sent again; what has
# arrived once has.
arrive() {
    local got='' want
    want=$(printf '%s\n' $2 | sort -u)
    for _ in 1 2 3; do
        # shellcheck disable=SC2046 # words
        got=$(printf '%s\n' $got $("$TREE/tests/integration/$3" "${@:4}") | sort -u)
        [ "$got" != "$want" ] || break
    done
    is "$1" "$got" "$want"
}

# gets NAME WANT WORD...: which of these packets of the host reach the container
gets() { arrive "$1" "$2" packets.py ${from:-} "$host" "$pid" eth0 "${to:-10.97.0.10}" "${@:3}"; }

# sends NAME WANT WORD...: which of the container's reach the host
sends() { arrive "$1" "$2" packets.py ${from:-} "$pid" "$host" pctfw0 "${to:-10.97.0.1}" "${@:3}"; }

is_cut_off() { ! ping -c 1 -W 1 "$1"; }

# apply RULE...: to the running container
apply() {
    rules "$@"
    runs "apply: ${1:-no rules}" pct firewall $id --apply
}

rules
start_container
like "its table" "$(nft list table bridge pctrun-$id)" 'chain postrouting'
runs "audit" pctrun audit $id
like "sees it" "$out" '^holds +net.firewall'
gets "nothing but pings' errors and neighbours gets in" 'icmp/3' tcp/22 udp/53 icmp/8 47 icmp/3
to=fd97::10 gets "nor over IPv6" 'icmpv6/1' tcp/22 icmpv6/128 icmpv6/1
sends "everything gets out" 'tcp/22 udp/53 icmp/8 47' tcp/22 udp/53 icmp/8 47
to=fd97::1 sends "over IPv6, too" 'tcp/22 icmpv6/128' tcp/22 icmpv6/128

# A VLAN of the container's own: the same rules. The tag 0 is taken as none.
if ip link add link pctfw0 name pctfw0.5 type vlan id 5; then
    ip addr add 10.97.5.1/24 dev pctfw0.5
    ip link set pctfw0.5 up
    for vlan in 0 5; do
        nsenter -t "$pid" -n ip link add link eth0 name v$vlan type vlan id $vlan
        nsenter -t "$pid" -n ip link set v$vlan up
    done
    nsenter -t "$pid" -n ip addr add 10.97.5.10/24 dev v5
    nsenter -t "$pid" -n ip -6 route add fd97::1 dev v0
    nsenter -t "$pid" -n ip neigh add fd97::1 lladdr "$(cat /sys/class/net/pctfw0/address)" dev v0
    to=fd97::1 sends "no router's words with the tag 0" 'icmpv6/128' icmpv6/134 icmpv6/128
    nsenter -t "$pid" -n ip link del v0
    runs "no ping in a VLAN" is_cut_off 10.97.5.10
    apply 'IN Ping(ACCEPT)'
    eventually "but what is accepted" ping -c 1 -W 5 10.97.5.10
    nsenter -t "$pid" -n ip link del v5
    ip link del pctfw0.5
else
    skip "VLANs of a container" "no VLAN devices in this kernel"
fi

apply 'IN SSH(ACCEPT)' 'IN ACCEPT -p udp -dport 100:110,domain' 'IN Ping(ACCEPT)' 'IN GRE(ACCEPT)'
gets "what is accepted" 'tcp/22 udp/100 udp/110 udp/53 icmp/8 47' tcp/22 tcp/23 udp/99 udp/100 udp/110 udp/111 udp/53 icmp/8 icmp/13 47 50
to=fd97::10 gets "of both families" 'tcp/22 icmpv6/128' tcp/22 tcp/23 icmpv6/128
apply 'IN ACCEPT -source +known' 'IN DROP'
from='--source 10.97.0.5' gets "of a set" 'tcp/1' tcp/1
from='--source 10.97.0.129' gets "what it excepts" '' tcp/1
from='--source 10.97.0.200' gets "what it excepts from that" 'tcp/1' tcp/1
to=fd97::10 gets "IPv6 of it" 'tcp/1' tcp/1
apply 'IN ACCEPT -source 10.97.0.3-10.97.0.4' 'IN ACCEPT -source 10.97.1.0/24,host -p tcp -dport 5'
from='--source 10.97.0.3' gets "of a range" 'tcp/1' tcp/1
from='--source 10.97.0.5' gets "not of it" '' tcp/1
gets "by an alias" 'tcp/5' tcp/5 tcp/6
apply 'IN DROP -p tcp -dport 22' 'IN ACCEPT -p tcp' 'IN ACCEPT -p udp -sport 99' 'IN ACCEPT -p icmp -icmp-type timestamp-request'
gets "the first that matches decides" 'tcp/23 udp/99:5 icmp/13' tcp/22 tcp/23 udp/98:5 udp/99:5 icmp/8 icmp/13
apply 'GROUP web -i net0' '|IN ACCEPT'
gets "a group; a disabled rule" 'tcp/80 tcp/8443' tcp/80 tcp/8443 tcp/81
apply 'OUT DROP -dest +dc/far' 'OUT DROP -p udp -dport 53' 'OUT REJECT -p tcp -dport 25'
sends "on the way out" 'tcp/26 udp/54' tcp/25 tcp/26 udp/53 udp/54
like "refused at once" "$(pct exec $id -- nc -w 5 10.97.0.1 25 2>&1 </dev/null)" 'refused'
options='policy_in: ACCEPT
policy_out: DROP'
apply 'OUT DNS(ACCEPT)'
gets "the other policies: in" 'tcp/22 47' tcp/22 47
sends "out" 'udp/53' udp/53 tcp/22 icmp/8

# Connections: what is answered to.
options='policy_out: DROP'
apply 'IN ACCEPT -p tcp -dport 7'
pctrun exec -d $id nc -ll -p 7 -e cat
says() { [ "$(echo hello | timeout 5 busybox nc -w 2 10.97.0.10 7)" = hello ]; }
eventually "a connection's answers get out" says
options=''
apply
sends "and the other way round: it asks" 'udp/7000' udp/7000
apply 'IN DROP'
busybox nc -ll -p 7001 -e cat >/dev/null 2>&1 &
asks() { [ "$(pct exec $id -- sh -c 'echo hello | nc -w 2 10.97.0.1 7001')" = hello ]; }
eventually "its answers get in" asks
kill $!

# Options.
sends "DHCP is allowed" 'udp/68:67' udp/68:67
to=fd97::1 sends "neighbours, no advertisements of a router" 'icmpv6/135' icmpv6/134 icmpv6/135
options='dhcp: 0
ndp: 0
radv: 1'
apply
sends "DHCP is not" '' udp/68:67
# Who can't ask for neighbours forgets those it knows.
nsenter -t "$pid" -n ip neigh replace fd97::1 lladdr "$(cat /sys/class/net/pctfw0/address)" dev eth0 nud permanent
to=fd97::1 sends "no neighbours, but a router" 'icmpv6/134' icmpv6/134 icmpv6/135
nsenter -t "$pid" -n ip neigh del fd97::1 dev eth0
options=''
apply
from='--source 10.97.0.77' sends "another source" 'udp/9' udp/9
nsenter -t "$pid" -n ip link set eth0 address BC:24:11:77:10:01
sends "not by another hardware address" '' udp/10
options='macfilter: 0'
apply
sends "unless that is allowed" 'udp/11' udp/11
nsenter -t "$pid" -n ip link set eth0 address BC:24:11:77:10:00
options='ipfilter: 1'
apply
sends "its own address alone" 'udp/12' udp/12
from='--source 10.97.0.77' sends "no other" '' udp/13
to=fd97::1 sends "over IPv6" 'udp/14' udp/14
to=fd97::1 from='--source fd97::77' sends "no other there" '' udp/15
options='layer2_protocols: ARP,0x88b5'
apply
# frames NAME WANT TYPE...: which of the container's frames reach the host
frames() { arrive "$1" "$2" frames.py "$pid" eth0 "$host" pctfw0 "${@:3}"; }
frames "protocols that are listed" '0x88b5' 0x88b5 0x88b6
nsenter -t "$pid" -n ip neigh flush dev eth0
sends "and IP, on which the rules decide" 'udp/16' udp/16
options='layer2_protocols: 0x88b6'
apply
frames "others" '0x88b6' 0x88b5 0x88b6
nsenter -t "$pid" -n ip neigh flush dev eth0
sends "and not the question for a neighbour" '' udp/17
options=''
apply 'OUT DROP'
frames "without a list the rules decide" '' 0x88b5
options='policy_out: REJECT
log_level_in: info'
apply 'IN ACCEPT -log debug -p tcp -dport 1'
like "what is logged" "$(nft list table bridge pctrun-$id)" "log prefix \":$id:7:in: ACCEPT: \" group 0"
like "the policy's" "$(nft list table bridge pctrun-$id)" "log prefix \":$id:6:in: policy DROP: \" group 0"
options=''

# Every macro, and what is none of any. What a server of DHCP sends to a client (67 to 68) is the
# option's matter before it is that of any rule.
macros=() words=() none=(tcp/1 udp/1 tcp/24 udp/54 tcp/7301 udp/33433 132 icmp/13)
while read -r macro ports; do
    macros+=("IN $macro(ACCEPT)")
    for word in $ports; do
        [[ " ${words[*]} " == *" $word "* ]] || words+=("$word")
    done
done <<'END'
Amanda udp/10080 tcp/10080
Auth tcp/113
BGP tcp/179
BitTorrent tcp/6889 udp/6881
BitTorrent32 tcp/6999
Ceph tcp/6789 tcp/3300 tcp/7300
CVS tcp/2401
Citrix tcp/1494 udp/1604 tcp/2598
DAAP tcp/3689 udp/3689
DCC tcp/6277
DHCPfwd udp/67:67
DNS udp/53 tcp/53
Distcc tcp/3632
FTP tcp/21
Finger tcp/79
GNUnet tcp/2086 udp/1080
GRE 47
Git tcp/9418
HKP tcp/11371
HTTP tcp/80
HTTPS tcp/443
ICPV2 udp/3130
ICQ tcp/5190
IMAP tcp/143
IMAPS tcp/993
IPIP 94
IPsec udp/500:500 50
IPsecah 51
IPsecnat udp/500 udp/4500
IRC tcp/6667
Jetdirect tcp/9100
L2TP udp/1701
LDAP tcp/389
LDAPS tcp/636
MDNS udp/5353
MSNP tcp/1863
MSSQL tcp/1433
Mail tcp/25 tcp/465 tcp/587
Munin tcp/4949
MySQL tcp/3306
NNTP tcp/119
NNTPS tcp/563
NTP udp/123
OSPF 89
OpenVPN udp/1194
PCA udp/5632 tcp/5631
PMG tcp/8006
POP3 tcp/110
POP3S tcp/995
PPtP tcp/1723
Ping icmp/8
PostgreSQL tcp/5432
Printer tcp/515
RDP tcp/3389
RIP udp/520
RNDC tcp/953
Razor tcp/2703
Rdate tcp/37
Rsync tcp/873
SANE tcp/6566
SMB udp/135 udp/139 udp/137:1024 tcp/445
SMBswat tcp/901
SMTP tcp/25
SMTPS tcp/465
SNMP udp/162 tcp/161
SPAMD tcp/783
SPICEproxy tcp/3128
SSH tcp/22
SVN tcp/3690
SixXS tcp/3874 udp/3740 41 udp/8374
Squid tcp/3128
Submission tcp/587
Syslog udp/514 tcp/514
TFTP udp/69
Telnet tcp/23
Telnets tcp/992
Time tcp/37
Trcrt udp/33434 udp/33524
VNC tcp/5900 tcp/5999
VNCL tcp/5500
Web tcp/80 tcp/443
Webcache tcp/8080
Webmin tcp/10000
Whois tcp/43
END
options='dhcp: 0'
apply "${macros[@]}"
gets "every macro" "${words[*]}" "${words[@]}" "${none[@]}"
apply 'IN NeighborDiscovery(ACCEPT)' 'IN DHCPv6(ACCEPT)' 'IN Ping(ACCEPT)'
to=fd97::10 gets "those of IPv6" 'icmpv6/133 icmpv6/136 udp/546:547 icmpv6/128' icmpv6/133 icmpv6/136 udp/546:547 icmpv6/128 icmpv6/129
options=''

# --- one container and another

other=7711
networked $other "$WORK/root" "$(net 1)"
printf '[OPTIONS]\nenable: 1\n[RULES]\nIN ACCEPT -p tcp -dport 7\n' >"$fw/$other.fw"
apply
require "another container" pct start $other
pctrun exec -d $other nc -ll -p 7 -e cat
pctrun exec -d $other nc -ll -p 8 -e cat
# says_hello ID ADDRESS PORT: a connection from the container
says_hello() { [ "$(pct exec "$1" -- sh -c "echo hello | nc -w 2 $2 $3")" = hello ]; }
eventually "hears what its rules let in" says_hello $id 10.97.0.11 7
eventually "and itself, at another port" says_hello $other 127.0.0.1 8
runs "where nobody else is heard" eval '! says_hello $id 10.97.0.11 8'
runs "nor is it by one that lets nothing in" eval '! says_hello $other 10.97.0.10 7'
runs "stop" pct stop $other

# --- changes and ends

# The old rules stay when the new ones are wrong, and there is no moment without any.
apply 'IN SSH(ACCEPT)'
rules 'IN NOTHING'
refused "wrong rules" "'NOTHING' is no action" pct firewall $id --apply
gets "leave the old ones" 'tcp/22' tcp/22 tcp/23
(
    for round in 1 2 3; do
        rules "IN ACCEPT -p tcp -dport 2$round"
        pct firewall $id --apply
    done
) &
gets "nothing slips through a change" '' tcp/1 tcp/2 tcp/3 tcp/4 tcp/5 tcp/6 tcp/7 tcp/8 tcp/9 tcp/10 tcp/11 tcp/12
wait $!
rules
runs "without firewall" pct set $id --net0 "$(sed -n 's/^net0: //p' "$PCTRUN_ETC/lxc/$id.conf" | sed 's/firewall=1/firewall=0/')"
is "no table" "$(nft list tables | grep -c pctrun-$id)" 0
gets "everything gets in" 'tcp/22 udp/22' tcp/22 udp/22
runs "with it again" pct set $id --net0 "$(sed -n 's/^net0: //p' "$PCTRUN_ETC/lxc/$id.conf" | sed 's/firewall=0/firewall=1/')"
gets "nothing does" '' tcp/22 udp/22
# drifts NAME REGEX COMMAND...: what somebody does to the table by hand is seen
drifts() {
    require "$1" "${@:3}"
    status "is drift" 1 pctrun audit $id
    like "which is named" "$out" "^DIFFERS +net.firewall .*: $2 \(from firewall/$id.fw\)"
    require "apply puts it right" pct firewall $id --apply
}
# rule_of TEXT: the handle of the rule that has it in its line
rule_of() { nft -a list table bridge pctrun-$id | sed -n "s|.*$1.* # handle \([0-9]*\)$|\1|p" | head -n 1; }
apply 'IN SSH(ACCEPT)' 'IN ACCEPT -source +known -p udp'
runs "audit: each rule is there" pctrun audit $id
drifts "a rule is removed" "a rule of chain in is missing: IN SSH\(ACCEPT\) in firewall/$id.fw, line 12" \
    nft delete rule bridge pctrun-$id in handle "$(rule_of 'IN SSH')"
drifts "one of an option" 'a rule of chain out is missing: macfilter, by default' \
    nft delete rule bridge pctrun-$id out handle "$(rule_of 'arp saddr ether.*macfilter')"
drifts "one is inserted" "nobody's rule is in chain in, handle [0-9]+: mine" \
    nft insert rule bridge pctrun-$id in tcp dport 81 accept comment '"mine"'
drifts "a set has another address" 'the set guest-known-4 is another' \
    nft add element bridge pctrun-$id guest-known-4 '{ 192.0.2.1 }'
drifts "a table without which connections aren't followed" 'the chain output is gone' \
    nft delete table inet pctrun-$id
runs "audit: and all is well again" pctrun audit $id
nft delete table bridge pctrun-$id
status "a table that somebody removed" 1 pctrun audit $id
like "is seen" "$out" '^DIFFERS +net.firewall .*there is no table'
runs "apply puts it back" pct firewall $id --apply
runs "stop" pct stop $id
is "nothing is left" "$(nft list tables | grep -c pctrun-$id)" 0
start_container
kill -9 "$(pgrep -f "^[^ ]*pct start $id")"
kill -9 "$pid"
capture pct stop $id
is "nor after a kill of everything" "$(nft list tables | grep -c pctrun-$id)" 0

done_testing
