#!/bin/bash
# Attackers that change an image while a container is made from it: names that are exchanged as fast
# as the kernel can, in a tree that both share. Each pair runs for ten seconds, all at once.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

seconds=10 least=10
settings=$(cat /proc/sys/kernel/core_pattern)
mkdir -p outside/empty && echo secret >outside/secret
snapshot() {
    find outside -printf '%p %y %m %U %s %i\n' | sort
    awk '{print $5}' /proc/self/mountinfo | sort
}
before=$(snapshot)

succeeded() {
    grep -q '^done' "$1.out"
}

# race NAME A B: containers are made and their output collected, while A and B are exchanged; longer
# on a busy machine, until there were some.
race() {
    local end=$((SECONDS + seconds)) latest=$((SECONDS + 4 * seconds)) n=0 swapper
    : >"$1.out"
    "$BUILD/attack/swap" "$2" "$3" &
    swapper=$!
    while [ $SECONDS -lt $latest ]; do
        n=$((n + 1))
        pctrun run -b "$1" "$1-$n" </dev/null >>"$1.out" 2>>"$1.err"
        [ $SECONDS -lt $end ] || [ $n -lt $least ] || ! succeeded "$1" || break
    done
    kill $swapper
    wait $swapper 2>/dev/null
    echo "$n" >"$1.count"
}

# A volume's mount point, and folders that have to be made in it (CVE-2021-30465, CVE-2024-45310).
mkdir volume
mounts=",{\"destination\":\"/vol\",\"type\":\"bind\",\"source\":\"$WORK/volume\",\"options\":[\"rbind\"]}
 ,{\"destination\":\"/vol/a/made/for/it\",\"type\":\"tmpfs\",\"source\":\"tmpfs\",\"options\":[\"size=4k\"]}
 ,{\"destination\":\"/vol/a/file\",\"type\":\"bind\",\"source\":\"/etc/hostname\",\"options\":[\"bind\"]}" \
    bundle volumes sh -c 'find /vol '$WORK' -name secret 2>/dev/null; cut -d" " -f5 /proc/self/mountinfo | grep -Ev "^(/(proc|sys|dev|vol|$)|'$WORK/outside/empty')"; echo done; rm -rf /vol/a/made /vol/b/made 2>/dev/null'
mkdir volume/a && ln -s "../../../../../../..$WORK/outside/empty" volume/b

# /proc: what is masked there must not come to light under another name (CVE-2019-19921,
# CVE-2023-27561, CVE-2025-31133, CVE-2025-52881). What is not there takes its time too.
nowhere=$(seq -f '"/proc/nowhere/%g",' 100)
linux=",\"maskedPaths\":[$nowhere\"/proc/keys\",\"/proc/sys/vm/swappiness\"],\"readonlyPaths\":[$nowhere\"/proc/sys\"]" \
    bundle procs sh -c 'for p in /proc /away /tmp; do
        (: >>$p/sys/kernel/core_pattern) 2>/dev/null && echo "can write $p/sys"
        for file in keys sys/vm/swappiness; do
            [ -z "$(cat $p/$file 2>/dev/null)" ] || echo "read $p/$file"
        done
    done; echo done'
sed -i 's/"maskedPaths": \[[^]]*\], "readonlyPaths": \["\/proc\/sys"\] ,/ /' procs/config.json
ln -s tmp procs/rootfs/away

# /dev, with all that is made in it, and a terminal's /dev/console (CVE-2025-52565, CVE-2026-41579).
process=',"terminal":true' bundle devices sh -c 'find /dev '$WORK' -name secret 2>&1 | grep /secret$; echo done'
ln -s "../../../../../../..$WORK/outside/empty" devices/rootfs/away
process=',"terminal":true' bundle consoles sh -c 'echo done'
sed -i 's|{"destination": "/dev", [^}]*},||' consoles/config.json
mkdir consoles/rootfs/dev/pts && : >consoles/rootfs/dev/console
ln -s /proc/sys/kernel/core_pattern consoles/rootfs/dev/other

race volumes volume/a volume/b &
race procs procs/rootfs/proc procs/rootfs/away &
race devices devices/rootfs/dev devices/rootfs/away &
race consoles consoles/rootfs/dev/console consoles/rootfs/dev/other &
wait

for name in volumes procs devices consoles; do
    runs "$name: some of $(cat $name.count) starts succeed" succeeded $name
    is "$name: nothing gets where it should not" "$(tr -d '\r' <$name.out | grep -v '^done$' | sort | uniq -c)" ""
    is "$name: each failure is one line of ours" "$(grep -vc '^pctrun: ' $name.err)" 0
done
is "nothing on the host has changed" "$(snapshot)" "$before"
is "nor the kernel's settings" "$(cat /proc/sys/kernel/core_pattern)" "$settings"
is "and no container is left" "$(pctrun list -q)" ""
done_testing
