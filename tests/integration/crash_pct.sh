#!/bin/bash
# An error and a SIGKILL at every step boundary of `pct start`, in each process that takes part (a
# FAULT=1 build): after the next `pct stop` or `pctrun delete --force` nothing is left.
# time: 240 s
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

needs_faults "a crash before every step"

# Everything at once: root and a volume on images, a bind, a veth, a firewall's bridge and, where this
# kernel has them, a VLAN's and a rate; a console and a tty.
export PCTRUN_ACCEPT_UNENFORCED=all
id=7920
bridge pctc0 10.78.0.1/24
options=firewall=1
if ip link add pctc1 type dummy 2>/dev/null && ip link set pctc1 master pctc0 &&
    bridges="$bridges pctc1" && ip link add link pctc1 name pctc1.9 type vlan id 9 2>/dev/null; then
    ip link del pctc1.9
    options=$options,tag=20
fi
if tc qdisc add dev pctc0 ingress && tc filter add dev pctc0 parent ffff: matchall \
    action police rate 1mbit burst 10k 2>/dev/null; then
    options=$options,rate=10
fi
tc qdisc del dev pctc0 ingress
mkdir -p storage outside
printf 'dir: local\n\tpath %s\n\tcontent rootdir,images,vztmpl\n' "$WORK/storage" >"$PCTRUN_ETC/storage.cfg"
cp -a "$SHARED/rootfs" template
echo 'ID=alpine' >template/etc/os-release
echo 3.19 >template/etc/alpine-release
tar -C template -czf template.tar.gz .
mkdir -p "$PCTRUN_ETC/local"
printf '[OPTIONS]\nnftables: 0\n' >"$PCTRUN_ETC/local/host.fw"
status "a container" 0 pct create $id "$WORK/template.tar.gz" --ostype alpine --hostname crash \
    --rootfs local:0.06 --mp0 local:0.02,mp=/volume --mp1 "$WORK/outside,mp=/bind,ro=1" \
    --memory 64 --swap 0 --cores 1 --tty 1 --entrypoint '/bin/sleep 1000' \
    --net0 name=eth0,bridge=pctc0,hwaddr=BC:24:11:00:00:78,$options

# Kept by design: the log, the note of the end, the cache of filters.
left() {
    host_snapshot
    ls -A "$PCTRUN_ROOT" "$PCTRUN_ROOT/.bundle"
    cat "$PCTRUN_ETC/lxc/$id.conf"
}

# Both must do: `pct stop`, which waits for whoever is at it, and pctrun's way when nobody is.
clean() {
    if [ $(($1 % 2)) = 0 ] && [ "$2" != parent ]; then
        pctrun delete --force $id
    else
        pct stop $id
    fi
}

# crash SIDE HOW FEWEST: until a start has no such step any more
crash() {
    local side=$1 how=$2 number failed=0
    for number in $(seq 300); do
        PCTRUN_FAULT=$side:$number:$how pct start $id >log 2>&1 && [ ! -e "$WORK/hit" ] && break
        rm -f "$WORK/hit"
        clean "$number" "$how" >>log 2>&1
        settled && continue
        failed=$((failed + 1))
        not_ok "$side: $how before step $number" "$(grep -v ^WARN log)" "$(diff before after)"
        pct stop $id >/dev/null 2>&1
        left >before
    done
    pct stop $id >>log 2>&1
    settled || not_ok "$side: $how: the end" "$(diff before after)"
    if [ "$number" -gt "$3" ] && [ "$number" -lt 300 ] && [ "$failed" = 0 ]; then
        ok "$side: $how before each of $((number - 1)) steps"
    else
        not_ok "$side: $how: $failed of $number steps" "$(grep -v ^WARN log)"
    fi
}

like "with steps of all kinds" "$(pct plan $id | grep -Eo '(volume|veth|idmap|cgroup.create|tty|firewall_bridge)' | sort -u | tr '\n' ' ')" \
    '^cgroup.create firewall_bridge idmap tty veth volume $'
runs "that starts" pct start $id
runs "and stops" pct stop $id
left >before
export PCTRUN_FAULT_HIT=$WORK/hit
crash start error 4
crash start kill 4
crash monitor error 2
crash monitor kill 3
crash host error 10
crash host kill 10
crash host parent 10
crash container error 20
crash container kill 20

# The monitor's last two steps come when the container has ended.
for number in 4 5; do
    PCTRUN_FAULT=monitor:$number:kill pct start $id >log 2>&1
    runs "monitor: kill at the end, before step $number" pct stop $id
    is "it was killed there" "$(rm hit && echo there)" there
    settled || not_ok "nothing is left of it" "$(diff before after)"
done
unset PCTRUN_FAULT_HIT
runs "and it still starts" pct start $id
runs "and stops again" pct stop $id
is "as it was" "$(settled && echo so)" so
done_testing
