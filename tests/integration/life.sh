#!/bin/bash
# The life of a pct container: how it starts, ends, starts again, and what is told about it.
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

runs "start" pct start 7910
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
runs "a shutdown at once after the start is not lost" pct shutdown 7910 --timeout 20
rm -f "$root"/mark/*

refused "shutdown of a stopped one" '^CT 7910 not running$' pct shutdown 7910
refused "stop of a stopped one" '^CT 7910 not running$' pct stop 7910
refused "reboot of a stopped one" '^VM 7910 not running$' pct reboot 7910
status "as Proxmox exits" 255 pct stop 7910

# --- a first process that listens to nothing

sed -i '1i entrypoint: /bin/sleep 1000' "$conf"
start
begun=$SECONDS
refused "who doesn't listen isn't stopped by shutdown" '^container did not stop$' \
    pct shutdown 7910 --timeout 1
is "the time-out is kept" "$((SECONDS - begun < 4))" 1
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
like "and is noted" "$(verbose ended)" 'killed by SIGINT$'

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

kill -9 "$(monitor_pid)"
sleep 0.2
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
is "SIGTERM to the monitor ends the container" \
    "$(kill "$(monitor_pid)"; for _ in $(seq 100); do is_stopped && break; sleep 0.1; done; pct status 7910)" \
    "status: stopped"

done_testing
