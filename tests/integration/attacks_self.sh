#!/bin/bash
# Attacks on the runtime's own processes from inside: its binary, memory, descriptors. Attackers are
# in tests/attack/; docs/security.md says what stops them.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

binary=$(realpath "$BUILD/pctrun")
as_built=$(sha256sum <"$binary")
all_capabilities() {
    sed -n 's/^#define \(CAP_[A-Z_]*\)[[:space:]]*[0-9]*$/"\1"/p' /usr/include/linux/capability.h | paste -sd,
}

# An image in which the runtime's binary can run, and attackers.
hostile_root() {
    cp "$BUILD"/attack/* "$1/rootfs/bin/"
    ldd "$binary" 2>/dev/null | grep -o '/[^ ]*' | while read -r library; do
        mkdir -p "$1/rootfs$(dirname "$library")"
        cp "$library" "$1/rootfs$library"
    done
    ln -s /proc/self/exe "$1/rootfs/bin/ours"
    printf '#!/proc/self/exe --log=/tmp/fifo\n' >"$1/rootfs/bin/script"
    chmod 755 "$1/rootfs/bin/script"
    mkfifo "$1/rootfs/tmp/fifo"
}

# CVE-2019-5736: a program that is the runtime once more, and waits for the other end of its log.
# Another one takes hold of its file and writes to it once it is not executed any more.
found() {
    pid=$(pctrun exec c sh -c "grep -El '^(/proc/self/exe|/bin/ours)' /proc/[0-9]*/cmdline" | cut -d/ -f3)
    [ -n "$pid" ]
}

# Detached: while a runtime waits on the host, its file is busy.
attack_binary() { # NAME PROGRAM
    runs "$1" pctrun exec -d c "$2" --log=/tmp/fifo nothing
    eventually "$1: it waits" found
    pctrun exec -d c sh -c "overwrite /proc/$pid/exe $pid >/tmp/said; echo status \$? >>/tmp/said"
    eventually "$1: attacked" grep -q status b/rootfs/tmp/said
    is "$1: its file is held, but can't be written to" "$(cat b/rootfs/tmp/said)" \
        "holds /proc/$pid/exe"$'\n''status 1'
    rm b/rootfs/tmp/said
}

# With every capability and no user namespace: nobody could do more inside.
capabilities="[$(all_capabilities)]" bundle b sleep 1000
hostile_root b
require "a container that may do anything" pctrun run -d -b b c
for program in /proc/self/exe /bin/ours /bin/script; do
    attack_binary "exec of $program" $program
done
runs "the end" pctrun delete -f c

bundle b /proc/self/exe --log=/tmp/fifo nothing
require "a container whose own program is the runtime" pctrun run -d -b b c
status "its file can't be written to, not from the host either" 1 "$BUILD/attack/overwrite" \
    "/proc/$(container_pid c)/exe" "$(container_pid c)"
runs "the end" pctrun delete -f c
is "the binary is what it was" "$(sha256sum <"$binary")" "$as_built"

# Who owns the file but may not mount goes on from memory; who can't write to it anyway, as it is.
install -d -o 1000 -g 1000 own
install -o 1000 -g 1000 -m 755 "$binary" own/pctrun
mkfifo -m 666 fifo
executes() { # PROGRAM
    [ "$(readlink "/proc/$pid/exe")" = "$1" ]
}
runs_from() { # NAME PROGRAM COMMAND...: while it waits for the other end of its log
    "${@:3}" --log=fifo run -b nowhere x 2>/dev/null &
    pid=$!
    eventually "$1" executes "$2"
    eventually "$1: under its name" grep -qx pctrun "/proc/$pid/comm" # the kernel gives it another first
    case $2 in
    /memfd:*) is "$1: which nobody can write to" "$("$BUILD/attack/overwrite" "/proc/$pid/exe" $pid)" "holds /proc/$pid/exe" ;;
    esac
    kill $pid 2>/dev/null
    wait $pid 2>/dev/null
}
runs_from "its owner, an ordinary user, executes a sealed copy" "/memfd:pctrun (deleted)" \
    setpriv --reuid 1000 --regid 1000 --clear-groups own/pctrun
runs_from "root without CAP_SYS_ADMIN too" "/memfd:pctrun (deleted)" \
    setpriv --bounding-set -sys_admin own/pctrun
chown root:root own own/pctrun
runs_from "another user executes the file" "$WORK/own/pctrun" \
    setpriv --reuid 1000 --regid 1000 --clear-groups own/pctrun
runs_from "so does root where it is read-only" "$WORK/own/pctrun" unshare -m sh -c \
    'mount --bind own own && mount -o remount,bind,ro own && exec own/pctrun "$@"' sh
runs_from "else through a mount of its own" / own/pctrun

# /proc/PID/stat has the name as it is: what follows looks like a dead process'.
# shellcheck disable=SC2016 # for the shell inside
bundle hidden sh -c 'printf "x) Z 1\n1) Z 1" >/proc/self/comm; echo renamed; read -r x <>/tmp/fifo'
mkfifo hidden/rootfs/tmp/fifo
pctrun run -b hidden c >renamed &
eventually "a container with a hostile name" grep -qx renamed renamed
is "is known to run" "$(container_status c)" running
runs "and ends" pctrun kill c KILL
wait $!
runs "nothing of it stays" sh -c '! pctrun state c'

# CVE-2016-9962, CVE-2016-8649: one container watches what appears in its pid namespace, while another
# one is made to share it, waits for its start, and processes are exec'd into both. Same rights.
bundle spying spy pctrun
hostile_root spying
pctrun run -b spying spy >spied 2>&1 &
eventually "a container that spies" grep -qx looking spied
namespaces="{\"type\":\"pid\",\"path\":\"/proc/$(container_pid spy)/ns/pid\"},{\"type\":\"mount\"},{\"type\":\"uts\"}" \
    bundle b sleep 1000
end=$((SECONDS + 10))
while [ $SECONDS -lt $end ]; do
    pctrun create -b b c && pctrun exec c true && pctrun exec spy true && pctrun start c &&
        pctrun delete -f c || break
done >failure 2>&1
is "others are made beside it" "$(cat failure)" ""
runs "the spy ends" pctrun kill spy TERM
wait $!
like "and has seen them" "$(cat spied)" '^seen [0-9]{2}'
is "but got nothing" "$(grep ^got spied | sort | uniq -c)" ""
done_testing
