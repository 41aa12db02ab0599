#!/bin/bash
# A Debian template for `pct create`, from Debian's packages: prints its path.
#   scripts/template.sh [--kept] [SUITE [INIT]]
# SUITE: bookworm, trixie; without: this machine's. INIT: systemd (default), or openrc, which is
# OpenRC's services on sysvinit. --kept: fails instead of making one.
# Kept in ~/.cache/pctrun/templates; about 80 seconds and 45 MB the first time.
set -eu
kept=''
[ "${1:-}" != --kept ] || { kept=1; shift; }
suite=${1:-$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)}
init=${2:-systemd}
case $init in
# kmod: Debian 13's systemd-modules-load.service fails without its library.
systemd) packages=systemd,systemd-sysv,dbus,libpam-systemd,kmod ;;
openrc) packages=sysvinit-core,openrc ;;
*) echo "template.sh: no such init: $init (systemd, openrc)" >&2; exit 2 ;;
esac

cache=${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/pctrun/templates
recipe=2 # another number for another content: a kept template of an older one is not taken
template=$cache/debian-$suite-${init}_${recipe}_$(dpkg --print-architecture).tar.zst
if [ ! -e "$template" ]; then
    [ -z "$kept" ] || exit 1
    mkdir -p "$cache"
    trap 'rm -f "$template.new.tar.zst"' EXIT
    trap 'exit 130' INT TERM
    mmdebstrap --variant=minbase --include=$packages,ifupdown,iproute2,iputils-ping,procps \
        --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
        --dpkgopt='path-exclude=/usr/share/locale/*' \
        --customize-hook='rm -f "$1/etc/machine-id" "$1/etc/resolv.conf" "$1/etc/hostname"' \
        --customize-hook=': >"$1/etc/machine-id"' \
        "$suite" "$template.new.tar.zst" >&2
    mv "$template.new.tar.zst" "$template"
fi
echo "$template"
