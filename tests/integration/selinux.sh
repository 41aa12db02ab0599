#!/bin/bash
# SELinux: labels of programs, of new file systems, of keys. In a VM, with a policy of its own:
#   PCTRUN_VM_LSM=selinux make check-vm TESTS=selinux
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

label=',"selinuxLabel":"u:r:c_t:s0"'
process=$label bundle b true

none() {
    skip "labels hold" "$1"
    done_testing
    exit
}
if ! grep -qw selinuxfs /proc/filesystems; then
    status "a label" 1 pctrun run -b b c
    like "is missing" "$out" 'SELinux label u:r:c_t:s0: this kernel has no SELinux enabled'
    linux=',"mountLabel":"u:r:c_t:s0"' bundle b true
    status "a label of mounts" 1 pctrun run -b b c
    like "is missing as well" "$out" 'SELinux label of mounts: this kernel has no SELinux enabled'
    bundle b sleep 1000
    runs "a container" pctrun run -d -b b c
    status "a label for a further program" 255 pctrun exec --process-label u:r:c_t:s0 c true
    like "is missing as well" "$out" 'SELinux label u:r:c_t:s0: this kernel has no SELinux enabled'
    runs "the end" pctrun delete -f c
    none "this kernel has no SELinux enabled"
fi
[ -n "${PCTRUN_TEST_VM:-}" ] || none "only in a VM: a policy would be this machine's"
command -v secilc >secilc.log || none "secilc is not installed"
secilc -c 33 -o policy -f contexts "$(dirname "$BUILD")/tests/data/selinux/policy.cil" || exit 1
mount -t selinuxfs selinuxfs /sys/fs/selinux
dd if=policy of=/sys/fs/selinux/load bs=1M status=none || {
    umount /sys/fs/selinux
    none "the kernel takes no policy"
}

linux=',"mountLabel":"u:r:c_t:s0:c0,c1"' process=$label bundle b sleep 1000
runs "create" pctrun create -b b c
runs "audit before its start" pctrun audit c
like "sees what it will be" "$out" '^holds +selinux +label u:r:c_t:s0: u:r:c_t:s0 from its start on'
runs "start" pctrun start c
pid=$(container_pid c)
is "its label" "$(tr -d '\0' <"/proc/$pid/attr/current")" u:r:c_t:s0
is "a further program has it too" "$(pctrun exec c cat /proc/self/attr/current | tr -d '\0')" u:r:c_t:s0
is "or that of an option" "$(pctrun exec --process-label u:r:c_t:s0 c cat /proc/self/attr/current | tr -d '\0')" u:r:c_t:s0
like "a new file system has another, commas and all" "$(grep ' /dev ' "/proc/$pid/mountinfo")" \
    'context="u:r:c_t:s0:c0,c1"'
is "a file of it" "$(python3 -c 'import os, sys
print(os.getxattr(sys.argv[1], "security.selinux").decode().strip("\0"))' "/proc/$pid/root/dev/pts")" u:r:c_t:s0:c0,c1
runs "audit" pctrun audit c
like "sees what it is" "$out" '^holds +selinux +label u:r:c_t:s0: u:r:c_t:s0 \(from'
pctrun delete -f c
process=',"selinuxLabel":"no:such:label:s0"' bundle b true
refused "a label that the policy has not" 'the loaded policy knows no label no:such:label:s0' pctrun run -b b c
linux=',"mountLabel":"no:such:label:s0"' bundle b true
refused "nor one of mounts" 'set the SELinux context' pctrun run -b b c
umount /sys/fs/selinux
done_testing
