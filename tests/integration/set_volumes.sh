#!/bin/bash
# pct set: volumes that an mpN asks for are made, those of an unusedN that goes are freed; stopped,
# running, and with the next start.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

if emulated; then
    skip "volumes by pct set" "emulated: mkfs takes minutes, and no controller changes it"
    done_testing
    exit
fi

pct_storage
mkdir iso
printf '\ndir: iso\n\tpath %s\n\tcontent iso\n' "$WORK/iso" >>"$PCTRUN_ETC/storage.cfg"
alpine_template
conf=$PCTRUN_ETC/lxc/7942.conf images=$WORK/storage/images/7942
disks() { find "$images" -mindepth 1 -maxdepth 1 -printf '%f\n' | sort | tr '\n' ' '; }
line() { sed -n "s/^$1: //p" "$conf"; }
require "create" pct create 7942 "$WORK/template.tar.gz" --ostype alpine --rootfs local:0
accept_unless_checked 7942

# --- what makes no sense

before=$(cat "$conf")
refused "a storage that is not there" "mp0: storage 'none' does not exist" pct set 7942 --mp0 none:1,mp=/srv
refused "one for other things" "mp0: storage 'iso' does not support container" pct set 7942 --mp0 iso:1,mp=/srv
refused "no storage" "mp0: '8' is no volume of a container" pct set 7942 --mp0 8,mp=/srv
refused "no place" '^400 .*mp0: ' pct set 7942 --mp0 local:1
refused "a new root" 'rootfs: only an mpN gets a new volume' pct set 7942 --rootfs local:1
refused "with something else that is wrong" '^400 .*memory' pct set 7942 --mp0 local:1,mp=/srv --memory 1
refused "an unused one is not given" 'unused0: unable to modify read-only option' \
    pct set 7942 --unused0 local:7942/subvol-7942-disk-0.subvol
is "nothing was changed" "$(cat "$conf")" "$before"
is "or made" "$(disks)" "subvol-7942-disk-0.subvol "

# --- one at a time on a storage

mkdir -p "$PCTRUN_ETC/lock"
exec 9>"$PCTRUN_ETC/lock/pve-storage-local"
flock 9
pct set 7942 --mp9 local:0,mp=/late >waits 2>&1 9>&- &
waiting=$!
eventually "waits for another program's change of the storage" grep -q 'trying to acquire lock' waits
is "with the volume named, and not made" "$(line unused0; disks)" \
    $'local:7942/subvol-7942-disk-1.subvol\nsubvol-7942-disk-0.subvol '
exec 9>&-
runs "goes on after it" wait $waiting
is "makes it" "$(line mp9)" local:7942/subvol-7942-disk-1.subvol,mp=/late,size=0T
runs "it goes" pct set 7942 --delete mp9
runs "for good" pct set 7942 --delete unused0

# --- stopped

runs "an image and a directory" pct set 7942 --mp0 local:0.03125,mp=/image,backup=1 --mp1 local:0,mp=/folder
is "are made" "$(disks)" "subvol-7942-disk-0.subvol subvol-7942-disk-2.subvol vm-7942-disk-1.raw "
is "named with their sizes" "$(line mp0)" "local:7942/vm-7942-disk-1.raw,mp=/image,backup=1,size=32M"
is "both" "$(line mp1)" "local:7942/subvol-7942-disk-2.subvol,mp=/folder,size=0T"
is "nothing is unused" "$(line 'unused[0-9]*')" ""
is "the folder is the container's root's" "$(stat -c %u "$images/subvol-7942-disk-2.subvol")" 100000
runs "one goes" pct set 7942 --delete mp1
is "and is unused" "$(line unused0)" local:7942/subvol-7942-disk-2.subvol
runs "it comes back, elsewhere" pct set 7942 --mp2 local:7942/subvol-7942-disk-2.subvol,mp=/other
is "with its size" "$(line mp2; line unused0)" "local:7942/subvol-7942-disk-2.subvol,mp=/other,size=0T"
runs "another takes its place" pct set 7942 --mp2 local:0,mp=/other
is "the first one is unused" "$(line unused0)" local:7942/subvol-7942-disk-2.subvol
runs "and freed" pct set 7942 --delete unused0
is "with its volume" "$(line unused0; disks)" "subvol-7942-disk-0.subvol subvol-7942-disk-3.subvol vm-7942-disk-1.raw "
printf 'unused3: local:7942/vm-7942-disk-9.raw\nunused4: local:7999/vm-7999-disk-0.raw\n' >>"$conf"
mkdir -p "$WORK/storage/images/7999" && touch "$WORK/storage/images/7999/vm-7999-disk-0.raw"
runs "one that is gone already, and another's" pct set 7942 --delete unused3,unused4
like "that one is kept" "$out" "WARN: unused4: volume 'local:7999/vm-7999-disk-0.raw' is kept: CT 7942 isn't the owner"
is "on its storage" "$(ls "$WORK/storage/images/7999"; line 'unused[0-9]*')" vm-7999-disk-0.raw
rm -r "$WORK/storage/images/7999"
# A snapshot by hand: what counts is that its section names the volume.
runs "unused again" pct set 7942 --delete mp2
printf '\n[one]\nrootfs: local:7942/subvol-7942-disk-0.subvol\nmp2: local:7942/subvol-7942-disk-3.subvol,mp=/other\nsnaptime: 1700000000\n' >>"$conf"
runs "one that a snapshot has" pct set 7942 --delete unused0
like "is kept" "$out" "is kept: snapshot 'one' has it"
is "and no longer unused" "$(line unused0; ls -d "$images/subvol-7942-disk-3.subvol")" "$images/subvol-7942-disk-3.subvol"
sed -i '/^$/,$d' "$conf"
rm -r "$images/subvol-7942-disk-3.subvol"

# --- running

runs "start" pct start 7942 "${accept[@]}"
is "the image is mounted" "$(pct exec 7942 -- stat -c %u /image)" 0
runs "another, while it runs" pct set 7942 --mp1 local:0.03125,mp=/hot
is "is there" "$(pct exec 7942 -- sh -c 'echo data >/hot/file && grep -c " /hot ext4 " /proc/mounts')" 1
is "and in the config" "$(line mp1; line 'unused[0-9]*'; grep -c pve:pending "$conf")" \
    $'local:7942/vm-7942-disk-2.raw,mp=/hot,size=32M\n0'
runs "audit knows it" pctrun audit 7942
refused "with something that fails" "bridge 'nobridge' does not exist" \
    pct set 7942 --mp2 local:0.03125,mp=/more --net3 name=eth3,bridge=nobridge
is "nothing is left of it" "$(line 'mp2\|net3\|unused[0-9]*'; disks)" \
    "subvol-7942-disk-0.subvol vm-7942-disk-1.raw vm-7942-disk-2.raw "
runs "another in place of one that is mounted" pct set 7942 --mp1 local:0,mp=/hot
like "waits, and is not made yet" "$(pct pending 7942; disks)" $'new mp1: local:0,mp=/hot\n.*vm-7942-disk-2.raw $'
runs "what a start would do can be looked at" pct plan 7942
like "without it" "$out" 'WARN: mp1: its volume is made by the next start'
runs "one that is to go" pct set 7942 --delete mp0
like "waits as well" "$(pct pending 7942)" '^del mp0: '
echo 'unused5: local:7942/vm-7942-disk-8.raw' >rest && touch "$images/vm-7942-disk-8.raw"
sed -i '/^unprivileged/r rest' "$conf"
runs "what nobody uses" pct set 7942 --delete unused5
is "goes at once" "$(line unused5; ls "$images/vm-7942-disk-8.raw" 2>/dev/null)" ""
runs "stop" pct stop 7942
runs "start" pct start 7942 "${accept[@]}"
is "the new one is there, empty" "$(pct exec 7942 -- ls /hot; line mp1)" local:7942/subvol-7942-disk-3.subvol,mp=/hot,size=0T
is "the old ones are unused" "$(line 'unused[01]' | sort; grep -c 'pve:pending\|^mp0' "$conf")" \
    $'local:7942/vm-7942-disk-1.raw\nlocal:7942/vm-7942-disk-2.raw\n0'
runs "stop it" pct stop 7942
runs "destroy" pct destroy 7942
is "nothing is left" "$(ls "$images" 2>/dev/null)" ""
done_testing
