#!/bin/bash
# An error and a SIGKILL wherever `pct set` changes a running container (a FAULT=1 build): config and
# kernel say the same afterwards, at once or after the documented way out.
# time: 120 s
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

needs_faults "a crash at every change"
pct_storage
bridge pctq0 10.85.0.1/24
bridge pctq1 10.86.0.1/24
alpine_template
export PCTRUN_ACCEPT_UNENFORCED=all
id=7961
conf=$PCTRUN_ETC/lxc/$id.conf images=$WORK/storage/images/$id
mkdir -p "$PCTRUN_ETC/local"
printf '[OPTIONS]\nnftables: 0\n' >"$PCTRUN_ETC/local/host.fw"
require "create" pct create $id "$WORK/template.tar.gz" --ostype alpine --hostname one --rootfs local:0 \
    --net0 name=eth0,bridge=pctq0,hwaddr=BC:24:11:00:00:61,ip=10.85.0.2/24,firewall=1
cp "$conf" first.conf

main() { sed '/^$/,$d' "$conf"; }
value() { main | sed -n "s/^$1: //p"; }

fresh() {
    pct stop $id >/dev/null 2>&1
    find "$images" -mindepth 1 -maxdepth 1 ! -name '*disk-0.subvol' -exec rm -r {} +
    cp first.conf "$conf"
    pct start $id && boot
}

# What a guest does with its network files.
boot() {
    local index ip
    for index in 0 1; do
        ip=$(value "net$index" | sed 's/.*ip=\([^,]*\).*/\1/')
        [ -z "$ip" ] || pct exec $id -- sh -c "ip addr add $ip dev eth$index && ip link set eth$index up" || return
    done
}

# An interface, a changed one that loses the firewall's bridge, a volume and a device, beside what only the file has.
change() {
    pct set $id --hostname two --dev0 /dev/kmsg --mp0 local:0,mp=/new \
        --net0 name=eth0,bridge=pctq1,hwaddr=BC:24:11:00:00:61,ip=10.86.0.2/24 \
        --net1 name=eth1,bridge=pctq0,hwaddr=BC:24:11:00:00:62,ip=10.85.0.3/24,firewall=1
}

differs() {
    echo "$1: not $2"
    return 1
}

master() { basename "$(readlink "/sys/class/net/$1/master")"; }

# net NUMBER: has the kernel what its line says, and nothing else?
net() {
    local line bridge ip
    line=$(value "net$1")
    if [ -z "$line" ]; then
        [ ! -e "/sys/class/net/veth${id}i$1" ] && [ ! -e "/sys/class/net/fwbr${id}i$1" ] || differs "net$1" "gone"
        return
    fi
    bridge=$(sed 's/.*bridge=\([^,]*\).*/\1/' <<<"$line")
    ip=$(sed 's/.*ip=\([^,]*\).*/\1/' <<<"$line")
    case $line in
    *firewall=1*)
        [ "$(master "veth${id}i$1") $(master "fwln${id}i$1")" = "fwbr${id}i$1 fwbr${id}i$1" ] || differs "net$1" "in fwbr"
        [ "$(master "fwpr${id}p$1")" = "$bridge" ] || differs "net$1" "in $bridge"
        ;;
    *)
        [ "$(master "veth${id}i$1")" = "$bridge" ] || differs "net$1" "in $bridge"
        [ ! -e "/sys/class/net/fwbr${id}i$1" ] || differs "net$1" "without fwbr"
        ;;
    esac
    [ "$(pct exec $id -- ip -o -4 addr show "eth$1" | awk '{print $4}')" = "$ip" ] || differs "net$1" "$ip"
}

# What the config says is mounted is, and every volume is named.
volumes() {
    local volume
    [ -z "$(value mp0)" ] || pct exec $id -- grep -q ' /new ' /proc/mounts || differs mp0 mounted
    for volume in "$images"/*; do
        grep -q "local:$id/${volume##*/}" "$conf" || differs "${volume##*/}" named
    done
}

in_step() { net 0 && net 1 && volumes && pctrun audit $id; }
unchanged() { [ "$(main | grep -v '^unused')" = "$(cat first.conf)" ] || differs config "as it was"; }
changed() {
    value net0 | grep -q pctq1 && value mp0 | grep -q mp=/new && [ "$(value hostname)" = two ] &&
        ! grep -q pve:pending "$conf"
}

# way_out NUMBER: one after the other
way_out() {
    case $(($1 % 3)) in
    0) change && changed ;;
    1)
        pct set $id --revert net0,net1,mp0,dev0,hostname && { unchanged || changed; } || return
        [ -n "$(value mp0)" ] || ! pct exec $id -- grep -q ' /new ' /proc/mounts || ! pct set $id --delete unused0
        ;;
    2) pct stop $id && pct start $id && boot && ! grep -q pve:pending "$conf" && { unchanged || changed; } ;;
    esac
}

holds() {
    case $2 in
    error) unchanged && in_step && change && changed && in_step ;;
    kill) in_step >/dev/null 2>&1 || :; way_out "$1" && in_step ;;
    esac
}

# crash SIDE HOW FEWEST: until there is no such point any more
crash() {
    local number failed=0 status
    for number in $(seq 40); do
        fresh >log 2>&1
        status=0
        PCTRUN_FAULT=$1:$number:$2 change >>log 2>&1 || status=$?
        [ "$status" != 0 ] || break
        holds "$number" "$2" >>log 2>&1 && continue
        failed=$((failed + 1))
        not_ok "$1: $2 at $number" "status $status" "$(cat log)" "$(cat "$conf")"
    done
    if [ "$status" = 0 ] && [ "$number" -gt "$3" ] && [ "$failed" = 0 ]; then
        ok "$1: $2 at each of $((number - 1))"
    else
        not_ok "$1: $2: $failed of $number" "status $status" "$(cat log)"
    fi
}

for how in error kill; do
    crash change $how 5
    crash inside $how 2
done
pct stop $id
runs "destroy" pct destroy $id
done_testing
