#!/bin/bash
# From a config to a booted Debian, as root: prints each command, then runs it.
# Its bridge, configs, storage and state are its own and gone at the end, also after Ctrl-C.
set -eu
tree=$(cd "$(dirname "$0")/.." && pwd)
PATH=$(cd "$tree" && realpath "${BUILD:-build}"):$PATH
[ "$(id -u)" = 0 ] || { echo "demo.sh: run as root: sudo make demo" >&2; exit 2; }

id=100
net=10.77.0
bridge=vmbr0
[ ! -e /sys/class/net/$bridge ] || bridge=pctdemo0
home=$(mktemp -d /var/tmp/pctrun-demo.XXXXXX)
chmod 755 "$home"
export PATH PCTRUN_ETC=$home/etc PCTRUN_ROOT=$home/run

bold='' plain=''
if [ -t 1 ]; then bold=$(printf '\033[1m') plain=$(printf '\033[0m'); fi

say() {
    printf '\n%s# %s%s\n' "$bold" "$*" "$plain"
}

show() {
    printf '%s$ %s%s\n' "$bold" "$*" "$plain"
    "$@"
}

clean_up() {
    local status=$?
    trap '' INT TERM
    say "taking everything away again"
    {
        pct stop $id
        pct unlock $id
        pct destroy $id
        pctrun delete --force $id
        ip link del "$bridge"
    } >/dev/null 2>&1 || :
    awk -v home="$home/" 'index($5, home) == 1 {print $5}' /proc/self/mountinfo | sort -r |
        xargs -r umount -l
    rm -rf "$home"
    [ "$status" = 0 ] || echo "demo: failed (status $status)" >&2
    exit "$status"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

type_lines() {
    for line in "$@"; do
        sleep 0.5
        echo "$line"
    done
}

# Everything that systemd wanted at boot was tried; it can be asked a moment after its start.
booted() {
    for _ in $(seq 600); do
        ! pct exec $id -- test -S /run/systemd/private || break
        sleep 0.1
    done
    show pct exec $id -- systemctl is-system-running --wait || {
        show pct exec $id -- systemctl --failed --no-pager
        return 1
    }
}

say "a Debian template (kept in ~/.cache/pctrun/templates)"
template=$("$tree/scripts/template.sh")
ls -lh "$template"

say "a bridge and a storage of this demo's own"
mkdir -p "$PCTRUN_ETC/lxc" "$PCTRUN_ROOT" "$home/storage"
printf 'dir: local\n\tpath %s\n\tcontent rootdir,images,vztmpl\n' "$home/storage" >"$PCTRUN_ETC/storage.cfg"
show ip link add "$bridge" type bridge
show ip addr add "$net.1/24" dev "$bridge"
show ip link set "$bridge" up

say "a container from the template"
show pct create $id "$template" --hostname www --memory 512 --cores 1 \
    --net0 "name=eth0,bridge=$bridge,ip=$net.100/24,gw=$net.1" --unprivileged 1 --features nesting=1 \
    --rootfs local:0
show pct config $id

say "what this host can do for it"
accept=()
if ! show pct check $id; then
    say "it lacks something: going on without that"
    accept=(--accept-unenforced all)
fi

say "start"
show pct start $id "${accept[@]}"
show pct status $id
show pct list
booted

say "its network"
show ping -c 2 -W 5 "$net.100"
show pct exec $id -- ping -c 2 -W 5 "$net.1"

say "what holds in the kernel, step by step"
show pctrun audit $id

say "a shell inside, on a terminal"
printf '%s$ pct enter %s%s\n' "$bold" $id "$plain"
# script(1) gives it a terminal, as yours would be.
type_lines hostname tty "ps ax | head -n 4" exit | script -qec "pct enter $id" /dev/null

say "a reboot"
show pct reboot $id --timeout 60 "${accept[@]}"
booted

say "the end"
show pct shutdown $id --timeout 60
show pct status $id
show pct destroy $id
say "done: create, start, exec, ping, audit, enter, reboot, shutdown, destroy"
