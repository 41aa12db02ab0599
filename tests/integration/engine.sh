# shellcheck shell=bash
# For the tests of engines, in the place of lib.sh. The test goes on in namespaces of its own, where
# an engine finds what it has on its usual host: cgroup2 at /sys/fs/cgroup with every controller
# that there is, pctrun in /usr/bin and no other runtime, and /etc, /run, /var/lib and the network
# without anybody else's things, so that it runs with its usual paths. Nothing that it starts
# outlives the test.
#
#     # shellcheck source=engine.sh
#     . "$(dirname "$0")/engine.sh"
#     needs podman
#     image && podman pull -q "oci-archive:$image"
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

# The cgroup is made and removed by who stays outside. The test's processes are in a leaf of it, so
# that controllers can be enabled (cgroups(7), "no internal processes").
engine_outside() {
    . "$here/host.sh"
    ENGINE_CGROUP=$(mktemp -d "$(cgroup2_root)/pctrun-engine.XXXXXX")
    export ENGINE_CGROUP
    trap 'find "$ENGINE_CGROUP" -depth -type d -exec rmdir {} +' EXIT
    mkdir "$ENGINE_CGROUP/host"
    # shellcheck disable=SC2016 # for those shells
    sh -c 'echo $$ >"$ENGINE_CGROUP/cgroup.procs" && exec unshare --cgroup "$@"' sh \
        sh -c 'echo $$ >"$ENGINE_CGROUP/host/cgroup.procs" && exec "$@"' sh \
        unshare --mount --net --uts --ipc --pid --fork --kill-child --mount-proc "$0"
}

if [ -z "${ENGINE_CGROUP:-}" ]; then
    engine_outside
    exit
fi
. "$here/lib.sh"

engine_clean_up() {
    kill -KILL -1 # all that is in this pid namespace but its first process, which is this one
    clean_up
} 2>/dev/null
trap engine_clean_up EXIT

# documented FILE: what docs/engines.md gives as its content, or as commands: ```json FILE
documented() {
    awk -v file="$1" '/^```/ {inside = $2 == file; next} inside' "$TREE/docs/engines.md"
}

own_cgroups() {
    umount -R /sys/fs/cgroup
    mount -t cgroup2 cgroup2 /sys/fs/cgroup
    for controller in $(cat /sys/fs/cgroup/cgroup.controllers); do
        echo "+$controller" >/sys/fs/cgroup/cgroup.subtree_control
    done
}

# layer FOLDER: what is written there goes to the test's folder
layer() {
    mkdir -p "$WORK/.layers$1" "$WORK/.overlay$1"
    mount -t overlay -o "lowerdir=$1,upperdir=$WORK/.layers$1,workdir=$WORK/.overlay$1" overlay "$1"
}

# An engine's storage may be overlays again, and the kernel stacks no more than two.
own_storage() {
    mkdir -p "$WORK/.storage/$1" "/var/lib/$1"
    mount --bind "$WORK/.storage/$1" "/var/lib/$1"
}

own_files() {
    mount --make-rshared / # as on a systemd host
    layer /etc
    layer /usr/bin
    layer /usr/sbin
    layer /var/lib
    for name in containers containerd docker; do
        own_storage "$name"
    done
    mount -t tmpfs -o mode=755 tmpfs /run
    mkdir /run/lock
    install -m 755 "$BUILD/pctrun" /usr/bin/pctrun
    rm -f /usr/bin/crun /usr/bin/runc /usr/sbin/runc # nothing may fall back on them
}

# Limits are in every engine's defaults: what this host can't enforce is accepted as its admin would.
lacking=''
own_acceptance() {
    for controller in cpu cpuset io memory pids; do
        has_controller "$controller" || lacking="$lacking $controller"
    done
    [ -z "$lacking" ] || eval "$(documented accept)"
}

own_cgroups
own_files
own_acceptance
ip link set lo up
# Engines call pctrun with next to no environment: it works in its usual places, which are ours.
export -n PCTRUN_ROOT PCTRUN_ETC
PATH=/usr/sbin:/usr/bin:/sbin:/bin # Debian's, and that pctrun
PCTRUN_ROOT=/run/pctrun

# needs COMMAND...: or there is nothing to test
needs() {
    for command in "$@"; do
        command -v "$command" >/dev/null && continue
        skip "$(basename "$0" .sh)" "no $command here (scripts/dependencies.sh engines)"
        done_testing
        exit
    done
}

# image: busybox as an archive of an OCI layout, in $image; its name there is busybox:latest
image() {
    image=$SHARED/busybox.tar
    [ ! -e "$image" ] || return 0
    umoci init --layout "$SHARED/layout"
    umoci new --image "$SHARED/layout:latest"
    umoci insert --image "$SHARED/layout:latest" "$SHARED/rootfs" /
    umoci config --image "$SHARED/layout:latest" --config.cmd sh
    tar -C "$SHARED/layout" -cf "$image" .
} >/dev/null

# limits: calls limited, the part of a test that wants controllers
limits() {
    if [ -z "$lacking" ]; then
        limited
    else
        skip "limits" "cgroup2 lacks$lacking here"
    fi
}

# says NAME OUTPUT COMMAND...: exit status 0, and exactly this
says() {
    local got=0
    capture "${@:3}" || got=$?
    is "$1" "$got: $out" "0: $2"
}

# Takes a configuration file from docs/engines.md.
configured() {
    mkdir -p "$(dirname "$1")"
    documented "$1" >"$1"
    [ -s "$1" ] || not_ok "docs/engines.md tells $1"
}

# Runs the commands from there, each one a check.
documented_commands() {
    local line
    while IFS= read -r line <&3; do
        runs "docs/engines.md: $line" eval "$line"
    done 3< <(documented "$1")
}

# at_size ROWS COLUMNS: for sh -c in a container: waits until its terminal has this size, and says
# which one it is. Engines tell the size once the program runs.
at_size() {
    echo "until stty size 2>/dev/null | grep -x '$1 $2'; do sleep 0.1; done; tty"
}
