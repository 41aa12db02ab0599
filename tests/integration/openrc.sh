#!/bin/bash
# OpenRC's services on sysvinit, as a Proxmox container without nesting: it comes up to its default
# runlevel, halts on the power-failure signal, and its own reboot and poweroff are followed.
# time: 180 s
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

id=7911
patience=20 # sysvinit waits some seconds for processes to end
bridge pctor0 10.79.2.1/24
pct_storage

if ! template=$("$TREE/scripts/template.sh" --kept bookworm openrc); then
    skip "openrc" "no template: make templates"
    done_testing
    exit
fi

inside() { pct exec $id -- "$@"; }
booted() { inside rc-status default 2>/dev/null | grep -q 'rc.local.*started'; }
stopped() { [ "$(pct status $id)" = "status: stopped" ]; }
boot_id() { inside cat /proc/sys/kernel/random/boot_id; }
rebooted() { booted && [ "$(boot_id)" != "$1" ]; }

runs "create" pct create $id "$template" --hostname orc --memory 256 --unprivileged 1 \
    --net0 name=eth0,bridge=pctor0,ip=10.79.2.10/24,gw=10.79.2.1 --rootfs local:0
accept_unless_checked $id
require "start" pct start $id "${accept[@]}"
eventually "the default runlevel is reached" booted
is "of sysvinit, too" "$(inside runlevel)" "N 2"
like "services of the boot are there" "$(inside rc-status sysinit)" 'networking +\[ +started'
like "its address" "$(inside ip -4 addr show eth0)" 'inet 10\.79\.2\.10/24'
is "its name" "$(inside hostname)" orc
logins() { [ "$(inside ps -o tty= -C getty | sort | tr -d ' ' | paste -sd,)" = pts/1,pts/2 ]; }
eventually "a login on each of its terminals" logins
eventually "the console's log has the boot" grep -q 'Entering runlevel: 2' "$PCTRUN_ROOT/.log/$id"

before=$(boot_id)
inside reboot
eventually "a reboot from inside starts it again" rebooted "$before"
runs "shutdown" pct shutdown $id --timeout $((30 * PCTRUN_TEST_SLOW))
like "went through its services" "$(cat "$PCTRUN_ROOT/.log/$id")" 'Deconfiguring network interfaces'
is "stopped" "$(pct status $id)" "status: stopped"
sed -i 's/^hostname: .*/hostname: orc2/' "$PCTRUN_ETC/lxc/$id.conf"
runs "start" pct start $id "${accept[@]}"
eventually "it is up" booted
is "its files follow the config" "$(inside cat /etc/hostname)" orc2
inside poweroff
eventually "a poweroff from inside ends it" stopped
runs "destroy" pct destroy $id
done_testing
