#!/bin/bash
# A Debian template with systemd for `pct create`, from Debian's packages: prints its path.
#   scripts/template.sh [SUITE]   bookworm, trixie; without: this machine's
# Kept in ~/.cache/pctrun/templates; about 80 seconds and 45 MB the first time.
set -eu
suite=${1:-$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)}
cache=${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/pctrun/templates
template=$cache/debian-$suite-systemd_$(dpkg --print-architecture).tar.zst
if [ ! -e "$template" ]; then
    mkdir -p "$cache"
    trap 'rm -f "$template.new.tar.zst"' EXIT
    trap 'exit 130' INT TERM
    mmdebstrap --variant=minbase \
        --include=systemd,systemd-sysv,dbus,libpam-systemd,ifupdown,iproute2,iputils-ping,procps \
        --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
        --dpkgopt='path-exclude=/usr/share/locale/*' \
        --customize-hook='rm -f "$1/etc/machine-id" "$1/etc/resolv.conf" "$1/etc/hostname"' \
        --customize-hook=': >"$1/etc/machine-id"' \
        "$suite" "$template.new.tar.zst" >&2
    mv "$template.new.tar.zst" "$template"
fi
echo "$template"
