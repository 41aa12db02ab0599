#!/bin/bash
# The life of a pct container: how it starts, ends, starts again, and what is told about it.
# time: 120 s
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

export PCTRUN_ACCEPT_UNENFORCED=all
mkdir -p storage/snippets
printf 'dir: local\n\tpath %s\n\tcontent rootdir,images,vztmpl,snippets\n' "$WORK/storage" \
    >"$PCTRUN_ETC/storage.cfg"

# busybox's init, which listens for SIGPWR; what it does at the end is seen outside in /mark.
cp -a "$SHARED/rootfs" template
mkdir template/mark
printf '::sysinit:/bin/hostname >/mark/booted\n::respawn:/bin/sleep 1000\n::shutdown:/bin/touch /mark/down\n' \
    >template/etc/inittab
printf 'ID=alpine\n' >template/etc/os-release
echo 3.19 >template/etc/alpine-release
tar -C template -czf template.tar.gz .
pct create 7910 "$WORK/template.tar.gz" --ostype alpine --hostname one --rootfs local:0 \
    --memory 64 --swap 0 --tty 0 >/dev/null 2>&1
root=$(echo "$WORK"/storage/images/7910/*.subvol)
conf=$PCTRUN_ETC/lxc/7910.conf

booted() { [ -s "$root/mark/booted" ]; }
is_running() { [ "$(pct status 7910)" = "status: running" ]; }
is_stopped() { [ "$(pct status 7910)" = "status: stopped" ] && [ ! -e "$PCTRUN_ROOT/7910" ]; }
not_running() { ! is_running; }
monitor_pid() { sed -n 's/.*"monitor":\([0-9]*\).*/\1/p' "$PCTRUN_ROOT/7910/state.json"; }
verbose() { pct status 7910 --verbose | sed -n "s/^$1: //p"; }

# --- start and its guest

start() { pct start 7910 2>/dev/null; }

runs "start" pct start 7910 9>kept
is "the monitor keeps nothing open that pct was called with" \
    "$(find "/proc/$(monitor_pid)/fd" -lname "*/kept" | wc -l)" 0
pss_kib=$(awk '/^Pss:/ {print $2}' "/proc/$(monitor_pid)/smaps_rollup")
if [ "$pss_kib" -le 1024 ]; then
    ok "the monitor's memory: $pss_kib KiB, at most 1024"
else
    not_ok "the monitor's memory" "got:  $pss_kib KiB" "want: at most 1024"
fi
eventually "its init runs" booted
is "the hostname is written for the guest" "$(cat "$root/etc/hostname")" one
is "with the container's owner" "$(stat -c %u:%g "$root/etc/hostname")" 100000:100000
refused "not twice" '^CT 7910 already running' pct start 7910
is "no stray note of an end" "$(ls "$PCTRUN_ROOT/.last" 2>/dev/null)" ""
is "the monitor has left the terminal" "$(readlink "/proc/$(monitor_pid)/fd/0")" /dev/null

# --- shutdown: heard as early as it is asked for

runs "shutdown" pct shutdown 7910
is "is stopped" "$(pct status 7910)" "status: stopped"
is "its shutdown scripts have run" "$(ls "$root/mark/down")" "$root/mark/down"
is "nothing is left of it" "$(ls -A "$PCTRUN_ROOT/.bundle" 2>/dev/null)" ""
like "how it ended" "$(verbose ended)" '^20.*Z, '
rm -f "$root"/mark/*
start
runs "a shutdown at once after the start is not lost" pct shutdown 7910 --timeout $((20 * PCTRUN_TEST_SLOW))
rm -f "$root"/mark/*

refused "shutdown of a stopped one" '^CT 7910 not running$' pct shutdown 7910
refused "stop of a stopped one" '^CT 7910 not running$' pct stop 7910
refused "reboot of a stopped one" '^VM 7910 not running$' pct reboot 7910
status "as Proxmox exits" 255 pct stop 7910

# --- a first process that listens to nothing

sed -i '1i entrypoint: /bin/sleep 1000' "$conf"
start
begun=$SECONDS # the default is a minute
refused "who doesn't listen isn't stopped by shutdown" '^container did not stop$' \
    pct shutdown 7910 --timeout 1
is "the time-out is kept" "$((SECONDS - begun < 50))" 1
is "it runs on" "$(pct status 7910)" "status: running"
runs "but by shutdown --forceStop" pct shutdown 7910 --timeout 1 --forceStop 1
is "then it is stopped" "$(pct status 7910)" "status: stopped"
like "and that is noted" "$(verbose ended)" 'killed by SIGKILL$'

# --- the end by itself

sed -i '1s/.*/entrypoint: \/bin\/sh -c "exit 7"/' "$conf"
runs "start of one that ends at once" pct start 7910
eventually "it ends by itself" is_stopped
like "its exit status is noted" "$(verbose ended)" 'exit status 7$'
sed -i 1d "$conf"

# --- reboot and power-off from inside

start
eventually "up" booted
first=$(container_pid 7910)
rm -f "$root"/mark/*
sed -i 's/^hostname: .*/hostname: two/' "$conf"
pct exec 7910 -- reboot -f >/dev/null 2>&1
eventually "a reboot from inside starts it again" booted
is "from the config as it is now" "$(pct exec 7910 -- hostname)" two
is "it is another process" "$(test "$(container_pid 7910)" != "$first" && echo other)" other
pct exec 7910 -- poweroff -f >/dev/null 2>&1
eventually "a power-off from inside ends it" is_stopped
like "and is noted" "$(verbose ended)" 'powered off$'

# --- reboot from outside

start
eventually "up again" booted
first=$(container_pid 7910)
rm -f "$root"/mark/*
runs "reboot" pct reboot 7910
eventually "it boots" booted
is "after its shutdown scripts" "$(ls "$root/mark/down")" "$root/mark/down"
is "as another process" "$(test "$(container_pid 7910)" != "$first" && echo other)" other

# --- a monitor that is killed

monitor=$(monitor_pid)
kill -9 "$monitor"
eventually "it is gone" test ! -e "/proc/$monitor"
is "its container runs on" "$(pct status 7910)" "status: running"
runs "shutdown undoes it then" pct shutdown 7910
is "all of it" "$(ls -A "$PCTRUN_ROOT" | tr '\n' ' ')" ".bundle .cache .last .log "
like "its end was not seen" "$(verbose ended)" 'unseen: its monitor was gone$'
start
kill -9 "$(monitor_pid)"
runs "or stop" pct stop 7910
start
kill -9 "$(monitor_pid)" "$(container_pid 7910)"
eventually "both killed: it is stopped" not_running
runs "and start cleans up first" pct start 7910
kill "$(monitor_pid)"
eventually "SIGTERM to the monitor ends the container" is_stopped

# --- the hookscript

cat >storage/snippets/hook <<EOF
#!/bin/sh
echo "\$1 \$2 \$SAID" >>$WORK/phases
! grep -qsx "\$2" $WORK/refused
EOF
chmod 755 storage/snippets/hook
phases() { tr '\n' , <"$WORK/phases"; rm -f "$WORK/phases"; }
pct_set() { sed -i -e "1i $1: $2" -e "/^$1: /d" "$conf"; }
export SAID=so
pct_set hookscript local:snippets/hook
pct_set entrypoint '/bin/sleep 1000'
start
is "a start has its phases" "$(phases)" "7910 pre-start so,7910 post-start so,"
pct stop 7910
is "a stop, too" "$(phases)" "7910 pre-stop so,7910 post-stop so,"
echo pre-start >refused
status "one that refuses pre-start" 255 pct start 7910
like "stops the start" "$(paste -sd ' ' <<<"$out")" '(^| )hookscript error for 7910 on pre-start: .*exit status 1 .*7910\.conf:[0-9]+: hookscript'
like "says how to see it" "$out" "run it by hand: $WORK/storage/snippets/hook 7910 pre-start"
is "which changes nothing" "$(pct status 7910; ls "$PCTRUN_ROOT/.bundle")" "status: stopped"
printf 'post-start\npre-stop\npost-stop\n' >refused
phases >/dev/null
runs "one that refuses post-start" pct start 7910
like "only warns" "$out" '^WARN: hookscript error for 7910 on post-start: '
kill -9 "$(monitor_pid)"
runs "or pre-stop and post-stop" pct stop 7910
is "which come without a monitor, too" "$(phases)" \
    "7910 pre-start so,7910 post-start so,7910 pre-stop so,7910 post-stop so,"
chmod 644 storage/snippets/hook
status "one that can't be run" 255 pct start 7910
like "says why" "$out" "script 'local:snippets/hook' is not executable"
sed -i '/^hookscript/d' "$conf"
rm refused

# --- locks

pct_set lock backup
refused "a config's lock" '^CT is locked \(backup\)' pct start 7910
runs "but for --skiplock" pct start 7910 --skiplock
refused "stop minds it" '^CT is locked \(backup\)' pct stop 7910
refused "and shutdown" '^CT is locked \(backup\)' pct shutdown 7910
runs "stop --skiplock doesn't" pct stop 7910 --skiplock 1
pct_set lock mounted
runs "'mounted' is none for start" pct start 7910
refused "it is for shutdown" '^CT is locked \(mounted\)' pct shutdown 7910
runs "it isn't for stop" pct stop 7910
sed -i '/^lock/d' "$conf"
pct_set template 1
refused "a template" "^you can't start a CT if it's a template" pct start 7910
sed -i '/^template/d' "$conf"

locked() { # by somebody
    ! flock -n "$PCTRUN_ETC/lock/pve-config-7910.lock" true
}
(flock 9; exec sleep 1000) 9>"$PCTRUN_ETC/lock/pve-config-7910.lock" &
holder=$!
eventually "a lock" locked
status "somebody else has the lock" 255 pct start 7910
like "as Proxmox says it" "$out" \
    "^trying to acquire lock\.\.\.\$" 
like "and why it ends" "$out" "^can't lock file '.*/pve-config-7910\.lock' - got timeout$"
kill $holder
wait $holder 2>/dev/null

# --- two at a time

pct start 7910 >first 2>&1 &
one=$!
pct start 7910 >second 2>&1 &
two=$!
wait $one; a=$?
wait $two; b=$?
is "of two starts one starts it" "$(printf '%s\n' $a $b | sort -n | tr '\n' ' ')" "0 255 "
# On a machine so busy that a start takes ten seconds, it has waited in vain for the lock.
like "the other says so" "$(cat first second)" '^CT 7910 already running$|got timeout$'
refused "destroy of a running one" '^unable to destroy CT 7910 - container is running' pct destroy 7910
pct shutdown 7910 >shutdown 2>&1 &
waiting=$!
eventually "a shutdown waits" grep -qx 'pct shutdown' "/proc/$waiting/comm"
runs "stop overrules a shutdown" pct stop 7910 --overrule-shutdown
like "and says which" "$out" "^overruled vzshutdown tasks: $waiting$"
wait $waiting
is "that one ended by a signal" "$?" 143
pct start 7910 2>/dev/null &
runs "a stop during a start waits for it" sh -c 'until pct stop 7910 2>/dev/null; do :; done'
wait
is "and wins" "$(pct status 7910)" "status: stopped"

# --- under a service manager

cat >manager.py <<'EOF'
import os, socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind("notify")
out = open("told", "w")
while True:
    out.write(s.recv(4096).decode() + "--\n")
    out.flush()
EOF
python3 manager.py &
manager=$!
eventually "a manager listens" test -S notify
NOTIFY_SOCKET=$WORK/notify pct start 7910 --foreground >foreground 2>&1 &
main=$!
eventually "it is told when the container runs" grep -qx READY=1 told
is "the called process is the monitor" "$(monitor_pid)" $main
alone() { [ "$(ps --ppid $main -o pid= | wc -l)" = 1 ]; }
eventually "and the only one" alone
pct stop 7910
wait $main
is "it ends with the container" $? 0
eventually "after saying so" grep -qx STOPPING=1 told
kill $manager

# As a unit's process, by its cgroup; a systemctl of ours does what the unit does.
unit=$(cgroup2_root)/pct@7910.service
mkdir "$unit" bin
cat >bin/systemctl <<EOF
#!/bin/sh
echo "\$*" >$WORK/asked
export PCTRUN_ROOT=$PCTRUN_ROOT PCTRUN_ETC=$PCTRUN_ETC PCTRUN_ACCEPT_UNENFORCED=all
exec pct start 7910
EOF
chmod 755 bin/systemctl
sh -c "echo \$\$ >$unit/cgroup.procs; exec pct start 7910 --foreground" >/dev/null 2>&1 &
eventually "it runs in a unit" is_running
PATH=$WORK/bin:$PATH runs "reboot of a unit's container" pct reboot 7910 --timeout 1
is "is the unit's restart" "$(cat asked)" "restart pct@7910.service"
wait $!
pct stop 7910
rmdir "$unit"
pct_set entrypoint /nowhere
status "a start that fails in the foreground" 255 pct start 7910 --foreground
like "says why" "$out" '^start 7910: .*nowhere'
sed -i '/^entrypoint/d' "$conf"

# --- what is seen of it

runs "start --debug" pct start 7910 --debug
like "shows steps of the host" "$out" '^cgroup\.create '
like "and of the container" "$out" '^root\.pivot '
is "in no descriptor of its own" "$(pct exec 7910 -- sh -c 'ls -l /proc/1/fd' | grep -c "$WORK")" 0
like "status --verbose: memory" "$(verbose maxmem)" '^67108864$'
is "its process" "$(verbose pid)" "$(container_pid 7910)"
is "keys are sorted" "$(pct status 7910 --verbose | cut -d: -f1)" \
    "$(pct status 7910 --verbose | cut -d: -f1 | LC_ALL=C sort)"
is "none is empty" "$(pct status 7910 --verbose | grep -c ': *$')" 0
is "list" "$(pct list)" "$(printf '%-10s %-10s %-12s %-20s\n' VMID Status Lock Name 7910 running '' two)"
pct stop 7910
done_testing
