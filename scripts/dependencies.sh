#!/bin/sh
# Installs what pctrun needs from Debian (12 or 13), and does nothing where all of it is there.
#   scripts/dependencies.sh [build] [test] [demo] [vm] [engines] [bench]
# Without arguments: build. docs/dependencies.md says what each library is for.
set -eu

packages() {
    case $1 in
    build)
        echo gcc libc6-dev pkg-config libyajl-dev libseccomp-dev libcap-dev libnl-3-dev \
            libnl-route-3-dev libarchive-dev libbtrfsutil-dev libcrypt-dev libsystemd-dev libnftables-dev libbpf-dev clang zstd zlib1g-dev liblzma-dev \
            libzstd-dev libbz2-dev libacl1-dev
        ;;
    test)
        echo clang clang-format clang-tidy libclang-rt-dev shellcheck libcriterion-dev \
            busybox-static iproute2 iputils-ping nftables dhcpcd-base dnsmasq-base radvd openvswitch-switch iperf3 e2fsprogs btrfs-progs rsync util-linux bsdextrautils uidmap libcap2-bin xz-utils bzip2 man-db procps python3 crun strace time criu \
            golang-github-opencontainers-specs-dev python3-jsonschema
        ;;
    demo) echo mmdebstrap zstd iproute2 iputils-ping ca-certificates ;;
    vm)
        echo qemu-system-x86 qemu-system-common e2fsprogs kmod apparmor secilc python3 busybox-static \
            iproute2 "$(virtiofsd)"
        ;;
    engines)
        echo podman conmon catatonit netavark uidmap slirp4netns iptables buildah containerd docker.io "$(docker_cli)" \
            umoci busybox-static iproute2 python3 lxc systemd-container
        ;;
    bench) echo crun runc lxc strace time python3 busybox-static iproute2 iperf3 ;;
    *)
        echo "dependencies.sh: no such set: $1 (build, test, demo, vm, engines, bench)" >&2
        exit 2
        ;;
    esac
}

# Debian 12 has virtiofsd inside qemu-system-common, Debian 13 in a package of its own.
virtiofsd() {
    [ "$(release)" -lt 13 ] || echo virtiofsd
}

# Debian 12 has docker's client inside docker.io, Debian 13 in a package of its own.
docker_cli() {
    [ "$(release)" -lt 13 ] || echo docker-cli
}

release() {
    sed -n 's/^VERSION_ID="\{0,1\}\([0-9]*\).*/\1/p' /etc/os-release
}

installed() {
    dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null | grep -qx installed
}

missing() {
    for package in "$@"; do
        installed "$package" || echo "$package"
    done
}

install() {
    DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@"
}

[ $# -gt 0 ] || set -- build
wanted=$(for set in "$@"; do packages "$set"; done)
# shellcheck disable=SC2086 # a list of words
todo=$(missing $wanted | sort -u)
[ -n "$todo" ] || exit 0

[ "$(id -u)" = 0 ] || {
    echo "dependencies.sh: run as root to install:" $todo >&2
    exit 1
}
echo "installing:" $todo
# Old package lists name files that the mirror no longer has: refresh them only then.
# shellcheck disable=SC2086
install $todo || {
    apt-get update -q
    install $todo
}
