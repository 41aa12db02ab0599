#!/bin/bash
# pctrun denials: what the kernel tells of what it has denied to a container, and to no other.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

filter=',"seccomp":{"defaultAction":"SCMP_ACT_ALLOW","flags":["SECCOMP_FILTER_FLAG_LOG"],
    "architectures":["SCMP_ARCH_X86_64"],"syscalls":[
    {"names":["uname"],"action":"SCMP_ACT_ERRNO","errnoRet":38},
    {"names":["sethostname"],"action":"SCMP_ACT_KILL_PROCESS"}]}'

# user_bundle NAME FIRST: with a user namespace of ids from FIRST, which nobody else has
user_bundle() {
    namespaces="$default_namespaces,{\"type\":\"user\"}" linux=${userns_maps//100000/$2}$filter bundle "$1" sleep 1000
    find "$1/rootfs" -exec chown -h "$2:$2" {} +
}

# told ID PATTERN COMMAND...: denials has a line after COMMAND in the container. The kernel leaves records out when
# there are many: asked for again.
told() {
    pctrun exec "$1" "${@:3}"
    pctrun denials "$1" >told
    grep -qE "$2" told
}

user_bundle one 1640000000
user_bundle other 1650000000
require "a container" pctrun run -d -b one one
runs "another one" pctrun run -d -b other other
runs "what can't be seen" pctrun denials one
like "is said first" "$(head -n 1 <<<"$out")" '^unseen     '
like "of all that the kernel is silent about" "$out" '^unseen     modes, read-only mounts'

if ! head -c 8192 /dev/kmsg >/dev/null 2>kmsg && grep -q 'not permitted' kmsg; then
    skip "records" "the kernel's log can't be read here"
    done_testing
    exit
fi
patience=20
eventually "a call that the filter denies" told one '^seccomp    uname: ERRNO ENOSYS, by uname \([0-9]+\)' uname
like "by which rule" "$(cat told)" '^ +rule on uname: ERRNO ENOSYS \(from linux.seccomp.syscalls\[0\] in config.json\)'
eventually "one that ends it" told one '^seccomp    sethostname: KILL_PROCESS, by hostname \([0-9]+\)' hostname x
eventually "counted" told one '^seccomp    uname: ERRNO ENOSYS, by uname .* times' uname
is "once each" "$(grep -c '^seccomp    uname: ERRNO ENOSYS, by uname' told)" 1
is "not another container's" "$(pctrun denials other | grep -c '^seccomp')" 0

pctrun denials -f other >followed &
follower=$!
followed() { pctrun exec other uname; grep -q '^seccomp    uname: ERRNO ENOSYS, by uname' followed; }
eventually "following" followed
pctrun kill other KILL
ended() { ! kill -0 $follower; }
eventually "ends with the container" ended
wait $follower
is "well" $? 0
refused "a stopped one" "container other isn't running" pctrun denials other
refused "none" 'container nobody does not exist' pctrun denials nobody

# What is older than the container isn't its, whoever had the ids.
pctrun delete -f one
sleep 1.1 # what the two clocks may differ
runs "a container with the same ids" pctrun run -d -b one again
is "has a clean record" "$(pctrun denials again | grep -c '^seccomp')" 0

# A machine that has slept: its processes' clock is ahead of the log's.
cat >slept.sh <<'END'
pctrun run -d -b other slept && i=0
while [ $((i++)) -lt 20 ] && ! grep -q '^seccomp    uname: ERRNO ENOSYS, by uname' told; do
    pctrun exec slept uname
    pctrun denials slept >told
done
pctrun delete -f slept
END
: >told
capture unshare --time --boottime 1000000 --fork bash slept.sh
like "after a sleep" "$(cat told)" '^seccomp    uname: ERRNO ENOSYS, by uname'

# By its cgroup, where our numbers of processes are the kernel's.
linux=$filter bundle shared sh -c 'while :; do uname; sleep 1; done'
runs "one with the host's ids" pctrun run -d -b shared shared
if [ "$(stat -L -c %i /proc/self/ns/pid)" = 4026531836 ]; then
    eventually "is told by its cgroup" told shared '^seccomp    uname: ERRNO ENOSYS, by [a-z]+ \([0-9]+\)' uname
else
    like "is told by its cgroup alone" "$(pctrun denials shared)" "^unseen     not in the host's first pid namespace"
    is "so it isn't here" "$(pctrun denials shared | grep -c '^seccomp')" 0
fi

# The kernel's log leaves out what is too much, the audit socket doesn't.
# linux/proc_ns.h has the first ones' numbers, of the network since Linux 6.18.
in_first_namespaces() {
    [ "$(stat -L -c %i /proc/self/ns/pid)" = 4026531836 ] &&
        { [ "$(stat -L -c %i /proc/self/ns/net)" = 4026531833 ] || [ /proc/self/ns/net -ef /proc/1/ns/net ]; }
}
if in_first_namespaces; then
    linux=',"seccomp":{"defaultAction":"SCMP_ACT_ALLOW","architectures":["SCMP_ARCH_X86_64"],"syscalls":[
        {"names":["chdir"],"action":"SCMP_ACT_LOG"}]}' bundle logged sleep 1000
    runs "one whose calls are logged" pctrun run -d -b logged logged
    rm -f followed
    pctrun denials -f logged >followed &
    follower=$!
    eventually "following begins" grep -q '^unseen     modes' followed
    runs "a flood" pctrun exec logged sh -c 'i=0; while [ $i -lt 40 ]; do cd /; i=$((i+1)); done; sleep 3'
    kill $follower
    wait $follower
    like "is counted" "$(cat followed)" '^seccomp    chdir: LOG, by sh \([0-9]+\), 40 times$'
else
    skip "floods of records" "the kernel tells of records in its first network namespace"
fi

if has_apparmor; then
    printf 'profile pctrun-denied flags=(attach_disconnected,mediate_deleted) { capability, file, signal, unix, %s }\n' \
        'audit deny /etc/passwd r,' | apparmor_parser -K -r
    process=',"apparmorProfile":"pctrun-denied"' bundle confined sleep 1000
    runs "one with a profile" pctrun run -d -b confined confined
    eventually "what that denies" told confined '^apparmor   open /etc/passwd: r, by cat' cat /etc/passwd
    rm -f followed
    pctrun denials -f confined >followed &
    follower=$!
    eventually "following begins" grep -q '^unseen     modes' followed
    capture pctrun exec confined sh -c 'i=0; while [ $i -lt 40 ]; do true </etc/passwd; i=$((i+1)); done; sleep 3'
    kill $follower
    wait $follower
    like "more than the kernel's log takes" "$(cat followed)" '^apparmor   open /etc/passwd: r, by sh \([0-9]+\), 40 times$'
    like "and who asked for it" "$(cat told)" '^ +profile pctrun-denied \(from process.apparmorProfile in config.json\)'
    pctrun delete -f confined
    echo 'profile pctrun-denied {}' | apparmor_parser -R
else
    skip "profiles" "this kernel has no AppArmor"
fi

if has_controller pids; then
    linux=',"resources":{"pids":{"limit":3}}' bundle few sleep 1000
    runs "one with few processes" pctrun run -d -b few few
    capture pctrun exec few sh -c 'sleep 9 & sleep 9 & sleep 9 & sleep 9 & wait'
    runs "too many" pctrun denials few
    like "are counted" "$out" '^cgroup     no further process: fork, clone'
    like "with the limit" "$out" '^ +pids.max = 3 \(from linux.resources.pids.limit in config.json\)'
else
    skip "limits" "no pids controller"
fi
done_testing
