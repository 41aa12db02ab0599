#!/bin/bash
# pct move-volume: to another storage, to another container; what fails half-way loses nothing.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

pct_storage
mkdir second
printf '\ndir: second\n\tpath %s\n\tcontent rootdir\n\ndir: iso\n\tpath %s\n\tcontent iso\n' \
    "$WORK/second" "$WORK/second" >>"$PCTRUN_ETC/storage.cfg"
alpine_template
conf=$PCTRUN_ETC/lxc/7932.conf other=$PCTRUN_ETC/lxc/7933.conf
volume() { sed -n "s/^$1: \([^,]*\).*/\1/p" "${2:-$conf}"; }
require "create" pct create 7932 "$WORK/template.tar.gz" --ostype alpine --rootfs local:0.0625 \
    --mp0 local:0.03125,mp=/data,backup=1 --mp1 local:0,mp=/folder --mp2 "$WORK/second,mp=/bind"
accept_unless_checked 7932

runs "start" pct start 7932 "${accept[@]}"
runs "files with all that files have" pct exec 7932 -- sh -c '
    cd /data && echo one >a && ln a b && ln -s a c && chown 1000:1000 a && chmod 4711 a &&
    truncate -s 8M hole && mkfifo fifo && echo two >/folder/file'
refused "a running one's" 'cannot move volumes of a running container' pct move-volume 7932 mp0 second
runs "stop" pct stop 7932
before=$(cat "$conf")

# --- what is refused

refused "neither" "both 'storage' and 'target-vmid' missing" pct move-volume 7932 mp0
refused "both" 'either set storage or target-vmid, but not both' pct move-volume 7932 mp0 second --target-vmid 7933
refused "an unused one" 'only configured volumes can be moved to another storage' pct move-volume 7932 unused0 second
refused "a bind" "mp2 is $WORK/second, no volume of a storage" pct move-volume 7932 mp2 second
refused "one that is not there" 'CT 7932 has no mp9' pct move-volume 7932 mp9 second
refused "a storage that is not there" "storage 'third' does not exist" pct move-volume 7932 mp0 third
refused "one for other things" "storage 'iso' does not support container directories" pct move-volume 7932 mp0 iso
refused "another digest" 'detected modified configuration' pct move-volume 7932 mp0 second --digest 00
refused "itself" 'source and target are the same' pct move-volume 7932 mp0 --target-vmid 7932
refused "nobody" "Configuration file '.*7939.conf' does not exist" pct move-volume 7932 mp0 --target-vmid 7939
is "nothing was changed" "$(cat "$conf")" "$before"
is "or made" "$(ls second)" ""

# --- to a storage

runs "move" pct move-volume 7932 mp0 second
like "rsync tells of it" "$out" 'Number of files: '
like "the new one is used, with its options" "$(cat "$conf")" \
    '^mp0: second:7932/vm-7932-disk-0.raw,mp=/data,backup=1,size=32M$'
is "the old one is kept" "$(volume unused0)" local:7932/vm-7932-disk-1.raw
is "no lock is left" "$(grep -c ^lock "$conf")" 0
runs "back, and delete it" pct move_volume 7932 mp0 --storage local --delete --bwlimit 100000
is "under the next free number" "$(volume mp0)" local:7932/vm-7932-disk-3.raw
is "it is gone" "$(ls second/images)" ""
runs "a directory" pct move-volume 7932 mp1 second --delete 1
is "stays one" "$(cat second/images/7932/subvol-7932-disk-0.subvol/file)" two
is "the container's root's" "$(stat -c %u second/images/7932/subvol-7932-disk-0.subvol)" 100000
runs "the root" pct move-volume 7932 rootfs second --delete
runs "all of it works" pct start 7932 "${accept[@]}"
is "owners, modes" "$(pct exec 7932 -- stat -c '%u:%g %a %h' /data/a)" '1000:1000 4711 2'
is "links" "$(pct exec 7932 -- sh -c '[ /data/a -ef /data/b ] && readlink /data/c')" a
is "holes" "$(pct exec 7932 -- sh -c 'stat -c %s /data/hole; [ $(stat -c %b /data/hole) -lt 100 ] && echo few')" $'8388608\nfew'
is "pipes" "$(pct exec 7932 -- stat -c %F /data/fifo)" fifo
runs "stop it" pct stop 7932

# --- a storage that gets full

mkdir full
mount -t tmpfs -o size=2M full "$WORK/full"
printf '\ndir: full\n\tpath %s\n' "$WORK/full" >>"$PCTRUN_ETC/storage.cfg"
dd if=/dev/urandom of=second/images/7932/subvol-7932-disk-0.subvol/big bs=1M count=4 status=none
before=$(cat "$conf")
refused "a full disk" 'rsync: .*No space left on device' pct move-volume 7932 mp1 full
is "leaves the config" "$(cat "$conf")" "$before"
is "and nothing there" "$(find full -type f)" ""
umount full

# --- to another container

require "another" pct create 7933 "$WORK/template.tar.gz" --ostype alpine --rootfs local:0
refused "a root" "'rootfs' can't be moved" pct move-volume 7932 rootfs --target-vmid 7933
runs "give" pct move-volume 7932 mp0 --target-vmid 7933
is "says so" "$out" "moving volume 'mp0' from container '7932' to '7933'
removing volume 'mp0' from container '7932' config
target container '7933' updated with 'mp0'"
is "the one has it no more" "$(volume mp0)" ""
like "the other has, with its options" "$(cat "$other")" '^mp0: local:7933/vm-7933-disk-1.raw,mp=/data,backup=1,size=32M$'
is "under the other's name" "$(ls storage/images/7933)" $'subvol-7933-disk-0.subvol\nvm-7933-disk-1.raw'
refused "its key is taken" "Target volume key 'mp0' is already in use for container '7933'" \
    pct move-volume 7932 mp1 --target-vmid 7933 --target-volume mp0
runs "as another" pct move-volume 7932 mp1 --target-vmid 7933 --target-volume mp5
is "on its own storage" "$(volume mp5 "$other")" second:7933/subvol-7933-disk-0.subvol
runs "an unused one" pct move-volume 7932 unused0 --target-vmid 7933 --target-volume unused3
is "stays unused" "$(volume unused3 "$other")" local:7933/vm-7933-disk-2.raw
refused "stays unused in any case" 'an unused volume stays unused' pct move-volume 7933 unused3 --target-vmid 7932 --target-volume mp0
runs "an mpN as an unusedN" pct move-volume 7933 mp5 --target-vmid 7932 --target-volume unused1
is "is one" "$(volume unused1)" second:7932/subvol-7932-disk-0.subvol
runs "start the other" pct start 7933 "${accept[@]}"
is "the files are there" "$(pct exec 7933 -- cat /data/a)" one
runs "stop the other" pct stop 7933
echo 'lock: backup' >>"$other"
refused "a locked one gets none" 'CT is locked \(backup\)' pct move-volume 7932 unused1 --target-vmid 7933
pct unlock 7933
for id in 7932 7933; do runs "destroy $id" pct destroy $id; done
is "nothing is left" "$(find storage/images second/images -type f)" ""
done_testing
