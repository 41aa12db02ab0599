#!/bin/bash
# Containers of an ordinary user, with no rights but those that a user namespace gives.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

uid=7071 other=7072 subuids=720000
home=$WORK/home state=$WORK/home/run/pctrun
mkdir "$WORK/bin" && cp "$BUILD/pctrun" "$WORK/bin/pctrun"
PATH=$WORK/bin:$PATH
mkdir -m 700 "$home" "$home/run"

# Users of this test alone: seen in a mount namespace of each command's own.
{ cat /etc/passwd && printf 'tester:x:%d:%d::%s:/bin/sh\n' $uid $uid "$home"; } >"$WORK/passwd"
echo "tester:$subuids:65536" >"$WORK/subids"
cat >"$WORK/bin/as" <<EOF
#!/bin/sh
# as UID COMMAND...: in the cgroup \$OWN_CGROUP, with \$OWN_GROUPS, where there are such
[ -z "\${OWN_CGROUP:-}" ] || echo \$\$ >"\$OWN_CGROUP/cgroup.procs"
exec unshare -m sh -c 'mount --bind $WORK/passwd /etc/passwd
    for file in /etc/subuid /etc/subgid; do mount --bind $WORK/subids \$file; done
    id=\$1 && shift
    exec setpriv --reuid "\$id" --regid "\$id" \${OWN_GROUPS:---clear-groups} env -i \
        PATH=$WORK/bin:/usr/bin:/bin TERM=xterm XDG_RUNTIME_DIR=$home/run HOME=$home "\$@"' as "\$@"
EOF
chmod +x "$WORK/bin/as"
user() { as $uid "$@"; }

pid_of() {
    user pctrun state "$1" | sed -n 's/.*"pid": \([0-9]*\).*/\1/p'
}

user_bundle() { # as bundle, in the user's home and the user's own
    bundle "home/$1" "${@:2}" && chown -R $uid:$uid "$home"
}

take_away() {
    for folder in "$state"/*/; do
        [ ! -d "$folder" ] || user pctrun delete --force "$(basename "$folder")"
    done
    [ -z "${cgroup:-}" ] || find "$cgroup" -depth -type d -exec rmdir {} +
} >/dev/null 2>&1
trap 'take_away; clean_up' EXIT
chown -R $uid:$uid "$home"

one_id() { echo "[{\"containerID\":0,\"hostID\":$1,\"size\":1}]"; }
maps() { echo ",\"uidMappings\":$1,\"gidMappings\":$1"; }
all="$default_namespaces,"'{"type":"user"}'
namespaces=$all linux=$(maps "$(one_id $uid)")

if ! user unshare -U true 2>/dev/null; then
    skip "containers of an ordinary user" "the kernel lets ordinary users make no user namespace"
    done_testing
    exit 0
fi

# --- which layer says no, asked by the user

linux=$linux',"seccomp":{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["mkdir"],"action":"SCMP_ACT_ERRNO","errnoRet":28}]}' \
    user_bundle filtered sleep 1000
runs "a container with a filter" user pctrun run -d -b "$home/filtered" filtered
status "its filter" 1 user pctrun why --prove filtered syscall mkdir
like "is known from its config" "$out" '^DENIES   seccomp .*ERRNO ENOSPC: rule on mkdir \(from linux.seccomp.syscalls\[0\] in config.json\)$'
like "and is what the kernel says" "$out" '^proved   ENOSPC'
for asked in "write /proc/sys/vm/swappiness|1|EACCES" "read /bin/busybox|0|done" "mount ext4|1|EPERM" "sysctl kernel.hostname|0|done"; do
    IFS='|' read -r words want proved <<<"$asked"
    # shellcheck disable=SC2086 # words
    status "$words" "$want" user pctrun why --prove filtered $words
    like "is proved" "$out" "^proved   $proved"
done
user pctrun delete -f filtered

# --- its own id alone

user_bundle b sh -c 'id -u; cat /proc/self/setgroups; echo x >/dev/null; ls /sys/class/net; touch /new'
runs "run in all namespaces" user pctrun run -b "$home/b" one
is "as root there, with the host's devices, its own network" "$out" $'0\ndeny\nlo'
is "files it makes are the user's" "$(stat -c %u "$home/b/rootfs/new")" $uid
is "the state is in XDG_RUNTIME_DIR, for nobody else" "$(stat -c '%a %u' "$state")" "700 $uid"
if ! emulated; then # the rest but for the cgroup is the same natively

namespaces=$default_namespaces linux='' user_bundle b true
refused "not without a user namespace" 'requires user namespaces.*spec --rootless' \
    user pctrun run -b "$home/b" one
rm "$home/b/config.json"
runs "spec --rootless" user pctrun spec --rootless -b "$home/b"
runs "its container runs, with a terminal" person 'expect:# ' 'send:tty; id -u\r' \
    'expect:/dev/pts/0\r\n0\r' 'send:exit\r' wait -- as $uid pctrun run -b "$home/b" one

# --- the life of one, without a cgroup

process=',"oomScoreAdj": 300' linux="$(maps "$(one_id $uid)"), \"seccomp\": {\"defaultAction\": \"SCMP_ACT_ALLOW\",
  \"syscalls\": [{\"names\": [\"sethostname\"], \"action\": \"SCMP_ACT_ERRNO\", \"errnoRet\": 38}]}" \
    root=',"readonly": true' mounts=',{"destination": "/tmp", "type": "tmpfs", "options": ["size=1m"]}' \
    user_bundle b sh -c 'sleep 1000 & wait'
runs "create" user pctrun create -b "$home/b" one
runs "start" user pctrun start one
like "state" "$(user pctrun state one)" '"status": "running"'
like "list says whose it is" "$(user pctrun list)" '^one .* tester$'
eventually "ps finds both processes by their pid namespace" \
    sh -c "[ \$(as $uid pctrun ps -f json one | tr , '\n' | wc -l) = 2 ]"
runs "exec" user pctrun exec one sh -c 'id -u; touch /x; touch /tmp/x && hostname x; cat /proc/self/oom_score_adj'
like "the root is read-only, the tmpfs not" "$out" '/x: Read-only'
like "seccomp refuses" "$out" 'hostname: .*not implemented'
runs "debug" user pctrun debug one sh -c 'id -u; mount | grep -c "^none on ${PATH%%:*} type tmpfs (ro"'
is "as root of its user namespace, with tools" "$out" $'0\n1'
mkdir tools
cp /bin/busybox tools/true
refused "but none of the host's folders" 'only root may show a folder of the host.*leave --tools out' \
    user pctrun debug --tools "$PWD/tools" one true
runs "exec with a terminal" person 'expect:# ' 'send:tty\r' 'expect:/dev/pts/0' 'send:exit\r' wait -- \
    as $uid pctrun exec -t one sh
is "oomScoreAdj is raised" "$(cat "/proc/$(pid_of one)/oom_score_adj")" 300
runs "audit sees what holds" user pctrun audit one
refused "pause needs a cgroup" 'has no cgroup' user pctrun pause one

# --- whose it is

refused "another user can't even see it" 'Permission denied.*another user' \
    as $other pctrun --root "$state" kill one KILL
refused "root does not do what its records say" "belongs to uid $uid" pctrun --root "$state" delete --force one
chmod 777 "$state/one"
refused "a folder that others write to is not trusted" 'others may write' user pctrun state one
chmod 700 "$state/one"
namespaces=$default_namespaces linux='' bundle rooted sleep 1000
runs "root has one of its own" pctrun run -d -b rooted rooted
refused "which the user can't touch" 'Permission denied.*another user' user pctrun --root "$PCTRUN_ROOT" kill rooted KILL
is "and that runs on" "$(container_status rooted)" running

joined='{"type":"mount"},{"type":"pid"}'
for type in user ipc uts cgroup; do
    joined="$joined,{\"type\":\"$type\",\"path\":\"/proc/$(pid_of one)/ns/$type\"}"
done
namespaces=$joined linux='' user_bundle c sh -c 'id -u; hostname; touch /new'
runs "one that joins its namespaces" user pctrun run -b "$home/c" two
is "is in them" "$out" $'0\ntested'

runs "kill --all reaches every process" user pctrun kill --all one KILL
eventually "it ends" sh -c "as $uid pctrun state one | grep -q stopped"
runs "delete" user pctrun delete one
is "nothing is left" "$(ls "$state")" ""

# --- mounts: flags that are locked are kept; an id map is not for ordinary users

mkdir "$WORK/locked" && mount -t tmpfs -o ro,nosuid,nodev,noexec,mode=755 locked "$WORK/locked"
source="{\"destination\": \"/media\", \"source\": \"$WORK/locked\", \"options\": "
mounts=",${source}[\"rbind\", \"rw\", \"exec\", \"suid\", \"noatime\"]}" \
    user_bundle b sh -c 'grep " /media " /proc/self/mountinfo | cut -d" " -f6; touch /media/x'
status "a bind of what may not be written" 1 user pctrun run -b "$home/b" one
like "stays as it was" "$out" '^ro,nosuid,nodev,noexec,relatime'
mounts=",${source}[\"bind\", \"idmap\"]}" user_bundle b true
refused "no mount through an id map" "an ordinary user can't map its ids" user pctrun run -b "$home/b" one
namespaces=${all/'{"type":"network"},'/} user_bundle b sh -c 'ls /sys/kernel && touch /sys/x'
status "the host's network brings the host's /sys" 1 user pctrun run -b "$home/b" one
like "for reading" "$out" 'Read-only|Permission denied'
namespaces=${all/'{"type":"pid"},'/} user_bundle b sh -c 'test -d /proc/$$ && echo 1 >/proc/sys/kernel/pid_max'
status "and its processes the host's /proc" 1 user pctrun run -b "$home/b" one
like "with what is only read" "$out" 'Read-only|Permission denied'

# --- limits without a cgroup, scores, rlimits

linux="$linux, \"resources\": {\"pids\": {\"limit\": 9}}" user_bundle b true
status "a limit without a cgroup stops the start" 1 user pctrun run -b "$home/b" one
like "and says why" "$out" 'pids.max = 9: the caller may not make cgroups below its own'
runs "unless that is accepted" user pctrun --accept-unenforced pids run -b "$home/b" one
linux="$linux, \"cgroupsPath\": \"/pctrun-tested-$$\"" user_bundle b true
refused "no cgroup where the user may make none" 'Permission denied.*linux.cgroupsPath' \
    user pctrun run -b "$home/b" one
process=',"oomScoreAdj": -500' user_bundle b cat /proc/self/oom_score_adj
runs "oomScoreAdj is not lowered" user pctrun run -b "$home/b" one
is "and stays" "$out" "$(cat /proc/self/oom_score_adj)"

# --- many ids, by newuidmap

many="[{\"containerID\":0,\"hostID\":$uid,\"size\":1},{\"containerID\":1,\"hostID\":$subuids,\"size\":65536}]"
if command -v newuidmap >/dev/null && [ -e /etc/subuid ]; then
    process='' linux=$(maps "$many") user='"uid": 5, "gid": 6, "additionalGids": [7]' \
        user_bundle b sh -c 'id -u; id -G; touch /tmp/five'
    runs "ids of /etc/subuid" user pctrun run -b "$home/b" one
    is "the process has them" "$out" $'5\n6 7'
    is "and its files" "$(stat -c %u:%g "$home/b/rootfs/tmp/five")" "$((subuids + 4)):$((subuids + 5))"
    export OWN_GROUPS="--groups $other"
    install -m 640 -g $other /dev/null "$home/b/rootfs/ours"
    top=',"annotations": {"run.oci.keep_original_groups": "1"}' linux=$(maps "$many") \
        user='"uid": 5, "gid": 6' user_bundle b cat /ours
    chgrp $other "$home/b/rootfs/ours" && chmod 040 "$home/b/rootfs/ours"
    runs "groups of the caller that are kept" user pctrun run -b "$home/b" one
    linux=$(maps "$many") user='"uid": 5, "gid": 6' user_bundle b cat /ours
    chgrp $other "$home/b/rootfs/ours"
    status "and that are not" 1 user pctrun run -b "$home/b" one
    unset OWN_GROUPS
    linux=$(maps "[{\"containerID\":0,\"hostID\":$subuids,\"size\":65536}]") user_bundle b sh -c 'id -u'
    runs "without the user's own, in a home that they can't enter" user pctrun run -b "$home/b" one
    is "as root of them" "$out" 0
    linux=$(maps '[{"containerID":0,"hostID":100000,"size":9}]') user_bundle b true
    refused "not those of others" 'newgidmap.*/etc/subuid' user pctrun run -b "$home/b" one
    engine=(unshare --user --map-auto --map-root-user --mount)
else
    skip "ids of /etc/subuid" "no newuidmap (package uidmap) or no /etc/subuid"
    engine=(unshare --user --map-root-user --mount)
fi

# --- as root of a user namespace that an engine made

process='' linux='' namespaces=$default_namespaces user_bundle b sh -c 'id -u; echo x >/dev/null; touch /dev/x; ls /sys/class/net'
runs "in an engine's user namespace, none of its own" user "${engine[@]}" pctrun run -b "$home/b" one
is "is the engine's root" "$out" $'0\nlo'
is "its state is the user's too" "$(stat -c %u "$state")" $uid
linux=$(maps '[{"containerID":0,"hostID":0,"size":1}]') namespaces=$all user_bundle b sh -c 'id -u; ls /sys/class/net'
runs "one of its own within it" user "${engine[@]}" pctrun run -b "$home/b" one
is "is root there" "$out" $'0\nlo'
refused "the kernel wants a /proc that nothing covers" 'nothing mounted on parts' \
    user "${engine[@]}" sh -c "mount -t tmpfs x /proc/fs && exec pctrun run -b $home/b one"
refused "too many namespaces are said to be that" 'max_user_namespaces' user "${engine[@]}" \
    sh -c "echo 0 >/proc/sys/user/max_pid_namespaces && exec pctrun run -b $home/b one"
linux='' namespaces=${default_namespaces/'"network"'/'"network","path":"/proc/self/ns/net"'} user_bundle b ls /sys/class/net
runs "a network that the engine made" user "${engine[@]}" --net pctrun run -b "$home/b" one
is "is joined" "$out" lo

fi

# --- a cgroup that the user was given

cgroup=$(cgroup2_root)/pctrun-rootless-$$
if mkdir -p "$cgroup/session" 2>/dev/null; then
    chown $uid "$cgroup" "$cgroup"/cgroup.procs "$cgroup/session" "$cgroup/session/cgroup.procs"
    export OWN_CGROUP=$cgroup/session
    linux=$(maps "$(one_id $uid)") namespaces=$all user_bundle b sleep 1000
    runs "run in it" user pctrun run -d -b "$home/b" one
    is "the container has one below" "$(find "$cgroup/session/pctrun" -mindepth 1 -type d)" "$cgroup/session/pctrun/one"
    runs "pause" user pctrun pause one
    like "shows" "$(user pctrun state one)" paused
    runs "resume" user pctrun resume one
    runs "exec in it" user pctrun exec one cat /proc/self/cgroup
    runs "delete --force" user pctrun delete --force one
    is "takes the cgroups away" "$(find "$cgroup" -mindepth 1 -type d)" "$cgroup/session"
    linux="$linux, \"cgroupsPath\": \"/${cgroup##*/}/beside\"" user_bundle b sh -c 'grep ^0: /proc/self/cgroup'
    runs "one beside the session's" user pctrun run -b "$home/b" one
    if has_controller pids; then
        echo +pids >"$(cgroup2_root)/cgroup.subtree_control"
        chown $uid "$cgroup/cgroup.subtree_control"
        mounts=',{"destination": "/sys/fs/cgroup", "type": "cgroup"}'
        linux="$linux, \"cgroupsPath\": \"/${cgroup##*/}/beside\", \"resources\": {\"pids\": {\"limit\": 9}}" \
            user_bundle b sh -c 'cat /sys/fs/cgroup/pids.max'
        runs "with a limit" user pctrun run -b "$home/b" one
    else
        skip "with a limit" "no pids controller"
    fi
    OWN_CGROUP=$(cgroup2_root)
    refused "not from outside of what was given" 'Permission denied.*cgroup.procs' \
        user pctrun run -b "$home/b" one
    unset OWN_CGROUP
else
    skip "a cgroup of the user's" "no cgroup version 2 to make one in"
fi
is "nothing is left at the end" "$(ls "$state")" ""

done_testing
