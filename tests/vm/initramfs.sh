#!/bin/bash
# pctrun where there is nothing else: a kernel, an initramfs with busybox and pctrun, no
# root device, so that pivot_root(2) is refused. Prints TAP lines; fails when one is not ok.
#   BUILD=build   PCTRUN_VM_TIMEOUT=seconds (120)
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
tree=$(cd "$here/../.." && pwd)
BUILD=$(cd "$tree" && realpath "${BUILD:-build}")

"$tree/scripts/dependencies.sh" vm >&2
kernel=$("$here/kernel.sh")
work=$(mktemp -d /tmp/pctrun-initramfs.XXXXXX)
trap 'rm -rf "$work"' EXIT

make_bundle() {
    local bundle=$1
    mkdir -p "$bundle"/rootfs/{bin,dev,proc,sys,tmp}
    cp /bin/busybox "$bundle/rootfs/bin/busybox"
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
    exit 7"""]
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
    cp /bin/busybox "$root/bin/busybox"
    cp "$BUILD/pctrun" "$root/bin/pctrun"
    make_bundle "$root/bundle"
    cat >"$root/init" <<'INIT'
#!/bin/busybox sh
/bin/busybox mount -t devtmpfs dev /dev
exec >/dev/ttyS0 2>&1
export PATH=/bin
/bin/busybox --install -s /bin
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t cgroup2 cgroup2 /sys/fs/cgroup
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
timeout --foreground "${PCTRUN_VM_TIMEOUT:-120}" qemu-system-x86_64 -nodefaults -no-reboot \
    -display none -machine pc,hpet=off -accel tcg,thread=single -cpu max -m 256 \
    -serial "file:$work/console" -kernel "$kernel/vmlinuz" -initrd "$work/initramfs" \
    -append "quiet console=ttyS0 mitigations=off no_timer_check panic=-1" </dev/null || :
tr -d '\r' <"$work/console" >"$work/said"

count=0 failed=0
check "the container runs" '^pid 1$'
check "with its own ids" '^uid map  ?0 100000 65536'
check "sees its root" '^root: bin dev proc sys tmp $'
check "and nothing above it" '^above: bin dev proc sys tmp $'
check "gets no second procfs by which it could look around the first" 'mount: .*(denied|permitted)'
check "its exit status is passed on" '^status 7$'
check "nothing is left" '^left: *$'
echo "1..$count"
echo "$count checks, 0 skipped, $failed failed"
[ "$failed" = 0 ] || sed 's/^/# /' "$work/said"
[ "$failed" = 0 ]
