#!/bin/bash
# An error and a SIGKILL at every point where a volume command changes a volume or a config (a
# FAULT=1 build): what is on the volumes stays in reach, and the documented way out leads out.
# time: 180 s
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

needs_faults "a crash at every change"
pct_storage
if ! btrfs_storage; then
    skip "a crash at every change" "$out"
    done_testing
    exit
fi
confs=$PCTRUN_ETC/lxc
export PCTRUN_FAULT_HIT=$WORK/hit
has_lock() { grep -q ^lock "$confs/$1.conf" 2>/dev/null; }
unlock() { ! has_lock "$1" || pct unlock "$1"; }
named() { sed -n "s/^$2: \([^,]*\).*/\1/p" "$confs/$1.conf" 2>/dev/null | head -n 1; }

# path VOLUME-ID: all of these are directories
path() {
    case $1 in
    local:*) echo "$WORK/storage/images/${1#*:}" ;;
    *) echo "$WORK/btrfs/images/${1#*:}" ;;
    esac
}

forget() {
    for id in 7950 7951; do
        rm -f "$confs/$id.conf" "$confs/$id".conf.tmp.*
        rm -rf "${WORK:?}/storage/images/$id"
        for subvolume in "$WORK/btrfs/images/$id"/*; do
            [ ! -e "$subvolume" ] || btrfs -q subvolume delete "$subvolume"
        done
    done
    rm -rf "$WORK"/btrfs/images/795?
}

# Two containers by hand, as pct create leaves them; $1: the storage of the first one's mp0.
fresh() {
    forget >/dev/null 2>&1
    mkdir -p "$WORK/btrfs/images/7950" "$WORK/btrfs/images/7951"
    for volume in 7950/subvol-7950-disk-0 7950/subvol-7950-disk-1 7951/subvol-7951-disk-0; do
        btrfs -q subvolume create "$WORK/btrfs/images/$volume.subvol"
    done
    mkdir "$WORK"/btrfs/images/{7950/subvol-7950,7951/subvol-7951}-disk-0.subvol/etc
    echo kept >"$WORK/btrfs/images/7950/subvol-7950-disk-1.subvol/file"
    printf 'hostname: a\nostype: unmanaged\nrootfs: btrfs:7950/subvol-7950-disk-0.subvol,size=0T\nmp0: %s:7950/subvol-7950-disk-1.subvol,mp=/data,size=%s\n' \
        "${1:-btrfs}" "${2:-0T}" >"$confs/7950.conf"
    printf 'hostname: b\nostype: unmanaged\nrootfs: btrfs:7951/subvol-7951-disk-0.subvol,size=0T\n' >"$confs/7951.conf"
}

# Every volume is named by a config, in its present or in a snapshot.
all_named() {
    local volume storage
    for volume in "$WORK"/storage/images/*/* "$WORK"/btrfs/images/*/*; do
        [ -e "$volume" ] || continue
        case $volume in "$WORK/storage"/*) storage=local ;; *) storage='\(btrfs\|quota\)' ;; esac
        volume=${volume#*/images/}
        grep -q "$storage:${volume%@*}" "$confs"/*.conf || { echo "nobody names $volume"; return 1; }
    done
}

in_reach() { [ "$(cat "$(path "$(named "$1" "$2")")/file" 2>&1)" = kept ] || { echo "$1 $2 has lost its file"; return 1; }; }

# --- for each command: how it begins, what is called, and what has to hold after a crash

ready_resize() { fresh quota 64M; }
call_resize() { pct resize 7950 mp0 96M; }
holds_resize() { in_reach 7950 mp0 && { call_resize || [ "$1" = ended ]; } && grep -q '^mp0:.*size=96M' "$confs/7950.conf"; }

ready_move() { fresh; }
call_move() { pct move-volume 7950 mp0 local --delete; }
holds_move() {
    in_reach 7950 mp0 && unlock 7950 && all_named || return 1
    case $(named 7950 mp0) in btrfs:*) call_move && in_reach 7950 mp0 && all_named ;; esac
}

ready_give() { fresh; }
call_give() { pct move-volume 7950 mp0 --target-vmid 7951; }
holds_give() {
    pct rescan >/dev/null && all_named || return 1
    [ "$(cat "$(path "$(named 7950 mp0)")/file" "$(path "$(named 7951 'mp0\|unused0')")/file" \
        "$(path "$(named 7951 mp0)")/file" "$(path "$(named 7951 unused0)")/file" 2>/dev/null | head -n 1)" = kept ]
}

ready_clone() { fresh && rm -rf "$confs/7951.conf" && btrfs -q subvolume delete "$WORK/btrfs/images/7951/subvol-7951-disk-0.subvol"; }
call_clone() { pct clone 7950 7951; }
holds_clone() {
    in_reach 7950 mp0 && unlock 7950 && unlock 7951 && all_named || return 1
    [ ! -e "$confs/7951.conf" ] || pct destroy 7951 && ! ls "$WORK/btrfs/images/7951/"* 2>/dev/null
}

ready_link() { ready_clone; }
call_link() { pct clone 7950 7951 --full 0; }
holds_link() { holds_clone; }

ready_snapshot() { fresh; }
call_snapshot() { pct snapshot 7950 one; }
holds_snapshot() {
    in_reach 7950 mp0 && unlock 7950 || return 1
    ! grep -q '^\[one\]' "$confs/7950.conf" || pct delsnapshot 7950 one --force
    all_named && ! ls "$WORK/btrfs/images/7950/"*@* 2>/dev/null
}

ready_delete() { fresh && pct snapshot 7950 one; }
call_delete() { pct delsnapshot 7950 one; }
holds_delete() { holds_snapshot; }

ready_rollback() { ready_delete && echo changed >"$(path "$(named 7950 mp0)")/file"; }
call_rollback() { pct rollback 7950 one; }
holds_rollback() {
    unlock 7950 && call_rollback && in_reach 7950 mp0 && all_named && ! ls "$WORK/btrfs/images/7950/"*.rollback 2>/dev/null
}

ready_template() { fresh; }
call_template() { pct template 7950; }
holds_template() {
    grep -q '^template: 1' "$confs/7950.conf" || call_template || return 1
    in_reach 7950 mp0 && all_named
}

ready_set() { fresh; }
call_set() { pct set 7950 --delete mp0 --mp1 local:0,mp=/new; }
holds_set() {
    all_named && { grep -q '^mp1: local:' "$confs/7950.conf" || call_set; } && all_named &&
        [ "$(cat "$(path btrfs:7950/subvol-7950-disk-1.subvol)/file")" = kept ]
}

ready_free() { fresh && pct set 7950 --delete mp0; }
call_free() { pct set 7950 --delete unused0; }
holds_free() {
    all_named && { ! grep -q '^unused0' "$confs/7950.conf" || call_free; } &&
        [ ! -e "$WORK/btrfs/images/7950/subvol-7950-disk-1.subvol" ]
}

# crash COMMAND HOW FEWEST: until it has no such point any more
crash() {
    local command=$1 how=$2 number failed=0 state
    for number in $(seq 60); do
        "ready_$command" >log 2>&1
        rm -f hit
        state=killed
        PCTRUN_FAULT=change:$number:$how "call_$command" >>log 2>&1 && state=ended
        [ -e hit ] || break
        "holds_$command" $state >>log 2>&1 && continue
        failed=$((failed + 1))
        not_ok "$command: $how at change $number" "$(cat log)" "$(head -n 20 "$confs"/*.conf)" \
            "$(ls -d "$WORK"/{storage,btrfs}/images/*/*)"
    done
    if [ "$state" = ended ] && [ "$number" -gt "$3" ] && [ "$failed" = 0 ]; then
        ok "$command: $how at each of $((number - 1)) changes"
    else
        not_ok "$command: $how: $failed of $number" "$(cat log)"
    fi
}

for how in error kill; do
    crash resize $how 2
    crash move $how 5
    crash give $how 4
    crash clone $how 7
    crash link $how 5
    crash snapshot $how 4
    crash delete $how 4
    crash rollback $how 4
    crash template $how 5
    crash set $how 3
    crash free $how 3
done
forget
done_testing
