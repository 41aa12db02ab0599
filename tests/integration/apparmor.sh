#!/bin/bash
# AppArmor: the profile that a program runs under, and the one made for a Proxmox container.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

profile=',"apparmorProfile":"pctrun-tested"'
label='cat /proc/self/attr/apparmor/current 2>/dev/null || cat /proc/self/attr/current'
process=$profile bundle b sh -c "$label; cat /etc/group; cat /etc/passwd"

if ! has_apparmor; then
    none='not enforced on this host \[apparmor\]: AppArmor profile pctrun-tested: this kernel has no AppArmor'
    status "a profile" 1 pctrun run -b b c
    like "is missing" "$out" "$none"
    runs "or without, when that is accepted" pctrun --accept-unenforced apparmor run -b b c
    like "is said" "$out" "$none"
    process=$profile bundle b sleep 1000
    runs "a container" pctrun --accept-unenforced apparmor run -d -b b c
    runs "a further program needs no more" pctrun exec c true
    echo '{"args":["true"],"cwd":"/","env":["PATH=/bin"],"apparmorProfile":"pctrun-other"}' >other.json
    status "unless it asks for another" 255 pctrun exec -p other.json c
    like "that is said as well" "$out" 'AppArmor profile pctrun-other: this kernel has no AppArmor'
    status "or an option does" 255 pctrun exec --apparmor pctrun-other c true
    like "likewise" "$out" 'AppArmor profile pctrun-other: this kernel has no AppArmor'
    pctrun delete -f c
    process=',"apparmorProfile":"unconfined"' bundle b true
    runs "unconfined is what it is anyway" pctrun run -b b c
    skip "profiles hold" "this kernel has no AppArmor"
    done_testing
    exit
fi

loaded() {
    grep -c "^$1 " /sys/kernel/security/apparmor/profiles
}

remove_profile() {
    printf 'profile %s {}\n' "$1" | apparmor_parser -R
}

refused "a profile that is not loaded" 'load it with apparmor_parser' pctrun run -b b c
for name in tested other; do
    apparmor_parser -K -r <<EOT
profile pctrun-$name flags=(attach_disconnected,mediate_deleted) {
  capability, file, mount, umount, pivot_root, network, signal, ptrace, unix,
  deny /etc/passwd r,
}
EOT
done
status "a profile" 1 pctrun run -b b c
like "is the program's" "$out" '^pctrun-tested \(enforce\)$'
like "allows" "$out" '^root:x:0:$'
like "and denies" "$out" "can't open '/etc/passwd': Permission denied"

linux=$userns_maps namespaces="$default_namespaces,{\"type\":\"user\"}" \
    process="$profile,\"noNewPrivileges\":true" bundle u sh -c "$label"
shift_owner u/rootfs
runs "in a user namespace, without new privileges" pctrun run -b u c
like "as well" "$out" '^pctrun-tested \(enforce\)$'

process=$profile bundle b sleep 1000
runs "a container" pctrun create -b b c
runs "audit before its start" pctrun audit c
like "sees what it will be" "$out" '^holds +apparmor +profile pctrun-tested: pctrun-tested \(enforce\) from its start on'
runs "start" pctrun start c
runs "audit" pctrun audit c
like "sees what it is" "$out" '^holds +apparmor +profile pctrun-tested: pctrun-tested \(enforce\) \(from'
is "a further program has it too" "$(pctrun exec c sh -c "$label")" 'pctrun-tested (enforce)'
echo '{"args":["sh","-c","cat /proc/self/attr/current"],"cwd":"/","env":["PATH=/bin"],"apparmorProfile":"pctrun-other"}' >other.json
is "or its own" "$(pctrun exec -p other.json c)" 'pctrun-other (enforce)'
is "or that of an option" "$(pctrun exec --apparmor pctrun-other c cat /proc/self/attr/current)" 'pctrun-other (enforce)'
sed -i 's/,"apparmorProfile":"pctrun-other"//' other.json
is "or, without, the container's" "$(pctrun exec -p other.json c)" 'pctrun-tested (enforce)'
is "a debugger's shell has none" "$(pctrun debug c sh -c "$label")" unconfined
is "unless it is kept" "$(pctrun debug --lsm keep c sh -c "$label")" 'pctrun-tested (enforce)'
is "or left by name" "$(pctrun debug --lsm leave c sh -c "$label")" unconfined
runs "the end" pctrun delete -f c

# CVE-2019-16884: what is written as the label must not end up in a file that covers /proc.
mkdir -p fake/{self,thread-self,1}/attr/apparmor
touch fake/{self,thread-self,1}/attr/{exec,current} fake/{self,thread-self,1}/attr/apparmor/exec
mounts=",{\"destination\":\"/proc\",\"type\":\"bind\",\"source\":\"$WORK/fake\",\"options\":[\"bind\"]}" \
    process=$profile bundle b sleep 1000
runs "a container with a folder over /proc" pctrun run -d -b b c
eventually "has its profile" grep -qx 'pctrun-tested (enforce)' "/proc/$(container_pid c)/attr/current"
runs "a further program" pctrun exec -d --pid-file pid c sleep 77
eventually "has it too" grep -qx 'pctrun-tested (enforce)' "/proc/$(cat pid)/attr/current"
is "nothing was written to what is there instead" "$(find fake -type f -size +0)" ""
runs "the end" pctrun delete -f c
remove_profile pctrun-tested
remove_profile pctrun-other

# --- a Proxmox container: a profile generated for it, there as long as it runs

pct_storage
cp -a "$SHARED/rootfs" template
printf '::sysinit:/bin/true\n::respawn:/bin/sleep 1000\n' >template/etc/inittab
tar -C template -czf template.tar.gz .
runs "create" pct create 7901 "$WORK/template.tar.gz" --ostype unmanaged --rootfs local:0 --unprivileged 1
runs "start" pct start 7901
is "its profile is loaded" "$(loaded 'lxc-7901_</var/lib/lxc>')" 1
is "and holds" "$(cat "/proc/$(container_pid 7901)/attr/current")" 'lxc-7901_</var/lib/lxc> (enforce)'
is "for a further program" "$(pct exec 7901 -- sh -c 'cat /proc/self/attr/current')" \
    'lxc-7901_</var/lib/lxc> (enforce)'
status "/proc can't be mounted anew" 255 pct exec 7901 -- mount -t proc proc /proc
runs "other things can" pct exec 7901 -- mount -t tmpfs none /tmp
runs "audit" pctrun audit 7901
like "sees both" "$(grep -c '^holds *apparmor' <<<"$out")" '^2$'
runs "stop" pct stop 7901
is "takes it out of the kernel" "$(loaded 'lxc-7901_</var/lib/lxc>')" 0

echo 'features: nesting=1' >>"$PCTRUN_ETC/lxc/7901.conf"
runs "start with nesting" pct start 7901
runs "then it can" pct exec 7901 -- mount -t proc proc /proc
kill -9 "$(cat "$PCTRUN_ROOT/7901/monitor.pid" 2>/dev/null || container_pid 7901)"
pct stop 7901 >stop.log 2>&1
is "also after its monitor was killed nothing stays" "$(loaded 'lxc-7901_</var/lib/lxc>')" 0

echo 'lxc.apparmor.profile: unconfined' >>"$PCTRUN_ETC/lxc/7901.conf"
runs "start unconfined" pct start 7901
is "is no profile" "$(cat "/proc/$(container_pid 7901)/attr/current")" unconfined
runs "stop" pct stop 7901
runs "destroy" pct destroy 7901

# --- what pct check says of such a host

capture pct check --host
like "AppArmor" "$out" '^host     apparmor +it is on, and profiles can be compiled$'
# shellcheck disable=SC2016 # for that shell
like "without its file system" "$(unshare -m sh -c 'umount -l /sys/kernel/security && exec "$@"' sh pct check --host)" \
    '^lacking  apparmor +securityfs is not mounted: mount -t securityfs'
# shellcheck disable=SC2016
like "without its parser" "$(unshare -m sh -c 'for at in /sbin /usr/sbin; do [ ! -e $at/apparmor_parser ] ||
    mount --bind "$0" $at/apparmor_parser; done; exec "$@"' "$PCTRUN_ETC/storage.cfg" pct check --host)" \
    '^lacking  apparmor +it is on, but apparmor_parser is missing: install package apparmor '
done_testing
