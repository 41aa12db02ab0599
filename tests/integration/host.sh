# shellcheck shell=bash
# What a test could leave behind on the host, as text that diff can compare. Of what other programs
# make and take away beside it (a service's cgroup, somebody's image) nothing is in there.

cgroup2_root() {
    findmnt -rn -t cgroup2 -o TARGET | head -n 1
}

# Those below the runner's own, and those that are named as pctrun, its tests and what they start
# name theirs, at the top or in a slice.
host_cgroups() {
    local own
    own=$(sed -n 's/^0:://p' /proc/self/cgroup)
    find "$(cgroup2_root)" -mindepth 1 -type d -printf '/%P\n' 2>/dev/null | awk -v own="${own%/}/" \
        '(own != "/" && index($0, own) == 1) || /^(\/[^\/]+\.(slice|service))*\/(pct|lxc|libpod|docker)/ {print "cgroup", $0}' | sort
}

# Of files of the runner's and its tests'
host_loops() {
    losetup -n -O NAME,BACK-FILE 2>/dev/null | awk -v files="$SHARED" 'index($2, files) == 1 {print "loop", $0}'
}

host_snapshot() {
    awk '{print "mount", $5}' /proc/self/mountinfo | sort
    ip -o link | awk '{sub("@.*", "", $2); print "link", $2}' | sort
    host_cgroups
    host_loops
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
