#!/bin/bash
# Runs a command in this tree on a machine that has nothing but Debian's base system:
#   tests/bare/run.sh SUITE COMMAND [ARG...]       e.g. tests/bare/run.sh trixie make demo
# A minimal root (mmdebstrap, kept in ~/.cache/pctrun/bare) is copied and becomes the root of mount
# and pid namespaces of their own; its packages come from Debian, its tree is what git knows of
# this one. All of it is gone afterwards. As root.
set -euo pipefail
tree=$(cd "$(dirname "$0")/../.." && pwd)
[ $# -gt 1 ] || { echo "usage: run.sh SUITE COMMAND [ARG...]" >&2; exit 2; }
suite=$1
shift

cache=${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/pctrun/bare
base=$cache/$suite.tar
if [ ! -e "$base" ]; then
    "$tree/scripts/dependencies.sh" demo >&2
    mkdir -p "$cache"
    mmdebstrap --variant=minbase --include=make "$suite" "$base.new.tar" >&2
    mv "$base.new.tar" "$base"
fi

root=$(mktemp -d /var/tmp/pctrun-bare.XXXXXX)
trap 'rm -rf --one-file-system "$root"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
chmod 755 "$root"
tar -C "$root" -xf "$base"
mkdir "$root/pctrun"
(cd "$tree" && git ls-files -z --cached --others --exclude-standard |
    xargs -0 -r ls -d 2>/dev/null | tar -cf - -T -) | tar -C "$root/pctrun" -xf -
cp -L /etc/resolv.conf "$root/etc/resolv.conf"

# A new root, not a chroot: user namespaces are not to be had in one.
unshare --mount --pid --fork --kill-child sh -euc '
    root=$1
    shift
    mount --make-rprivate /
    mount --bind "$root" "$root"
    mount --rbind /dev "$root/dev"
    mount --rbind /sys "$root/sys"
    mount -t proc proc "$root/proc"
    mount -t tmpfs tmpfs "$root/run"
    mkdir "$root/.old"
    cd "$root"
    pivot_root . .old
    umount -l /.old
    rmdir /.old
    mount --make-rshared /
    cd /pctrun
    exec env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root \
        TERM="${TERM:-dumb}" LANG=C.UTF-8 "$@"
' sh "$root" "$@"
