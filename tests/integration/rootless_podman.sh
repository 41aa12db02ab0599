#!/bin/bash
# podman and buildah of an ordinary user, with pctrun as their runtime
# time: 90 s
# shellcheck source=engine.sh
. "$(dirname "$0")/engine.sh"
needs podman conmon buildah umoci newuidmap slirp4netns

uid=7071 home=$WORK/home
configured /etc/containers/containers.conf.d/pctrun.conf
cat >/etc/containers/containers.conf.d/test.conf <<'END'
[containers]
default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
log_driver = "k8s-file"
[engine]
events_logger = "file"
cgroup_manager = "cgroupfs"
END
echo "tester:x:$uid:$uid::$home:/bin/sh" >>/etc/passwd
echo "tester:x:$uid:" >>/etc/group
echo "tester:720000:65536" | tee /etc/subuid >/etc/subgid
install -d -m 755 /run/user
install -d -m 700 -o $uid -g $uid "$home" /run/user/$uid
chmod 755 /sys/fs/cgroup
# For the network: as every distribution has it.
mknod -m 666 "$WORK/tun" c 10 200 && mount --bind "$WORK/tun" /dev/net/tun

cat >"$WORK/user" <<END
#!/bin/sh
cd "$home" && exec setpriv --reuid $uid --regid $uid --init-groups env -i PATH=$PATH TERM=xterm \
    HOME="$home" XDG_RUNTIME_DIR=/run/user/$uid STORAGE_DRIVER=overlay "\$@"
END
chmod 755 "$WORK/user"
user() { "$WORK/user" "$@"; }
podman() { user podman "$@"; }
run() { podman run --rm --network none "$@"; }

image
cp "$image" "$home/image.tar" && chown $uid "$home/image.tar"
require "an image" podman load -q -i image.tar
podman tag "$(tail -n 1 <<<"${out#Loaded image: }")" busybox

documented_commands rootless
says "ids of /etc/subuid" "$(printf '%10d %10d %10d\n' 0 $uid 1 1 720000 65536)" run busybox cat /proc/self/uid_map
says "a network by slirp4netns" $'lo\ntap0' podman run --rm busybox ls /sys/class/net
says "the host's network" lo podman run --rm --network host busybox sh -c 'ls /sys/class/net | grep -x lo'
says "the host's processes" yes run --pid host busybox sh -c '[ -d /proc/$$ ] && echo yes'
says "--userns keep-id" "$uid" run --userns keep-id busybox id -u
says "a user of the image" 1000 run --user alice busybox id -u
status "standard input and the exit status" 7 sh -c "echo 'exit 7' | '$WORK/user' podman run --rm -i --network none busybox sh"
# podman tells the size once the program runs.
status "a terminal" 5 person --rows 30 --columns 90 'expect:30 90\r\n/dev/pts/0' 'send:exit 5\r' wait -- \
    "$WORK/user" podman run -it --rm --network none busybox sh -c \
    'until stty size 2>/dev/null | grep -x "30 90"; do sleep 0.1; done; tty; sh'
says "a volume, a tmpfs, a read-only root" $'touch: /no: Read-only file system\n'"$uid" \
    run --read-only --tmpfs /x -v "$home:/h" busybox sh -c 'touch /x/yes && touch /h/yes && touch /no 2>&1; echo '$uid
is "files in the volume are the user's" "$(stat -c %u "$home/yes")" $uid
says "a volume that may only be read" no run -v /usr:/u:ro busybox sh -c 'touch /u/x 2>/dev/null || echo no'

runs "run -d" podman run -d --name c --network none --init=false \
    busybox sh -c 'trap "echo ended; exit 6" TERM; echo started; while :; do sleep 0.1; done'
eventually "it has started" sh -c "'$WORK/user' podman logs c | grep -x started"
says "exec" 0 podman exec c id -u
status "exec -it" 3 person 'expect:# ' 'send:exit 3\r' wait -- "$WORK/user" podman exec -it c sh
runs "top" podman top c
status "pause needs a cgroup" 125 podman pause c
like "and says so" "$out" 'pctrun: container .* has no cgroup'
runs "stop" podman stop c
says "its exit status" 6 podman inspect c --format '{{.State.ExitCode}}'
says "logs" $'started\nended' podman logs c
runs "rm" podman rm c
[ ! -e /etc/pctrun/accept-unenforced ] || mv /etc/pctrun/accept-unenforced "$WORK/accepted"
refused "a limit that nobody enforces" "can't enforce" run --memory 64m busybox true
[ ! -e "$WORK/accepted" ] || mv "$WORK/accepted" /etc/pctrun/accept-unenforced

printf 'FROM localhost/busybox\nRUN id -u >/built\n' >"$home/Containerfile"
runs "buildah bud" user buildah bud --runtime /usr/bin/pctrun --network none -q -t built .
says "what it has built" 0 run built cat /built
is "the state is the user's, and empty" "$(stat -c %u /run/user/$uid/pctrun) $(ls /run/user/$uid/pctrun)" "$uid "
done_testing
