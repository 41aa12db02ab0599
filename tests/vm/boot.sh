#!/bin/bash
# Runs a command in a VM with this machine's files, every cgroup controller and AppArmor:
#   tests/vm/boot.sh [--systemd | --arch arm64] COMMAND [ARG...]
# With --systemd the first process there is this machine's systemd, and the command a service. With
# --arch it is a machine of another kind, whose files, but for this tree, are scripts/foreign.sh's.
# Its output and exit status are the command's. What it writes is gone afterwards: the root is this
# machine's by virtiofs, read-only, below an overlay on tmpfs; /tmp is an ext4 disk of its own.
#   PCTRUN_VM_TIMEOUT=seconds (2400)   PCTRUN_VM_MEMORY=MiB (2048)   PCTRUN_VM_LOG=file: kernel's log
#   PCTRUN_VM_LSM=selinux: instead of AppArmor
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
tree=$(cd "$here/../.." && pwd)
systemd='' arch=amd64
case ${1:-} in
--systemd) systemd=1; shift ;;
--arch) arch=${2:-}; shift 2 ;;
esac
[ $# -gt 0 ] || { echo "usage: boot.sh [--systemd | --arch arm64] COMMAND [ARG...]" >&2; exit 2; }

# modules: the folder, of the VM, that has them; root: the folder that becomes the VM's
case $arch in
amd64)
    "$tree/scripts/dependencies.sh" vm >&2
    modules=$("$here/kernel.sh")
    kernel=$modules/vmlinuz root=/
    qemu=qemu-system-x86_64 machine=pc,hpet=off console=ttyS0
    ;;
arm64)
    "$tree/scripts/dependencies.sh" cross >&2
    root=$("$tree/scripts/foreign.sh" arm64)
    kernel=$(echo "$root"/boot/vmlinuz-*) modules=''
    qemu=qemu-system-aarch64 machine=virt console=ttyAMA0
    ;;
*) echo "boot.sh: no such machine: $arch (amd64, arm64)" >&2; exit 2 ;;
esac
memory=${PCTRUN_VM_MEMORY:-2048}
lsm=${PCTRUN_VM_LSM:-apparmor}
cache=${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/pctrun/vm
mkdir -p "$cache"
job=$(mktemp -d "$cache/job.XXXXXX")
fs_pid='' qemu_pid=''

clean_up() {
    for pid in $qemu_pid $fs_pid; do
        kill "$pid" 2>/dev/null && wait "$pid" 2>/dev/null || :
    done
    rm -rf "$job"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# What the guest's first-stage init reads: the command, quoted, in this folder.
{
    printf 'cd %q\n' "$tree"
    printf '%q ' "$@"
    echo
} >"$job/command"
echo "$modules" >"$job/modules"
truncate -s 8G "$job/disk"
mkfs.ext4 -q -F -E lazy_itable_init=1,lazy_journal_init=1 "$job/disk"

# The tree and the job have the same names inside, whatever else is there.
start_virtiofsd() {
    local daemon=/usr/libexec/virtiofsd
    local args=(--socket-path="$job/fs" --shared-dir="$root" --sandbox=chroot --xattr --cache=always)
    [ -x $daemon ] || {
        daemon=/usr/lib/qemu/virtiofsd
        args=(--socket-path="$job/fs" -o "source=$root" -o sandbox=chroot -o xattr -o cache=always)
    }
    # shellcheck disable=SC2016
    unshare --mount sh -euc '
        root=$1 tree=$2 job=$3
        shift 3
        [ "$root" = / ] || for folder in "$tree" "$job"; do
            mkdir -p "$root$folder"
            mount --bind "$folder" "$root$folder"
        done
        # What tests beside this one have mounted would not go as long as there is a copy of it.
        awk "\$5 ~ \"^/tmp/pctrun[.-]\" {print \$5}" /proc/self/mountinfo | sort -r | xargs -r umount -l || :
        exec "$@"' sh "$root" "$tree" "$job" $daemon "${args[@]}" >"$job/virtiofsd.log" 2>&1 &
    fs_pid=$!
    for _ in $(seq 100); do
        [ ! -S "$job/fs" ] || return 0
        sleep 0.05
    done
    cat "$job/virtiofsd.log" >&2
    return 1
}

# thread=single: with one thread per CPU this kernel dies now and then when it patches its own
# code. No KVM: where it is there, it need not work, and the lane should be the same everywhere.
start_qemu() {
    local append=(
        root=rootfs rootfstype=virtiofs ro "init=$here/init.sh" "PCTRUN_JOB=$job"
        "PCTRUN_SYSTEMD=$systemd"
        "console=$console" quiet mitigations=off init_on_alloc=0 no_timer_check panic=-1
        "$lsm=1" "lsm=landlock,lockdown,yama,integrity,$lsm,bpf"
    )
    timeout --foreground "${PCTRUN_VM_TIMEOUT:-2400}" "$qemu" \
        -machine "$machine,memory-backend=mem" -nodefaults -no-reboot -display none -accel tcg,thread=single -cpu max -smp 2 \
        -m "$memory" -object "memory-backend-memfd,id=mem,size=${memory}M,share=on" \
        -chardev "socket,id=fs,path=$job/fs" \
        -device vhost-user-fs-pci,chardev=fs,tag=rootfs,queue-size=1024 \
        -drive "file=$job/disk,if=none,id=disk,format=raw,cache=unsafe" \
        -device virtio-blk-pci,drive=disk \
        -device virtio-serial-pci \
        -chardev "file,id=out,path=$job/output" -device virtserialport,chardev=out,name=out \
        -chardev "file,id=status,path=$job/status" -device virtserialport,chardev=status,name=status \
        -serial "file:${PCTRUN_VM_LOG:-$job/console.log}" \
        -kernel "$kernel" -append "${append[*]}" </dev/null &
    qemu_pid=$!
}

start_virtiofsd
: >"$job/output"
start_qemu
tail -f -c +1 -s 0.2 --pid="$qemu_pid" "$job/output" &
tail_pid=$!
ended=0
wait "$qemu_pid" || ended=$?
qemu_pid=''
wait "$tail_pid" || :
if [ -s "$job/status" ]; then
    exit "$(cat "$job/status")"
fi
[ "$ended" != 124 ] || echo "boot.sh: the VM took longer than ${PCTRUN_VM_TIMEOUT:-2400} seconds" >&2
echo "boot.sh: the VM ended without a result (qemu: $ended); its last words:" >&2
tail -n 30 "${PCTRUN_VM_LOG:-$job/console.log}" >&2
exit 125
