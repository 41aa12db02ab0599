#!/bin/bash
# Hostile images and configurations, as past CVEs of container runtimes had them; those that take a
# race are in attacks_race.sh, those on the runtime's own processes in attacks_self.sh.
# docs/security.md says what stops each.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

core_pattern=$(cat /proc/sys/kernel/core_pattern)
mkdir outside && echo secret >outside/secret
outside=$WORK/outside

untouched() {
    is "$1: nothing on the host has changed" "$(find outside | sort | paste -sd' ') $(cat outside/secret)" \
        "outside outside/secret secret"
}

fresh() {
    rm -rf b/rootfs/{dev,proc,sys,data,made,vol}
    bundle b "$@"
    mkdir -p b/rootfs/{dev,proc,sys}
}

run() {
    pctrun run -b b c
}

link() { # NAME TARGET: what an image has instead of NAME
    rm -rf "b/rootfs/$1"
    ln -s "$2" "b/rootfs/$1"
}

# --- cgroups (CVE-2022-0492, CVE-2023-25809)

fresh sh -c 'unshare -Urm sh -c "mkdir /tmp/cg; mount -t cgroup -o memory cgroup /tmp/cg && ls /tmp/cg/release_agent"; mount -t cgroup cgroup /tmp/cg; find / -xdev -name release_agent'
capture run
is "no release_agent can be mounted" "$(grep -c '/release_agent$' <<<"$out")" 0
writes='cd /sys/fs/cgroup && for d in . $(find . -type d | head -n 20); do mkdir $d/x && echo made; (echo $$ >$d/cgroup.procs) && echo moved; done 2>/dev/null; true'
namespaces='{"type":"pid"},{"type":"mount"},{"type":"uts"},{"type":"network"}'
mounts=',{"destination":"/sys/fs/cgroup","type":"cgroup","source":"cgroup","options":["rw"]}' fresh sh -c "$writes"
runs "the host's cgroups" run
is "can't be written to without a cgroup namespace" "$out" ""
fresh sh -c "$writes"
sed -i 's|{"destination": "/sys", [^}]*}|{"destination": "/sys", "type": "bind", "source": "/sys", "options": ["rbind", "ro"]}|' b/config.json
runs "the host's /sys, bound read-only" run
is "has none either that can" "$out" ""
namespaces=''

if emulated; then
    skip "the rest" "emulated: takes minutes, and no controller changes it"
    done_testing
    exit
fi

# --- /proc and /sys are no links (CVE-2019-19921, CVE-2023-27561, CVE-2023-28642, CVE-2025-54867;
# CVE-2015-1334: what is there instead is not asked for anything)

for place in proc sys; do
    for target in /tmp ../../.. "$outside" /proc/self/root self; do
        fresh true
        link $place "$target"
        refused "/$place as a link to $target" "$place" run
    done
    fresh true
    rmdir b/rootfs/$place && echo text >b/rootfs/$place
    refused "/$place as a file" "Not a directory" run
done
untouched "/proc and /sys"

# --- links at each default place, and in the way to it (CVE-2015-1335, CVE-2019-18837, CVE-2026-41579,
# CVE-2026-47766)

for target in "$outside" "../../../../..$outside" /; do
    fresh true
    link dev "$target"
    capture run
    untouched "/dev as a link to $target"
done
sed -i 's|{"destination": "/dev", [^}]*},||' b/config.json
for target in "$outside" "../../../../..$outside"; do
    link dev "$target"
    refused "the same without a mount there" '/dev' run
done
for name in pts null console shm fd; do
    fresh true
    sed -i 's|{"destination": "/dev", [^}]*},||' b/config.json
    link dev/$name "$outside/$name"
    capture run
    is "/dev/$name as a link: nothing is made where it leads" "$(ls outside)" secret
done
mounts=",{\"destination\":\"/data/deep/er\",\"type\":\"bind\",\"source\":\"$WORK/outside\",\"options\":[\"bind\",\"ro\"]}" \
    fresh cat /data/deep/er/secret
link data "../../../../..$outside"
runs "a mount point behind a link" run
is "is found inside" "$out" secret
linux=',"devices":[{"path":"/made/null","type":"c","major":1,"minor":3}]' fresh true
link made "$outside"
refused "a device behind a link" 'symbolic link' run
untouched "links"

# What the runtime or the set-up of a Proxmox container writes (CVE-2025-24965 and the like).
pct_storage
guest=$WORK/storage/private/100
mkdir -p "$guest" && cp -a "$SHARED/rootfs/." "$guest" && echo 12 >"$guest/etc/debian_version"
mkdir -p "$guest/etc/network"
for file in hosts hostname resolv.conf timezone localtime network/interfaces shadow; do
    ln -sf "$outside/planted" "$guest/etc/$file"
done
printf 'arch: amd64\nostype: debian\nhostname: one\nnameserver: 1.2.3.4\ntimezone: UTC\nnet0: name=eth0,hwaddr=02:00:00:00:00:01,ip=10.9.9.9/24,type=veth\nrootfs: %s,size=0\nunprivileged: 0\n' \
    "$guest" >"$PCTRUN_ETC/lxc/100.conf"
capture pct start 100 --accept-unenforced all
capture pct stop 100
untouched "planted links"

# --- /proc covered by what only looks like it (CVE-2019-16884, CVE-2025-52881)

mkdir -p fake/self/attr/apparmor fake/thread-self/attr fake/1/attr fake/sys/net/ipv4
for file in self/attr/exec self/attr/apparmor/exec thread-self/attr/exec 1/attr/exec sys/net/ipv4/ip_forward self/oom_score_adj; do
    : >"fake/$file"
done
mounts=",{\"destination\":\"/proc\",\"type\":\"bind\",\"source\":\"$WORK/fake\",\"options\":[\"bind\"]}
  ,{\"destination\":\"/real\",\"type\":\"proc\",\"source\":\"proc\"}" \
    linux=',"sysctl":{"net.ipv4.ip_forward":"1"}' process=',"oomScoreAdj":77' \
    fresh sh -c 'cat /real/sys/net/ipv4/ip_forward /real/1/oom_score_adj'
mkdir -p b/rootfs/real
runs "a folder over /proc" run
is "what is written goes to the kernel" "$out" $'1\n77'
is "not there" "$(find fake -type f -size +0)" ""
for place in /proc/self /proc/self/attr /proc/sys/kernel /proc/1; do
    mounts=",{\"destination\":\"$place\",\"type\":\"tmpfs\",\"source\":\"tmpfs\"}" bundle b true
    refused "a mount on $place" 'not a place in /proc' run
done
for place in sys self sys/kernel; do
    mounts=',{"destination":"/vol/below","type":"tmpfs","source":"tmpfs"}' fresh true
    mkdir -p b/rootfs/vol
    link vol/below /proc/$place
    refused "a mount point that leads to /proc/$place" "leads into the container's /proc" run
done

# --- masks (CVE-2025-31133, CVE-2025-62161)

masked='stat -c %F:%t:%T /tmp/key; (: >>/proc/sys/kernel/core_pattern) && echo opened'
for target in /proc/sys/kernel/core_pattern "$outside/secret" /nowhere ''; do
    linux=',"maskedPaths":["/tmp/key","/proc/keys"]' fresh sh -c "$masked"
    sed -i 's/"maskedPaths": \[[^]]*\], "readonlyPaths": \[[^]]*\] ,/"readonlyPaths": ["\/proc\/sys"],/; s|{"destination": "/dev", [^}]*},||' b/config.json
    echo key >b/rootfs/tmp/key
    mkdir b/rootfs/dev/pts
    if [ -n "$target" ]; then link dev/null "$target"; else echo fake >b/rootfs/dev/null; fi
    capture run
    if grep -q 'something else\|/dev/null' <<<"$out"; then
        ok "/dev/null as ${target:-a file}: refused"
    else
        like "/dev/null as ${target:-a file}: masks are the host's" "$out" '^character special file:1:3$'
    fi
    is "/dev/null as ${target:-a file}: the host's core_pattern stays" "$(cat /proc/sys/kernel/core_pattern)" "$core_pattern"
done
untouched "masks"

# --- terminals (CVE-2025-52565)

for target in /proc/sys/kernel/core_pattern "$outside/secret" /etc/passwd; do
    process=',"terminal":true' fresh true
    sed -i 's|{"destination": "/dev", [^}]*},||' b/config.json
    mkdir b/rootfs/dev/pts
    link dev/console "$target"
    status "/dev/console as a link to $target" 1 person wait -- pctrun run -b b c
    like "is refused" "$out" '/dev/console'
done
process=',"terminal":true' fresh true
sed -i 's|{"destination": "/dev/pts"|{"destination": "/dev/elsewhere"|; s|{"destination": "/dev", [^}]*},||' b/config.json
mkdir b/rootfs/dev/pts && ln -s /proc/sys/kernel/core_pattern b/rootfs/dev/pts/ptmx
status "a planted /dev/pts/ptmx" 1 person wait -- pctrun run -b b c
like "is none" "$out" '/dev/pts is no devpts'
untouched "terminals"

# CVE-2017-5226: typing into the caller's terminal.
fresh tiocsti
cp "$BUILD/attack/tiocsti" b/rootfs/bin/
status "nothing is typed into the caller's terminal" 1 person wait -- pctrun run -b b c

# --- descriptors and working directories (CVE-2024-21626)

# leads_out NAME: what was tried is in $out; it failed for the right reason, or stayed inside.
script='for up in "" ../ ../../ ../../../ ../../../../ ../../../../../ ../../../../../../; do cat "./$up'$outside'/secret"; done 2>/dev/null; echo inside'
led_out=''
check_inside() {
    if grep -qx secret <<<"$out"; then
        led_out="$led_out $1"
    elif ! grep -Eq '^inside$|outside of the container|enter the working directory|exec: |exec /proc' <<<"$out"; then
        led_out="$led_out $1: $out"
    fi
}
for n in $(seq 3 20); do
    cwd=/proc/self/fd/$n bundle b sh -c "$script"
    capture run
    check_inside "$n"
done
is "no descriptor leads out as working directory" "$led_out" ""
cwd=/proc/self/fd/999 bundle b true
refused "one that is none is said to be" 'enter the working directory /proc/self/fd/999: No such file' run
fresh sleep 1000
require "a container" pctrun run -d -b b c
ln -s /proc/self/fd/7 b/rootfs/tmp/cwd
for n in $(seq 3 20); do
    capture pctrun exec --cwd "/proc/self/fd/$n" c sh -c "$script"
    check_inside "cwd $n"
    capture pctrun exec c "/proc/self/fd/$n/../../../../../../../../$outside/../../../bin/cat" "$outside/secret"
    check_inside "program $n"
done
is "nor that of exec, nor as a way to a program" "$led_out" ""
refused "nor through a link" '/tmp/cwd' pctrun exec --cwd /tmp/cwd c true

# --- exec: users (CVE-2026-30892), capabilities (CVE-2022-29162, CVE-2022-24769)

for given in 1: :2 1x -1 4294967296 0x1 ' 1' '' 1:-1 1:2:3 1.0; do
    refused "exec --user '$given'" "user" pctrun exec --user "$given" c id -u
done
is "exec --user 1" "$(pctrun exec --user 1 c id -u)" 1
is "exec --user 1:2" "$(pctrun exec --user 1:2 c sh -c 'id -u; id -g' | paste -sd:)" 1:2
like "exec --cap adds nothing that is inherited" "$(pctrun exec --cap CAP_NET_RAW c cat /proc/self/status)" \
    '^CapInh:[[:space:]]*0000000000000000$'
like "nor has the container's program any" "$(cat "/proc/$(container_pid c)/status")" '^CapInh:[[:space:]]*0000000000000000$'
pctrun delete -f c

# --- sysctls (CVE-2022-0811)

while IFS=$'\t' read -r name value; do
    linux=",\"sysctl\":{\"$name\":\"$value\"}" bundle b true
    capture run
    is "sysctl $name = $value: the host's core_pattern stays" "$(cat /proc/sys/kernel/core_pattern)" "$core_pattern"
    is "and it is refused" "$(wc -l <<<"$out"):$(grep -c '^pctrun: ' <<<"$out")" 1:1
done <<'EOF'
kernel.shm_rmid_forced	1+kernel.core_pattern=|/x
kernel.shm_rmid_forced	1\nkernel.core_pattern = |/x
kernel.shm_rmid_forced	1\u0000kernel.core_pattern=|/x
kernel.shm_rmid_forced=1+kernel.core_pattern	|/x
kernel.core_pattern	|/x
kernel/core_pattern	|/x
net.../kernel/core_pattern	|/x
net/../kernel/core_pattern	|/x
net.ipv4.../../../kernel.core_pattern	|/x
EOF

# --- lengths (CVE-2021-43784)

long=$(head -c 70000 /dev/zero | tr '\0' x)
env="\"PATH=/bin\",\"LONG=$long\"" process=',"noNewPrivileges":true' top=",\"annotations\":{\"long\":\"$long\"}" \
    fresh sh -c 'echo ${#LONG}; id -u; grep NoNewPrivs /proc/self/status'
runs "70000 characters in the environment and in annotations" run
is "change nothing else" "$(tr -d '\t' <<<"$out")" $'70000\n0\nNoNewPrivs:1'
env=''
fresh "/$long"
status "a program's name of that length" 1 run
is "is one line" "$(wc -l <<<"$out")" 1
mounts=''
for i in $(seq 100); do mounts="$mounts,{\"destination\":\"/tmp/m$i\",\"type\":\"tmpfs\",\"source\":\"tmpfs\",\"options\":[\"size=4k\"]}"; done
fresh sh -c 'grep -c " /tmp/m" /proc/self/mountinfo; (echo x >/proc/sys/kernel/hostname) 2>&1'
capture run
like "100 mounts" "$out" '^100$'
like "and the masks after them" "$out" 'Read-only file system'
mounts=''

# --- ids of a single map (CVE-2014-8989), sockets without a path (CVE-2020-15257)

# shellcheck disable=SC2016
is "an unprivileged map denies setgroups" \
    "$(setpriv --reuid 1000 --regid 1000 --clear-groups unshare -Ur cat /proc/self/setgroups)" deny
namespaces='{"type":"pid"},{"type":"mount"},{"type":"uts"}' fresh sh -c 'grep -c " @" /proc/net/unix; true'
runs "in its caller's network namespace" unshare -n "$BUILD/pctrun" run -b b c
is "there is no socket of ours" "$out" 0
done_testing
