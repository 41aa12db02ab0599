#!/bin/bash
# Bridges of Open vSwitch: what its tool is told, and when. A stand-in plays the tool: it keeps its
# ports in files, takes a transaction as a whole, and refuses what the real one refuses.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

mkdir bin ports
cat >bin/ovs-vsctl <<'END'
#!/bin/sh
# port-to-br PORT | get Port PORT tag | br-exists BRIDGE | [--if-exists del-port PORT -- add-port BRIDGE PORT ...]
cd "$(dirname "$0")/../ports" || exit 1
shift # --timeout=10
case $1 in
br-exists) [ "$2" = pctov0 ] || [ "$2" = pctov2 ] || exit 2 ;;
port-to-br) cut -d' ' -f1 "$2" ;;
get) sed -n 's/.* tag=\([0-9]*\).*/\1/p; /tag=/!s/.*/[]/p' "$3" ;;
--if-exists)
    echo "$*" >>../told
    case $* in
    *' -- add-port '*)
        [ "$6" = pctov0 ] || [ "$6" = pctov2 ] || { echo "ovs-vsctl: no bridge named $6" >&2; exit 1; }
        [ -e "/sys/class/net/$7" ] || { echo "ovs-vsctl: could not open network device $7" >&2; exit 1; }
        shift 5
        echo "$*" >"$2"
        ;;
    *) rm -f "$3" ;;
    esac
    ;;
esac
END
chmod +x bin/ovs-vsctl
for pair in 'pctov0 pctov1' 'pctov2 pctov3'; do
    # shellcheck disable=SC2086
    set -- $pair
    ip link add "$1" type veth peer name "$2"
    bridges="$bridges $1"
done
plain=$PATH
PATH=$WORK/bin:$PATH
pct_storage
alpine_template

require "a container" pct create 7970 "$WORK/template.tar.gz" --ostype alpine --rootfs local:0 \
    --unprivileged 1 --memory 64 --swap 0 \
    --net0 'name=eth0,bridge=pctov0,hwaddr=BC:24:11:00:90:02,tag=20,trunks=30;40'
accept_unless_checked 7970
rm -f told
runs "start" pct start 7970 "${accept[@]}"
is "its port, with its VLANs" "$(cat ports/veth7970i0)" \
    'pctov0 veth7970i0 tag=20 trunks=30,40 vlan_mode=native-untagged -- set Interface veth7970i0 mtu_request=1500'
is "in one transaction" "$(wc -l <told)" 1
is "of no Linux bridge" "$(readlink /sys/class/net/veth7970i0/master)" ""
runs "audit agrees" pctrun audit 7970
like "and names it" "$out" 'holds +net.ovs +eth0 \(veth7970i0\), by Open vSwitch in bridge pctov0, VLAN 20, trunks 30;40: veth7970i0 is in bridge pctov0, tag 20'
runs "another VLAN" pct set 7970 --net0 name=eth0,bridge=pctov0,hwaddr=BC:24:11:00:90:02,tag=21
is "is told" "$(cut -d' ' -f1-3 ports/veth7970i0)" 'pctov0 veth7970i0 tag=21'
echo 'pctov0 veth7970i0 tag=22' >ports/veth7970i0
status "one that was changed behind its back" 1 pctrun audit 7970
like "is seen" "$out" 'DIFFERS +net.ovs .*tag 22'
runs "another bridge" pct set 7970 --net0 name=eth0,bridge=pctov2,hwaddr=BC:24:11:00:90:02
is "without a VLAN" "$(cut -d' ' -f1-3 ports/veth7970i0)" 'pctov2 veth7970i0 --'
runs "the cable is pulled" pct set 7970 --net0 name=eth0,bridge=pctov2,hwaddr=BC:24:11:00:90:02,link_down=1
is "no port" "$(ls ports)" ""
runs "and plugged in" pct set 7970 --net0 name=eth0,bridge=pctov2,hwaddr=BC:24:11:00:90:02
is "the port is there" "$(ls ports)" veth7970i0
runs "stop" pct stop 7970
is "it is gone" "$(ls ports)" ""
like "a firewall can't see it" "$(pct check 7970 --accept-unenforced none 2>&1; sed -i 's/^net0.*/&,firewall=1/' "$PCTRUN_ETC/lxc/7970.conf"; pct check 7970 2>&1)" \
    "net.firewall.*its rules don't see the ports of Open vSwitch"
sed -i 's/,firewall=1//' "$PCTRUN_ETC/lxc/7970.conf"
PATH=$plain
if capture pct start 7970 "${accept[@]}"; then not_ok "without the tool" "it started"; fi
like "without the tool" "$(grep -v ^WARN <<<"$out" | paste -sd' ')" "'pctov2' is no bridge .*: net0: .*those of Open vSwitch are seen by ovs-vsctl"
done_testing
