#!/bin/bash
# pctrun denials -f: what leaves no trace is seen by programs in the kernel, of this container and of no other.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
[ -x "$BUILD/pctrun-watch" ] || {
    skip "what leaves no trace" "pctrun-watch isn't built: it takes clang, libbpf and x86_64"
    done_testing
    exit
}

filter=',"seccomp":{"defaultAction":"SCMP_ACT_ALLOW","architectures":["SCMP_ARCH_X86_64","SCMP_ARCH_X86"],"syscalls":[
    {"names":["uname"],"action":"SCMP_ACT_ERRNO","errnoRet":38},
    {"names":["mkdir"],"action":"SCMP_ACT_ERRNO","errnoRet":30,"args":[{"index":1,"value":511,"op":"SCMP_CMP_EQ"}]},
    {"names":["sethostname"],"action":"SCMP_ACT_KILL_PROCESS"}]}'
devices=',"resources":{"devices":[{"allow":false},{"allow":true,"type":"c","major":10,"minor":235,"access":"rm"}]}'
process=',"noNewPrivileges":true' linux=$filter$devices bundle one sleep 1000
linux=$filter bundle other sleep 1000
cp "$BUILD/attack/int80" "$BUILD/attack/selffilter" one/rootfs/bin
cp "$BUILD/attack/selffilter" other/rootfs/bin
require "a container" pctrun run -d -b one one
runs "another one" pctrun run -d -b other other

# follow ID: until stop; what it says goes into the file seen
follow() {
    rm -f seen # what the one before said is no sign of this one
    pctrun denials -f "$1" >seen 2>&1 &
    follower=$!
    eventually "following begins" grep -q '^unseen     modes' seen
}
stop() {
    kill $follower
    wait $follower
}
sees() {
    ! grep -q "^unseen     $1: " seen
}

follow one
if ! sees "system calls"; then
    skip "what leaves no trace" "$(sed -n 's/^unseen     system calls: //p' seen)"
    stop
    done_testing
    exit
fi
capture pctrun exec one uname
capture pctrun exec one uname
capture pctrun exec one mkdir /new
capture pctrun exec one hostname x
for _ in 1 2 3; do capture pctrun exec other uname; done
capture pctrun exec one selffilter
stop
is "an interrupt ends it well" $? 0
like "an error by seccomp" "$(cat seen)" '^seccomp    uname: ERRNO ENOSYS, by uname \([0-9]+, [0-9]+ in there\)'
like "by which rule" "$(cat seen)" '^           rule on uname \(from linux.seccomp.syscalls\[0\] in config.json\)'
like "with arguments" "$(cat seen)" '^seccomp    mkdir: ERRNO EROFS, by mkdir'
like "whose rule has them" "$(cat seen)" '^           rule on mkdir where .*arg1.* == .* \(from linux.seccomp.syscalls\[1\]'
like "a call that ends the process" "$(cat seen)" '^seccomp    sethostname: KILL_PROCESS, by hostname'
like "by a filter that a program has loaded itself" "$(cat seen)" '^seccomp    personality: ERRNO EDOM, by selffilter'
like "which the config doesn't know" "$(cat seen)" "^           a filter that the config doesn't know: of a program in there"
is "each once, of this container alone" "$(sed -n 's/.*uname: ERRNO ENOSYS, by uname .*, \([0-9]*\) times$/\1/p' seen)" 2
is "nothing else" "$(grep -vc '^unseen\|^   \|uname\|mkdir\|sethostname\|personality' seen)" 0

if [ "$(pctrun exec one int80 2>/dev/null)" ]; then
    follow one
    capture pctrun exec one int80 122
    stop
    like "of another architecture" "$(cat seen)" '^seccomp    uname: ERRNO ENOSYS, by int80'
else
    skip "another architecture" "this kernel has no calls of i386"
fi

follow one
if sees capabilities; then
    capture pctrun exec one mount -t tmpfs none /tmp
    capture pctrun exec other mount -t tmpfs none /tmp
    stop
    like "a capability" "$(cat seen)" '^capability CAP_SYS_ADMIN over the host, in (mount|fsopen|move_mount), by mount \([0-9]+, [0-9]+ in there\)$'
    like "and who has left it out" "$(cat seen)" '^           not in its bounding set \(from process.capabilities.bounding in config.json\)'
else
    stop
    skip "capabilities" "$(sed -n 's/^unseen     capabilities: //p' seen)"
fi

follow one
if sees "the device filter"; then
    pctrun exec one sh -c 'mknod /dev/f c 10 229; mknod /dev/r c 10 235' 2>/dev/null
    mknod one/rootfs/fuse c 10 229
    capture pctrun exec one sh -c ': </fuse'
    stop
    like "a device" "$(cat seen)" '^device     c 10:229 r, in open(at)?, by sh \([0-9]+, [0-9]+ in there\)$'
    like "and the rules" "$(cat seen)" '^           no rule allows it \(from linux.resources.devices in config.json\)'
else
    stop
    skip "devices" "$(sed -n 's/^unseen     the device filter: //p' seen)"
fi

pctrun denials -f --format json one >seen 2>/dev/null &
follower=$!
eventually "following begins" grep -q '"unseen":"modes' seen
capture pctrun exec one uname
stop
is "as JSON" "$(python3 - "$TREE/docs/schema/denials.json" 2>&1 <<'EOF'
import json, jsonschema, sys
schema = json.load(open(sys.argv[1]))
lines = [json.loads(line) for line in open("seen")]
for line in lines:
    jsonschema.validate(line, schema)
print(*[(line["layer"], line["what"], line["rule"], line["origin"], line["program"], line["inside"] > 1, line["count"])
        for line in lines if "what" in line])
EOF
)" "('seccomp', 'uname: ERRNO ENOSYS', 'rule on uname', 'linux.seccomp.syscalls[0] in config.json', 'uname', True, 1)"

if emulated; then
    skip "floods, killed callers" "takes long here, and no other kernel changes them"
else
    # More than the table has room for is counted, and nothing else is lost.
    follow one
    runs "a flood under ever new names" pctrun exec one selffilter 3000
    runs "and one of another container" pctrun exec other selffilter 3
    stop
    is "as many names as there is room for" "$(grep -c '^seccomp    personality: ERRNO EDOM, by name' seen)" 1000
    # Told each time that somebody looks, which may be in the middle of the flood.
    is "the others are counted" "$(awk '/^unseen +system calls: [0-9]+ denials of too many different kinds$/ {sum += $4} END {print sum}' seen)" 1976
    like "all of them" "$(cat seen)" '^unseen     24 denials of too many different kinds were counted only$'

    # It goes with whoever has asked for it.
    follow one
    is_watched() { pgrep -f "pctrun-watch /proc/$follower/fd" >/dev/null; }
    is_unwatched() { ! is_watched; }
    eventually "there is a watcher" is_watched
    kill -KILL $follower
    wait $follower 2>/dev/null
    eventually "which ends with a killed caller" is_unwatched
    runs "without a cgroup" pctrun --cgroup-manager disabled run -d -b other bare
    capture pctrun denials -f --for 100ms bare
    like "nothing can be told to be its" "$out" '^unseen     it has no cgroup of its own: nothing of system calls, capabilities and devices'
fi

# What can't be had is said, and takes nothing from the rest.
capture setpriv --bounding-set=-bpf,-perfmon,-sys_admin --inh-caps=-all \
    pctrun-watch /sys/fs/cgroup 1 capability device seccomp </dev/null
like "without the right to" "$out" '"blind":"seccomp","why":"it takes CAP_BPF and CAP_PERFMON over the host"'
like "each of them" "$out" '^\{"ready":\[\]\}$'
ln -s "$(command -v pctrun)" pctrun
PATH=/usr/bin:/bin capture ./pctrun denials -f --for 100ms one
like "nor without the companion" "$out" '^unseen     there is no pctrun-watch: nothing of system calls, capabilities and devices'
printf '#!/bin/sh\necho no luck\necho try again\nexit 5\n' >pctrun-watch
chmod 755 pctrun-watch
capture ./pctrun denials -f --for 100ms one
like "one that fails" "$out" '^unseen     no luck: nothing of system calls, capabilities and devices'
refused "records nothing" 'record the system calls of one: no luck; try again' ./pctrun denials --record p.json one
printf '#!/bin/sh\necho "{\\"ready\\":[\\"seccomp\\"]}"\nread line\n:\n' >pctrun-watch
runs "one that sees nothing" ./pctrun denials --record p.json --for 100ms one
printf '#!/bin/sh\necho "{\\"ready\\":[\\"seccomp\\"]}"\necho gone\nexit 5\n' >pctrun-watch
rm p.json
capture ./pctrun denials --record p.json one
like "one that fails later is no recording" "$? $out" 'pctrun: record the system calls of one: gone$'
is "which isn't kept" "$(ls p.json 2>/dev/null)" ''
refused "a time for nothing" "--for is for --follow and --record" pctrun denials --for 1s one
refused "no time" '--for: "soon" is no time' pctrun denials -f --for soon one
done_testing
