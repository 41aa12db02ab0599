#!/bin/bash
# Descriptors: each verb is called with forty more than it knows of, by callers that forgot to close
# them. None gets into a container, a hook, or what stays behind on the host.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

mkdir outside
# The host's files and folders, a pipe, a socket.
leaky() {
    (
        for fd in $(seq 10 2 46); do eval "exec $fd<outside"; done
        for fd in $(seq 11 2 47); do eval "exec $fd>>outside/file"; done
        exec 48< <(sleep 0.1) 49<>/dev/null
        exec "$@"
    )
}

# What a shell of a busybox has open itself: the folder that ls reads.
own='0 1 2 3'
list='ls /proc/self/fd | paste -sd" " -'
seen() {
    is "$1" "$2" "$own"
}

cat >hook <<EOF
#!/bin/sh
cat >/dev/null
ls /proc/self/fd | paste -sd" " - >>$WORK/hooks
EOF
chmod 755 hook
hooks=''
for kind in prestart createRuntime createContainer poststart poststop; do
    hooks="$hooks${hooks:+,}\"$kind\":[{\"path\":\"$WORK/hook\"}]"
done
top=",\"hooks\":{$hooks}" bundle b sh -c "$list; exec sleep 1000"

leaky pctrun create -b b c >list
waiting=$(for fd in "/proc/$(container_pid c)/fd/"*; do
    [ "${fd##*/}" -lt 3 ] || readlink "$fd"
done | sed 's/:.*//; s,/.*/,,' | sort | paste -sd' ' -)
is "create: the waiting process has what the start needs: a socket, two fifos" "$waiting" "socket start started"
linux=',"seccomp":{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["close_range"],"action":"SCMP_ACT_ERRNO","errnoRet":38}]}' \
    bundle filtered sleep 1000
leaky pctrun create -b filtered f >/dev/null
is "also under a filter without close_range" "$(for fd in "/proc/$(container_pid f)/fd/"*; do
    [ "${fd##*/}" -lt 3 ] || readlink "$fd"
done | sed 's/:.*//; s,/.*/,,' | sort | paste -sd' ' -)" "socket start"
runs "which goes" pctrun delete -f f
leaky pctrun start c
eventually "start: its program runs" test -s list
seen "with nothing more" "$(cat list)"
seen "exec" "$(leaky pctrun exec c sh -c "$list")"
leaky pctrun exec -d c sh -c "$list >/tmp/list"
eventually "exec -d" test -s b/rootfs/tmp/list
seen "has nothing more" "$(cat b/rootfs/tmp/list)"
seen "exec -t" "$(leaky pctrun exec -t c sh -c "$list" </dev/null | tr -d '\r')"
is "exec --preserve-fds 2: those two" "$(pctrun exec --preserve-fds 2 c sh -c "$list" 3<outside 4<outside 20<outside)" "0 1 2 3 4 5"
for verb in state pause resume ps kill list features; do
    case $verb in
    kill) leaky pctrun kill c 0 ;;
    list | features) leaky pctrun $verb ;;
    *) leaky pctrun $verb c ;;
    esac >said 2>&1
    is "$verb does as ever" $? 0
done
leaky pctrun delete --force c
is "hooks have stdio" "$(sort -u hooks)" "$own"
is "all of them" "$(wc -l <hooks)" 5
bundle b sh -c "$list"
seen "run" "$(leaky pctrun run -b b c)"
process=',"terminal":true' bundle b sh -c "$list"
seen "run with a terminal" "$(leaky pctrun run -b b c </dev/null | tr -d '\r')"
process=',"noNewPrivileges":true' linux=',"seccomp":{"defaultAction":"SCMP_ACT_ALLOW"}' bundle b sh -c "$list"
seen "run with a filter" "$(leaky pctrun run -b b c)"

pct_storage
guest=$WORK/storage/private/100
mkdir -p "$guest" && cp -a "$SHARED/rootfs/." "$guest"
rm "$guest/sbin/init"
printf '#!/bin/sh\n%s >/list\ntrap "exit 0" PWR\nwhile :; do sleep 0.1; done\n' "$list" >"$guest/sbin/init"
chmod 755 "$guest/sbin/init"
printf 'arch: amd64\nostype: unmanaged\nhostname: one\nrootfs: %s,size=0\nunprivileged: 0\n' "$guest" >"$PCTRUN_ETC/lxc/100.conf"
runs "pct start" leaky pct start 100 --accept-unenforced all
eventually "its init" test -s "$guest/list"
seen "has nothing more" "$(cat "$guest/list")"
monitor=$(pctrun state 100 | sed -n 's/.*"pid": *\([0-9]*\).*/\1/p')
monitor=$(awk '/^PPid/ {print $2}' "/proc/$monitor/status")
is "nor has the monitor" "$(readlink "/proc/$monitor/fd/"* | grep -c outside)" 0
seen "pct exec" "$(leaky pct exec 100 -- sh -c "$list")"
runs "pct stop" leaky pct stop 100
done_testing
