#!/bin/bash
# pctrun audit: each step beside what the kernel shows, and what somebody changed since.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

# differs NAME REGEX: audit fails, with this line
differs() {
    status "$1" 1 pctrun audit c
    like "is told" "$(grep '^DIFFERS' <<<"$out")" "$2"
}

# A program that holds a tmpfs, a mask, a sysctl, limits, ids; then each is changed from outside.
linux=',"sysctl":{"net.ipv4.ip_local_port_range":"20000 30000","kernel.msgmax":"9000"}' \
    process=',"noNewPrivileges":true,"oomScoreAdj":100,"rlimits":[{"type":"RLIMIT_NOFILE","soft":100,"hard":200}]' \
    user='"uid": 1000, "gid": 1000' bundle b sleep 1000
runs "a container" pctrun run -d -b b c
runs "audit" pctrun audit c
is "nothing differs" "$(grep -c '^DIFFERS' <<<"$out")" 0
like "the host name" "$out" '^holds +uts +hostname tested: tested '
like "a parameter of the network, whatever blanks the kernel puts" "$out" \
    '^holds +sysctl +net/ipv4/ip_local_port_range = 20000 30000: 20000[[:space:]]30000 '
like "one of the ipc namespace" "$out" '^holds +sysctl +kernel/msgmax = 9000: 9000 '
like "ids" "$out" '^holds +user +1000:1000.*uid 1000, gid 1000'
like "limits" "$out" '^holds +rlimit +RLIMIT_NOFILE 100:200'
like "streams" "$out" '^holds +stdio +'
is "every line has an origin" "$(grep -vc '(from .*)$' <<<"$out")" 0

pid=$(container_pid c)
nsenter -t "$pid" -u hostname other
differs "another host name" '^DIFFERS +uts .*: other '
nsenter -t "$pid" -u hostname tested
nsenter -t "$pid" -n sh -c 'echo 21000 30000 >/proc/sys/net/ipv4/ip_local_port_range'
differs "another parameter" '^DIFFERS +sysctl .*: 21000'
nsenter -t "$pid" -n sh -c 'echo 20000 30000 >/proc/sys/net/ipv4/ip_local_port_range'
setpriv --reuid 1000 --regid 1000 --clear-groups prlimit --pid "$pid" --nofile=50:200
differs "another limit" '^DIFFERS +rlimit .*50:200'
setpriv --reuid 1000 --regid 1000 --clear-groups prlimit --pid "$pid" --nofile=100:200
if ((0x$(sed -n 's/^CapEff:\t//p' /proc/self/status) >> 24 & 1)); then # CAP_SYS_RESOURCE
    echo 200 >"/proc/$pid/oom_score_adj"
    differs "another oom score" '^DIFFERS +oom .*200'
    echo 100 >"/proc/$pid/oom_score_adj"
else
    skip "another oom score" "no CAP_SYS_RESOURCE: the caller's own score could be what it is"
fi
nsenter -t "$pid" -m -p mount -o remount,rw,bind /sys
differs "a mount that is writable" '^DIFFERS +mount +sysfs sysfs on /sys.* without ro'
nsenter -t "$pid" -m -p mount -o remount,ro,nosuid,nodev,noexec,bind /sys
nsenter -t "$pid" -m -p mount -o remount,ro,nosuid,noexec,bind /dev/pts
differs "a mount that is read-only" '^DIFFERS +mount +devpts devpts on /dev/pts.*: ro,.*, and was writable'
nsenter -t "$pid" -m -p mount -o remount,rw,nosuid,noexec,bind /dev/pts
nsenter -t "$pid" -m mount -t tmpfs none /dev
differs "a mount that another one hides" '^DIFFERS +mount +devpts devpts on /dev/pts.*: hidden by the tmpfs on /dev'
nsenter -t "$pid" -m umount /dev
runs "all as it was" pctrun audit c
nsenter -t "$pid" -m umount /proc/sys
differs "a path that is no longer read-only" '^DIFFERS +readonly +/proc/sys'
nsenter -t "$pid" -m umount /sys/firmware
differs "a mask that is gone" '^DIFFERS +mask +/sys/firmware'
pctrun delete -f c

linux=$userns_maps namespaces="$default_namespaces,{\"type\":\"user\"}" user='"uid": 7, "gid": 8' \
    bundle u sleep 1000
shift_owner u/rootfs
runs "a container with ids of its own" pctrun run -d -b u c
runs "audit" pctrun audit c
like "ids are the container's" "$out" '^holds +user +7:8.*uid 7, gid 8'
pctrun delete -f c

# A pair of interfaces, an address and a way out.
bridge pctau0 10.80.0.1/24
top=',"annotations":{"org.pctrun.net":"[{\"name\":\"eth0\",\"host\":\"pctav0\",\"bridge\":\"pctau0\",\"hwaddr\":\"02:00:00:00:00:01\",\"addresses\":[\"10.80.0.2/24\"],\"gateways\":[\"10.80.0.1\"],\"up\":true}]"}' \
    bundle b sleep 1000
runs "a container with an interface" pctrun run -d -b b c
runs "audit" pctrun audit c
like "the pair" "$out" '^holds +net.veth +eth0 \(02:00:00:00:00:01\), on the host pctav0 in bridge pctau0: pctav0 is up'
like "addresses and routes" "$out" '^holds +net.address .*: eth0 is up, 1 addresses, 1 default routes'
pid=$(container_pid c)
nsenter -t "$pid" -n ip route del default
differs "no way out" '^DIFFERS +net.address .*: eth0 has no default route by 10\.80\.0\.1'
nsenter -t "$pid" -n ip route add default via 10.80.0.1
nsenter -t "$pid" -n ip addr add 10.80.0.3/24 dev eth0
nsenter -t "$pid" -n ip addr del 10.80.0.2/24 dev eth0
differs "another address" '^DIFFERS +net.address .*: eth0 has no address 10\.80\.0\.2/24'
nsenter -t "$pid" -n ip link set eth0 address 02:00:00:00:00:02
differs "another hardware address" '^DIFFERS +net.veth .*: eth0 has another address'
ip link set pctav0 nomaster
differs "out of the bridge" '^DIFFERS +net.veth .*: pctav0 is not in bridge pctau0'
pctrun delete -f c

if ! has_controller memory; then
    linux=',"resources":{"memory":{"limit":33554432}}' bundle b sleep 1000
    capture pctrun --accept-unenforced all run -d -b b c
    runs "what was accepted" pctrun audit c
    like "is told again" "$out" 'not enforced on this host \[memory\]'
    pctrun delete -f c
fi
status "no container" 2 pctrun audit nobody
done_testing
