#!/bin/bash
# Namespaces: new, the host's, and another container's by path, in mixes.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

declare -A file=([mount]=mnt [network]=net [pid]=pid [ipc]=ipc [uts]=uts [cgroup]=cgroup [user]=user [time]=time)
all="mount network pid ipc uts cgroup"
print='for n in mnt net pid ipc uts cgroup user time; do readlink /proc/self/ns/$n; done'

# namespaces MIX...: each TYPE=new, TYPE=PATH; the others are the host's
namespaces() {
    local list='' one
    for one in "$@"; do
        case $one in
        *=new) list="$list,{\"type\":\"${one%=*}\"}" ;;
        *) list="$list,{\"type\":\"${one%%=*}\",\"path\":\"${one#*=}\"}" ;;
        esac
    done
    namespaces=${list#,}
}

# The namespace of a type that $out, printed by $print, shows.
seen() {
    grep "^${file[$1]}:" <<<"$out"
}

mix() { # NEW-TYPES...: the words for them
    printf '%s=new ' "$@"
}

linux=$userns_maps
# shellcheck disable=SC2046
namespaces $(mix $all user time)
bundle holder sleep 1000
shift_owner holder/rootfs
runs "a container in a user namespace, for others to join" pctrun run -d -b holder holder
theirs=$(container_pid holder)
# shellcheck disable=SC2046
linux='' namespaces $(mix $all time)
linux='' bundle root sleep 1000
runs "one without" pctrun run -d -b root root
roots=$(container_pid root)

for type in network ipc uts cgroup pid time; do
    # shellcheck disable=SC2046
    namespaces $(mix $all | sed "s/$type=new//") "$type=/proc/$roots/ns/${file[$type]}"
    linux='' bundle b sh -c "$print"
    runs "joins the $type namespace" pctrun run -b b c
    is "that one" "$(seen $type)" "$(readlink "/proc/$roots/ns/${file[$type]}")"
    for other in $all; do
        [ "$other" != $type ] || continue
        [ "$(seen "$other")" != "$(readlink "/proc/$roots/ns/${file[$other]}")" ] || not_ok "and not $other" "$out"
    done
done
for mix in "network ipc uts" "pid network" "pid ipc network uts cgroup" "uts cgroup time"; do
    words=''
    for type in $all; do
        case " $mix " in *" $type "*) ;; *) words="$words $type=new" ;; esac
    done
    for type in $mix; do
        words="$words $type=/proc/$roots/ns/${file[$type]}"
    done
    # shellcheck disable=SC2086
    namespaces $words
    linux='' bundle b sh -c "$print"
    runs "joins $mix" pctrun run -b b c
    for type in $mix; do
        is "$type" "$(seen "$type")" "$(readlink "/proc/$roots/ns/${file[$type]}")"
    done
done
rm -rf b

for mix in "user" "user network" "user network ipc uts" "user pid network ipc uts cgroup time"; do
    words=''
    for type in $all; do
        case " $mix " in *" $type "*) ;; *) words="$words $type=new" ;; esac
    done
    for type in $mix; do
        words="$words $type=/proc/$theirs/ns/${file[$type]}"
    done
    # shellcheck disable=SC2086
    namespaces $words
    # sysfs may only be mounted by who owns the network namespace
    linux='' bundle b sh -c "$print; id -u; touch /tmp/made-$RANDOM"
    [ -O b/rootfs/tmp ] && shift_owner b/rootfs
    runs "joins $mix" pctrun run -b b c
    for type in $mix; do
        is "$type" "$(seen "$type")" "$(readlink "/proc/$theirs/ns/${file[$type]}")"
    done
    is "as root there" "$(tail -n 1 <<<"$out")" 0
done
is "files are the mapped root's" "$(find b/rootfs/tmp -name 'made-*' -printf '%U\n' | sort -u)" 100000
rm -rf b

# shellcheck disable=SC2046
namespaces $(mix mount pid)
sed_host() { sed -i 's/ "hostname": "tested",//' b/config.json; }
linux='' bundle b sh -c "$print"
sed_host
sed -i 's/{"destination": "\/sys", "type": "sysfs", "source": "sysfs"/{"destination": "\/sys", "type": "bind", "source": "\/sys"/; s/"nosuid", "noexec", "nodev", "ro"\]}$/"rbind", "nosuid", "noexec", "nodev", "ro"]}/' b/config.json
runs "the host's, but for two" pctrun run -b b c
for type in network ipc uts cgroup user time; do
    is "$type" "$(seen $type)" "$(readlink /proc/self/ns/${file[$type]})"
done

# shellcheck disable=SC2046
namespaces $(mix $all) "user=/proc/$theirs/ns/user"
linux=',"uidMappings":[{"containerID":0,"hostID":200000,"size":10}],"gidMappings":[{"containerID":0,"hostID":200000,"size":10}]' \
    bundle b true
refused "maps that the joined user namespace doesn't have" 'other maps .from linux.uidMappings' pctrun run -b b c
linux=$userns_maps bundle b true
shift_owner b/rootfs
runs "the ones that it has" pctrun run -b b c
mkdir mapped && command mount -t tmpfs mapped mapped && touch mapped/file && chown 5:6 mapped/file
mounts=",{\"destination\":\"/in\",\"type\":\"bind\",\"source\":\"$WORK/mapped\",\"options\":[\"bind\",\"idmap\"]}" \
    linux='' bundle b stat -c %u:%g /in/file
runs "an id-mapped mount with the joined maps" pctrun run -b b c
is "shows ids through them" "$out" 5:6
umount mapped
rm -rf b

# shellcheck disable=SC2046
namespaces $(mix network pid ipc uts cgroup) "mount=/proc/$roots/ns/mnt"
linux='' bundle b true
refused "a mount namespace" "can't join a mount namespace" pctrun run -b b c
is "nothing happens to its container" "$(pctrun exec root sh -c 'readlink /proc/self/ns/mnt; ls /bin/sh')" \
    "$(readlink "/proc/$roots/ns/mnt")"$'\n/bin/sh'
# shellcheck disable=SC2046
namespaces $(mix mount pid ipc uts cgroup) "network=/proc/$roots/ns/ipc"
linux='' bundle b true
refused "a path of another type" '/ns/ipc is no network namespace' pctrun run -b b c
# shellcheck disable=SC2046
namespaces $(mix mount pid ipc uts cgroup) "network=/proc/$roots/status"
linux='' bundle b true
refused "a path that is no namespace" "/proc/$roots/status" pctrun run -b b c
# shellcheck disable=SC2046
namespaces $(mix mount pid ipc uts cgroup) "network=/run/nowhere"
linux='' bundle b true
refused "a path that is not there" '/run/nowhere.*No such file or directory' pctrun run -b b c
# shellcheck disable=SC2046
namespaces $(mix mount pid ipc network cgroup) "uts=/proc/$roots/ns/uts"
linux='' bundle b hostname
runs "a joined uts namespace" pctrun run -b b c
is "gets the hostname" "$out" tested
# shellcheck disable=SC2046
namespaces $(mix mount ipc network uts cgroup) "pid=/proc/$roots/ns/pid"
linux='' bundle b sh -c 'ls -d /proc/1 && cat /proc/1/comm; kill -9 $$'
status "a joined pid namespace: ended by a signal" 137 pctrun run -b b c
like "sees the other's first process" "$out" '^sleep$'

runs "the end" pctrun delete -f holder
runs "of both" pctrun delete -f root
done_testing
