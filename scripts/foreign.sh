#!/bin/bash
# Another machine's Debian, in a folder, of this machine's release: what programs for it are linked
# against, and what they are tested on (tests/vm/boot.sh --arch). Prints the folder.
#   scripts/foreign.sh ARCH          e.g. arm64
# Its packages are unpacked, not installed: nothing of it runs here, and this machine's own packages
# don't have to know another architecture. Kept in ~/.cache/pctrun/foreign; about 30 seconds and
# 400 MB the first time.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
arch=$1
suite=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
cache=${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/pctrun/foreign
packages=$("$here/dependencies.sh" --names libraries foreign | tr -s ' \n' ',')
# Another list of packages is another folder.
root=$cache/$suite-$arch-$(echo "$packages" | cksum | cut -d' ' -f1)

# What the packages' own scripts would do, and nothing here can run them.
set_up() {
    mkdir -p "$1"/{mnt,srv,opt,root,home,run,usr/local/bin}
    cp "$1/usr/share/base-passwd/passwd.master" "$1/etc/passwd"
    cp "$1/usr/share/base-passwd/group.master" "$1/etc/group"
    ln -sf mawk "$1/usr/bin/awk"
    depmod -b "$1" "$(basename "$1"/lib/modules/*)"
}

if [ ! -e "$root" ]; then
    mkdir -p "$cache"
    trap 'rm -rf "$root.new"' EXIT
    trap 'exit 130' INT TERM
    rm -rf "$root.new"
    mmdebstrap --architecture="$arch" --variant=extract --include="${packages%,}" \
        "$suite" "$root.new" >&2
    set_up "$root.new"
    mv "$root.new" "$root"
fi
echo "$root"
