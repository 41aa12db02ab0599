#!/bin/bash
# What the program in the container is: arguments, ids, directory, limits, capabilities, its end.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

run() {
    pctrun run -b b c
}

for code in 0 1 7 255; do
    bundle b sh -c "exit $code"
    status "exit status $code" "$code" run
done
bundle b sleep 1000
run &
eventually "a program to be killed" is_status c running
pctrun kill c KILL
wait $!
is "ended by a signal: 128 + its number" $? 137

bundle b nowhere
refused "no such program" 'exec: "nowhere": executable file not found in \$PATH' run
bundle b /etc/passwd
refused "not executable" 'exec: "/etc/passwd": permission denied' run
bundle b /bin/nowhere
refused "no such path" '"?/bin/nowhere"?: no such file or directory' run
is "nothing is left" "$(pctrun list -q)" ""

bundle b printf '%s|' 'two words' '' '"quoted"'
runs "arguments arrive as they are" run
is "each of them" "$out" 'two words||"quoted"|'

cwd=/tmp env='"PATH=/bin","A=1","B=x y"' bundle b sh -c 'pwd; echo $A$B; hostname; id -u'
runs "directory and environment" run
is "are the config's" "$out" $'/tmp\n1x y\ntested\n0'

cwd=/made/by/us bundle b pwd
runs "a directory that is not there is made" run
is "and entered" "$out" /made/by/us

env='"PATH=/nowhere","A=1","HOME=","AB=3","A=2","PATH=/bin"' bundle b env
runs "variables that are set twice" run
is "are there once, as they were set last" "$(sort <<<"$out" | tr '\n' ' ')" 'A=2 AB=3 HOME=/root PATH=/bin '

user='"uid": 1000, "gid": 1001, "additionalGids": [5, 6]' \
    bundle b sh -c 'grep -E "^(Uid|Gid|Groups):" /proc/self/status'
runs "another user" run
is "with its groups" "$(tr -s '\t ' ' ' <<<"$out" | sed 's/ $//')" \
    $'Uid: 1000 1000 1000 1000\nGid: 1001 1001 1001 1001\nGroups: 5 6'

bundle b grep -E '^Cap(Eff|Prm|Bnd|Inh|Amb)' /proc/self/status
runs "capabilities" run
is "are the listed ones" "$(tr -s '\t ' ' ' <<<"$out")" $'CapInh: 0000000000000000
CapPrm: 00000000000400eb
CapEff: 00000000000400eb
CapBnd: 00000000000400eb
CapAmb: 0000000000000000'

# Given on to programs with file capabilities, though this one has neither; the unknown and what the
# bounding set lacks are left out.
sed -i 's/"capabilities": .*/"capabilities": {"bounding": ["CAP_KILL", "CAP_NONE"], "inheritable": ["CAP_KILL", "CAP_CHOWN"]}/' b/config.json
runs "capabilities to be inherited alone" run
like "an unknown one is a warning" "$out" "^pctrun: warning: 'CAP_NONE' is no capability of this kernel: left out \(from process.capabilities.bounding\[1\] in config.json\)$"
is "are those of the bounding set" "$(grep -E 'Inh|Prm|Bnd' <<<"$out" | tr -s '\t ' ' ')" \
    $'CapInh: 0000000000000020\nCapPrm: 0000000000000020\nCapBnd: 0000000000000020'
sed -i 's/"inheritable": .*/"ambient": ["CAP_KILL"], "permitted": ["CAP_KILL"], "inheritable": ["CAP_KILL"]}/; s/"uid": 0/"uid": 7/' b/config.json
runs "ambient ones" run
is "are kept by another user's program" "$(grep -E 'Amb|Eff' <<<"$out" | tr -s '\t ' ' ')" \
    $'CapEff: 0000000000000020\nCapAmb: 0000000000000020'

process=',"noNewPrivileges":true,"oomScoreAdj":500' bundle b sh -c 'grep NoNewPrivs /proc/self/status; cat /proc/self/oom_score_adj'
runs "no new privileges, OOM score" run
is "both hold" "$(tr -s '\t ' ' ' <<<"$out")" $'NoNewPrivs: 1\n500'

process=',"rlimits":[{"type":"RLIMIT_NOFILE","soft":100,"hard":200}]' bundle b sh -c 'ulimit -n; ulimit -Hn'
runs "limits" run
is "soft and hard" "$out" $'100\n200'

bundle b sh -c 'ls /proc/self/fd | wc -l'
exec 7</dev/null
runs "file descriptors of the caller" run
is "stay outside" "$out" 4
exec 7<&-

bundle b cat
is "stdin and stdout are the caller's" "$(echo hello | run)" hello

# As root of the host, with all that is needed to change a file's owner: only what is the
# container's own may change. Pipes go to the program's user, the host's files stay. The host's
# null device is one of this test's, in a mount namespace of its own: a failure harms nobody.
host_null() {
    stat -c '%u:%g %a' null
}
bundle b sh -c 'for fd in 0 1 2; do chown 5:6 /proc/self/fd/$fd; chmod 640 /proc/self/fd/$fd; done
                stat -c %u:%g /dev/null >/tmp/null'
with_null pctrun run -b b c
is "what a program does to its null device" "$(cat b/rootfs/tmp/null)" 5:6
is "is not done to the host's" "$(host_null)" "0:0 666"
rm -f b/rootfs/tmp/null

: >file
env='"PATH=/nowhere","A=1","HOME=","AB=3","A=2","PATH=/bin"' bundle b env
runs "variables that are set twice" run
is "are there once, as they were set last" "$(sort <<<"$out" | tr '\n' ' ')" 'A=2 AB=3 HOME=/root PATH=/bin '

user='"uid": 1000, "gid": 1001' bundle b sh -c \
    'for fd in 0 1 2; do stat -L -c %u "/proc/self/fd/$fd" >>/tmp/owners; done; echo hello >/dev/stdout'
: | pctrun run -b b c 2>file | cat >said
is "pipes are the user's, files stay whose they are" \
    "$(tr '\n' ' ' <b/rootfs/tmp/owners)" "1000 1000 0 "
is "so that it can open them again" "$(cat said)" hello
with_null pctrun run -b b c
is "a null device belongs to no user" "$(host_null)" "0:0 666"
rm -f b/rootfs/tmp/owners

bundle b sleep 1000
runs "a container to enter" pctrun run -d -b b c
with_null pctrun exec -u 1000:1001 c true
with_null pctrun exec c chown 7:7 /proc/self/fd/0
is "a further program's is inside as well" "$(pctrun exec c stat -c %u /dev/null)" 7
is "and the host's as before" "$(host_null)" "0:0 666"
pctrun exec c sh -c 'rm /dev/null; mkfifo /dev/null' <file >file
refused "a pipe in its place is no null device" 'no null device' pctrun exec c true
pctrun delete -f c
done_testing
