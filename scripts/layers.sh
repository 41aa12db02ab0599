#!/bin/bash
# Who may include whom, proved from the #include lines (docs/architecture.md has the map).
set -eu
cd "$(dirname "$0")/.."

allowed() {
    case $1 in
    lib) echo "lib" ;;
    oci) echo "lib oci" ;;
    ns | cgroup | net | seccomp) echo "lib oci $1" ;;
    runtime) echo "lib oci ns cgroup net seccomp runtime" ;;
    pve/lxc | pve/guest | pve/firewall) echo lib oci "$1" ;;
    pve/conf) echo lib oci pve/{lxc,conf} ;;
    pve/etc) echo lib oci pve/{conf,etc} ;;
    pve/facts) echo lib oci pve/{lxc,firewall,conf,etc,facts} ;;
    pve/translate) echo lib oci pve/{lxc,firewall,conf,facts,translate} ;;
    pve/storage) echo lib oci pve/{conf,etc,storage} ;;
    pve/volumes) echo lib oci pve/{lxc,conf,etc,storage,volumes} ;;
    pve/setup) echo lib oci pve/{guest,conf,volumes,setup} ;;
    pve/template) echo lib oci pve/{lxc,volumes,template} ;;
    pve/lint) echo lib oci pve/{lxc,conf,etc,facts,setup,lint} ;;
    pve/snapshot) echo lib oci pve/{conf,etc,storage,snapshot} ;;
    pve/change) echo lib oci pve/{lxc,conf,etc,storage,volumes,change} ;;
    pve/create) echo lib oci pve/{lxc,conf,etc,storage,volumes,setup,template,change,create} ;;
    pve/verbs) echo lib oci pve/{conf,etc,storage,volumes,setup,verbs} ;;
    debug) echo "lib oci ns cgroup net seccomp runtime debug" ;;
    why) echo "lib oci ns cgroup net seccomp runtime debug why" ;;
    cli) echo "lib oci runtime debug why cli" ;;
    cli/pctrun) echo lib oci runtime debug why pve/lxc cli{,/pctrun} ;;
    cli/pct) echo lib oci runtime debug why pve/* cli{,/pct} ;;
    libexec) echo "lib libexec" ;;
    esac
}

bad=0
complain() {
    echo "layers: $1" >&2
    bad=1
}

for file in lib/*.[ch] oci/*.[ch] ns/*.[ch] cgroup/*.[ch] net/*.[ch] seccomp/*.[ch] \
    runtime/*.[ch] debug/*.[ch] why/*.[ch] pve/*/*.[ch] cli/*.[ch] cli/*/*.[ch] \
    libexec/*.[ch]; do
    [ -e "$file" ] || continue
    folder=${file%/*}
    known=$(allowed "$folder")
    for include in $(sed -n 's/^#include "\(.*\)"/\1/p' "$file"); do
        [ -e "$include" ] || complain "$file includes \"$include\", which is not there"
        case " $known " in
        *" ${include%/*} "*) ;;
        *) complain "$file includes $include: $folder/ may not know ${include%/*}/" ;;
        esac
        # Only a subject's _plan.c knows the spec; what acts works on steps.
        case $file:$include in
        *_apply.c:oci/* | *_observe.c:oci/* | *_undo.c:oci/*)
            complain "$file includes $include: only _plan.c files know the spec"
            ;;
        esac
    done
    # Planning is pure: no system calls, files, clock, environment. So is what reads texts for it.
    case $file in
    *_plan.c | pve/lxc/*.c | pve/firewall/*.c | pve/translate/*.c)
        for header in $(sed -n 's/^#include <\(.*\)>/\1/p' "$file"); do
            case $header in
            unistd.h | fcntl.h | time.h | sys/mount.h | sys/socket.h | sys/wait.h | dirent.h)
                complain "$file includes <$header>: planning is pure"
                ;;
            esac
        done
        grep -q '"lib/sys.h"\|"lib/file.h"' "$file" && complain "$file: planning is pure"
        ;;
    esac
    # Raw system calls live in one place.
    [ "$file" = lib/sys.c ] || ! grep -q '\bsyscall(' "$file" ||
        complain "$file: raw syscall() belongs in lib/sys.c"
done
exit $bad
