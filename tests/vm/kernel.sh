#!/bin/sh
# Debian's 6.12 cloud kernel, unpacked in a cache folder, not installed; prints that folder.
# It needs no initramfs: virtio, virtiofs, ext4 and tmpfs are built in.
set -eu
cache=${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/pctrun/vm
mkdir -p "$cache"

# Debian 12 has 6.12 under a name of its own, Debian 13 as its only cloud kernel.
newest() {
    for meta in linux-image-6.12-cloud-amd64 linux-image-cloud-amd64; do
        apt-cache depends "$meta" 2>/dev/null | sed -n 's/^ *Depends: \(linux-image-6.*\)/\1/p'
    done | head -n 1
}

unpack() {
    rm -rf "$cache/new"
    mkdir "$cache/new"
    (cd "$cache/new" && apt-get download -q "$1" >&2 && dpkg -x "$1"_*.deb . && rm "$1"_*.deb)
    mv "$cache/new/boot"/vmlinuz-* "$cache/new/vmlinuz"
    # Debian 13 ships modules below /usr/lib.
    [ -d "$cache/new/lib" ] || ln -s usr/lib "$cache/new/lib"
    depmod -b "$cache/new" "${1#linux-image-}"
    rm -rf "${cache:?}/$1"
    mv "$cache/new" "$cache/$1"
}

name=$(newest)
if [ -z "$name" ]; then
    apt-get update -q >&2
    name=$(newest)
fi
[ -n "$name" ] || {
    echo "kernel.sh: apt knows no linux-image-6.12-cloud-amd64: add Debian's security archive" >&2
    exit 1
}
[ -e "$cache/$name/vmlinuz" ] || unpack "$name" || {
    apt-get update -q >&2
    name=$(newest)
    unpack "$name"
}
echo "$cache/$name"
