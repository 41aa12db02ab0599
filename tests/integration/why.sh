#!/bin/bash
# pctrun why: what is said of an action is what the kernel says when it is done. Containers and
# actions are multiplied; the score is printed, and every pair that differs.
# time: 180 s
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

# --- containers

all_caps='["CAP_CHOWN","CAP_DAC_OVERRIDE","CAP_DAC_READ_SEARCH","CAP_FOWNER","CAP_KILL","CAP_SETGID","CAP_SETUID","CAP_NET_BIND_SERVICE","CAP_NET_ADMIN","CAP_SYS_CHROOT","CAP_SYS_ADMIN","CAP_SYS_BOOT","CAP_SYS_TIME","CAP_MKNOD"]'

# A root with files of all kinds of owners and modes.
furnish() {
    local root=$1/rootfs
    mkdir -p "$root"/{closed,deep/er,ro,noexec,nodev,idmapped,made}
    for file in etc/secret etc/shared etc/alices etc/listed etc/long closed/file deep/er/file; do
        echo text >"$root/$file"
    done
    printf '#!/bin/sh\n' >"$root/etc/script"
    printf '#!/nowhere/sh\n' >"$root/etc/lost"
    printf 'junk' >"$root/etc/junk"
    : >"$root/etc/empty"
    python3 -c 'import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])' "$root/etc/door"
    chmod 755 "$root"/etc/{script,lost,junk,empty,door}
    ln -sf ../etc/secret "$root/deep/link"
    ln -sf loop "$root/deep/loop"
    chmod 600 "$root"/etc/{secret,listed,long}
    chmod 666 "$root/etc/shared"
    chown 1000:1000 "$root/etc/alices"
    chmod 640 "$root/etc/alices"
    chmod 700 "$root/closed"
    mkdir -m 1777 "$root/drop"
    touch "$root/drop/alices" "$root/drop/others"
    chown 1000:1000 "$root/drop/alices"
    chown 2000:2000 "$root/drop/others"
    mknod -m 666 "$root/made/mem" c 1 1
    mknod -m 666 "$root/made/dozen" c 1 12
}

# list FILE USER...: an access control list that lets them read.
list() {
    python3 -c 'import os, struct, sys
users = [(2, 4, int(user)) for user in sys.argv[2:]]
entries = (1, 6, -1), *users, (4, 0, -1), (16, 4, -1), (32, 0, -1)
os.setxattr(sys.argv[1], "system.posix_acl_access", struct.pack("<I", 2) + b"".join(struct.pack("<HHi", *entry) for entry in entries))' "$@"
}

mkdir -p source source/inner
echo text >source/file
echo text >source/mine
chown -R 1000:1000 source
chown 5000:5000 source/file
cp /bin/busybox source/tool
mknod -m 666 source/null c 1 3
mounts=',{"destination":"/ro","type":"bind","source":"'$WORK'/source","options":["bind","ro"]},
 {"destination":"/noexec","type":"bind","source":"'$WORK'/source","options":["bind","noexec"]},
 {"destination":"/nodev","type":"bind","source":"'$WORK'/source","options":["bind","nodev"]},
 {"destination":"/dev/shm","type":"tmpfs","source":"shm","options":["nosuid","nodev","noexec","mode=1777"]}'
filter=',"seccomp":{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[
 {"names":["mount","fsopen"],"action":"SCMP_ACT_ERRNO","errnoRet":28},
 {"names":["unshare"],"action":"SCMP_ACT_ERRNO","errnoRet":38},
 {"names":["reboot"],"action":"SCMP_ACT_KILL_PROCESS"},
 {"names":["getsid"],"action":"SCMP_ACT_ERRNO","errnoRet":4001},
 {"names":["getpgid"],"action":"SCMP_ACT_ERRNO","errnoRet":4002},
 {"names":["getpriority"],"action":"SCMP_ACT_TRACE"},
 {"names":["socket"],"action":"SCMP_ACT_ERRNO","errnoRet":97,"args":[{"index":0,"value":10,"op":"SCMP_CMP_EQ"}]},
 {"names":["openat"],"action":"SCMP_ACT_ERRNO","errnoRet":11,"args":[{"index":2,"value":2,"op":"SCMP_CMP_MASKED_EQ","valueTwo":2}]}]}'


# A mount whose id map has 1000, which is mine, and not 5000, which is the file's.
mkdir idmapped
mount -t tmpfs idmapped idmapped
cp -a source/file source/mine idmapped
map='"uidMappings":[{"containerID":1000,"hostID":1000,"size":1},{"containerID":0,"hostID":0,"size":1}],"gidMappings":[{"containerID":1000,"hostID":1000,"size":1},{"containerID":0,"hostID":0,"size":1}]'
mounts="$mounts,{\"destination\":\"/idmapped\",\"type\":\"bind\",\"source\":\"$WORK/idmapped\",\"options\":[\"bind\",\"idmap\"],$map}"

# Where the kernel alone makes files. One that isn't there is a folder as any other.
for type in bpf debugfs securityfs tracefs; do
    mkdir -p kernels/$type
    mount -t $type $type kernels/$type 2>/dev/null
done
mounts="$mounts,{\"destination\":\"/kernels\",\"type\":\"bind\",\"source\":\"$WORK/kernels\",\"options\":[\"rbind\"]}"

# Doors that somebody out here answers at, and a name in this network namespace.
mkdir doors
python3 -c 'import os, signal, socket
os.umask(0)
for name, type in ("open", "STREAM"), ("closed", "STREAM"), ("packets", "SEQPACKET"), ("mail", "DGRAM"), ("\0why-doors", "STREAM"):
    door = socket.socket(socket.AF_UNIX, getattr(socket, "SOCK_" + type))
    door.bind(name if name[0] == "\0" else "doors/" + name)
    type == "DGRAM" or door.listen(1000)
    globals()["door_" + name] = door
os.chmod("doors/closed", 0o600)
print(flush=True)
signal.pause()' >answering &
porter=$!
disown
eventually "somebody answers" test -s answering
mounts="$mounts,{\"destination\":\"/doors\",\"type\":\"bind\",\"source\":\"$WORK/doors\",\"options\":[\"bind\",\"ro\"]}"

linux='' bundle root sleep 1000
user_1000='"uid": 1000, "gid": 1000, "umask": 18'
user=$user_1000 linux=$filter process=',"noNewPrivileges":true' root=',"readonly":true' bundle alice sleep 1000
capabilities=$all_caps bundle strong sleep 1000
capabilities=$all_caps linux=$userns_maps namespaces="$default_namespaces,{\"type\":\"user\"}" bundle mapped sleep 1000
capabilities=$all_caps linux=$userns_maps namespaces="{\"type\":\"pid\"},{\"type\":\"mount\"},{\"type\":\"uts\"},{\"type\":\"user\"}" bundle hosts sleep 1000
linux=',"resources":{"devices":[{"allow":false},{"allow":true,"type":"c","major":1,"minor":12,"access":"r"},{"allow":true,"type":"c","major":1,"minor":1,"access":"rw"}]}' \
    top=',"annotations":{"org.pctrun.origin":"{\"linux.resources.devices\":\"dev0: in 100.conf, line 7\"}"}' \
    bundle devices sleep 1000
for name in root alice strong mapped hosts devices; do
    furnish $name
done
capture list alice/rootfs/etc/listed 1000 || skip "an access control list" "$out"
capture list alice/rootfs/etc/long $(seq 701 1000) || skip "one of 300 users" "$out"
for name in mapped hosts; do
    shift_owner $name/rootfs
    chown 0:0 $name/rootfs/etc/shared
done
for name in root alice strong mapped hosts devices; do
    runs "container $name" pctrun run -d -b $name $name
done

# --- a process that something else has started: namespaces and ids of its own, nothing else

setpriv --reuid 1000 --regid 1000 --clear-groups unshare -Urnp --fork --kill-child --mount-proc sleep 1000 &
foreign=$!
disown
inside() { pgrep -P "$foreign" sleep; }
eventually "a process in namespaces that are not ours" inside

# --- predictions and proofs

asked_of=(root alice strong mapped hosts devices "pid:$(inside)")
! emulated || asked_of=(mapped)
"$TREE/tests/integration/why_cases.py" "${asked_of[@]}" >cases 2>&1
sed '$d; s/^/# differs: /' cases | head -n 40
read -r right proved asked executed < <(tail -n 1 cases)
echo "# $right of $asked predictions are the kernel's answer; $proved proved, $executed executed"
if [ "${asked:-0}" -ge 100 ] && [ $((right * 100)) -ge $((asked * 95)) ]; then
    ok "95 of 100 predictions are right"
else
    not_ok "95 of 100 predictions are right" "$(tail -n 3 cases)"
fi
is "nearly all were proved" "$((proved * 100 > asked * 90))" 1
is "no program says otherwise" "$(grep -c 'a program says' cases)" 0

# --- what a person reads

while IFS='@' read -r words want first denied rest; do
    words=${words/\~/@} # of an abstract name
    # shellcheck disable=SC2086 # words
    status "why $words" "$want" pctrun why $words
    like "says what happens" "$out" "$first"
    [ -z "$denied" ] || like "who denies it, and who asked for that" "$out" "$denied"
    [ -z "$rest" ] || like "and what would allow it" "$out" "$rest"
done <<'E'
root read /etc/secret@0@^read /etc/secret: would be done$
alice read /etc/secret@1@would fail with EACCES \(Permission denied\)$@^DENIES   mode .*owner 0, group 0, mode 0600.* uid 1000, .*\(from process.user in config.json\)@to allow it: +chmod o\+r /etc/secret
mapped exec /ro/file@1@EACCES@^DENIES   mode .*owner nobody@to allow it: +chmod a\+x /ro/file, on the host$
alice exec /etc/shared@1@EACCES@^DENIES   mode @to allow it: +chmod a\+x /etc/shared$
strong --prove write /proc/1/ns/net@1@EPERM@^DENIES   mode +it is a namespace: nobody writes to it$@^proved   EPERM
alice syscall reboot@1@would be killed \(SIGSYS\)@^DENIES   seccomp .*rule on reboot \(from linux.seccomp.syscalls\[2\] in config.json\)@take reboot out of that rule$
alice write /etc/shared@1@EROFS@^DENIES   read-only .*\(from root.readonly in config.json\)@root.readonly: false
root read /proc/version@1@would be done, but not to what is meant@^HIDES    mask .*\(from linux.maskedPaths\[0\] in config.json\)@take /proc/version out of linux.maskedPaths
root read /sys/firmware/x@1@ENOENT@is masked: an empty folder.*\(from linux.maskedPaths\[1\]@out of linux.maskedPaths
root exec /noexec/tool@1@EACCES@the mount on /noexec is noexec \(from mounts\[5\]
devices read /proc/kmsg@1@EPERM@^DENIES   own rule .*CAP_SYSLOG over the whole host is not in its effective set
devices write /made/dozen@1@EPERM@^DENIES   device filter    c 1:12 is not allowed .*\(from dev0: in 100.conf, line 7\)
mapped sysctl vm.swappiness=1@1@EACCES@^DENIES   sysctl .*is the whole host.s
hosts sysctl net.ipv4.ip_forward=1@1@EACCES@counts in its own user namespace, and the network namespace belongs to another
strong write /proc/net/tcp@1@EACCES@^DENIES   own rule +the kernel has nothing that could be written there$
alice write /proc/1/setgroups@1@EACCES@^DENIES   own rule +to write to it takes CAP_SYS_ADMIN@CAP_SYS_ADMIN in process.capabilities$
mapped sysctl net.core.rmem_max=1@1@E(ACCES|NOENT)@^DENIES   (sysctl +mode 0444: in there net/core/rmem_max can only be read, by whoever it is|path +there is no rmem_max)
strong mount cgroup@0@unless one of the unknown layers@^unknown  capability +a hierarchy that isn't there yet is for the host alone
mapped sysctl kernel.hostname=x@1@EACCES@is written by root of the host alone@sethostname
mapped mount ext4@1@EPERM@its CAP_SYS_ADMIN counts in its own user namespace.*\(from linux.uidMappings\[0\] in config.json\)@do it on the host
mapped write /ro/mine@1@EACCES@^DENIES   mode .*owner nobody \(1000 outside\).*\(from mounts\[4\] in config.json\)@an id map for the mount on /ro, or on the host: chown 100000 /.*/source/mine$
root bind 80@1@EACCES@CAP_NET_BIND_SERVICE over the network namespace is not in its effective set \(from process.capabilities.effective@ip_unprivileged_port_start=80
root read /sys/firmware@1@would be done, but not to what is meant@^HIDES    mask .*an empty folder lies over it.*\(from linux.maskedPaths\[1\]
root write /etc/new@1@ENOENT@there is no new in /etc: create asks whether it could be made$
root write /nowhere/new@1@ENOENT@there is no nowhere in /$
root create /etc/new@0@would be done$
root create /etc/shared@1@EEXIST@^DENIES   entry +it is there already
alice create /etc/new@1@EROFS@^DENIES   mount flags +the mount on / is read-only \(from root.readonly@root.readonly: false
alice remove /ro/mine@1@EROFS@^DENIES   mount flags
root remove /proc/version@1@EPERM@^DENIES   entry +the kernel's own files
root remove /dev/null@0@would be done$
root remove /deep@0@unless one of the unknown layers@^unknown  entry +a folder goes when nothing is in it
strong --prove create /etc/new@0@would be done$@^proved   done +it was done, asked by a file without a name
strong --prove remove /drop/others@0@would be done$@^proved   done +it was done, asked by rmdir
root read /nowhere@1@ENOENT@^DENIES   path +there is no nowhere in /$
root device /dev/fuse@1@ENOENT@^DENIES   path +there is no fuse in /dev$@an entry of linux.devices
root device /etc/shared@1@but not to what is meant@^HIDES    kind +it is no device
root read /deep/loop@1@ELOOP@loop in /deep is a link that leads round in circles$
root read /etc/door@1@ENXIO@it is a socket
strong --prove write /bin/busybox@1@ETXTBSY@^DENIES   running program +it is the program of process [0-9]+@^proved   ETXTBSY
root exec /etc/lost@1@ENOENT@^DENIES   program +/etc/lost is there, its interpreter /nowhere/sh is not$
root exec /etc/junk@1@ENOEXEC@neither a program nor a script@begin it with #!/bin/sh
root kill 1 0@0@would be done$
root -- syscall setpriority 0 0 -5@0@would be done$
root --prove bind udp/53@1@EACCES@^DENIES   capability +CAP_NET_BIND_SERVICE@ip_unprivileged_port_start=53
root --prove bind udp/5353@0@would be done$@^proved   done +it was done, asked by binding the port for a moment$
root kill 1 KILL@1@but not@^HIDES    namespace +process 1 is safe from it@from outside
root syscall unshare 0x40000000@1@EPERM@^DENIES   capability +CAP_SYS_ADMIN over the user namespace
root syscall socket 17 3@1@EPERM@^DENIES   capability +CAP_NET_RAW over the network namespace
root syscall socket 2 1@0@would be done$
root syscall 250@0@would be done$
root --prove syscall getppid@0@would be done$@^proved   passes +its filters let it pass; more was not tried$
alice --prove syscall getppid@0@would be done$@^proved   passes +its filters let it pass; more was not tried$
alice --prove syscall getsid@1@would fail with 4001@^DENIES   seccomp@^proved   4001
alice --prove syscall getpgid@1@would fail with 4002@^DENIES   seccomp@^proved   4002
alice --prove syscall getpriority@1@would fail with ENOSYS@^DENIES   seccomp@^not proved: its filters have another process asked
alice --prove syscall seccomp@0@would be done$@^not proved: it is the call that filters are loaded by$
root sysctl net.ipv4.conf.lo/x.forwarding@1@ENOENT@there is no lo.x in /proc/sys/net/ipv4/conf$
root kill 1 TERM@1@would be done, but@^HIDES    namespace .*process 1 neither has a handler
root syscall 99999@1@would fail with ENOSYS@^DENIES   call +no kernel has a call of number 99999$
root --prove syscall 99999@1@ENOSYS@^proved   ENOSYS
root syscall 1023@0@unless one of the unknown layers@^unknown  call +no name is known for number 1023
root connect ~why-doors@1@ECONNREFUSED@^DENIES   network +nobody in its network namespace has that name; on this side somebody has, whom it can.t reach \(from linux.namespaces in config.json\)@a socket file that is bind-mounted
alice --prove connect 127.0.0.1 icmp@1@would fail with EPERM@^DENIES   capability +CAP_NET_RAW over the network namespace is not in its effective set@^proved   EPERM
root connect 127.0.0.1 icmp/13@1@would fail with EPERM@^DENIES   capability +CAP_NET_RAW@to allow it: +CAP_NET_RAW in process.capabilities
hosts --prove connect ~why-doors@0@would be done$@^proved   done +it was done, asked by a connection that is closed at once$
hosts connect ~why-doors dgram@1@ECONNREFUSED@has that name but for a socket of another type
alice connect /doors/closed@1@EACCES@^DENIES   mode .*owner 0, group 0, mode 0600
root --prove connect /doors/open@0@would be done$@^proved   done
root connect /etc/shared@1@ECONNREFUSED@^DENIES   socket +it is no socket$
root --prove connect 127.0.0.1 udp/9@0@would be done$@^proved   passes +there is a way; no datagram was sent
root --prove connect 192.0.2.1 udp/9@1@ENETUNREACH@^proved   ENETUNREACH
root --prove bind 8080@0@would be done$@^proved   done +it was done, asked by binding the port for a moment$
root --prove unshare net@1@EPERM@^DENIES   capability@^proved   EPERM +Operation not permitted$
root --prove exec /bin/busybox@0@would be done$@^proved   done +it was done, asked by an execve that is stopped
E
while IFS='@' read -r words want; do
    # shellcheck disable=SC2086 # words
    status "why $words" 2 pctrun why $words
    like "says why not" "$out" "$want"
done <<'E'
root@an action is one of: open PATH, read PATH
root dance@an action is one of
root read@it is written: read PATH
root read etc/passwd@etc/passwd.: a path in there has to begin with /
root create new@new.: a path in there has to begin with /
root create /etc/@'/etc/': ends with no name in a folder
root remove /etc/..@ends with no name
root bind 70000@'70000': a port is 1 to 65535
root bind icmp@'icmp': it has no ports
root bind udp/70000@'70000': a port is 1 to 65535
root connect 127.0.0.1@'127.0.0.1': with an address goes PORT
root connect /doors/open raw@'raw': a socket is stream, dgram or seqpacket
root connect somewhere 80@'somewhere': no IPv4 or IPv6 address
root unshare house@'house': no kind of namespace
root kill me@'me': no process id
root kill 1 SIGNOTHING@'SIGNOTHING': no signal
root syscall no_such_call@no system call of
root sysctl ../x@'../x': no sysctl
nobody read /@does not exist
--pid 0 read /@is no process id
--pid 999999999 read /@there is no process
E

nsenter -t "$(container_pid alice)" -n sh -c 'echo 1000 1000 >/proc/sys/net/ipv4/ping_group_range'
runs "a ping by who is in the group for it" pctrun why --prove alice connect 127.0.0.1 icmp
like "is allowed" "$out" '^allows   capability +net.ipv4.ping_group_range has a group of its$'
like "as it is by the kernel" "$out" '^proved   done +it was done, asked by a ping$'

if [ ! -e /proc/modules ] || [ -e "/lib/modules/$(uname -r)/modules.alias" ]; then
    status "a file system that there is none of" 1 pctrun why strong mount no_such
    like "says so" "$out" "^DENIES   capability +this kernel has no no_such, and no module of the host's is one"
else
    skip "a file system that there is none of" "the kernel's modules can't be seen here"
fi

printf '#!/bin/sh\n: >/etc/ran\n' >strong/rootfs/etc/leaves
chmod 755 strong/rootfs/etc/leaves
for _ in 1 2 3 4 5; do
    timeout -s KILL 0.03 pctrun why --prove strong exec /etc/leaves >/dev/null 2>&1
done
status "a mount of nothing" 2 pctrun why root mount ''
like "says why not" "$out" 'a type of file system is missing'
runs "a program that is proved" pctrun why --prove strong exec /etc/leaves
status "has not run, nor when who proved it was killed" 1 test -e strong/rootfs/etc/ran
like "a name with a line break and a colour is one line" "$(pctrun why root read $'/x\e[31m\ny' | head -n 1)" \
    '^read /x.x1b\[31m.ny: would fail with ENOENT'

# --- a root that is a mere folder, whose mount is above it

mkdir above && mount -t tmpfs above above
mkdir -p above/jail/etc above/jail/bin && cp /bin/busybox above/jail/bin && echo text >above/jail/etc/shared
chroot above/jail /bin/busybox sleep 1000 &
jailed=$!
disown
is_jailed() { [ "$(readlink /proc/$jailed/root)" = "$WORK/above/jail" ]; }
eventually "a process in a chroot" is_jailed
runs "its files" pctrun why --prove --pid $jailed write /etc/shared
like "are on a mount that it can't see" "$out" "^allows   mount flags +the mount on $WORK/above \(above its root\) is rw"
is "which is not unknown" "$(grep -c '^unknown .*mount could not' <<<"$out")" 0
mount -o remount,bind,ro above
status "read-only" 1 pctrun why --prove --pid $jailed write /etc/shared
like "it denies" "$out" "^DENIES   read-only +the mount on $WORK/above \(above its root\) is read-only"
like "as the kernel does" "$out" '^proved   EROFS'
kill $jailed

# --- rules that can't be read back

if has_apparmor; then
    apparmor_parser -K -r <<EOT
profile pctrun-why flags=(attach_disconnected,mediate_deleted) {
  capability, file, mount, umount, pivot_root, network, signal, ptrace, unix,
  deny /etc/shared r,
}
EOT
    process=',"apparmorProfile":"pctrun-why"' bundle confined sleep 1000
    furnish confined
    runs "a container under AppArmor" pctrun run -d -b confined confined
    eventually "whose program runs" grep -q '^pctrun-why' "/proc/$(container_pid confined)/attr/current"
    runs "what its profile denies" pctrun why confined read /etc/shared
    like "is not known" "$out" '^read /etc/shared: would be done, unless one of the unknown layers denies it$'
    like "the profile is" "$out" '^unknown +security module +pctrun-why \(enforce\) has rules'
    status "the proof" 1 pctrun why --prove confined read /etc/shared
    like "asks it" "$out" '^proved +EACCES +Permission denied: one of the unknown layers denies it$'
    runs "and what it allows" pctrun why --prove confined write /etc/shared
    like "as well" "$out" '^proved +done +it was done$'
    pctrun delete -f confined
    printf 'profile pctrun-why {}\n' | apparmor_parser -R
else
    skip "rules that can't be read back" "this kernel has no AppArmor"
fi

# --- as many processes as there may be

if has_controller pids; then
    linux=',"resources":{"pids":{"limit":1}}' bundle full sleep 1000
    runs "a container of one process" pctrun run -d -b full full
    status "has no room for another" 1 pctrun why full syscall clone
    like "by its cgroup" "$out" '^DENIES   cgroup limits .*pids.max is 1 \(from linux.resources.pids.limit in config.json\)'
    pctrun delete -f full
else
    skip "as many processes as there may be" "cgroup v2 has no pids controller here"
fi

# --- a paused container

runs "a paused container" pctrun pause root
runs "can be asked" pctrun why --prove root read /etc/shared
like "but nothing is tried in it" "$out" '^not proved: its cgroup is frozen'
runs "nor is it woken" is_status root paused
pctrun resume root

# --- a container of pct: origins are the lines of its config

pct_storage
alpine_template
mkdir media
echo text >media/file
capture pct create 8100 template.tar.gz --rootfs local:0 --unprivileged 1 --mp0 "$WORK/media,mp=/media"
accept_unless_checked 8100
runs "a container of pct" pct start 8100 "${accept[@]}"
status "whose bind mount belongs to nobody" 1 pctrun why --prove 8100 write /media/file
like "is told so" "$out" '^DENIES   mode .*owner nobody \(0 outside\).*\(from mp0: in 8100.conf, line [0-9]+\)$'
like "and what to do" "$out" 'idmap=passthrough in the line of the mount on /media, or on the host: chown 100000 '"$WORK/media/file\$"
like "which is the kernel's answer" "$out" '^proved   EACCES'
status "and who is no root of the host" 1 pctrun why 8100 sysctl vm.swappiness=1
like "as its config wants it" "$out" '\(from unprivileged: in 8100.conf, line [0-9]+\)$'
capture pct stop 8100
capture pct destroy 8100

# --- a port that somebody has taken out of its bridge

bridge pctwhy0 10.96.0.1/24
mkdir plugged && cp -a "$SHARED/rootfs/." plugged
networked 8101 "$WORK/plugged" name=eth0,bridge=pctwhy0,ip=10.96.0.2/24,type=veth,host-managed=1
require "a container at a bridge" pct start 8101 --accept-unenforced all
runs "has a way to it" pctrun why --prove 8101 connect 10.96.0.1 udp/9
like "by its interface" "$out" '^allows   network +there is a way by eth0'
ip link set veth8101i0 nomaster
status "without a port of it" 1 pctrun why --prove 8101 connect 10.96.0.1 9
like "is told so" "$out" '^DENIES   network +eth0, by which the way goes, ends in no bridge: veth8101i0 belongs into pctwhy0 \(from net0: in 8101.conf, line 4\)$'
like "and what to do" "$out" 'stop and start the container, or ip link set veth8101i0 master pctwhy0$'
like "by the kernel, too" "$out" '^proved   E(HOSTUNREACH|TIMEDOUT)'
capture pct stop 8101
capture pct destroy 8101

# --- nothing has changed

is "the containers run on" "$(for name in root alice strong mapped hosts devices; do container_status $name; done | sort -u)" running
is "their files are as they were" "$(cat {root,alice,strong,mapped,hosts,devices}/rootfs/etc/{secret,shared} | sort -u)" text
is "no process is left in them" "$(pctrun ps -f json root)" "[$(container_pid root)]"
kill -KILL $foreign $porter # TERM is for the child of the first
done_testing
