#!/bin/bash
# Mount options, propagation, id-mapped mounts, devices: each as the container's mountinfo and files
# show it.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

run() {
    pctrun run -b b c
}

mount() { # DESTINATION TYPE SOURCE OPTIONS...: one more in $mounts
    mounts="$mounts,{\"destination\":\"$1\",\"type\":\"$2\",\"source\":\"$3\",\"options\":[$(json_strings "${@:4}")]}"
}

# The options of a mount point in $out, which is a mountinfo: of the mount, or of the file system.
options() {
    awk -v at="$1" '$5 == at {o = $6} END {print o}' <<<"$out"
}

super() {
    awk -v at="$1" '$5 == at {o = $NF} END {print o}' <<<"$out"
}

propagation() {
    awk -v at="$1" '$5 == at {o = $7} END {print o}' <<<"$out"
}

# some WORD...: all of them; in the VM, where each takes long, the first three
some() {
    if emulated; then echo "${@:1:3}"; else echo "$@"; fi
}

mkdir -p tree/below tree/file.d
echo text >tree/file
command mount -t tmpfs below tree/below
mounts=''

# word -> the mount's options; a tmpfs has no others of its own
while read -r word want; do
    mounts=''
    mount "/m-$word" tmpfs tmpfs "${word//+/}"
    bundle b cat /proc/self/mountinfo
    capture run
    is "tmpfs: $word" "$(options "/m-$word")" "$want"
done <<'E2'
ro ro,relatime
rw rw,relatime
nosuid rw,nosuid,relatime
nodev rw,nodev,relatime
noexec rw,noexec,relatime
noatime rw,noatime
strictatime rw
nodiratime rw,nodiratime,relatime
nosymfollow rw,relatime,nosymfollow
defaults rw,relatime
E2
neutral='suid dev exec diratime symfollow relatime atime norelatime nostrictatime async nolazytime nomand
 silent loud iversion noiversion'
mounts=''
for word in $neutral; do
    mount "/m-$word" tmpfs tmpfs "$word"
done
bundle b cat /proc/self/mountinfo
capture run
for word in $neutral; do
    is "a word for what is so anyway: $word" "$(options "/m-$word")" rw,relatime
done
mounts=''
mount /later tmpfs tmpfs ro rw nosuid suid noatime relatime noexec
bundle b cat /proc/self/mountinfo
capture run
is "later words win" "$(options /later)" rw,noexec,relatime
mounts=''
mount /data tmpfs tmpfs sync size=64k mode=0750 nr_inodes=100
bundle b sh -c 'cat /proc/self/mountinfo; stat -c %a /data'
capture run
like "a file system's own options" "$(super /data)" '^rw,sync,size=64k,nr_inodes=100,mode=750'
is "its mode" "$(tail -n 1 <<<"$out")" 750
mounts=''
mount /tmp tmpfs tmpfs size=64k
bundle b sh -c 'stat -c %a /tmp'
runs "a tmpfs without a mode" run
is "has that of the folder below it" "$out" 1777
mounts=''
mount /data tmpfs tmpfs size=moon
bundle b true
refused "an option that the file system doesn't know" 'mount tmpfs tmpfs on /data.*size' run

# The same in a file system that the runtime has just made itself.
mounts=''
mount /dev/shm tmpfs tmpfs nosuid nodev noexec mode=1777 size=64k
mount /dev/sync tmpfs tmpfs sync
mount /dev/ro tmpfs tmpfs ro noatime
bundle b cat /proc/self/mountinfo
capture run
is "below our own /dev" "$(options /dev/shm)" rw,nosuid,nodev,noexec,relatime
like "with the file system's own options" "$(super /dev/shm)" '^rw,size=64k'
like "sync" "$(super /dev/sync)" '^rw,sync'
is "ro" "$(options /dev/ro)" ro,noatime
like "is the mount alone" "$(super /dev/ro)" '^rw'
mounts=''
mount /dev/shm tmpfs tmpfs nosuid size=moon
bundle b true
refused "an option that the file system doesn't know there" 'mount tmpfs tmpfs on /dev/shm.*size' run

mounts=''
mount /top tmpfs tmpfs size=64k
bundle b cat /proc/self/mountinfo
mkdir b/rootfs/real
for link in real /real ../../real; do
    ln -sfn "$link" b/rootfs/top
    capture run
    like "a link right below the root, to $link" "$(super /real)" size=64k
    is "has nothing on itself" "$(options /top)" ""
done
rm b/rootfs/top && rmdir b/rootfs/real

for word in $(some ro rro rstrictatime nosuid rnosuid nodev rnodev noexec rnoexec noatime rnoatime rnodiratime rnosymfollow); do
    mounts=''
    mount /in bind "$WORK/tree" rbind "$word"
    bundle b cat /proc/self/mountinfo
    capture run
    flag=${word#r} && [ "$word" != ro ] || flag=ro
    case $word in rstrictatime) top_has='^rw$' below=$top_has ;; *) top_has="(^|,)$flag(,|\$)" below=$top_has ;; esac
    like "$word: the mount" "$(options /in)" "$top_has"
    case $word in
    r?*o | rno* | rstrict*) like "$word: and what is below" "$(options /in/below)" "$below" ;;
    *) is "$word: and not what is below" "$(options /in/below | grep -Ew -- "$flag")" "" ;;
    esac
done
# Words that take a flag away, from a folder and what is below that have each flag.
command mount -t tmpfs -o ro,nosuid,nodev,noexec,noatime,nodiratime,nosymfollow flags tree/file.d
command mount --bind tree/file.d tree/file.d && command mount -o remount,bind,ro,nosuid,nodev,noexec,noatime,nodiratime,nosymfollow tree/file.d
mounts=''
for word in rrw rsuid rdev rexec rdiratime rsymfollow rrelatime ratime rnostrictatime; do
    mount "/in-$word" bind "$WORK/tree/file.d" rbind "$word"
done
bundle b cat /proc/self/mountinfo
capture run
for pair in rrw=ro rsuid=nosuid rdev=nodev rexec=noexec rdiratime=nodiratime rsymfollow=nosymfollow rrelatime=noatime ratime=noatime rnostrictatime=noatime; do
    like "${pair%=*}: the rest stays" "$(options "/in-${pair%=*}")" no
    is "${pair%=*}: takes ${pair#*=} away" "$(options "/in-${pair%=*}" | grep -Ewo "${pair#*=}")" ""
done
umount tree/file.d tree/file.d
mounts=''
mount /in bind "$WORK/tree" rbind rro
bundle b sh -c 'cat /proc/self/mountinfo; touch /in/below/x'
status "recursively read-only" 1 run
like "below too" "$out" '/in/below/x: Read-only file system'
mounts=''
mount /in bind "$WORK/tree" bind
bundle b cat /proc/self/mountinfo
capture run
is "bind alone leaves out what is below" "$(options /in/below)" ""
mounts=''
mount /file bind "$WORK/tree/file" bind ro
mount /dir/file bind "$WORK/tree/file" bind
bundle b sh -c 'cat /file /dir/file; echo x >/file'
status "files are bound on files that are made" 1 run
is "and read" "$(head -n 2 <<<"$out")" $'text\ntext'
like "read-only" "$out" "can't create /file: Read-only file system"
mounts=''
mount /bin/sh bind "$WORK/tree" bind
bundle b true
refused "a folder on a file" 'on /bin/sh.*Not a directory' run
mounts=''
mount /x bind "$WORK/nowhere" bind
bundle b true
refused "a source that is not there" 'nowhere.*No such file or directory' run

for word in $(some rprivate rslave rshared private slave shared unbindable runbindable); do
    mounts=''
    mount /in bind "$WORK/tree" rbind "$word"
    bundle b cat /proc/self/mountinfo
    capture run
    case $word in
    *private) want='^-$' ;;
    *slave) want='^(master:|-$)' ;; # of nobody, where the host's is private
    *shared) want='^shared:' ;;
    *) want='^unbindable$' ;;
    esac
    like "propagation of a mount: $word" "$(propagation /in)" "$want"
    case $word in r*) like "and below" "$(propagation /in/below)" "$want" ;; esac
done

mounts=''
for word in '' $(some private rslave shared rprivate slave rshared unbindable runbindable); do
    linux=${word:+",\"rootfsPropagation\":\"$word\""} bundle b cat /proc/self/mountinfo
    status "rootfsPropagation: ${word:-none given}" 0 run
    case $word in
    *shared) want='^shared:' ;;
    *unbindable) want='^unbindable$' ;;
    *private) want='^-$' ;;
    *) want='^(-|master:[0-9]+)$' ;;
    esac
    like "is the root's" "$(propagation /)" "$want"
done
mkdir shared
command mount -t tmpfs shared shared && command mount --make-shared shared
mount /in bind "$WORK/shared" rbind rslave
linux=',"rootfsPropagation":"slave"' bundle b sh -c 'i=0; while [ ! -e /in/sub/there ] && [ $i -lt 1000 ]; do sleep 0.1; i=$((i + 1)); done; ls /in/sub'
run >seen 2>&1 &
eventually "a container with a slave" is_status c running
mkdir shared/sub && command mount -t tmpfs sub shared/sub && touch shared/sub/there
wait $!
is "sees what is mounted on the host" "$(cat seen)" there
umount shared/sub shared

mounts=''
bundle b sh -c 'ls -ln /made; cat /made/file'
mkdir -p b/rootfs/made && echo below >b/rootfs/made/file
chown 12:34 b/rootfs/made/file && chmod 640 b/rootfs/made/file
ln -s file b/rootfs/made/link
mount /made tmpfs tmpfs tmpcopyup
bundle b sh -c 'cat /made/file; stat -c "%u:%g %a" /made/file; readlink /made/link; echo x >/made/new'
runs "tmpcopyup" run
is "content, owner, mode, links" "$out" $'below\n12:34 640\nfile'
is "and what is written stays in it" "$(ls b/rootfs/made)" $'file\nlink'

mkdir mapped && touch mapped/file && chown 5:6 mapped/file && chown 0:0 mapped
if [ "$(stat -f -c %T mapped)" = overlayfs ]; then
    command mount -t tmpfs mapped mapped && touch mapped/file && chown 5:6 mapped/file
fi
map='"uidMappings":[{"containerID":0,"hostID":100,"size":50}],"gidMappings":[{"containerID":0,"hostID":200,"size":50}]'
for word in idmap ridmap; do
    mounts=",{\"destination\":\"/in\",\"type\":\"bind\",\"source\":\"$WORK/mapped\",\"options\":[\"rbind\",\"$word\"],$map}"
    bundle b stat -c %u:%g /in/file
    capture run
    is "$word with maps of its own" "$out" 105:206
done
mkdir mapped/below && command mount -t tmpfs below mapped/below && touch mapped/below/file && chown 7:8 mapped/below/file
for word in idmap ridmap; do
    mounts=",{\"destination\":\"/in\",\"type\":\"bind\",\"source\":\"$WORK/mapped\",\"options\":[\"rbind\",\"$word\"],$map}"
    bundle b stat -c %u:%g /in/below/file
    capture run
    case $word in idmap) want=7:8 ;; *) want=107:208 ;; esac
    is "$word: what is below" "$out" $want
done
umount mapped/below && rmdir mapped/below
mounts=",{\"destination\":\"/in\",\"type\":\"bind\",\"source\":\"$WORK/mapped\",\"options\":[\"bind\"],$map}"
bundle b stat -c %u:%g /in/file
capture run
is "maps without the word" "$out" 105:206
mounts=''
mount /in bind "$WORK/mapped" bind idmap
bundle b true
refused "idmap without a map or a user namespace" 'idmap needs mappings or a user namespace' run
linux=$userns_maps namespaces="$default_namespaces,{\"type\":\"user\"}" bundle b sh -c 'stat -c %u:%g /in/file; touch /in/mine'
shift_owner b/rootfs
runs "idmap in a user namespace" run
is "shows the container's ids" "$out" 5:6
is "and files it makes are root's outside" "$(stat -c %u mapped/mine)" 0
rm -rf b
mounts=",{\"destination\":\"/in\",\"type\":\"bind\",\"source\":\"$WORK/mapped\",\"options\":[\"bind\",\"idmap\"],
 \"uidMappings\":[{\"containerID\":5,\"hostID\":100070,\"size\":1}],\"gidMappings\":[{\"containerID\":0,\"hostID\":100080,\"size\":50}]}"
linux=$userns_maps namespaces="$default_namespaces,{\"type\":\"user\"}" bundle b sh -c 'stat -c %u:%g /in/file; touch /in/new'
shift_owner b/rootfs
status "maps that are not the user namespace's" 1 run
like "show other ids" "$out" '^70:86$'
like "and give root none" "$out" '/in/new: Value too large'
rm -rf b
umount mapped 2>/dev/null

mounts=''
linux=',"maskedPaths":["/tmp/secret","/etc/passwd","/nowhere"],"readonlyPaths":["/tmp/kept","/nowhere","/etc/group"]' \
    bundle b true
sed -i 's/"maskedPaths": \[[^]]*\], "readonlyPaths": \[[^]]*\] ,/ /' b/config.json
mkdir -p b/rootfs/tmp/secret b/rootfs/tmp/kept && touch b/rootfs/tmp/secret/key b/rootfs/tmp/kept/file
sed -i 's/"args": \["true"\]/"args": ["sh","-c","ls \/tmp\/secret; cat \/etc\/passwd; cat \/tmp\/kept\/file; touch \/tmp\/kept\/new; echo x >>\/etc\/group"]/' b/config.json
status "masked and read-only paths" 1 run
is "nothing is seen, nothing is written" "$out" "touch: /tmp/kept/new: Read-only file system
sh: can't create /etc/group: Read-only file system"
rm -rf b

linux=',"devices":[{"path":"/dev/made","type":"c","major":1,"minor":5,"fileMode":416,"uid":12,"gid":34},
 {"path":"/dev/deep/er/fifo","type":"p"},{"path":"/dev/raw","type":"u","major":1,"minor":3},
 {"path":"/dev/block","type":"b","major":7,"minor":200,"fileMode":384}]' \
    bundle b sh -c 'cd /dev; stat -c "%n %F %t:%T %a %u:%g" made raw block; stat -c "%n %F" deep/er/fifo; for l in fd stdin stdout stderr ptmx; do echo $l $(readlink $l); done'
runs "devices" run
is "as the config has them" "$out" "made character special file 1:5 640 12:34
raw character special file 1:3 666 0:0
block block special file 7:c8 600 0:0
deep/er/fifo fifo
fd /proc/self/fd
stdin /proc/self/fd/0
stdout /proc/self/fd/1
stderr /proc/self/fd/2
ptmx pts/ptmx"
linux=',"devices":[{"path":"/etc/passwd","type":"c","major":1,"minor":5}]' bundle b true
refused "a device where a file is" '/etc/passwd' run
linux=$userns_maps',"devices":[{"path":"/dev/kmsg","type":"c","major":1,"minor":11,"uid":7}]' namespaces="$default_namespaces,{\"type\":\"user\"}" \
    bundle b sh -c 'cd /dev; stat -c "%n %t:%T" null kmsg; head -c 2 zero | wc -c'
shift_owner b/rootfs
runs "devices in a user namespace" run
is "can be used" "$out" $'null 1:3\nkmsg 1:b\n2'
rm -rf b

mounts=''
mount /sys/fs/cgroup cgroup cgroup nosuid noexec nodev ro relatime
bundle b sh -c 'grep " /sys/fs/cgroup " /proc/self/mountinfo; cat /sys/fs/cgroup/cgroup.procs | head -n 1; mkdir /sys/fs/cgroup/x'
status "a cgroup mount" 1 run
like "shows its own cgroup as the root" "$out" ' / /sys/fs/cgroup ro,nosuid,nodev,noexec,relatime .* cgroup2 '
like "with itself in it" "$out" '^1$'
like "read-only" "$out" 'Read-only file system'
mounts=''
mount /sys/fs/cgroup cgroup cgroup nosuid noexec nodev rw
bundle b sh -c 'mkdir /sys/fs/cgroup/x && cat /sys/fs/cgroup/x/cgroup.procs; rmdir /sys/fs/cgroup/x'
runs "a writable one" run
user='"uid": 12, "gid": 34' bundle b sh -c 'mkdir /sys/fs/cgroup/x && stat -c %u /sys/fs/cgroup/cgroup.procs /sys/fs/cgroup/x; rmdir /sys/fs/cgroup/x'
runs "a writable one is the program's user's" run
is "with what its manager needs" "$out" $'12\n12'

mounts=''
mount relative tmpfs tmpfs size=64k
bundle b cat /proc/self/mountinfo
runs "a relative destination" run
like "starts at the root" "$(super /relative)" size=64k
mounts=''
mount /proc/sys/kernel tmpfs tmpfs
bundle b true
refused "a mount inside of /proc" '/proc/sys/kernel' run
mounts=''
mount /proc/uptime bind "$WORK/tree/file" bind
bundle b cat /proc/uptime
runs "but for the files that are emulated" run
is "shown" "$out" text
umount tree/below
! emulated || skip "the other words" "three of each kind: all of them are shown where it takes no minutes"
done_testing
