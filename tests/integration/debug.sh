#!/bin/bash
# pctrun debug: a shell with tools in a container that has none, and nothing of it in the container.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

# distroless NAME ARG...: as bundle, with one static program for a root
distroless() {
    mkdir -p "$1/rootfs/proc" "$1/rootfs/dev" "$1/rootfs/sys"
    cp "$(command -v busybox)" "$1/rootfs/sleep"
    bundle "$@"
}
inside() { ls -A "$1/rootfs"; }

seccomp=',"seccomp":{"defaultAction":"SCMP_ACT_ALLOW","architectures":["SCMP_ARCH_X86_64"],
    "syscalls":[{"names":["uname"],"action":"SCMP_ACT_ERRNO","errnoRet":38}]}'
process=',"noNewPrivileges":true' linux=$seccomp root=',"readonly":true' user='"uid":1000,"gid":1001' \
    distroless c /sleep 1000
require "a container without a shell" pctrun run -d -b c c
pid=$(container_pid c)
status "has none" 255 pctrun exec c sh -c true
cp "/proc/$pid/mountinfo" before
inside c >files

runs "but so it has" pctrun debug c sh -c 'hostname && ps && id -u && ls -d /proc/1 && readlink /sleep || ls /sleep'
like "its host name" "$out" '^tested$'
like "its processes" "$out" '1 .*sleep 1000$'
like "its files" "$out" '^/sleep$'
like "as root" "$out" '^0$'
status "the command's status is its own" 7 pctrun debug c sh -c 'exit 7'
is "input and output are the caller's" "$(echo typed | pctrun debug c cat)" typed
status "no such command" 255 pctrun debug c nonesuch
like "is the command line's" "$out" 'executable file not found in \$PATH.* \(from the command line\)$'
like "and where it could be" "$out" '; busybox has no such applet: name a folder that has it with --tools'

# --- nobody in there sees it

mkfifo gate said
pctrun debug c sh -c 'echo there; read -r line </proc/self/fd/0' <gate >said &
debug=$!
exec 3>gate
read -r line <said
is "while it runs" "$line" there
is "the container's mounts are the same" "$(cat "/proc/$pid/mountinfo")" "$(cat before)"
place=$(pctrun debug c sh -c 'echo ${PATH%%:*}')
is "the place is empty for it" "$(ls -A "/proc/$pid/root$place")" ''
is "its files are the same" "$(inside c)" "$(cat files)"
is "and its devices" "$(ls "/proc/$pid/root/dev/pts")" ptmx
exec 3>&-
wait $debug
is "nor afterwards" "$(cat "/proc/$pid/mountinfo")" "$(cat before)"

# A mount that the container shares with others hands nothing on.
mkdir shared && mount --bind shared shared && mount --make-shared shared
mounts=",{\"destination\":\"/shared\",\"source\":\"$WORK/shared\",\"options\":[\"rbind\",\"rshared\"]}" \
    linux=',"rootfsPropagation":"shared"' distroless shared-c /sleep 1000
runs "mounts that others share" pctrun run -d -b shared-c shared
runs "a mount of the shell's" pctrun debug shared sh -c 'mount -t tmpfs none /shared && mount | grep -c " /shared "'
is "stays with it" "$(grep -c " $WORK/shared " /proc/self/mountinfo) $(grep -c ' /shared ' "/proc/$(container_pid shared)/mountinfo")" "1 1"
pctrun delete -f shared
umount shared

# --- one layer at a time

# says LAYERS PATTERN: of /proc/self/status
layer() {
    # shellcheck disable=SC2086 # options
    runs "${1:-no layer more}" pctrun debug $1 c cat /proc/self/status
    like "${1:-no layer more}: $2" "$out" "$2"
}
every=$(sed -n 's/^CapBnd:\t//p' /proc/self/status)
layer '' "^CapEff:	$every"
layer '' '^NoNewPrivs:	0'
layer '' '^Seccomp:	0'
layer '' '^Uid:	0	0	0	0'
layer '--creds keep' '^CapBnd:	00000000000400eb'
layer '--creds keep' '^NoNewPrivs:	1'
layer '--creds keep' '^Uid:	1000	1000	1000	1000'
layer '--creds keep' '^Gid:	1001	1001	1001	1001'
layer '--creds keep' '^Seccomp:	0'
layer '--seccomp keep' '^Seccomp:	2'
layer '--seccomp keep' "^CapEff:	$every"
layer '--creds leave --seccomp leave' '^Seccomp:	0'

is "the filter that is kept says no" "$(pctrun debug --seccomp keep c uname 2>/dev/null)" ''
is "the one that is left doesn't" "$(pctrun debug c uname)" Linux
for option in --net --pid --ipc --uts; do
    own=$(readlink "/proc/$pid/ns/${option#--}") host=$(readlink "/proc/self/ns/${option#--}")
    for word in keep leave; do
        pctrun debug $option $word c sleep 1000 &
        debug=$!
        # shellcheck disable=SC2317 # called by eventually
        sleeper() { child=$(pgrep -P $debug -x sleep) && [ "$(tr '\0' ' ' <"/proc/$child/cmdline")" = "sleep 1000 " ]; }
        eventually "$option $word" sleeper
        [ $word = keep ] && want=$own || want=$host
        is "$option $word: the namespace" "$(readlink "/proc/$child/ns/${option#--}")" "$want"
        kill "$child"
        wait $debug
    done
done

cgroup_of() { pctrun debug "$@" c sh -c 'exec sleep 1000' & debug=$!; }
cgroup_of --cgroup leave
eventually "--cgroup leave" sleeper
is "--cgroup leave: the caller's" "$(grep '^0:' "/proc/$child/cgroup")" "$(grep '^0:' /proc/self/cgroup)"
kill "$child"; wait $debug
cgroup_of
eventually "--cgroup keep" sleeper
is "--cgroup keep: the container's" "$(grep '^0:' "/proc/$child/cgroup")" "$(grep '^0:' "/proc/$pid/cgroup")"
kill "$child"; wait $debug

runs "paused" pctrun pause c
status "in its cgroup nothing runs" 255 pctrun debug c true
runs "beside it the shell does" pctrun debug --cgroup leave c true
runs "resumed" pctrun resume c

namespaces="$default_namespaces,{\"type\":\"user\"}" linux=$userns_maps distroless u /sleep 1000
shift_owner u/rootfs
runs "a container with a user namespace" pctrun run -d -b u u
runs "kept" pctrun debug u sh -c 'cat /proc/self/uid_map; grep CapEff /proc/self/status; id -u'
like "its ids" "$out" '^ +0 +100000 +65536$'
like "all capabilities in there" "$out" '^CapEff:	0*1f*$'
cp "/proc/$(container_pid u)/mountinfo" before
runs "left" pctrun debug --user leave --pid leave u sh -c 'ls -ln / | grep sleep'
like "files as the host sees them" "$out" ' 100000 +100000 '
is "its mounts are the same" "$(cat "/proc/$(container_pid u)/mountinfo")" "$(cat before)"

# --- a terminal

runs "a terminal" person 'expect:# ' 'send:tty; stty size; exit 0\r' wait -- pctrun debug c
like "is the shell's alone" "$out" '/dev/pts/0'
is "not the container's" "$(ls "/proc/$pid/root/dev/pts")" ptmx
runs "a terminal that is asked for" pctrun debug --tty c tty </dev/null
like "where there is none" "$out" '/dev/pts/0'
runs "TERM is the caller's" person 'expect:# ' 'send:echo "[$TERM]"; exit\r' wait -- env TERM=vt100 "$BUILD/pctrun" debug c
like "as it is there" "$out" '\[vt100\]'

# --- the user's own tools

mkdir -p tools/bin && cp "$(command -v busybox)" tools/bin/sh && printf '#!/bin/sh\n' >tools/readme
chmod u+s tools/bin/sh
runs "the user's tools" pctrun debug --tools tools c sh -c 'cd "${PATH%%:*}" && echo *; true >readme; true'
like "are shown" "$out" '^bin readme$'
like "read-only" "$out" 'Read-only file system'
runs "where the user wants" pctrun debug --tools tools --at /sys c sh -c 'cd /sys && echo *'
like "over what is there" "$out" '^bin readme$'

# --- what can't be

refused "no such container" 'container nobody does not exist' pctrun debug nobody
refused "no such folder" '--tools .*nonesuch: No such file' pctrun debug --tools nonesuch c
refused "a tool that isn't there" 'not found in \$PATH.*; put it into /.*tools, or leave --tools out' \
    pctrun debug --tools tools c nonesuch
refused "a file" 'tools/readme: Not a directory' pctrun debug --tools tools/readme c
mkdir -p dynamic/bin && cp "$(command -v bash)" dynamic/bin/tool
refused "a tool that the container can't load" '^pctrun: --tools: tool is not statically linked, and the container has no /.*ld' \
    pctrun debug --tools dynamic c tool
refused "a place that isn't there" '--at /nonesuch, in the container: No such file' pctrun debug --at /nonesuch c
refused "a link" '--at /proc/self, in the container' pctrun debug --at /proc/self c
refused "the root itself" '--at /: a folder below / is needed' pctrun debug --at / c
refused "a relative place" '--at mnt: a folder below / is needed' pctrun debug --at mnt c
refused "neither keep nor leave" "--creds: 'no' is neither keep nor leave" pctrun debug --creds no c
cp -a "$(command -v busybox)" plain
# shellcheck disable=SC2016 # for that shell
refused "no busybox" 'no statically linked busybox in PATH; install busybox-static, or' \
    unshare -m sh -c 'for file in /bin/busybox /usr/bin/busybox; do [ ! -e $file ] || mount --bind /dev/null $file; done
        exec pctrun debug c'
pctrun kill c KILL
eventually "it ends" is_status c stopped
refused "a stopped one" 'cannot debug a stopped container: c' pctrun debug c
done_testing
