#!/bin/bash
# pct mount, unmount, df, fsck, fstrim, rescan: a container's volumes on the host.
# time: 120 s
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

pct_storage
images=$WORK/storage/images/7931
alpine_template
mkdir bind
echo host >bind/file
conf=$PCTRUN_ETC/lxc/7931.conf
place=$PCTRUN_ETC/mounted/7931/rootfs
require "create" pct create 7931 "$WORK/template.tar.gz" --ostype alpine --rootfs local:0.0625 \
    --mp0 local:0.03125,mp=/data --mp1 "$WORK/bind,mp=bind,ro=1" --mp2 local:0,mp=/data/below
accept_unless_checked 7931
before=$(cat "$conf")
# Without multiple mount protection, for which the tools wait 11 seconds each.
mkfs.ext4 -q -F -O ^mmp -E root_owner=100000:100000 "$images/vm-7931-disk-1.raw"
mounted() { grep -c " $place" /proc/self/mountinfo; }

# --- mount

runs "mount" pct mount 7931
is "says where" "$out" "mounted CT 7931 in '$place'"
is "all of it" "$(mounted)" 4
is "the root" "$(stat -c %u "$place/bin")" 100000
is "a bind, without a leading slash" "$(cat "$place/bind/file")" host
status "is read-only" 1 touch "$place/bind/new"
runs "a volume in another" sh -c "echo 1 >$place/data/below/file"
is "is that volume" "$(cat "$images/subvol-7931-disk-2.subvol/file")" 1
is "the config is locked" "$(grep ^lock "$conf")" "lock: mounted"
refused "not twice" 'CT is locked \(mounted\)' pct mount 7931
refused "nor changed" 'CT is locked \(mounted\)' pct set 7931 --memory 600
(cd "$place" && exec sleep 100) &
user=$!
is_used() { [ "$(readlink "/proc/$user/cwd")" = "$place" ]; }
eventually "somebody uses it" is_used
refused "unmount while it is used" "unmount $place: Device or resource busy; something uses it" pct unmount 7931
is "keeps the lock" "$(grep ^lock "$conf")" "lock: mounted"
{ kill $user && wait $user; } 2>/dev/null
runs "unmount" pct unmount 7931
is "all of it is gone" "$(mounted)" 0
is "and the folder" "$(ls -d "$place" 2>/dev/null)" ""
is "the config is as before" "$(cat "$conf")" "$before"
is "no loop device is left" "$(losetup -j "$images/vm-7931-disk-0.raw")" ""
refused "nothing is mounted" "no lock found trying to remove 'mounted'" pct unmount 7931
echo 'lock: backup' >>"$conf"
refused "another lock" "found lock 'backup' trying to remove 'mounted' lock" pct unmount 7931
pct unlock 7931
refused "no container" "Configuration file '.*7939.conf' does not exist" pct mount 7939

sed -i 's,^mp0:.*,mp0: local:7931/vm-7931-disk-9.raw\,mp=/data,' "$conf"
refused "a volume that is not there" "volume local:7931/vm-7931-disk-9.raw: No such file .*mp0: in 7931.conf" pct mount 7931
printf '%s\n' "$before" >"$conf"
ln -s /etc template/link
ln -s "$WORK/bind" "$WORK/link"
runs "mount" pct mount 7931
ln -s / "$place/data2"
runs "unmount" pct unmount 7931
sed -i 's,mp=/data/below,mp=/data2/tmp,' "$conf"
refused "a link on the way to a mount point" 'mp2: make or open folder data2' pct mount 7931
is "leaves nothing mounted" "$(mounted)" 0
is "and no lock" "$(grep -c ^lock "$conf")" 0
printf '%s\n' "$before" >"$conf"

runs "mount it" pct mount 7931
runs "start unmounts it" pct start 7931 "${accept[@]}"
is "all of it" "$(mounted)" 0
runs "unmount takes the lock" pct unmount 7931

# --- df

runs "df of a running one" pct df 7931
like "its columns" "$out" '^MP +Volume +Size +Used +Avail +Use% +Path$'
like "the root" "$out" '^rootfs +local:7931/vm-7931-disk-0.raw +[0-9.]+M +[0-9.]+M +[0-9.]+M +[0-9.]+ /$'
is "each volume has a row" "$(wc -l <<<"$out")" 5
running=$(sed -n '/^mp0/p' <<<"$out")
python3 "$TREE/tests/integration/stuck.py" "$(container_pid 7931)" /bind >stuck 2>&1 &
stuck=$!
eventually "a file system is there" grep -q . stuck
if grep -q mounted stuck; then
    runs "df, with a file system that does not answer" pct df 7931
    like "says so" "$out" '^WARN: mp1: no answer within 3 s'
    like "and shows the others" "$out" '^mp2 '
else
    skip "df, with a file system that does not answer" "FUSE: $(cat stuck)"
fi
{ kill $stuck && wait $stuck; } 2>/dev/null
nsenter -t "$(container_pid 7931)" -m umount -l /bind
refused "fsck of a running one" 'cannot run fsck when container is running' pct fsck 7931
runs "fstrim of a running one" pct fstrim 7931
like "of what can be trimmed" "$out" "^$place(/data)?/?: .*trimmed$"
runs "it still has its file" pct exec 7931 -- cat /data/below/file
runs "stop" pct stop 7931
runs "df of a stopped one" pct df 7931
is "is the same" "$(sed -n '/^mp0/p' <<<"$out")" "$running"
is "nothing stays mounted" "$(mounted)" 0
is "and nothing changes" "$(cat "$conf")" "$before"
echo 'lock: backup' >>"$conf"
refused "a locked one" 'CT is locked \(backup\)' pct df 7931
refused "is not trimmed" 'CT is locked \(backup\)' pct fstrim 7931
pct unlock 7931

# --- fstrim

fallocate -l 32M "$images/vm-7931-disk-1.raw"
full=$(stat -c %b "$images/vm-7931-disk-1.raw")
runs "fstrim of the root alone" pct fstrim 7931 --ignore-mountpoints
is "is one line" "$(wc -l <<<"$out")" 1
is "the volume is as big" "$(stat -c %b "$images/vm-7931-disk-1.raw")" "$full"
runs "fstrim" pct fstrim 7931
is "gives blocks back" "$([ "$(stat -c %b "$images/vm-7931-disk-1.raw")" -lt $((full / 2)) ] && echo so)" so

# --- fsck

runs "fsck" pct fsck 7931 --device mp0
like "says what it found" "$out" 'clean'
runs "forced" pct fsck 7931 --device mp0 --force
refused "a directory" "unable to run fsck for 'local:7931/subvol-7931-disk-2.subvol' \(format == subvol\)" \
    pct fsck 7931 --device mp2
refused "one that is not there" 'cannot run command on non-existing mount point mp7' pct fsck 7931 --device mp7
refused "no mount" "device: value 'net0'" pct fsck 7931 --device net0
debugfs -w -R 'clri /lost+found' "$images/vm-7931-disk-1.raw" >/dev/null 2>&1
status "errors are a failure" 255 pct fsck 7931 --device mp0 --force

# --- rescan

mkdir -p "$WORK/storage/images/7932"
truncate -s 1M "$images/vm-7931-disk-7.raw"
touch "$images/notes.txt"
sed -i 's/^\(rootfs:.*size=\)64M/\11M/' "$conf"
runs "rescan, dry" pct rescan --dryrun
is "says all, changes nothing" "$out" "NOTE: running in dry-run mode, won't write changes out!
rescan volumes...
CT 7931: add unreferenced volume 'local:7931/vm-7931-disk-7.raw' as 'unused0' to config.
CT 7931: updated volume size of 'local:7931/vm-7931-disk-0.raw' in config."
is "nothing is written" "$(grep -c '^unused' "$conf")" 0
runs "rescan" pct rescan --vmid 7931
like "a volume" "$(cat "$conf")" '^unused0: local:7931/vm-7931-disk-7.raw$'
like "a size" "$(cat "$conf")" '^rootfs:.*size=64M$'
runs "again" pct rescan
is "finds nothing" "$out" "rescan volumes..."
refused "no id" "vmid: type check \('integer'\) failed - got 'x'" pct rescan --vmid x
echo 'lock: backup' >>"$conf"
status "a locked one ends it" 255 pct rescan
like "and is named" "$out" 'CT is locked \(backup\)'
pct unlock 7931
runs "destroy takes the unused one, too" pct destroy 7931
is "nothing is left" "$(ls "$images" 2>/dev/null)" notes.txt

# --- a storage on an overlay: its files have the devices of the layers

mkdir layer over
mount -t tmpfs layer "$WORK/layer"
mkdir -p layer/lower/images/7933/subvol-7933-disk-0.subvol/{etc,srv} layer/upper layer/work upper work
echo 'ID=alpine' >layer/lower/images/7933/subvol-7933-disk-0.subvol/etc/os-release
if capture mount -t overlay -o "lowerdir=$WORK/layer/lower,upperdir=$WORK/upper,workdir=$WORK/work" overlay "$WORK/over"; then
    printf '\ndir: over\n\tpath %s\n\tcontent rootdir\n' "$WORK/over" >>"$PCTRUN_ETC/storage.cfg"
    echo 'rootfs: over:7933/subvol-7933-disk-0.subvol,size=0T' >"$PCTRUN_ETC/lxc/7933.conf"
    mount -t tmpfs other "$WORK/over/images/7933/subvol-7933-disk-0.subvol/srv"
    touch "$WORK/over/images/7933/subvol-7933-disk-0.subvol/srv/file"
    refused "what is mounted in there" 'Invalid cross-device link' pct destroy 7933
    is "is not removed" "$(ls "$WORK/over/images/7933/subvol-7933-disk-0.subvol/srv")" file
    umount "$WORK/over/images/7933/subvol-7933-disk-0.subvol/srv"
    runs "what is on it is" pct destroy 7933
    is "with all its files" "$(ls "$WORK/over/images")" ""
    umount "$WORK/over"
else
    skip "a storage on an overlay" "$out"
fi
umount "$WORK/layer"
done_testing
