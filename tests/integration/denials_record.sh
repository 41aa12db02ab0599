#!/bin/bash
# pctrun denials --record: a profile of what was used, under which the same works and nothing else does.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
[ -x "$BUILD/pctrun-watch" ] || {
    skip "recording" "pctrun-watch isn't built: it takes clang, libbpf and x86_64"
    done_testing
    exit
}

# record ID OPTION...: until recorded; into profile.json
record() {
    rm -f said # what the one before said is no sign of this one
    pctrun denials --record profile.json "${@:2}" "$1" >shown 2>said &
    recorder=$!
    eventually "recording begins" grep -q '^recording' said
}
recorded() {
    kill $recorder
    wait $recorder
}
allows() { # NAME CALL
    like "$1" "$(pctrun seccomp explain profile.json "$2")" "^$2: ALLOW"
}
denies() {
    like "$1" "$(pctrun seccomp explain profile.json "$2")" "^$2: ERRNO EPERM"
}

work='echo begun; ls / >/tmp/list; wc -l </tmp/list; mkdir /tmp/new && echo done'
bundle free sleep 1000
cp "$BUILD/attack/int80" "$BUILD/attack/nameless" free/rootfs/bin
require "a container" pctrun run -d -b free free
pctrun denials --record profile.json free >shown 2>said &
recorder=$!
began() { grep -q '^recording' said || ! kill -0 $recorder; }
eventually "recording begins" began
if ! kill -0 $recorder 2>/dev/null; then
    wait $recorder
    skip "recording" "$(cat said)"
    done_testing
    exit
fi
runs "a workload" pctrun exec free sh -c "$work"
runs "a program that could pass for the runtime" pctrun exec free nameless "$(stat -Lc %s "$(command -v pctrun)")"
recorded
is "an interrupt ends it well" $? 0
like "and says what there is" "$(cat said)" '^[0-9]+ system calls were used: profile.json lets them through$'
is "nothing else" "$(grep -c . shown)" 0
allows "what was used" mkdir
allows "by whatever program" personality
denies "what wasn't" mount
denies "nor what only the runtime used, before it loads a filter" setns
denies "nor another container's" reboot
like "for this machine" "$(cat profile.json)" '"SCMP_ARCH_X86_64"'
is "alone" "$(grep -c SCMP_ARCH profile.json)" 1

# Under its profile: with noNewPrivileges and without, by run and by exec, with a start of its own.
for privileges in true false; do
    process=",\"noNewPrivileges\":$privileges" linux=",\"seccomp\":$(cat profile.json)" \
        bundle "closed-$privileges" sh -c "$work; hostname x"
    status "it works (noNewPrivileges $privileges)" 1 pctrun run -b "closed-$privileges" closed
    like "all of it" "$out" '^done$'
    like "nothing else" "$out" 'hostname: sethostname: Operation not permitted'
done
linux=",\"seccomp\":$(cat profile.json)" bundle closed sh -c "$work; read line </tmp/never"
mkfifo closed/rootfs/tmp/never
runs "by create" pctrun create -b closed closed
runs "and start" pctrun start closed
eventually "it runs" is_status closed running
runs "and by exec" pctrun exec closed sh -c "rmdir /tmp/new 2>/dev/null; ls /"
runs "as another user" pctrun exec --user 3:4 closed ls /

# From its first call on, and nothing of how it gets there.
process=',"noNewPrivileges":true' linux=',"seccomp":{"defaultAction":"SCMP_ACT_ALLOW"}' bundle early \
    sh -c 'mkdir /tmp/new; read line </tmp/never'
mkfifo early/rootfs/tmp/never
runs "one that waits" pctrun create -b early early
record early
runs "is started" pctrun start early
eventually "works" test -d early/rootfs/tmp/new
runs "and is entered" pctrun exec --user 3:4 early true
recorded
allows "what it has used" mkdir
denies "not what loads its filter" seccomp
denies "nor what enters it" setresuid

# Without a pid namespace of its own nothing but the cgroup tells who has come from outside.
namespaces='{"type":"mount"},{"type":"uts"},{"type":"ipc"},{"type":"network"}' process=',"noNewPrivileges":true' \
    bundle shared sleep 1000
runs "one among the host's processes" pctrun run -d -b shared shared
record shared
runs "is entered" pctrun exec --user 3:4 shared mkdir /tmp/new
recorded
allows "what it has used" mkdir
denies "and nothing of the way in" setresuid

# What a filter has denied meanwhile is no part of the profile unless it is wanted.
record closed
capture pctrun exec closed hostname x
recorded
like "what was denied is listed" "$(cat said)" '^denied meanwhile: sethostname$'
denies "and left out" sethostname
record closed --with-denied
capture pctrun exec closed hostname x
recorded
like "unless it is wanted" "$(cat said)" '^denied meanwhile, and let through by the profile: sethostname$'
allows "then it is in there" sethostname

runs "a time ends it, too" pctrun denials --record short.json --for 100ms closed
like "with a profile" "$(cat short.json)" '"defaultAction": "SCMP_ACT_ERRNO"'

if [ "$(pctrun exec free int80 2>/dev/null)" ]; then
    record free -f
    capture pctrun exec free int80
    pctrun kill free KILL
    wait $recorder
    is "the container's end ends it" $? 0
    like "calls of another architecture" "$(cat profile.json)" '"SCMP_ARCH_X86"$'
    like "are let through there" "$(pctrun seccomp explain --arch x86 profile.json getpid)" '^getpid: ALLOW'
    like "with -f denials are shown as well" "$(cat shown)" '^unseen     modes'
else
    skip "calls of another architecture" "this kernel has no calls of i386"
fi
refused "nowhere to write" 'write /nowhere/profile: folder /nowhere: No such file' pctrun denials --record /nowhere/profile closed
refused "an option for nothing" '--with-denied is for --record' pctrun denials --with-denied closed
done_testing
