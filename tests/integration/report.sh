#!/bin/bash
# The report of a start that failed: one cause, its rows, and everything else before it; `pct last`
# shows it again. pctrun's error stays one line, on stderr and in the log, but for --report.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

export PCTRUN_ACCEPT_UNENFORCED=all
pct_storage
mkdir -p storage/images/7960/rootfs.subvol elsewhere
cp -a "$SHARED/rootfs/." storage/images/7960/rootfs.subvol
conf=$PCTRUN_ETC/lxc/7960.conf
config() {
    printf '%s\n' 'arch: amd64' 'hostname: faulty' 'ostype: unmanaged' 'rootfs: local:7960/rootfs.subvol' \
        'unprivileged: 0' "$@" >"$conf"
}

# --- pct

config 'entrypoint: /bin/sleep 1000'
runs "last, of one that has not run" pct last 7960
is "says so" "$out" "nothing is noted of CT 7960: it has not run here"
status "last, of none" 2 pct last 7961

config 'lxc.mount.entry: /no/such srv none bind 0 0' 'lxc.kmsg: 1'
status "a start that fails" 255 pct start 7960
report=$(sed -n '/^start 7960: /,$p' <<<"$out")
is "ends with its report" "$(sed -E 's/[0-9]+ of [0-9]+/N of M/' <<<"$report")" \
    "start 7960: mount.source bind /no/such on /srv: open the source: No such file or directory
  config  $conf:6: lxc.mount.entry: /no/such srv none bind 0 0
  step    N of M, stage prepare
  call    open_tree: open the source: ENOENT
  host    / is there, /no is not
  fix     create /no/such on the host or remove this mount"
is "which begins with the only line that is no notice" "$(grep -v '^  ' <<<"$out" | grep -vc '^WARN: ')" 1
like "the notices are before it" "$(grep -v '^  ' <<<"$out" | head -n -1)" '^WARN: .*lxc\.kmsg'
steps() {
    pct plan 7960 2>/dev/null | grep -vE '^(missing|warning) '
}
read -r number of < <(sed -nE 's/^  step    ([0-9]+) of ([0-9]+),.*/\1 \2/p' <<<"$report")
is "its steps are those of the plan" "$of" "$(steps | wc -l)"
like "and its place is that in the plan" "$(steps | sed -n "${number}p")" \
    '^prepare +mount.source +bind /no/such on /srv '
runs "last" pct last 7960
is "shows it again" "$(tail -n +2 <<<"$out")" "$report"
like "says when" "$(head -n 1 <<<"$out")" '^20[0-9-]+T[0-9:.]+Z, a start that failed$'
like "status --verbose has its time" "$(pct status 7960 --verbose)" '^failed: 20[0-9-]+T'
refused "what is no start's business is one line" "^CT is locked \(backup\)" sh -c "echo 'lock: backup' >>$conf; pct start 7960"
like "and is not noted" "$(pct last 7960)" 'open the source'

config 'dev0: /dev/null' 'lxc.mount.entry: /no/such dev/null none bind,create=file 0 0'
status "a device that a raw mount covers" 255 pct start 7960
like "is told with both lines, before the cause" "$out" \
    '^WARN: /dev/null is there by another line already \(dev0: .*, line 6\); .* \(from lxc\.mount\.entry: .*, line 7\)$'

# What was pending is applied by a start, which moves lines: the key's line is named as it is now.
config 'lxc.mount.entry: /no/such srv none bind 0 0' '' '[pve:pending]' 'memory: 64'
status "with pending changes" 255 pct start 7960
line=$(grep -n '^lxc\.mount\.entry: ' "$conf" | cut -d: -f1)
like "the line is that of the file as it is now" "$out" "$(basename "$conf"):$line: lxc\.mount\.entry: /no/such"

config 'entrypoint: /bin/sh -c "exit 7"'
pct start 7960 >/dev/null 2>&1
ended() {
    pct last 7960 | grep -q 'ended: exit status 7$'
}
eventually "last, of one that has ended" ended
unlike_failed() {
    ! pct last 7960 | grep -q failed
}
runs "has nothing of the start before" unlike_failed

config 'entrypoint: /bin/script'
printf '#!/nowhere\n' >storage/images/7960/rootfs.subvol/bin/script
chmod 755 storage/images/7960/rootfs.subvol/bin/script
status "a program that can't be executed fails the start" 255 pct start 7960
is "nothing of it is left" "$(pct status 7960; ls "$PCTRUN_ROOT/.bundle")" "status: stopped"

# --- pctrun

mounts=',{"destination":"/srv","type":"none","source":"/no/such\u001b[31m","options":["bind"]}' bundle b true
status "pctrun run" 1 pctrun --log log run -b b faulty
is "one line" "$(wc -l <<<"$out")" 1
like "with all of it" "$out" \
    '^pctrun: mount\.source .*: open the source: No such file or directory; create /no/such .* \(from mounts\[4\] in config\.json\)$'
status "with --report" 1 pctrun --report --log log2 run -b b faulty
like "several" "$out" '^pctrun: mount\.source bind /no/such.*No such file or directory$'
like "the member of the document" "$out" '^  config  b/config\.json: mounts\[4\]: \{"destination":"/srv","type":"none",'
like "what to do" "$out" '^  fix     create /no/such'
is "no control character reaches the terminal" "$(grep -c $'\033' <<<"$out")" 0
is "the log has the one line" "$(cut -d' ' -f2- log2)" "$(cut -d' ' -f2- log)"
refused "an error that is no start's is one line" 'container faulty does not exist' pctrun --report state faulty
done_testing
