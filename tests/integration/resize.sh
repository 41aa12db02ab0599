#!/bin/bash
# pct resize: images and quotas, of stopped and running containers, and what is refused.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

pct_storage
images=$WORK/storage/images/7930
alpine_template
conf=$PCTRUN_ETC/lxc/7930.conf
size() { stat -c %s "$images/vm-7930-disk-$1.raw"; }
# Blocks that the ext4 of an image thinks it has, in bytes.
fs_size() {
    dumpe2fs -h "$images/vm-7930-disk-$1.raw" 2>/dev/null |
        awk '/^Block count/ {n = $3} /^Block size/ {s = $3} END {print n * s}'
}
mib=$((1024 * 1024))

require "create" pct create 7930 "$WORK/template.tar.gz" --ostype alpine --rootfs local:0.0625 \
    --mp0 local:0.03125,mp=/data --mp1 local:0,mp=/folder --mp2 "$WORK,mp=/bind"
accept_unless_checked 7930
before=$(cat "$conf")
# Without multiple mount protection, for which the tools wait 22 seconds where we may not ask the
# kernel.
mkfs.ext4 -q -F -O ^mmp -E root_owner=100000:100000 "$images/vm-7930-disk-1.raw"

# --- what is refused

refused "a smaller size" '^unable to shrink disk size$' pct resize 7930 rootfs 32M
refused "the same size" '^disk is already at specified size$' pct resize 7930 rootfs 64M
refused "no more" '^disk is already at specified size$' pct resize 7930 rootfs +0
for size in '' x 1X 1.M +-1M 64MiB; do
    refused "no size: '$size'" '^400 Parameter verification failed. size: ' pct resize 7930 rootfs "$size"
done
refused "a size beyond all numbers" 'size: ' pct resize 7930 rootfs 99999999999T
refused "no disk" "disk: value 'net0' does not have a value in the enumeration" pct resize 7930 net0 1G
refused "a mount point with too high a number" "disk: value 'mp256'" pct resize 7930 mp256 1G
refused "one that isn't there" '^CT 7930 has no mp9$' pct resize 7930 mp9 1G
refused "a bind" "^mp2 is $WORK, no volume of a storage" pct resize 7930 mp2 1G
refused "a plain directory" "can't resize this image format" pct resize 7930 mp1 1G
refused "no container" "Configuration file '.*7939.conf' does not exist" pct resize 7939 rootfs 1G
refused "another digest" 'detected modified configuration' pct resize 7930 rootfs +1M --digest 00
refused "too few words" '^400 not enough arguments' pct resize 7930 rootfs
echo 'lock: backup' >>"$conf"
refused "a locked one" 'CT is locked \(backup\)' pct resize 7930 rootfs +1M
pct unlock 7930
sed -i 's,^mp0: local:7930/,mp0: local:7931/,' "$conf"
refused "another one's volume" "can't resize mount point owned by another container \(7931\)" pct resize 7930 mp0 +1M
sed -i 's,^mp0: local:7931/,mp0: local:7930/,' "$conf"
is "nothing was changed" "$(cat "$conf")" "$before"

# --- stopped

runs "more" pct resize 7930 mp0 +16M
is "the image" "$(size 1)" $((48 * mib))
is "the file system in it" "$(fs_size 1)" $((48 * mib))
like "the config, and the other keys stay" "$(cat "$conf")" '^mp0: local:7930/vm-7930-disk-1.raw,mp=/data,size=48M$'
runs "with a digest, to a size" pct resize 7930 mp0 0.0546875G --digest "$(sha1sum <"$conf" | cut -d' ' -f1)"
is "it is still sparse" "$([ "$(stat -c %b "$images/vm-7930-disk-1.raw")" -lt 40000 ] && echo so)" so

# --- killed half-way: the image has its size, nothing else knows

truncate -s 60M "$images/vm-7930-disk-1.raw"
runs "again" pct resize 7930 mp0 60M
is "the file system follows" "$(fs_size 1)" $((60 * mib))
like "and the config" "$(cat "$conf")" '^mp0: .*size=60M$'

truncate -s 62M "$images/vm-7930-disk-1.raw"
sed -i '/^mp0:/s/size=60M/size=62M/' "$conf"
runs "killed after that: the config has its size" pct resize 7930 mp0 +0
is "the file system follows, too" "$(fs_size 1)" $((62 * mib))
refused "then nothing is left" '^disk is already at specified size$' pct resize 7930 mp0 62M

# --- a file system that doesn't follow

mkdir bin
printf '#!/bin/sh\necho "resize2fs: no luck today"\nexit 1\n' >bin/resize2fs
chmod 755 bin/resize2fs
runs "more, with tools that fail" env "PATH=$WORK/bin:$PATH" pct resize 7930 mp0 +2M
like "is a warning that says how to go on" "$out" \
    '^WARN: mp0 has its 64M, the file system in it not yet: .*no luck today.*; .*: pct resize 7930 mp0 64M$'
is "the volume has grown" "$(size 1)" $((64 * mib))
like "and so says the config" "$(cat "$conf")" '^mp0: .*size=64M$'
is "the file system has not" "$(fs_size 1)" $((62 * mib))
runs "as it says" pct resize 7930 mp0 64M
is "does what is left" "$(fs_size 1)" $((64 * mib))

# --- running

require "start" pct start 7930 "${accept[@]}"
runs "write" pct exec 7930 -- sh -c 'echo kept >/data/file; exec 3</data/file'
blocks() { pct exec 7930 -- df -k "$1" | awk 'END {print $2}'; }
had=$(blocks /data)
if capsh --has-p=cap_sys_resource 2>/dev/null; then
    runs "more while it runs" pct resize 7930 mp0 +32M
    is "the image" "$(size 1)" $((96 * mib))
    is "the container sees it" "$([ "$(blocks /data)" -gt $((had + 24000)) ] && echo more)" more
    is "with its files" "$(pct exec 7930 -- cat /data/file)" kept
    runs "the root, too" pct resize 7930 rootfs 112M
    is "in one piece" "$(pct exec 7930 -- ls -d /bin)" /bin
else
    runs "more while it runs, which the kernel doesn't let us" pct resize 7930 mp0 72M
    like "is a warning" "$out" '^WARN: mp0 has its 72M.*resize2fs: .*Permission denied to resize.*; .*: pct resize 7930 mp0 72M$'
    is "the file system is as it was" "$(blocks /data)" "$had"
    like "the config is not" "$(cat "$conf")" '^mp0: .*size=72M$'
    pct stop 7930
    runs "again, stopped" pct resize 7930 mp0 72M
    is "the file system follows" "$(fs_size 1)" $((72 * mib))
    pct start 7930 "${accept[@]}"
fi
runs "stop" pct stop 7930
is "e2fsck agrees" "$(e2fsck -fn "$images/vm-7930-disk-1.raw" >/dev/null 2>&1 && echo clean)" clean

if emulated; then
    runs "destroy" pct destroy 7930
    done_testing
    exit
fi

# --- a storage that is full

mkdir full
mount -t tmpfs -o size=24M full "$WORK/full"
printf '\ndir: full\n\tpath %s\n\tcontent rootdir\n\tpreallocation falloc\n' "$WORK/full" >>"$PCTRUN_ETC/storage.cfg"
mkdir -p full/images/7930
fallocate -l 16M full/images/7930/vm-7930-disk-0.raw
mkfs.ext4 -q -O ^mmp full/images/7930/vm-7930-disk-0.raw
runs "a volume there" pct set 7930 --mp3 full:7930/vm-7930-disk-0.raw,mp=/full
refused "is not resized" 'No space left on device' pct resize 7930 mp3 64M
is "the image is as before" "$(stat -c %s full/images/7930/vm-7930-disk-0.raw)" $((16 * mib))
like "the config, too" "$(cat "$conf")" '^mp3:.*,size=16M$'
runs "as much as there is" pct resize 7930 mp3 20M
umount "$WORK/full"

# --- storages that are not usable

sed -i "s,preallocation falloc,is_mountpoint yes," "$PCTRUN_ETC/storage.cfg"
refused "a storage off line" "storage 'full' - directory is expected to be a mount point but is not mounted: '$WORK/full'" \
    pct resize 7930 mp3 +1M
sed -i "s,is_mountpoint yes,nodes elsewhere," "$PCTRUN_ETC/storage.cfg"
refused "another node's" "storage 'full' is not available on node '$(hostname -s)'" pct resize 7930 mp3 +1M
sed -i "s,nodes elsewhere,disable," "$PCTRUN_ETC/storage.cfg"
refused "a disabled one" "storage 'full' is disabled" pct resize 7930 mp3 +1M
runs "forget it" pct set 7930 --delete mp3
sed -i '/^unused0/d' "$conf"
runs "destroy" pct destroy 7930

# --- a subvolume with a quota

if btrfs_storage; then
    require "create on btrfs" pct create 7930 "$WORK/template.tar.gz" --ostype alpine --rootfs quota:0.0625
    limit() { btrfs qgroup show -re --raw "$WORK/btrfs/images/7930/subvol-7930-disk-0.subvol" -f | awk 'END {print $4}'; }
    like "a directory with a size" "$(cat "$conf")" '^rootfs: quota:7930/subvol-7930-disk-0.subvol,size=64M$'
    is "that is its limit" "$(limit)" $((64 * mib))
    runs "more" pct resize 7930 rootfs +16M
    is "is the new limit" "$(limit)" $((80 * mib))
    refused "less" 'unable to shrink disk size' pct resize 7930 rootfs 64M
    like "in the config" "$(cat "$conf")" 'size=80M$'
    runs "start on it" pct start 7930 "${accept[@]}"
    status "it holds" 1 pct exec 7930 -- dd if=/dev/zero of=/big bs=1M count=90
    like "as a full disk" "$out" 'Disk quota exceeded|No space left'
    runs "more while it runs" pct resize 7930 rootfs 120M
    runs "helps" pct exec 7930 -- dd if=/dev/zero of=/big bs=1M count=90
    runs "stop it" pct stop 7930
    runs "destroy it" pct destroy 7930
    is "the subvolume is gone" "$(ls "$WORK/btrfs/images")" ""
else
    skip "quotas of btrfs" "$out"
fi
done_testing
