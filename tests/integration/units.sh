#!/bin/bash
# pct@.service and pct-guests.service under a systemd that is the first process.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

if [ "$(cat /proc/1/comm)" != systemd ] || ! emulated; then
    skip "units" "systemd is not the first process of a VM of ours"
    done_testing
    exit
fi

# Where `make install PREFIX=/usr` puts it, in this VM's own root: units know no other folders.
unset PCTRUN_ETC PCTRUN_ROOT
rm -rf /etc/pve # which would be asked first, if the VM's host has one
install "$BUILD/pct" "$BUILD/pctrun" /usr/bin
for unit in "$TREE"/units/*; do
    sed 's,@bindir@,/usr/bin,' "$unit" >"/usr/lib/systemd/system/$(basename "$unit")"
done
require "the units are known" systemctl daemon-reload
mkdir -p /etc/pctrun/lxc storage
printf 'dir: local\n\tpath %s\n\tcontent rootdir,images\n' "$WORK/storage" >/etc/pctrun/storage.cfg
cp -a "$SHARED/rootfs" template
printf '::respawn:/bin/sleep 1000\n' >template/etc/inittab
tar -C template -czf template.tar.gz .

is_state() { [ "$(systemctl is-active "$1")" = "$2" ]; }
first_pid() { pctrun state "$1" 2>/dev/null | sed -n 's/.*"pid": *\([0-9]*\).*/\1/p'; }
unit_log() { journalctl --sync; journalctl -q -o cat -u "$1"; } # what a unit has said is on its way
# Of ours: whoever ran before in this machine may have left some.
failures() {
    systemctl --failed --plain --no-legend list-units 'pct@*' pct-guests.service | grep -o '^[^ ]*' | while read -r unit; do
        echo "$unit"
        unit_log "$unit" | tail -8
    done
}

for id in 110 111; do
    require "create $id" pct create $id "$WORK/template.tar.gz" --ostype unmanaged --rootfs local:0 \
        --unprivileged 1 --memory 64 --swap 0 --hostname "ct$id"
done

# --- one container

runs "start" systemctl start pct@110
is "it is active once the program runs" "$(pct status 110)" "status: running"
like "the unit knows its monitor" "$(systemctl show -P MainPID pct@110)" '^[1-9]'
like "whose cgroup is the unit's" "$(cat "/proc/$(systemctl show -P MainPID pct@110)/cgroup")" 'pct@110\.service'
runs "a command in it" pct exec 110 -- hostname
first=$(first_pid 110)
runs "reboot" pct reboot 110 --timeout 20
eventually "it runs again" sh -c 'test "$(pct status 110)" = "status: running"'
is "as another process" "$([ "$(first_pid 110)" != "$first" ] && echo other)" other
is "still the unit's" "$(systemctl is-active pct@110)" active
runs "stop" systemctl stop pct@110
is "stopped" "$(pct status 110)" "status: stopped"
is "and inactive, not failed" "$(systemctl is-active pct@110)" inactive

runs "start once more" systemctl start pct@110
runs "stop by pct" pct stop 110
eventually "ends the unit" is_state pct@110 inactive

echo "mp0: $WORK/nowhere,mp=/mnt" >>/etc/pctrun/lxc/110.conf
status "a start that fails" 1 systemctl start pct@110
like "says why in the journal" "$(unit_log pct@110)" '110\.conf:[0-9]+: mp0: /.*/nowhere'
is "and the unit has failed" "$(systemctl is-failed pct@110)" failed
sed -i '/^mp0/d' /etc/pctrun/lxc/110.conf
runs "it can be started again" systemctl start pct@110
runs "and stopped" systemctl stop pct@110

# --- all of them

runs "onboot" pct set 110 --onboot 1 --startup order=2
runs "onboot" pct set 111 --onboot 1 --startup order=1
runs "the host starts" systemctl start pct-guests
is "both run" "$(pct status 110)$(pct status 111)" "status: runningstatus: running"
is "each as a unit of its own" "$(systemctl is-active pct@110 pct@111 | sort -u)" active
like "in their order" "$(unit_log pct-guests | grep -o 'Starting CT 11.' | tr '\n' ' ')" 'Starting CT 111 Starting CT 110'
runs "the host stops" systemctl stop pct-guests
is "nothing runs" "$(pct list | grep -c running)" 0
like "in the opposite order" "$(unit_log pct-guests | grep -o 'Stopping CT 11.' | tr '\n' ' ')" 'Stopping CT 110 Stopping CT 111'
is "no unit has failed" "$(failures)" ""
for id in 110 111; do runs "destroy $id" pct destroy $id; done
systemctl stop system-pct.slice
rm -rf /etc/pctrun /run/lock/lxc/pve-config-11[01].lock
done_testing
