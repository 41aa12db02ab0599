#!/bin/bash
# pct set and pct pending: what changes at once, live, and with the next start.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

bridge pcts0 10.81.0.1/24
bridge pcts1 10.82.0.1/24
pct_storage
cp -a "$SHARED/rootfs" template
printf '::respawn:/bin/sleep 1000\n' >template/etc/inittab
printf 'ID=alpine\n' >template/etc/os-release
echo 3.20.0 >template/etc/alpine-release
tar -C template -czf template.tar.gz .
conf=$PCTRUN_ETC/lxc/7920.conf

require "create" pct create 7920 "$WORK/template.tar.gz" --ostype alpine --hostname one --rootfs local:0 \
    --unprivileged 1 --memory 64 --swap 0 \
    --net0 name=eth0,bridge=pcts0,hwaddr=BC:24:11:00:00:65,ip=10.81.0.2/24,gw=10.81.0.1
accept_unless_checked 7920

# --- what is asked for has to make sense

before=$(cat "$conf")
refused "nothing" '^no options specified$' pct set 7920
refused "no such container" "Configuration file '.*lxc/7929.conf' does not exist" pct set 7929 --cores 1
refused "a bad value" "^400 Parameter verification failed. memory: .*minimum value of 16" pct set 7920 --memory 1
refused "an unknown option to delete" "unknown option 'nonsense'" pct set 7920 --delete nonsense
refused "one that is needed" 'unable to delete required option' pct set 7920 --delete memory
refused "one that stays" 'unprivileged: unable to modify read-only option' pct set 7920 --unprivileged 0
refused "set and deleted" 'cores: it can be set, deleted or reverted' pct set 7920 --cores 1 --delete cores
refused "a digest of another file" 'detected modified configuration' pct set 7920 --cores 1 --digest 0123
refused "a bridge that is not there" "net1: bridge 'nobridge' does not exist" \
    pct set 7920 --net1 name=eth1,bridge=nobridge,mtu=1400
refused "a volume that is not there" 'mp0: volume local:7920/vm-7920-disk-9.raw' \
    pct set 7920 --mp0 local:7920/vm-7920-disk-9.raw,mp=/srv
while IFS='|' read -r option want; do
    # shellcheck disable=SC2086 # words
    status "what is not there: $option" 255 pct set 7920 $option
    like "is a parameter that is wrong" "$out" "^400 Parameter verification failed\. $want"
done <<'ROWS'
--net1 name=eth1,bridge=nobridge,mtu=1400|net1: bridge 'nobridge' does not exist; make it on the host: ip link add nobridge type bridge
--dev0 /dev/no-such|dev0: device /dev/no-such
--hookscript local:snippets/x|hookscript: script 'local:snippets/x' does not exist
--hookscript no-such:snippets/x|hookscript: storage 'no-such' does not exist
--mp0 no-such:1,mp=/srv|mp0: storage 'no-such' does not exist
ROWS
is "nothing was changed" "$(cat "$conf")" "$before"

# --- stopped: at once

runs "values" pct set 7920 --cores 1 --tags 'b;a' --description 'two
lines' --onboot 1
like "in their stored form" "$(cat "$conf")" '^tags: a;b$'
like "a description, as a comment" "$(head -n 2 "$conf")" '^#two'
runs "the digest of this very file" pct set 7920 --swap 8 --digest "$(sha1sum <"$conf" | cut -d' ' -f1)"
runs "a deletion" pct set 7920 --delete onboot,tags
is "is done" "$(grep -c 'onboot\|tags' "$conf")" 0
runs "of what is not there" pct set 7920 --delete onboot
is "a warning" "$out" "WARN: cannot delete 'onboot' - not set in current configuration!"
runs "an interface" pct set 7920 --net1 name=eth1,bridge=pcts1
like "gets its address" "$(cat "$conf")" '^net1: .*hwaddr=BC:24:11:'
runs "is removed" pct set 7920 --delete net1
printf 'mac_prefix: 02:AA:BB\ntag-style: case-sensitive=1,ordering=config\n' >"$PCTRUN_ETC/datacenter.cfg"
runs "an interface and tags, with a datacenter.cfg" pct set 7920 --net2 name=eth2,bridge=pcts1 --tags 'Web;b;a;b'
like "the address begins as it says" "$(cat "$conf")" '^net2: .*hwaddr=02:AA:BB:'
like "the tags are as they were given" "$(cat "$conf")" '^tags: Web;b;a$'
rm "$PCTRUN_ETC/datacenter.cfg"
runs "both go" pct set 7920 --delete net2,tags
echo 'lock: backup' >>"$conf"
refused "a locked one" 'CT is locked \(backup\)' pct set 7920 --cores 2
runs "unlock" pct unlock 7920
runs "protect" pct set 7920 --protection 1
refused "its volumes stay" "can't update CT 7920 drive 'mp0' - protection mode enabled" pct set 7920 --mp0 /srv,mp=/srv
runs "unprotect" pct set 7920 --protection 0

# --- running

runs "start" pct start 7920 "${accept[@]}"
runs "a fast one" pct set 7920 --hostname two --startup order=3
is "holds at once" "$(grep -c '^hostname: two\|^startup: order=3' "$conf")" 2
runs "one that has to wait" pct set 7920 --tty 4 --nameserver 192.0.2.1
like "waits" "$(sed -n '/pve:pending/,$p' "$conf" | tr '\n' ' ')" 'nameserver: 192.0.2.1 tty: 4'
refused "all of it or nothing" 'ostype: unable to delete required option' pct set 7920 --delete ostype,nameserver
runs "what waits" pct pending 7920
like "is shown as new" "$out" '^new tty: 4$'
like "beside what holds" "$out" '^cur hostname: two$'
runs "is taken back" pct set 7920 --revert tty
is "and gone" "$(pct pending 7920 | grep -c 'tty')" 0
runs "the same value as now waits for nothing" pct set 7920 --tty 3
runs "waits, then does not" pct set 7920 --revert tty,nameserver
is "no section is left" "$(grep -c pve:pending "$conf")" 0
runs "a key that is to go" pct set 7920 --delete net0,description
like "the network goes at once" "$(pct exec 7920 -- ip -o link)" 'lo:'
is "with its link" "$(test -e /sys/class/net/veth7920i0 && echo there)" ""
is "and its line" "$(grep -c '^net0' "$conf")" 0

# --- its network, live

runs "a new interface" pct set 7920 --net0 name=eth0,bridge=pcts0,hwaddr=BC:24:11:00:00:66,ip=10.81.0.3/24,gw=10.81.0.1
is "is a port of the bridge" "$(basename "$(readlink /sys/class/net/veth7920i0/master)")" pcts0
eventually "and answers" ping -c 1 -W 5 10.81.0.3
like "with a way out" "$(pct exec 7920 -- ip route)" 'default via 10.81.0.1'
like "the guest's files know it" "$(pct exec 7920 -- cat /etc/network/interfaces)" 'address 10.81.0.3'
is "as its own" "$(pct exec 7920 -- stat -c %u /etc/network/interfaces)" 0
index=$(pct exec 7920 -- cat /sys/class/net/eth0/ifindex)
runs "another address" pct set 7920 --net0 name=eth0,bridge=pcts0,hwaddr=BC:24:11:00:00:66,ip=10.81.0.4/24,gw=10.81.0.1
eventually "answers" ping -c 1 -W 5 10.81.0.4
is "the old one is gone" "$(pct exec 7920 -- ip -o addr show eth0 | grep -c 10.81.0.3)" 0
like "the way out is not" "$(pct exec 7920 -- ip route)" 'default via 10.81.0.1'
runs "another bridge" pct set 7920 --net0 name=eth0,bridge=pcts1,hwaddr=BC:24:11:00:00:66,ip=10.81.0.4/24,gw=10.81.0.1
is "has the port" "$(basename "$(readlink /sys/class/net/veth7920i0/master)")" pcts1
is "it is the same interface" "$(pct exec 7920 -- cat /sys/class/net/eth0/ifindex)" "$index"
like "with its address" "$(pct exec 7920 -- ip -o addr show eth0)" '10\.81\.0\.4/24'
runs "the cable is pulled" pct set 7920 --net0 name=eth0,bridge=pcts0,hwaddr=BC:24:11:00:00:66,ip=10.81.0.4/24,gw=10.81.0.1,link_down=1
is "the host's end is down" "$(cat /sys/class/net/veth7920i0/operstate)" down
runs "and plugged in" pct set 7920 --net0 name=eth0,bridge=pcts0,hwaddr=BC:24:11:00:00:66,ip=10.81.0.4/24,gw=10.81.0.1
eventually "it answers again" ping -c 1 -W 5 10.81.0.4
runs "what the runtime knows is what is there" pctrun audit 7920
refused "an interface whose bridge is missing" "bridge 'nobridge' does not exist" pct set 7920 --net1 name=eth1,bridge=nobridge
is "is nowhere" "$(grep -c '^net1' "$conf"; test -e /sys/class/net/veth7920i1 && echo there)" 0
ip link add veth7920i1 type veth peer name pctforeign
refused "a name that is somebody's" 'net1|net.veth eth1' pct set 7920 --net1 name=eth1,bridge=pcts0
is "leaves the file alone" "$(grep -c '^net1' "$conf")" 0
is "and the link" "$(ip link show veth7920i1 | grep -c pctforeign)" 1
ip link del veth7920i1

# --- limits: pct_limits.sh changes those that hold

if has_controller memory; then
    skip "a limit that the start went without" "this host has a memory controller"
else
    runs "a limit that the start went without" pct set 7920 --memory 128
    like "is not enforced, which is said" "$out" 'not enforced on this host \[memory\]: memory.max = 134217728'
    is "of what changes alone" "$(grep -c 'not enforced' <<<"$out")" "$(grep -c '\[memory[a-z-]*\]' <<<"$out")"
    is "is for the next one" "$(grep -c '^memory: 128' "$conf")" 1
fi

# --- what the host has lost meanwhile

bridge pcts2 10.83.0.1/24
mkdir -p lost
mknod /dev/pctrun-lost c 1 3 && trap 'rm -f /dev/pctrun-lost; clean_up' EXIT
runs "a bridge, a folder, a device" pct set 7920 --net3 name=eth3,bridge=pcts2 --mp5 "$WORK/lost,mp=/lost" \
    --dev5 /dev/pctrun-lost
ip link del pcts2
rmdir lost
rm /dev/pctrun-lost
runs "are gone, and something else changes" pct set 7920 --memory 96
like "at once" "$(pct pending 7920)" '^cur memory: 96$'
is "what the container has of them stays" "$(pct exec 7920 -- sh -c 'cat /sys/class/net/eth3/flags; stat -c %F /lost /dev/pctrun-lost' | wc -l)" 3
refused "what names one anew" "bridge 'pcts2' does not exist|bridge pcts2 does not exist" pct set 7920 --net4 name=eth4,bridge=pcts2
is "is not there" "$(grep -c '^net4' "$conf")" 0
bridge pcts2 10.83.0.1/24
runs "when it is back, and something else changes" pct set 7920 --memory 128
is "it is plugged in again" "$(basename "$(readlink /sys/class/net/veth7920i3/master)")" pcts2
runs "to another bridge" pct set 7920 --net3 name=eth3,bridge=pcts0
is "it goes" "$(basename "$(readlink /sys/class/net/veth7920i3/master)")" pcts0
runs "the lines go" pct set 7920 --delete net3,mp5,dev5

# --- mounts and devices, live

mkdir -p srv/sub image && echo data >srv/file && chown -R 100000:100000 srv
runs "a directory" pct set 7920 --mp0 "$PWD/srv,mp=/srv/new/place"
is "is in the container" "$(pct exec 7920 -- cat /srv/new/place/file)" data
is "on a mount point of the container's root" "$(pct exec 7920 -- stat -c %u /srv/new)" 0
runs "read-only" pct set 7920 --mp1 "$PWD/srv,mp=/ro,ro=1"
status "is so" 1 pct exec 7920 -- touch /ro/file
like "the config has both" "$(grep -c '^mp[01]: ' "$conf")" 2
refused "what is not there" 'mp2: ' pct set 7920 --mp2 "$PWD/nowhere,mp=/x"
is "is not in the config" "$(grep -c '^mp2' "$conf")" 0
runs "another place for one that is there" pct set 7920 --mp0 "$PWD/srv,mp=/elsewhere"
like "waits" "$(pct pending 7920)" '^new mp0: .*mp=/elsewhere'
runs "and is dropped" pct set 7920 --revert mp0
runs "a device" pct set 7920 --dev0 /dev/kmsg,uid=5,gid=6,mode=0640
is "is there, with its owner" "$(pct exec 7920 -- stat -c '%u %g %a %F' /dev/kmsg)" '5 6 640 character special file'
refused "but not all of the host's disks" 'loop-control' pct set 7920 --dev3 /dev/loop-control
runs "another" pct set 7920 --dev1 /dev/loop7,mode=0444
is "too" "$(pct exec 7920 -- stat -c '%a %F' /dev/loop7)" '444 block special file'
runs "the filter lets it be opened" pct exec 7920 -- sh -c 'exec 3</dev/loop7'
runs "as it does those from the start" pct exec 7920 -- sh -c 'exec 3</dev/zero'
runs "audit knows them" pctrun audit 7920
like "by their lines" "$out" 'mp1: in 7920.conf'

# --- the next start

runs "one that waits" pct set 7920 --tty 1
runs "stop" pct stop 7920
runs "start" pct start 7920 "${accept[@]}"
is "no longer waits" "$(grep -c '^tty: 1$' "$conf"; grep -c pve:pending "$conf")" $'1\n0'
is "the hostname is the new one" "$(pct exec 7920 -- hostname)" two
runs "stop it" pct stop 7920
is "the links are gone" "$(ls -d /sys/class/net/veth7920i* 2>/dev/null)" ""
runs "destroy" pct destroy 7920
done_testing
