#!/bin/bash
# Reports on processes that are hard to report on: names that obey nobody, thousands of things, what
# the kernel shows nothing of. Every report stays true, one line a name, and comes to an end.
# time: 90 s
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=audited.sh
. "$(dirname "$0")/audited.sh"

hostile='' sharing=''
trap 'kill -KILL $hostile $sharing 2>/dev/null; clean_up' EXIT

# become KIND: such a process is $pid
become() {
    [ -z "$hostile" ] || { kill -KILL "$hostile" && wait "$hostile"; } 2>/dev/null
    "$TREE/tests/integration/hostile.py" "$1" >"$1.pid" 2>"$1.err" </dev/zero &
    hostile=$!
    eventually "$1" test -s "$1.pid"
    pid=$(head -n 1 "$1.pid")
}

# harmless: nothing that the last command printed is for the terminal
harmless() { is "$1: nothing for the terminal" "$(tr -d '\n' <<<"$out" | tr -dc '[:cntrl:]' | wc -c)" 0; }

# unseen REGEX: the last report's list of what it could not see
unseen() { like "and says so" "$(get '[(one["what"], one["why"]) for one in report["unseen"]]')" "$1"; }

# --- names

become name
runs "its report" pctrun audit --pid "$pid"
like "has its name" "$out" "^process $pid \(a\)\\\\n\\\\x1b\[31m\) R 1\)\$"
harmless name
report "$pid"
valid
is "as JSON" "$(get 'report["name"]')" 'a)\n\x1b[31m) R 1'
runs "why" pctrun why --pid "$pid" --prove kill "$pid" TERM
like "knows it" "$out" '^proved   done'

become mounts
runs "its report" timeout "$((10 * PCTRUN_TEST_SLOW))" pctrun audit --pid "$pid"
like "has its mounts" "$out" '^  /mnt/1499\\n\\x1b\[31m: tmpfs, '
harmless mounts
status "why" 1 timeout "$((10 * PCTRUN_TEST_SLOW))" pctrun why --pid "$pid" --prove read $'/mnt/7\n\e[31m/none'
like "finds them" "$out" '^proved   ENOENT'
harmless "why"

if capture ip link add $'pct\e' type dummy && ip link del $'pct\e'; then
    become links
    runs "its report" pctrun audit --pid "$pid"
    like "has its interface" "$out" '^  x\\x1b\[31m, dummy, up'
    harmless links
    become name
fi

if [ -c /dev/fuse ]; then
    become mute
    runs "a file system that never answers" timeout "$((60 * PCTRUN_TEST_SLOW))" pctrun why --pid "$pid" write /mnt/file
    like "isn't known" "$out" '^unknown  path +could not be looked at: Connection timed out'
else
    skip "a file system that never answers" "no /dev/fuse"
fi

become network
runs "addresses that change all the time" timeout "$((60 * PCTRUN_TEST_SLOW))" pctrun audit --pid "$pid"
like "are listed" "$out" "^  lo, down, .*10\.9\.0\.1 10\.9\.0\.2 "

mounts=',{"destination":"/mnt/a\nb\u001b[31m","type":"tmpfs","source":"t\nm"}' bundle odd sleep 1000
for command in "plan -b odd" "run -d -b odd odd" "audit odd"; do
    # shellcheck disable=SC2086 # words
    runs "${command%% *} of names in a bundle" pctrun --accept-unenforced all $command
    harmless "${command%% *}"
done
like "a line a step" "$out" '^holds +mount +tmpfs t\\nm on /mnt/a\\nb\\x1b\[31m: tmpfs '
runs "why" pctrun why odd create $'/mnt/a\nb\e[31m/file'
like "a line a layer" "$out" '^allows   mount flags      the mount on /mnt/a\\nb\\x1b\[31m is rw'
harmless "why"

# A control of the terminal's in eight bits, too.
folder=$'o\nb\e[31m\xc2\x9b7m'
bundle "$folder" sleep 1000
runs "run in a folder of a bad name" pctrun run -d -b "$folder" folder
runs "list" pctrun list
like "a line a container" "$out" '^folder .* /.*/o\\nb\\x1b\[31m\\xc2\\x9b7m '
harmless "list"
refused "an error that names it" 'bundle o.b.*\\xc2\\x9b7m/none' pctrun create -b "$folder/none" other

# --- many, and next to nothing

become devices
report "$pid"
valid
is "as many nodes as it lists" "$(get 'len(report["devices"])')" 512
unseen "'more device nodes than those in the list', 'Argument list too long'"

become groups
report "$pid"
is "all its groups" "$(get 'len(report["groups"]), report["groups"][-1]')" '(39999, 39999)'

become unmapped
agrees "without id maps" "$pid"
is "it has none" "$(get 'report["uidMap"], report["gidMap"]')" '([], [])'
is "its capabilities end there" "$(get 'report["capabilities"]["overHost"]')" False
status "why" 1 pctrun why --pid "$pid" --prove syscall reboot
like "knows that" "$out" '^proved   EPERM'
runs "and of a namespace" pctrun why --pid "$pid" --prove unshare net
like "knows that, too" "$out" '^proved   done'
status "also of users" 1 pctrun why --pid "$pid" --prove unshare user
like "which takes ids" "$out" '^DENIES   capability .*no number for its own uid'
like "as the kernel sees it" "$out" '^proved   EPERM'

setpriv --reuid 1000 --regid 1000 --clear-groups sleep 1000 &
sharing=$!
eventually "one that shares our processes" grep -q '^Uid:.1000' "/proc/$sharing/status"
eventually "is itself" grep -q '^Name:.sleep' "/proc/$sharing/status"
runs "why" pctrun why --pid "$sharing" --prove read /proc/self/mem
like "means that by self" "$out" "^allows   path  .* /proc/$sharing/mem"
like "and is right" "$out" '^proved   done'
while read -r status path want; do
    status "follow $path" "$status" pctrun why --pid "$sharing" --prove read "/proc/$path"
    like "as the kernel does" "$out" "$want"
done <<LINKS
1 1/root ^proved...EACCES
1 1/exe ^proved...EACCES
1 1/ns/net ^proved...EACCES
0 self/exe ^proved...done
0 $sharing/ns/net ^proved...done
LINKS
capture pctrun why --pid $$ --prove read "/proc/$sharing/exe"
like "root's answer is the kernel's" "$out" '^proved   '
kill "$sharing"

become rootless
report "$pid"
valid
is "a root that is gone" "$(get 'report["chrooted"], report["devices"]')" '(True, [])'
status "why" 1 pctrun why --pid "$pid" --prove read /etc/passwd
like "finds nothing there" "$out" '^proved   ENOENT'

# --- what can't be looked into, and stays as it is

become strict
report "$pid"
is "strict mode" "$(get 'report["seccomp"]["mode"]')" strict
runs "why" pctrun why --pid "$pid" read /etc/passwd
like "doesn't know" "$out" '^unknown  seccomp +.*strict mode'

become stopped
is_state() { [ "$(ps -o stat= -p "$pid" | cut -c1)" = "$1" ]; }
eventually "is stopped" is_state T
report "$pid"
runs "and why" pctrun why --pid "$pid" --prove read /etc/passwd
runs "leave it so" is_state T

become traced
report "$pid"
unseen "'its system call filters', 'Device or resource busy'"
runs "why" pctrun why --pid "$pid" read /etc/passwd
like "doesn't know" "$out" '^unknown  seccomp'

become leaderless
refused "a process without its first thread" "the first thread of process $pid has ended" pctrun audit --pid "$pid"
status "why" 2 pctrun why --pid "$pid" read /etc/passwd
like "neither" "$out" "the first thread of process $pid has ended"
refused "a thread of the kernel" 'is a thread of the kernel|there is no process' pctrun audit --pid 2

# --- processes that come and go under each command

bad=''
for command in "audit --format json" "why --prove" "seccomp dump"; do
    words=()
    [[ $command != why* ]] || words=(read /etc/passwd)
    for pause in 0.001 0.004 0.008 0.012 0.02; do
        sleep "$pause" &
        # shellcheck disable=SC2086 # words
        capture pctrun $command --pid $! "${words[@]}" ||
            grep -qE "^pctrun: (process $! has ended|there is no process $!)|^pctrun: process $!: .*No such process" <<<"$out" ||
            bad="$bad$command: $out"$'\n'
    done
done
is "processes that vanish meanwhile" "$bad" ''
done_testing
