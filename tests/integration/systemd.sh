#!/bin/bash
# systemd as the first process, as in a Proxmox container: unprivileged, nesting=1. It comes up
# without a failed unit, halts by its signal, and its own reboot and poweroff are followed.
# time: 180 s
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

id=7910
bridge pctsd0 10.79.1.1/24
pct_storage

inside() { pct exec $id -- "$@"; }

# Everything the manager wanted at boot was tried: prints running, degraded, ...
boot_result() {
    comes_true inside test -S /run/systemd/private
    inside systemctl is-system-running --wait
}

# The kernel's word for "when did this container's first process start".
started() { cut -d' ' -f22 "/proc/$(container_pid $id)/stat"; }

restarted() { [ -n "$(container_pid $id)" ] && [ "$(started 2>/dev/null)" != "$1" ]; }

stopped() { [ "$(pct status $id)" = "status: stopped" ]; }

boots() {
    is "$1: systemd says" "$(boot_result 2>&1)" running
    is "$1: no unit failed" "$(inside systemctl list-units --failed --plain --no-legend 2>&1)" ""
}

services() {
    runs "$1: the journal has this boot" inside journalctl -b --no-pager -q -n 1
    like "$1: some of it" "$out" '[a-z]'
    runs "$1: logind answers" inside loginctl list-sessions
    is "$1: a container is what it sees" "$(inside systemd-detect-virt)" lxc
    is "$1: its name" "$(inside cat /proc/sys/kernel/hostname /etc/hostname)" $'www\nwww'
    like "$1: a machine id of its own" "$(inside cat /etc/machine-id)" '^[0-9a-f]{32}$'
    like "$1: its address" "$(inside ip -4 addr show eth0)" 'inet 10\.79\.1\.10/24'
    like "$1: its route" "$(inside ip -4 route)" 'default via 10\.79\.1\.1 dev eth0'
    runs "$1: the network counts as up" \
        inside timeout $((10 * PCTRUN_TEST_SLOW)) systemctl start network-online.target
    runs "$1: it reaches the bridge" inside ping -c 1 -W 5 10.79.1.1
    is "$1: a login waits on the console and on two terminals" \
        "$(inside systemctl is-active console-getty container-getty@1 container-getty@2 |
            sort -u)" active
    echo root:secret | inside chpasswd
    runs "$1: a person logs in on the first" person --rows 31 --columns 91 'send:\r' 'expect:www login: ' \
        'send:root\r' 'expect:Password: ' 'send:secret\r' 'expect:# ' 'send:tty; stty size\r' \
        'expect:/dev/tty1' 'expect:31 91' 'expect:# ' 'send:exit\r' 'expect:login: ' 'send:\x01q' -- pct console $id
    like "$1: the console's log has the boot" "$(cat "$PCTRUN_ROOT/.log/$id")" 'Multi-User System'
}

reboots() {
    local before
    if emulated; then
        skip "$1: a reboot from inside" "emulated: takes minutes"
        return
    fi
    before=$(started)
    inside systemctl reboot >/dev/null 2>&1
    eventually "$1: a reboot from inside starts it again" restarted "$before"
    boots "$1, again"
}

ends() {
    runs "$1: shutdown by its signal" pct shutdown $id --timeout $((30 * PCTRUN_TEST_SLOW))
    is "$1: stopped" "$(pct status $id)" "status: stopped"
    is "$1: its veth is gone" "$(test -e "/sys/class/net/veth${id}i0" && echo there)" ""
}

powers_off() {
    if emulated; then
        skip "$1: a poweroff from inside" "emulated: takes minutes"
        return
    fi
    runs "$1: start" pct start $id "${accept[@]}"
    is "$1: and running" "$(boot_result 2>&1)" running
    inside systemctl poweroff >/dev/null 2>&1
    eventually "$1: a poweroff from inside ends it" stopped
}

for suite in bookworm trixie; do
    if ! template=$("$TREE/scripts/template.sh" --kept $suite); then
        skip "$suite" "no template: make templates"
        continue
    fi
    if emulated && [ $suite = trixie ]; then
        skip "$suite" "emulated: takes minutes, and Debian 12 has shown the VM's part"
        continue
    fi
    runs "$suite: create" pct create $id "$template" --hostname www --memory 512 --cores 1 \
        --net0 name=eth0,bridge=pctsd0,ip=10.79.1.10/24,gw=10.79.1.1 --unprivileged 1 \
        --features nesting=1 --rootfs local:0
    accept_unless_checked $id
    require "$suite: start" pct start $id "${accept[@]}"
    boots $suite
    services $suite
    reboots $suite
    ends $suite
    powers_off $suite
    runs "$suite: destroy" pct destroy $id
done
done_testing
