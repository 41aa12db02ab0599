#!/bin/bash
# Proxmox's commands with each of their options: known, whatever can be made of them here, and
# answered with one line where there is no such container.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

pct_storage
echo key >keys
touch file

# A command, its words, then its options with a value that they take; 7998 and 7999 are nobody.
synopsis() {
    cat <<'T'
config 7999|--current|--snapshot one
pending 7999|
listsnapshot 7999|
status 7999|--verbose|--verbose 1
df 7999|
unlock 7999|
console 7999|--escape ^b
enter 7999|--keep-env 0
exec 7999 ls|--keep-env|--keep-env=1
push 7999 file /x|--user 0|--group root|--perms 0640
pull 7999 /x file|--user 0|--group root|--perms 640
start 7999|--debug|--skiplock|--debug 0
stop 7999|--skiplock|--overrule-shutdown 1
shutdown 7999|--timeout 3|--forceStop|--forceStop 0
reboot 7999|--timeout 3
suspend 7999|
resume 7999|
set 7999|--delete tty|--revert tty|--digest 00|--memory 64|--swap 0|--cores 1|--cpulimit 0.5|--cpuunits 50
set 7999|--hostname a|--description a|--onboot 1|--startup 1|--protection 0|--tags a|--lock backup|--arch amd64
set 7999|--ostype debian|--nameserver 192.0.2.1|--searchdomain a.b|--tty 1|--cmode tty|--console 1|--debug 1
set 7999|--timezone UTC|--entrypoint /init|--env A=b|--features nesting=1|--hookscript local:snippets/a|--template 1
set 7999|--net31 name=a|--mp255 /a,mp=/b|--dev255 /dev/null|--unused255 local:7999/a.raw|--rootfs local:1|--unprivileged 1
clone 7999 7998|--full|--storage local|--snapname one|--hostname a|--description a|--pool p|--target n|--bwlimit 5
template 7999|
destroy 7999|--force|--purge|--destroy-unreferenced-disks|--purge 1
resize 7999 rootfs +1G|--digest 00
move-volume 7999 mp0 local|--delete|--digest 00|--bwlimit 5
move-volume 7999 mp0|--storage local|--target-vmid 7998
move-volume 7999 mp0 --target-vmid 7998|--target-volume mp1|--target-digest 00
move_volume 7999 mp0|--storage local
mount 7999|
unmount 7999|
fsck 7999|--device mp0|--force 1
fstrim 7999|--ignore-mountpoints|--ignore-mountpoints 0
snapshot 7999 one|--description a
delsnapshot 7999 one|--force
rollback 7999 one|--start|--start 1
migrate 7999 there|--restart|--online|--timeout 3|--target-storage 1|--bwlimit 5
remote-migrate 7999 7998 host=a|--target-storage a:b|--target-bridge a:b|--restart|--online|--timeout 3|--delete|--bwlimit 5
create 7999 none.tar|--storage none|--password secret|--ssh-public-keys none|--pool p|--bwlimit 5|--ignore-unpack-errors
create 7999 none.tar|--force|--restore|--unique|--start|--ha-managed 0|--rootfs 4|--memory 64|--net0 name=a|--mp0 none:1,mp=/a
restore 7999 none.tar|--storage local|--password secret|--ssh-public-keys keys|--pool p|--bwlimit 5|--ignore-unpack-errors
restore 7999 -|--force|--unique|--start|--ha-managed|--rootfs 4|--memory 64|--unprivileged 1
T
}

# answered ARGUMENTS...: an error in one line, which is none of how it was called
answered() {
    ! capture pct "$@" && [ "$(grep -cv '^WARN: ' <<<"$out")" = 1 ] &&
        ! grep -q 'unable to parse\|too many arguments\|not enough arguments\|unknown' <<<"$out"
}

while IFS='|' read -r command options; do
    failed=
    while IFS= read -r option; do
        # shellcheck disable=SC2086
        answered $command $option </dev/null || failed+="pct $command $option: $out"$'\n'
    done <<<"${options//|/$'\n'}"
    is "pct ${command%% *} $options" "$failed" ""
done < <(synopsis)
for command in list cpusets "rescan --dryrun" "rescan --dryrun 1 --vmid 7999"; do
    # shellcheck disable=SC2086
    capture pct $command || :
    like "pct $command" "${out:-nothing}" '^(VMID|no running|rescan|NOTE|nothing|Configuration file)'
done

# unusable NAME LINE COMMAND...: that line, then how pct is used
unusable() {
    status "$1" 255 "${@:3}"
    is "$1, as it says" "$(head -n 1 <<<"$out")" "$2"
    like "$1, with the usage" "$out" '^USAGE: pct '
}

# --- how options are written

is "names in any case" "$(pct config 7999 --CURRENT 2>&1)" "$(pct config 7999 2>&1)"
is "one dash" "$(pct config 7999 -current=1 2>&1)" "$(pct config 7999 2>&1)"
is "shortened" "$(pct config --cur 7999 2>&1)" "$(pct config 7999 2>&1)"
refused "two that begin so" "unknown option --t" pct move-volume 7999 mp0 --t x
refused "an option that is none" "unknown option --nonsense" pct start 7999 --nonsense
refused "no boolean" "unable to parse boolean option" pct start 7999 --debug=maybe
refused "no value" "requires an argument" pct set 7999 --memory
refused "a word too few" '^400 not enough arguments: pct start <vmid>' pct start
refused "a word too many" '^400 too many arguments' pct status 7999 7998
refused "no id" "vmid: type check \('integer'\) failed - got 'x'" pct start x
refused "an id out of range" "vmid: invalid format - '99'" pct start 99
is "a command shortened" "$(pct conf 7999 2>&1)" "$(pct config 7999 2>&1)"
is "ours are no rivals of Proxmox's" "$(pct sto 7999 2>&1)" "$(pct stop 7999 2>&1)"
unusable "two that begin so" "ERROR: unknown command 'pct sta'" pct sta 7999
unusable "no such command" "ERROR: unknown command 'pct acl'" pct acl
for verb in why audit denials debug trace; do
    got=0
    capture pct $verb 7999 || got=$?
    is "pctrun's: $verb" "$got $out" "255 ERROR: unknown command 'pct $verb'; it is pctrun's: pctrun $verb --help"
    like "and pctrun has it" "$(pctrun $verb --help)" "^usage: pctrun $verb "
done
unusable "no command" "ERROR: no command specified" pct

# --- help

runs "help" pct help
like "lists the commands" "$out" '^  move-volume  '
like "marks what rests on other things" "$out" '^  migrate .*\(not possible yet\)$'
runs "help of a command" pct help set
like "its options" "$out" '^ +--net\[n\] '
runs "shortened" pct help conf
like "is the same" "$out" '^usage: pct config '
runs "of all" pct help --verbose
is "each of them" "$(grep -c '^usage: pct' <<<"$out")" "$(pct help | grep -c '^  [a-z]' | awk '{print $1 - 1}')"
runs "of help" pct help help
like "its option" "$out" '--verbose'
runs "of one, verbose" pct help start --verbose 1
like "is that one" "$out" '^usage: pct start '
unusable "of no command" "ERROR: unknown command 'pct nope'" pct help nope
done_testing
