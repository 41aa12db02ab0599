# shellcheck shell=bash
# For the integration tests. A test is a program like this:
#
#     # shellcheck source=lib.sh
#     . "$(dirname "$0")/lib.sh"
#     bundle one sh -c 'exit 7'
#     status "run passes the exit status on" 7 pctrun run -b one c1
#     done_testing
#
# It runs in an empty folder of its own ($WORK), with its own state root (PCTRUN_ROOT) and configs
# (PCTRUN_ETC). What it made is taken away at its end, also when it fails. Run tests by run.sh.
set -u
: "${BUILD:?start tests by tests/integration/run.sh}"
: "${SHARED:?start tests by tests/integration/run.sh}"
TREE=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
. "$TREE/tests/integration/host.sh"
export PCTRUN_TEST_SLOW=${PCTRUN_TEST_SLOW:-1}
PATH=$BUILD:$PATH
WORK=$(mktemp -d "$SHARED.XXXXXX")
export PCTRUN_ROOT=$WORK/.state PCTRUN_ETC=$WORK/.etc PATH
mkdir -p "$PCTRUN_ROOT" "$PCTRUN_ETC/lxc"
chmod 755 "$WORK"
cd "$WORK" || exit 1
bridges=''
count=0
failed=''
out=''

clean_up() {
    for state in "$PCTRUN_ROOT"/*/; do
        [ ! -d "$state" ] || pctrun delete --force "$(basename "$state")"
    done
    for bridge in $bridges; do
        ip link del "$bridge"
    done
    awk -v work="$WORK/" 'index($5, work) == 1 {print $5}' /proc/self/mountinfo | sort -r |
        xargs -r umount -l
    cd /
    rm -rf "$WORK"
} 2>/dev/null
trap clean_up EXIT
trap 'exit 1' INT TERM

# --- checks: each prints one line, and the reason below it when it is "not ok"

ok() {
    count=$((count + 1))
    echo "ok $count - $1"
}

not_ok() {
    count=$((count + 1))
    failed=1
    echo "not ok $count - $1"
    shift
    printf '%s\n' "$@" | sed 's/^/#   /'
}

# skip NAME REASON
skip() {
    count=$((count + 1))
    echo "ok $count - $1 # SKIP $2"
}

# is NAME GOT WANT
is() {
    if [ "$2" = "$3" ]; then ok "$1"; else not_ok "$1" "got:  $2" "want: $3"; fi
}

# like NAME TEXT REGEX
like() {
    if grep -Eq -- "$3" <<<"$2"; then ok "$1"; else not_ok "$1" "got:  $2" "want: /$3/"; fi
}

# Through a file: a detached container keeps a pipe open.
capture() {
    local got=0
    "$@" >"$WORK/.out" 2>&1 || got=$?
    out=$(cat "$WORK/.out")
    return $got
}

# runs NAME COMMAND...: exit status 0; its output is left in $out
runs() {
    status "$1" 0 "${@:2}"
}

# status NAME STATUS COMMAND...: the exit status; what it printed is left in $out
status() {
    local got=0
    capture "${@:3}" || got=$?
    if [ "$got" = "$2" ]; then ok "$1"; else not_ok "$1" "status $got, not $2: ${*:3}" "$out"; fi
}

# require NAME COMMAND...: as runs; the test ends here when it fails
require() {
    failed=''
    runs "$@"
    [ -z "$failed" ] || { done_testing; exit 1; }
}

# refused NAME REGEX COMMAND...: fails, with one line that says so, and the indented rows of its
# report below it; $out as above
refused() {
    local got=0
    capture "${@:3}" || got=$?
    if [ "$got" = 0 ]; then
        not_ok "$1" "succeeded: ${*:3}" "$out"
    elif [ "$(grep -vc '^  ' <<<"$out")" != 1 ]; then
        not_ok "$1" "more than one line:" "$out"
    else
        like "$1" "$(paste -sd ' ' <<<"$out")" "$2"
    fi
}

# with_null COMMAND...: standard streams on a null device of the test's own, in a mount namespace of
# its own: other runtimes give the one that they get to the container's user (crun 1.8).
with_null() {
    [ -c "$WORK/null" ] || mknod -m 666 "$WORK/null" c 1 3
    unshare -m sh -c 'mount --bind "$0" /dev/null && exec "$@" </dev/null >/dev/null 2>/dev/null' \
        "$WORK/null" "$@"
}

# comes_true COMMAND...: within $patience seconds, which a busy machine may need
patience=10
comes_true() {
    for _ in $(seq $((patience * 10 * PCTRUN_TEST_SLOW))); do
        ! "$@" >/dev/null 2>&1 || return 0
        sleep 0.1
    done
    return 1
}

# eventually NAME COMMAND...: the same as a check
eventually() {
    if comes_true "${@:2}"; then ok "$1"; else not_ok "$1" "still false: ${*:2}"; fi
}

# settled: what the test's own left() prints is as in the file "before", once the kernel has taken
# away what nobody uses any more; else it is in "after".
settled() {
    comes_true is_as_before
}

is_as_before() {
    left >after
    cmp -s before after
}

# person WORD... -- COMMAND...: plays a person at a terminal; the words are in person.py's first lines
person() {
    python3 "$TREE/tests/integration/person.py" "$@"
}

done_testing() {
    echo "1..$count"
}

# --- what the host has

has_controller() {
    grep -qw "$1" "$(cgroup2_root)/cgroup.controllers" 2>/dev/null
}

# In the VM, where everything takes 10 to 20 times as long: tests of minutes do less there.
emulated() {
    [ -n "${PCTRUN_TEST_VM:-}" ]
}

# remove_cgroup DIR: once the last of a command that has ended is gone, its monitor or helper
remove_cgroup() {
    comes_true rmdir "$1" || rmdir "$1"
}

has_apparmor() {
    [ "$(cat /sys/module/apparmor/parameters/enabled 2>/dev/null)" = Y ]
}

# needs_faults NAME: the test ends here without a build that fails where $PCTRUN_FAULT says
needs_faults() {
    case $(basename "$BUILD") in
    *-fault*) return ;;
    esac
    skip "$1" "needs a build with FAULT=1"
    done_testing
    exit
}

# --- bundles

json_string() {
    local text=${1//\\/\\\\}
    text=${text//\"/\\\"}
    printf '"%s"' "${text//$'\n'/\\n}"
}

json_strings() {
    local comma=''
    for word in "$@"; do
        printf '%s%s' "$comma" "$(json_string "$word")"
        comma=,
    done
}

# bundle NAME ARG...: a folder with config.json and a busybox root. Further members by variables,
# each a piece of JSON that begins with a comma: $process $mounts $linux $root $top. These stand for
# what is there otherwise: $cwd, $user and $env, $namespaces (members without their brackets).
root_user='"uid": 0, "gid": 0'
default_env='"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "TERM=xterm"'
default_namespaces='{"type":"pid"},{"type":"mount"},{"type":"ipc"},{"type":"uts"},{"type":"network"},{"type":"cgroup"}'
capabilities='["CAP_CHOWN","CAP_DAC_OVERRIDE","CAP_FOWNER","CAP_KILL","CAP_SETGID","CAP_SETUID","CAP_SYS_CHROOT"]'
bundle() {
    local dir=$1
    shift
    mkdir -p "$dir"
    [ -d "$dir/rootfs" ] || cp -a "$SHARED/rootfs" "$dir/rootfs"
    cat >"$dir/config.json" <<EOF
{"ociVersion": "1.0.2",
 "process": {"args": [$(json_strings "$@")], "cwd": "${cwd:-/}", "user": {${user:-$root_user}},
  "env": [${env:-$default_env}],
  "capabilities": {"bounding": $capabilities, "effective": $capabilities, "permitted": $capabilities}
  ${process:-}},
 "root": {"path": "rootfs" ${root:-}},
 "hostname": "tested",
 "mounts": [
  {"destination": "/proc", "type": "proc", "source": "proc"},
  {"destination": "/dev", "type": "tmpfs", "source": "tmpfs", "options": ["nosuid", "mode=755", "size=65536k"]},
  {"destination": "/dev/pts", "type": "devpts", "source": "devpts",
   "options": ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620"]},
  {"destination": "/sys", "type": "sysfs", "source": "sysfs", "options": ["nosuid", "noexec", "nodev", "ro"]}
  ${mounts:-}],
 "linux": {"namespaces": [${namespaces:-$default_namespaces}],
  "maskedPaths": ["/proc/version", "/sys/firmware"], "readonlyPaths": ["/proc/sys"] ${linux:-}}
 ${top:-}}
EOF
}

# A user namespace with 65536 ids from 100000, to be put into $linux and $namespaces.
# shellcheck disable=SC2034 # for the tests
userns_maps=',"uidMappings":[{"containerID":0,"hostID":100000,"size":65536}],"gidMappings":[{"containerID":0,"hostID":100000,"size":65536}]'

# Nothing that is mounted there, and no device: those are the host's.
shift_owner() {
    find "$1" -xdev ! -type c ! -type b -exec chown -h 100000:100000 {} +
}

# container_status ID: created, running, stopped ...
container_status() {
    pctrun state "$1" 2>/dev/null | sed -n 's/.*"status": *"\([a-z]*\)".*/\1/p'
}

container_pid() {
    pctrun state "$1" 2>/dev/null | sed -n 's/.*"pid": *\([0-9]*\).*/\1/p'
}

is_status() {
    [ "$(container_status "$1")" = "$2" ]
}

# bridge NAME ADDRESS: of this test only
bridge() {
    ip link add "$1" type bridge && bridges="$bridges $1"
    ip addr add "$2" dev "$1"
    ip link set "$1" up
}

# --- pct

# networked ID ROOT NET...: the config of a container that sleeps, its interfaces from the fourth line on
networked() {
    local i=0 net
    printf 'arch: amd64\nostype: unmanaged\nrootfs: %s\n' "$2"
    for net in "${@:3}"; do
        echo "net$i: $net"
        i=$((i + 1))
    done
    printf 'lxc.init.cmd: /bin/sleep 10000\n'
} >"$PCTRUN_ETC/lxc/$1.conf"

# may_use_addresses ID: nobody else on the wire has the container's IPv6 addresses, which takes a second
# or two to find out (RFC 4862): until then it sends from none of them.
may_use_addresses() {
    eventually "$1 may use its addresses" \
        sh -c "a=\$(nsenter -t $(container_pid "$1") -n ip -6 -o addr show tentative) && [ -z \"\$a\" ]"
}

# A storage named local, of this test only.
pct_storage() {
    mkdir -p "$WORK/storage"
    printf 'dir: local\n\tpath %s\n\tcontent rootdir,images,vztmpl\n' "$WORK/storage" \
        >"$PCTRUN_ETC/storage.cfg"
}

is_enforced() { # VMID
    pct check "$1" | grep -q '^this host can enforce all of'
}

# For `pct start`: a host that has everything must not need --accept-unenforced.
# shellcheck disable=SC2034 # for the tests
accept_unless_checked() {
    accept=()
    if emulated; then
        runs "the VM can do all of it" is_enforced "$1"
    else
        is_enforced "$1" >/dev/null 2>&1 || accept=(--accept-unenforced all)
    fi
}

# template.tar.gz: a busybox that calls itself Alpine.
alpine_template() {
    cp -a "$SHARED/rootfs" template
    printf '::respawn:/bin/sleep 1000\n' >template/etc/inittab
    printf 'ID=alpine\n' >template/etc/os-release
    echo 3.20.0 >template/etc/alpine-release
    tar -C template -czf template.tar.gz .
}

# Storages "btrfs" and "quota" (the same with quotas) on a file system of this test only. Fails
# where there is none, with the reason in $out.
btrfs_storage() {
    mkdir -p "$WORK/btrfs"
    truncate -s 400M "$WORK/btrfs.img"
    capture mkfs.btrfs -q "$WORK/btrfs.img" && capture mount -o loop "$WORK/btrfs.img" "$WORK/btrfs" || return 1
    chmod 755 "$WORK/btrfs"
    printf '\nbtrfs: btrfs\n\tpath %s\n\tcontent rootdir,images\n\tis_mountpoint 1\n' "$WORK/btrfs" >>"$PCTRUN_ETC/storage.cfg"
    printf '\nbtrfs: quota\n\tpath %s\n\tquotas\n' "$WORK/btrfs" >>"$PCTRUN_ETC/storage.cfg"
}
