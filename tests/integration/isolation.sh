#!/bin/bash
# What the container sees: namespaces, mounts, masks, devices, system calls.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

run() {
    pctrun run -b b c
}

bundle b sh -c 'for n in pid mnt net ipc uts cgroup; do readlink /proc/self/ns/$n; done; echo $$; ls /sys/class/net'
runs "namespaces" run
for ns in pid mnt net ipc uts cgroup; do
    like "its own $ns namespace" "$out" "^$ns:"
    is "not the host's" "$(grep -c "^$(readlink /proc/self/ns/$ns | sed 's/[][]/\\&/g')$" <<<"$out")" 0
done
like "it is process 1" "$out" '^1$'
is "one network interface" "$(tail -n 1 <<<"$out")" lo

linux=$userns_maps namespaces="$default_namespaces,{\"type\":\"user\"}" \
    bundle b sh -c 'id -u; tr -s " " </proc/self/uid_map; touch /tmp/mine && ls -ln /tmp/mine'
shift_owner b/rootfs
runs "a user namespace" run
like "root inside" "$out" '^0$'
like "mapped to 100000" "$out" '^ 0 100000 65536$'
is "what it makes belongs to 100000 outside" "$(stat -c %u:%g b/rootfs/tmp/mine)" 100000:100000
rm -rf b

bundle b sh -c 'cat /proc/version | wc -c; ls /sys/firmware | wc -l; (echo x >/proc/sys/kernel/hostname); true'
runs "masks" run
like "a masked file is empty" "$out" '^0$'
like "a read-only path is read-only" "$out" 'Read-only file system'

root=',"readonly":true' bundle b touch /here
status "a read-only root" 1 run
like "says so" "$out" 'Read-only file system'

bundle b sh -c 'cd /dev; stat -c "%n %t:%T" null zero full random urandom tty; readlink fd; readlink ptmx; echo x >null && head -c 4 zero | wc -c'
runs "devices" run
standard=$'null 1:3\nzero 1:5\nfull 1:7\nrandom 1:8\nurandom 1:9\ntty 5:0\n/proc/self/fd\npts/ptmx\n4'
is "the standard ones" "$out" "$standard"
runs "from a caller that may not make nodes" setpriv --bounding-set=-mknod pctrun run -b b c
is "they are the host's" "$out" "$standard"

linux=',"resources":{"devices":[{"allow":false,"access":"rwm"}]}' capabilities='["CAP_MKNOD"]' \
    bundle b sh -c 'mknod /tmp/kmsg c 1 11; cat /tmp/kmsg'
status "a device that is not allowed" 1 run
like "cannot be opened" "$out" "can't open '/tmp/kmsg': Operation not permitted"

mkdir outside && echo there >outside/file
mounts=",{\"destination\":\"/in\",\"type\":\"bind\",\"source\":\"$WORK/outside\",\"options\":[\"rbind\",\"ro\",\"nosuid\"]}" \
    bundle b sh -c 'cat /in/file; grep " /in " /proc/self/mountinfo; touch /in/new'
status "a read-only bind mount" 1 run
like "shows the folder" "$out" '^there$'
like "with its options" "$out" ' /in ro,nosuid'
like "and stays as it is" "$out" 'Read-only file system'

mounts=',{"destination":"/link/deep","type":"tmpfs","source":"tmpfs","options":["size=64k"]}' bundle b cat /proc/self/mountinfo
mkdir b/rootfs/outside-root
ln -s ../../../../../../../../outside-root b/rootfs/link
runs "a symbolic link in the way of a mount point" run
like "leads nowhere but into the root" "$out" ' /outside-root/deep '
is "and nothing is made on the host" "$(test -e /outside-root && echo made)" ""
rm -rf b

linux=',"seccomp":{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["mkdir","mkdirat"],"action":"SCMP_ACT_ERRNO","errnoRet":28}]}' \
    bundle b sh -c 'mkdir /tmp/x; touch /tmp/y && grep Seccomp: /proc/self/status'
runs "a seccomp filter" run
like "refuses with its number" "$out" 'No space left on device'
is "lets the rest pass" "$(tail -n 1 <<<"$out" | tr -s '\t' ' ')" "Seccomp: 2"

# What a static busybox's start needs, and execve: nothing of what the runtime itself calls before.
linux=',"seccomp":{"defaultAction":"SCMP_ACT_KILL_PROCESS","syscalls":[
  {"action":"SCMP_ACT_ALLOW","names":["arch_prctl","brk","execve","exit_group","getrandom","getuid","mprotect",
    "prlimit64","readlink","readlinkat","rseq","set_robust_list","set_tid_address"]},
  {"action":"SCMP_ACT_ALLOW","names":["prctl"],"args":[{"index":0,"value":16,"op":"SCMP_CMP_EQ"}]}]}' \
    process=',"noNewPrivileges":true' bundle b true
runs "a filter of hardly any call, with noNewPrivileges" run

linux=',"sysctl":{"net.ipv4.ip_forward":"1"}' bundle b cat /proc/sys/net/ipv4/ip_forward
runs "a sysctl" run
is "is set inside" "$out" 1
done_testing
