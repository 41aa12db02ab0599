#!/bin/sh
# The VM's first process: puts a writable overlay over the read-only root, mounts what a Linux
# system has, runs the command that boot.sh left in $PCTRUN_JOB, reports, powers off. With
# PCTRUN_SYSTEMD=1 it becomes systemd, one of whose services runs the command: init.sh command
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export PATH

power_off() {
    sync
    echo 1 >/proc/sys/kernel/sysrq
    echo o >/proc/sysrq-trigger
    sleep 60
}

fail() {
    echo "init.sh: $1" >/dev/console
    power_off
}

# First stage: still on the host's files, read-only. /mnt is only a place to mount on.
new_root() {
    mount -t proc proc /proc
    read -r modules <"$PCTRUN_JOB/modules"
    modprobe -d "$modules/" overlay || fail "no overlay module"
    mount -t tmpfs -o mode=755 tmpfs /mnt
    mkdir /mnt/upper /mnt/work /mnt/root
    mount -t overlay -o lowerdir=/,upperdir=/mnt/upper,workdir=/mnt/work overlay /mnt/root ||
        fail "overlay"
    cp "$PCTRUN_JOB/command" /mnt/upper/.command
    umount /proc
    cd /mnt/root || fail "no new root"
    pivot_root . mnt || fail "pivot_root"
    cd /
    umount -l /mnt
}

load_modules() {
    version=$(uname -r)
    [ -e "/lib/modules/$version" ] || {
        mkdir -p /lib/modules
        ln -s "$modules/lib/modules/$version" "/lib/modules/$version"
    }
    for module in virtio_blk virtio_console loop veth bridge 8021q dummy nf_tables macvlan ipvlan; do
        modprobe -q "$module" || :
    done
}

mount_system() {
    mount -t sysfs sysfs /sys
    mount -t devtmpfs devtmpfs /dev 2>/dev/null
    mkdir -p /dev/pts /dev/shm /dev/mqueue
    ln -sfn /proc/self/fd /dev/fd # bash's <(...) wants it; udev makes it elsewhere
    mount -t devpts -o mode=620,gid=5,ptmxmode=666 devpts /dev/pts
    mount -t tmpfs tmpfs /dev/shm
    mount -t mqueue mqueue /dev/mqueue
    mount -t tmpfs -o mode=755 tmpfs /run
    mkdir -p /run/lock
    mount -t securityfs securityfs /sys/kernel/security
    mount -t debugfs debugfs /sys/kernel/debug 2>/dev/null
    mount -t bpf bpf /sys/fs/bpf 2>/dev/null
    mount -t cgroup2 -o nsdelegate,memory_recursiveprot cgroup2 /sys/fs/cgroup || fail "cgroup2"
    for controller in $(cat /sys/fs/cgroup/cgroup.controllers); do
        echo "+$controller" >/sys/fs/cgroup/cgroup.subtree_control
    done
    # systemd does this to every machine; mounts of containers must not come back to it.
    mount --make-rshared /
}

port() {
    for dir in /sys/class/virtio-ports/*; do
        [ "$(cat "$dir/name")" != "$1" ] || echo "/dev/${dir##*/}"
    done
}

# What the kernel has complained of, for whoever wonders why a command failed.
complaints() {
    dmesg | grep -E 'BUG:|Oops|WARNING:|general protection|segfault|trap |stall|lockup|blocked for more|Out of memory' |
        tail -n 20 | sed 's/^/# kernel: /'
}

run_command() {
    [ ! -w /sys/kernel/security/apparmor/.load ] || export PCTRUN_TEST_APPARMOR=1
    HOME=/root TERM=dumb PCTRUN_TEST_VM=1
    export HOME TERM PCTRUN_TEST_VM
    setsid sh /.command </dev/null >"$(port out)" 2>&1
    status=$?
    [ $status = 0 ] || complaints >"$(port out)" 2>&1
    echo $status >"$(port status)"
    power_off
}

# What this machine has enabled, and what looks for hardware, stays out: on the overlay only.
mask_units() {
    rm -rf /etc/systemd/system/*
    mkdir -p /etc/systemd/system-generators
    for generator in /lib/systemd/system-generators/*; do
        ln -sfn /dev/null "/etc/systemd/system-generators/${generator##*/}"
    done
    for unit in getty.target systemd-firstboot.service systemd-hwdb-update.service \
        systemd-journal-catalog-update.service systemd-journal-flush.service \
        systemd-machine-id-commit.service systemd-modules-load.service systemd-random-seed.service \
        systemd-sysusers.service systemd-tmpfiles-clean.timer systemd-tmpfiles-setup.service \
        systemd-tmpfiles-setup-dev.service systemd-udev-trigger.service systemd-udevd.service \
        systemd-udevd-control.socket systemd-udevd-kernel.socket systemd-update-utmp.service \
        systemd-update-utmp-runlevel.service; do
        ln -sfn /dev/null "/etc/systemd/system/$unit"
    done
}

# Its own units are in /etc too, where a test can add further ones and start them.
become_systemd() {
    mask_units
    mkdir -p /etc/systemd/system/multi-user.target.wants
    cat >/etc/systemd/system/pctrun-vm.service <<UNIT
[Unit]
Description=the command of tests/vm/boot.sh
After=multi-user.target
[Service]
ExecStart=/bin/sh "$0" command
Delegate=yes
UNIT
    ln -sfn ../pctrun-vm.service /etc/systemd/system/multi-user.target.wants/pctrun-vm.service
    systemd-machine-id-setup >/dev/null 2>&1
    unset PCTRUN_JOB PCTRUN_SYSTEMD
    exec /lib/systemd/systemd --unit=multi-user.target --show-status=no
}

[ "${1:-}" != command ] || run_command
new_root
mount -t proc proc /proc
mount_system
load_modules
mount -t ext4 -o noatime /dev/vda /tmp || fail "no disk"
chmod 1777 /tmp
ip link set lo up
hostname pctrun-vm
[ -z "${PCTRUN_SYSTEMD:-}" ] || become_systemd
run_command
