#!/bin/bash
# A script of the kind that people have for Proxmox: it asks pct alone, and has to run unchanged.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

bridge pcthl0 10.83.0.1/24
mkdir -p vz/template/cache
export PCTRUN_VZ=$WORK/vz PCTRUN_ACCEPT_UNENFORCED=all
cp "$("$TREE/scripts/template.sh" bookworm systemd)" vz/template/cache/debian-12-standard.tar.zst

# Packages come from a folder of this test: no network but the bridge.
mkdir -p packages/DEBIAN packages/usr/bin
printf 'Package: hello-homelab\nVersion: 1.0\nArchitecture: all\nMaintainer: nobody <nobody@localhost>\nDescription: says hello\n' \
    >packages/DEBIAN/control
# shellcheck disable=SC2016 # for the container's shell
printf '#!/bin/sh\necho hello from "$(hostname)"\n' >packages/usr/bin/hello-homelab
chmod 755 packages/usr/bin/hello-homelab
dpkg-deb --build packages hello.deb >/dev/null

cat >installer.sh <<'END'
#!/usr/bin/env bash
# Creates a container, passes a device on, waits for its network, installs a package in it.
set -Eeuo pipefail
trap 'echo "failed in line $LINENO" >&2' ERR

CTID=$1 BRIDGE=$2 PACKAGE=$3
HN=homelab DISK_SIZE=0 CORES=1 RAM=512
TEMPLATE="local:vztmpl/debian-12-standard.tar.zst"

msg() { echo " - $*"; }

if pct status "$CTID" &>/dev/null; then
    echo "id $CTID is taken" >&2
    exit 1
fi

msg "creating"
pct create "$CTID" "$TEMPLATE" \
    -hostname "$HN" -tags community-script -cores "$CORES" -memory "$RAM" -swap 512 \
    -rootfs "local:$DISK_SIZE" -features keyctl=1,nesting=1 -onboot 1 -unprivileged 1 \
    -net0 name=eth0,bridge="$BRIDGE",ip=10.83.0.9/24,gw=10.83.0.1 -password "s3cretpw" >/dev/null

cat <<EOF >>"/etc/pve/lxc/$CTID.conf"
lxc.cgroup2.devices.allow: c 10:200 rwm
lxc.mount.entry: /dev/net dev/net none bind,create=dir,optional
EOF
pct set "$CTID" -dev0 /dev/fuse,mode=0666 -description "<h2>$HN</h2>"

msg "starting"
pct start "$CTID" 2>/dev/null
for _ in $(seq 60); do
    pct status "$CTID" | grep -q running && break
    sleep 1
done
for _ in $(seq 60); do
    ip=$(pct exec "$CTID" -- ip -4 -o addr show dev eth0 2>/dev/null | awk '{print $4}' | cut -d/ -f1)
    [[ -n $ip ]] && break
    sleep 1
done
msg "address $ip"

msg "installing"
pct push "$CTID" "$PACKAGE" /root/app.deb
pct exec "$CTID" -- bash -c "dpkg -i /root/app.deb >/dev/null && rm /root/app.deb"
pct exec "$CTID" -- bash -c 'cat <<EOF >/etc/systemd/system/app.service
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/bin/sh -c "hello-homelab >/run/app"
[Install]
WantedBy=multi-user.target
EOF
for _ in $(seq 100); do [ -S /run/systemd/private ] && break; sleep 0.1; done
systemctl enable -q --now app'
msg "$(pct exec "$CTID" -- cat /run/app)"
pct reboot "$CTID" 2>/dev/null
for _ in $(seq 200); do
    pct exec "$CTID" -- test -e /run/app 2>/dev/null && break
    sleep 0.2
done
msg "after a reboot: $(pct exec "$CTID" -- cat /run/app)"
END
chmod +x installer.sh

# It writes to /etc/pve, as on Proxmox: there is one in a mount namespace of this test.
# shellcheck disable=SC2016 # for the inner shell
in_pve() {
    unshare -m sh -c 'mkdir -p /etc/pve 2>/dev/null; mount --bind "$0" /etc/pve && exec "$@"' "$PCTRUN_ETC" "$@"
}

made_pve=''
[ -d /etc/pve ] || { mkdir /etc/pve && made_pve=1; }
runs "the installer" in_pve ./installer.sh 7960 pcthl0 hello.deb
like "says what it does" "$out" '^ - address 10\.83\.0\.9$'
like "the program runs" "$out" '^ - hello from homelab$'
like "and again after a reboot" "$out" '^ - after a reboot: hello from homelab$'
is "the device is there" "$(pct exec 7960 -- stat -c '%t %T %a' /dev/fuse)" "a e5 666"
refused "a second time" 'id 7960 is taken' in_pve ./installer.sh 7960 pcthl0 hello.deb
runs "stop" pct stop 7960
runs "destroy" pct destroy 7960
[ -z "$made_pve" ] || rmdir /etc/pve
done_testing
