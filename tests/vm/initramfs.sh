#!/bin/bash
# pctrun where there is nothing else: a kernel, an initramfs with busybox and pctrun, no
# root device, so that pivot_root(2) is refused. Prints TAP lines; fails when one is not ok.
#   tests/vm/initramfs.sh [--arch arm64]
# With --arch it is a machine of another kind, and PCTRUN is a program for that.
#   BUILD=build   PCTRUN=$BUILD/pctrun   PCTRUN_VM_TIMEOUT=seconds (600)
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
tree=$(cd "$here/../.." && pwd)
BUILD=$(cd "$tree" && realpath "${BUILD:-build}")
PCTRUN=${PCTRUN:-$BUILD/pctrun}
arch=amd64
[ "${1:-}" != --arch ] || arch=$2

case $arch in
amd64)
    "$tree/scripts/dependencies.sh" vm >&2
    kernel=$("$here/kernel.sh")/vmlinuz
    busybox=/bin/busybox
    qemu=qemu-system-x86_64 machine=pc,hpet=off console=ttyS0 kind=x86_64
    ;;
arm64)
    "$tree/scripts/dependencies.sh" cross >&2
    root=$("$tree/scripts/foreign.sh" arm64)
    kernel=$(echo "$root"/boot/vmlinuz-*)
    busybox=$(PATH=$root/usr/bin:$root/bin type -P busybox)
    qemu=qemu-system-aarch64 machine=virt console=ttyAMA0 kind=aarch64
    ;;
*) echo "initramfs.sh: no such machine: $arch (amd64, arm64)" >&2; exit 2 ;;
esac
work=$(mktemp -d /tmp/pctrun-initramfs.XXXXXX)
trap 'rm -rf "$work"' EXIT

make_bundle() {
    local bundle=$1
    mkdir -p "$bundle"/rootfs/{bin,dev,proc,sys,tmp}
    cp "$busybox" "$bundle/rootfs/bin/busybox"
    ln -s busybox "$bundle/rootfs/bin/sh"
    "$BUILD/pctrun" spec -b "$bundle"
    python3 - "$bundle/config.json" <<'PYTHON'
import json, sys
with open(sys.argv[1], encoding="utf-8") as file:
    spec = json.load(file)
spec["process"]["terminal"] = False
spec["process"]["args"] = ["/bin/sh", "-c", """
    echo "pid $$"
    echo "uid map $(tr -s ' ' </proc/self/uid_map)"
    echo "root: $(busybox ls / | busybox tr '\\n' ' ')"
    echo "above: $(busybox ls /.. | busybox tr '\\n' ' ')"
    busybox mount -t proc proc /tmp 2>&1 && echo 'mounted a second proc'
    busybox mount | busybox wc -l
    busybox mkdir /tmp/made
    echo "zeroes: $(busybox head -c 4 /dev/zero | busybox wc -c)"
    busybox head -c 1 /dev/kmsg
    exit 7"""]
spec["linux"]["seccomp"] = {"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [
    {"names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO", "errnoRet": 55}]}
spec["linux"]["namespaces"].append({"type": "user"})
ids = [{"containerID": 0, "hostID": 100000, "size": 65536}]
spec["linux"]["uidMappings"] = spec["linux"]["gidMappings"] = ids
with open(sys.argv[1], "w", encoding="utf-8") as file:
    json.dump(spec, file)
PYTHON
    chown -R 100000:100000 "$bundle/rootfs"
}

make_initramfs() {
    local root=$work/root
    mkdir -p "$root"/{bin,dev,proc,sys,run,tmp}
    cp "$busybox" "$root/bin/busybox"
    cp "$PCTRUN" "$root/bin/pctrun"
    make_bundle "$root/bundle"
    cat >"$root/init" <<'INIT'
#!/bin/busybox sh
/bin/busybox mount -t devtmpfs dev /dev
exec >/dev/console 2>&1
export PATH=/bin
/bin/busybox --install -s /bin
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t cgroup2 cgroup2 /sys/fs/cgroup
echo "machine: $(uname -m)"
echo "status before: $(pctrun list -q | wc -l)"
pctrun run -b /bundle c
echo "status $?"
echo "left: $(ls /run/pctrun) $(find /sys/fs/cgroup -type d -name c)"
echo o >/proc/sysrq-trigger
sleep 30
INIT
    chmod +x "$root/init"
    mknod "$root/dev/console" c 5 1
    (cd "$root" && find . | busybox cpio -o -H newc 2>/dev/null) >"$work/initramfs"
}

check() {
    count=$((count + 1))
    if grep -Eq -- "$2" "$work/said"; then
        echo "ok $count - $1"
    else
        echo "not ok $count - $1"
        failed=$((failed + 1))
    fi
}

make_initramfs
timeout --foreground "${PCTRUN_VM_TIMEOUT:-600}" "$qemu" -nodefaults -no-reboot \
    -display none -machine "$machine" -accel tcg,thread=single -cpu max -m 256 \
    -serial "file:$work/console" -kernel "$kernel" -initrd "$work/initramfs" \
    -append "quiet console=$console mitigations=off no_timer_check panic=-1" </dev/null || :
tr -d '\r' <"$work/console" >"$work/said"

count=0 failed=0
check "the machine is one" "^machine: $kind\$"
check "the container runs" '^pid 1$'
check "with its own ids" '^uid map  ?0 100000 65536'
check "sees its root" '^root: bin dev proc sys tmp $'
check "and nothing above it" '^above: bin dev proc sys tmp $'
check "gets no second procfs by which it could look around the first" 'mount: .*(denied|permitted)'
check "a filter denies it a system call" "mkdir: can't create directory '/tmp/made': No anode"
check "has the devices of every container" '^zeroes: 4$'
check "and no other" 'head: /dev/kmsg: No such file'
check "its exit status is passed on" '^status 7$'
check "nothing is left" '^left: *$'
echo "1..$count"
echo "$count checks, 0 skipped, $failed failed"
[ "$failed" = 0 ] || sed 's/^/# /' "$work/said"
[ "$failed" = 0 ]
