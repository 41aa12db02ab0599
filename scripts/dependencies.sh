#!/bin/sh
# Installs what pctrun needs from Debian (12 or 13), and does nothing where all of it is there.
#   scripts/dependencies.sh [--names] [build] [test] [demo] [vm] [engines] [bench] [cross]
# Without arguments: build. --names prints the packages of a set instead, of further ones too:
# libraries are those that are linked, foreign is what another machine's tests need beside them.
# docs/dependencies.md says what each library is for.
set -eu

packages() {
    case $1 in
    libraries)
        echo libc6-dev libyajl-dev libseccomp-dev libcap-dev libnl-3-dev libnl-route-3-dev \
            libarchive-dev libbtrfsutil-dev libcrypt-dev libsystemd-dev libnftables-dev libbpf-dev \
            zlib1g-dev liblzma-dev libzstd-dev libbz2-dev libacl1-dev
        ;;
    build) echo gcc pkg-config clang zstd "$(packages libraries)" ;;
    test)
        echo clang clang-format clang-tidy libclang-rt-dev shellcheck libcriterion-dev \
            busybox-static iproute2 iputils-ping nftables dhcpcd-base dnsmasq-base radvd openvswitch-switch iperf3 e2fsprogs btrfs-progs rsync util-linux bsdextrautils uidmap libcap2-bin xz-utils bzip2 man-db procps python3 crun strace time criu \
            golang-github-opencontainers-specs-dev python3-jsonschema
        ;;
    demo) echo mmdebstrap zstd iproute2 iputils-ping ca-certificates ;;
    vm)
        echo qemu-system-x86 qemu-system-common e2fsprogs kmod apparmor secilc python3 busybox-static \
            iproute2 openvswitch-switch "$(virtiofsd)"
        ;;
    engines)
        echo podman conmon catatonit netavark uidmap slirp4netns iptables buildah containerd docker.io "$(docker_cli)" \
            umoci busybox-static iproute2 python3 lxc systemd-container
        ;;
    cross)
        echo gcc-aarch64-linux-gnu pkg-config clang mmdebstrap kmod qemu-system-arm "$(packages vm)"
        ;;
    foreign)
        echo libcriterion-dev "$(kernel)" base-files base-passwd bash dash coreutils util-linux mount \
            grep sed mawk findutils diffutils procps kmod hostname tar gzip bzip2 xz-utils zstd \
            e2fsprogs btrfs-progs iproute2 libcap2-bin python3-minimal busybox-static
        ;;
    bench) echo crun runc lxc strace time python3 busybox-static iproute2 iperf3 ;;
    *)
        echo "dependencies.sh: no such set: $1 (build, test, demo, vm, engines, bench, cross)" >&2
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

# Debian 12 has 6.12 under a name of its own, Debian 13 as its only cloud kernel.
kernel() {
    if [ "$(release)" -lt 13 ]; then
        echo linux-image-6.12-cloud-arm64
    else
        echo linux-image-cloud-arm64
    fi
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

names=''
[ "${1:-}" != --names ] || { names=1; shift; }
[ $# -gt 0 ] || set -- build
wanted=$(for set in "$@"; do packages "$set"; done)
[ -z "$names" ] || { echo "$wanted"; exit 0; }
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
