#!/bin/bash
# pct snapshot, listsnapshot, rollback, delsnapshot, clone and template, on btrfs and on folders.
# time: 120 s
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

pct_storage
alpine_template
conf=$PCTRUN_ETC/lxc/7940.conf clone=$PCTRUN_ETC/lxc/7941.conf
section() { sed -n "/^\[$1\]/,/^\[/p" "$conf"; }
main() { sed '/^$/,$d' "$conf"; }
volume() { sed -n "s/^$1: \([^,]*\).*/\1/p" "${2:-$conf}" | head -n 1; }

# --- a storage that has none

require "create" pct create 7940 "$WORK/template.tar.gz" --ostype alpine --hostname one --rootfs local:0 \
    --net0 name=eth0,bridge=nobridge,hwaddr=BC:24:11:00:00:40
before=$(cat "$conf")
refused "no snapshots on a folder" 'snapshot feature is not available' pct snapshot 7940 one
refused "no linked clone" "Linked clone feature for 'local:7940/subvol-7940-disk-0.subvol' is not available" \
    pct clone 7940 7941 --full 0
is "nothing was changed" "$(cat "$conf")" "$before"
runs "listsnapshot of none" pct listsnapshot 7940
is "is the present" "$(sed 's/ *$//; s/  */ /g' <<<"$out")" '`-> current You are here!'

# --- full clones, on folders

echo mark >"$WORK/storage/images/7940/subvol-7940-disk-0.subvol/mark"
refused "an id that is taken" 'CT 7940 already exists' pct clone 7940 7940
refused "no id" "newid: type check \('integer'\) failed - got 'x'" pct clone 7940 x
refused "no such storage" "storage 'none' does not exist" pct clone 7940 7941 --storage none
refused "another node" "can't clone CT to node 'other': moving containers to other nodes is not possible yet" \
    pct clone 7940 7941 --target other
refused "a limit that is none" "bwlimit: type check \('number'\) failed - got 'x'" pct clone 7940 7941 --bwlimit x
refused "no such snapshot" "snapshot 'none' does not exist" pct clone 7940 7941 --snapname none
refused "a bad name" 'hostname: invalid format' pct clone 7940 7941 --hostname 'a b'
pct set 7940 --mp0 "$WORK,mp=/bind"
refused "a bind" "unable to clone mountpoint 'mp0' \(type bind\)" pct clone 7940 7941
pct set 7940 --delete mp0
runs "clone" pct clone 7940 7941 --hostname two --description copied --target "$(uname -n | cut -d. -f1)" --pool web
like "a pool is passed over" "$out" '^WARN: pool: there are no pools here$'
like "says what it does" "$out" '^create full clone of mountpoint rootfs \(local:7940/subvol-7940-disk-0.subvol\)$'
is "all files" "$(cat "$WORK/storage/images/7941/subvol-7941-disk-0.subvol/mark")" mark
like "its own name" "$(cat "$clone")" '^hostname: two$'
like "its own words" "$(cat "$clone")" '^#copied$'
is "its own address" "$(grep -c 'hwaddr=BC:24:11:00:00:40' "$clone")" 0
is "no lock" "$(cat "$conf" "$clone" | grep -c ^lock)" 0
is "the source is as it was" "$(cat "$conf")" "$before"
runs "destroy the clone" pct destroy 7941
mkdir full
mount -t tmpfs -o size=1M full "$WORK/full"
printf '\ndir: full\n\tpath %s\n' "$WORK/full" >>"$PCTRUN_ETC/storage.cfg"
refused "a storage that gets full" '^clone failed: rootfs: rsync: .*No space left on device' \
    bash -c 'pct clone 7940 7941 --storage full | grep -v ^create; exit "${PIPESTATUS[0]}"'
is "leaves no config" "$(cat "$clone" 2>/dev/null)" ""
is "no volume" "$(find full -type f)" ""
is "and the source as it was" "$(cat "$conf")" "$before"
umount full

# --- templates

runs "template" pct template 7940
is "its volume is a base image" "$(volume rootfs)" local:7940/base-7940-disk-0.subvol
like "and so it says" "$(cat "$conf")" '^template: 1$'
refused "it does not start" "you can't start a CT if it's a template" pct start 7940
refused "nor become one again" "can't convert a template to a template" pct template 7940
refused "nor have snapshots" "can't take a snapshot if it's a template" pct snapshot 7940 one
refused "on a folder it has full clones alone" "Linked clone feature .* is not available" pct clone 7940 7941
runs "a full clone of it" pct clone 7940 7941 --full
is "is none" "$(grep -c ^template "$clone")" 0
is "has its files" "$(cat "$WORK/storage/images/7941/subvol-7941-disk-0.subvol/mark")" mark
runs "template of an image" pct destroy 7941
require "with an image" pct create 7941 "$WORK/template.tar.gz" --ostype alpine --rootfs local:0.0625
runs "made a template" pct template 7941
is "which nobody writes to" "$(stat -c %a "$WORK/storage/images/7941/base-7941-disk-0.raw")" 444
status "not even root" 2 sh -c "echo >>$WORK/storage/images/7941/base-7941-disk-0.raw"
for id in 7940 7941; do runs "destroy $id" pct destroy $id; done
is "nothing is left" "$(ls "$WORK/storage/images")" ""

# --- snapshots

if ! btrfs_storage; then
    skip "snapshots on btrfs" "$out"
    done_testing
    exit
fi
require "create on btrfs" pct create 7940 "$WORK/template.tar.gz" --ostype alpine --rootfs btrfs:0 \
    --mp0 btrfs:0.03125,mp=/data --memory 64 --swap 0
accept_unless_checked 7940
# Without multiple mount protection, which has a file system that was not unmounted wait.
mkfs.ext4 -q -F -O ^mmp -E root_owner=100000:100000 "$WORK/btrfs/images/7940/vm-7940-disk-1/disk.raw"
root=$WORK/btrfs/images/7940/subvol-7940-disk-0.subvol
for name in current vzdump; do
    refused "a reserved name: $name" "unable to use snapshot name '$name'" pct snapshot 7940 $name
done
refused "a bad name" 'snapname: invalid format' pct snapshot 7940 1x
runs "start" pct start 7940 "${accept[@]}"
runs "write" pct exec 7940 -- sh -c 'echo 1 >/file; echo 1 >/data/file'
runs "snapshot of a running one" pct snapshot 7940 first --description 'the first
of all'
is "it runs on" "$(container_status 7940)" running
is "no lock, no state" "$(grep -c '^lock\|snapstate' "$conf")" 0
like "the present has a parent" "$(main)" '^parent: first$'
like "the section has its config" "$(section first)" '^memory: 64$'
like "its words" "$(section first)" '^#the first$'
refused "a name is one snapshot's" "snapshot name 'first' already used" pct snapshot 7940 first
runs "write more" pct exec 7940 -- sh -c 'echo 2 >/file; echo 2 >/data/file'
runs "a new value" pct set 7940 --onboot 1 --description now
runs "a second" pct snapshot 7940 second
runs "write more yet" pct exec 7940 -- sh -c 'echo 3 >/file; echo 3 >/data/file'
runs "the tree" pct listsnapshot 7940
is "of three" "$(awk '{print $1, $2}' <<<"$out" | tr '\n' ' ')" '`-> first `-> second `-> current '
like "with times and words" "$out" '^`-> first {23}20[0-9-]{8} [0-9:]{8}     the first$'
like "one deeper each" "$out" '^  `-> current'
runs "pct config of one" pct config 7940 --snapshot first
refused "of none" "snapshot 'third' does not exist" pct config 7940 --snapshot third

refused "rollback to none" "snapshot 'third' does not exist" pct rollback 7940 third
is "nothing was stopped" "$(container_status 7940)" running
runs "rollback, and start" env PCTRUN_ACCEPT_UNENFORCED="${accept[1]:-}" pct rollback 7940 first --start
is "the root is as it was" "$(pct exec 7940 -- cat /file)" 1
is "so is the image" "$(pct exec 7940 -- cat /data/file)" 1
is "so is the config" "$(main | grep -c '^onboot')" 0
like "but for the words" "$(main)" '^#now$'
like "it comes from there" "$(main)" '^parent: first$'
runs "the other is still there" pct listsnapshot 7940
is "as a branch" "$(sed 's/^\( *`->\) \([a-z]*\).*/\1 \2/' <<<"$out")" '`-> first
 `-> second
 `-> current'
runs "stop" pct stop 7940
runs "rollback to it" pct rollback 7940 second
is "the root is as it was then" "$(cat "$root/file")" 2
is "the config too" "$(main | grep '^onboot')" "onboot: 1"
runs "delete the first" pct delsnapshot 7940 first
is "its child is a root" "$(section second | grep -c ^parent)" 0
is "its part of the volumes is gone" "$(ls "$WORK/btrfs/images/7940")" \
    "$(printf '%s\n' subvol-7940-disk-0.subvol subvol-7940-disk-0.subvol@second vm-7940-disk-1 vm-7940-disk-1@second)"
refused "not twice" "snapshot 'first' does not exist" pct delsnapshot 7940 first
refused "no template of one with snapshots" 'because CT contains snapshots' pct template 7940
refused "no moving of what one has" "you can't move a volume with snapshots and delete the source" \
    pct move-volume 7940 mp0 local --delete

# --- what a crash leaves

sed -i 's/^\[second\]/&\nsnapstate: delete/; 0,/^memory/s//lock: snapshot-delete\nmemory/' "$conf"
refused "half deleted: no rollback" 'unable to rollback to incomplete snapshot \(snapstate = delete\)' pct rollback 7940 second
refused "no deletion while it is locked" 'CT is locked \(snapshot-delete\)' pct delsnapshot 7940 second
runs "unlock" pct unlock 7940

# --- clones on btrfs

sed -i '/^snapstate/d' "$conf"
runs "a linked clone of a snapshot" pct clone 7940 7941 --full 0 --snapname second
like "says so" "$out" '^create linked clone of mount point mp0 \(btrfs:7940/vm-7940-disk-1.raw\)$'
is "has the files of then" "$(cat "$WORK/btrfs/images/7941/subvol-7941-disk-0.subvol/file")" 2
is "no snapshots" "$(grep -c '^\[' "$clone")" 0
runs "it starts" pct start 7941 "${accept[@]}"
is "with its other volume" "$(pct exec 7941 -- cat /data/file)" 2
runs "it stops" pct stop 7941
runs "destroy it" pct destroy 7941
runs "a full clone of a snapshot" pct clone 7940 7941 --snapname second --storage local
is "the image's file" "$(debugfs -R 'cat /file' "$WORK/storage/images/7941/$(basename "$(volume mp0 "$clone")")" 2>/dev/null)" 2
runs "destroy the full one" pct destroy 7941
runs "a forced deletion" pct delsnapshot 7940 second --force
is "there are none" "$(grep -c '^\[\|^parent' "$conf")" 0
runs "template on btrfs" pct template 7940
runs "a clone is linked now" pct clone 7940 7941
like "says so, too" "$out" '^create linked clone'
runs "and starts" pct start 7941 "${accept[@]}"
runs "and can be written to" pct exec 7941 -- sh -c 'echo 4 >/file; echo 4 >/data/file'
runs "and stops" pct stop 7941
for id in 7941 7940; do runs "destroy $id on btrfs" pct destroy $id; done
is "nothing is left on btrfs" "$(ls "$WORK/btrfs/images")" ""
done_testing
