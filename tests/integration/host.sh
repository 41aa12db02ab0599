# shellcheck shell=bash
# What a test could leave behind on the host, as text that diff can compare.

cgroup2_root() {
    findmnt -rn -t cgroup2 -o TARGET | head -n 1
}

host_snapshot() {
    awk '{print "mount", $5}' /proc/self/mountinfo | sort
    ip -o link | awk '{sub("@.*", "", $2); print "link", $2}' | sort
    find "$(cgroup2_root)" -type d -printf 'cgroup %p\n' 2>/dev/null | sort
    losetup -n -O NAME,BACK-FILE 2>/dev/null | sed 's/^/loop /'
    find /run/lock/lxc -name 'pve-config-*' -printf 'lock %p\n' 2>/dev/null | sort
    stat -c 'device %n %u:%g %a' /dev/null
    ip netns list 2>/dev/null | sed 's/^/netns /'
    ps -eo args= | grep -E '^([^ ]*/)?(pct|pctrun) ' | sed 's/^/process /' | sort
}

# The kernel takes links and cgroups away a moment after their last user: look again for a while.
host_settle() {
    for _ in $(seq $((25 * PCTRUN_TEST_SLOW))); do
        host_snapshot >"$2"
        ! cmp -s "$1" "$2" || return 0
        sleep 0.2
    done
}
