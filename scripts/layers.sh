#!/bin/sh
# Who may include whom, proved from the #include lines (docs/architecture.md has the map).
set -eu
cd "$(dirname "$0")/.."

allowed() {
    case $1 in
    lib) echo "lib" ;;
    oci) echo "lib oci" ;;
    ns | cgroup | net | seccomp) echo "lib oci $1" ;;
    runtime) echo "lib oci ns cgroup net seccomp runtime" ;;
    pve) echo "lib oci pve" ;;
    debug) echo "lib oci ns cgroup net seccomp runtime debug" ;;
    why) echo "lib oci ns cgroup net seccomp runtime debug why" ;;
    cli) echo "lib oci pve runtime debug why cli" ;;
    libexec) echo "lib libexec" ;;
    esac
}

bad=0
complain() {
    echo "layers: $1" >&2
    bad=1
}

for file in lib/*.[ch] oci/*.[ch] ns/*.[ch] cgroup/*.[ch] net/*.[ch] seccomp/*.[ch] \
    runtime/*.[ch] debug/*.[ch] why/*.[ch] pve/*.[ch] cli/*.[ch] libexec/*.[ch]; do
    [ -e "$file" ] || continue
    folder=${file%%/*}
    for include in $(sed -n 's/^#include "\(.*\)"/\1/p' "$file"); do
        [ -e "$include" ] || complain "$file includes \"$include\", which is not there"
        case " $(allowed "$folder") " in
        *" ${include%%/*} "*) ;;
        *) complain "$file includes $include: $folder/ may not know ${include%%/*}/" ;;
        esac
        # Only a subject's _plan.c knows the spec; what acts works on steps.
        case $file:$include in
        *_apply.c:oci/* | *_observe.c:oci/* | *_undo.c:oci/*)
            complain "$file includes $include: only _plan.c files know the spec"
            ;;
        esac
    done
    # Planning is pure: no system calls, files, clock, environment.
    case $file in
    *_plan.c | pve/translate*.c)
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
