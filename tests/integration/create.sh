#!/bin/bash
# pct create: whose files they are on the disk, volumes, attributes, archives that lie, crashes.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

mkdir -p storage
printf 'dir: local\n\tpath %s\n\tcontent rootdir,images,vztmpl\n' "$WORK/storage" >"$PCTRUN_ETC/storage.cfg"
accept=(--accept-unenforced all)
images=$WORK/storage/images

owner() { stat -c %u:%g "$@"; }
conf() { cat "$PCTRUN_ETC/lxc/$1.conf"; }
# An inode on an ext4 image that is not mounted: "uid:gid".
image_owner() {
    debugfs -R "stat $2" "$1" 2>/dev/null |
        sed -n 's/.*User: *\([0-9]*\) *Group: *\([0-9]*\) .*/\1:\2/p'
}
nothing_left() {
    is "$1: no config" "$(find "$PCTRUN_ETC/lxc" -name '*.conf')" ""
    is "$1: no volume" "$(ls "$images" 2>/dev/null)" ""
}

# --- a template with everything that files can have

cp -a "$SHARED/rootfs" template
mkdir template/srv
echo ID=alpine >template/etc/os-release
printf '::respawn:/bin/sleep 1000\n' >template/etc/inittab
rm template/bin/ping # a link to busybox
cp template/bin/busybox template/bin/ping
echo data >template/srv/owned
chown 1000:1000 template/srv/owned
ln template/srv/owned template/srv/hard
truncate -s 8M template/srv/sparse
printf x | dd of=template/srv/sparse bs=1 seek=8000000 conv=notrunc status=none
chmod 4755 template/bin/ping # setcap and setuid both
setcap cap_net_raw+ep template/bin/ping
touch template/dev/left-out
python3 - <<'PY'
import os, struct
# POSIX ACL version 2: owner, user 1234, group, mask, other
entries = [(1, 6, 0xffffffff), (2, 4, 1234), (4, 4, 0xffffffff), (16, 4, 0xffffffff), (32, 0, 0xffffffff)]
os.setxattr("template/srv/owned", "system.posix_acl_access",
            struct.pack("<I", 2) + b"".join(struct.pack("<HHI", *e) for e in entries))
os.setxattr("template/srv/owned", "user.kept", b"1")
os.setxattr("template/srv/owned", "trusted.dropped", b"1")
PY
tar -C template --numeric-owner --acls --xattrs --xattrs-include='*' -S -cf template.tar .
# tar(1) writes the users of an ACL by name where they have one.
python3 - <<'PY'
import tarfile
with tarfile.open("template.tar", "a", format=tarfile.PAX_FORMAT) as tar:
    named = tarfile.TarInfo("./srv/named")
    named.pax_headers = {"SCHILY.acl.access": "user::rw-,user:alice:r--,group::r--,mask::r--,other::---"}
    tar.addfile(named)
PY
for packer in gzip:gz xz:xz zstd:zst bzip2:bz2; do
    "${packer%:*}" -q -c template.tar >"template.tar.${packer#*:}"
done

acl_user() {
    python3 -c '
import os, struct, sys
acl = os.getxattr(sys.argv[1], "system.posix_acl_access")[4:]
print([e[2] for e in struct.iter_unpack("<HHI", acl) if e[0] == 2])' "$1"
}

# --- shifted: as Proxmox stores it

runs "create" pct create 7910 "$WORK/template.tar.zst" --rootfs local:0 --mp0 local:0,mp=/srv
like "says what it does" "$out" "^extracting archive '$WORK/template.tar.zst'$"
is "and shows no bar to a file" "$(grep -c '#' <<<"$out")" 0
root=$images/7910/subvol-7910-disk-0.subvol srv=$images/7910/subvol-7910-disk-1.subvol
like "rootfs is in the config" "$(conf 7910)" '^rootfs: local:7910/subvol-7910-disk-0\.subvol,size=0T$'
like "and mp0" "$(conf 7910)" '^mp0: local:7910/subvol-7910-disk-1\.subvol,mp=/srv,size=0T$'
is "no lock is left" "$(conf 7910 | grep -c lock)" 0
is "its defaults" "$(conf 7910 | grep -E '^(arch|hostname|memory|ostype|swap|unprivileged):' | tr '\n' ' ')" \
    "arch: amd64 hostname: CT7910 memory: 512 ostype: alpine swap: 512 unprivileged: 1 "
is "the root's files are the container's root's" "$(owner "$root" "$root/bin" "$root/etc" | sort -u)" 100000:100000
is "the template's files for /srv are on mp0" "$(owner "$srv/owned")" 101000:101000
is "and not below it on rootfs" "$(ls -A "$root/srv")" ""
is "a hard link is one" "$(stat -c '%h %i' "$srv/owned")" "$(stat -c '%h %i' "$srv/hard")"
is "holes stay holes" "$([ "$(stat -c %b "$srv/sparse")" -lt 64 ] && echo few)" few
is "to the last byte" "$(stat -c %s "$srv/sparse")" 8388608
is "the ACL names the host's id of the user" "$(acl_user "$srv/owned")" '[101234]'
is "also of one that the archive names" "$(acl_user "$srv/named")" '[101000]'
is "user.* stays" "$(getfattr --only-values -n user.kept "$srv/owned" 2>/dev/null ||
    python3 -c 'import os,sys; print(os.getxattr(sys.argv[1], "user.kept").decode())' "$srv/owned")" 1
is "trusted.* does not" "$(python3 -c 'import os,sys; print(os.listxattr(sys.argv[1]).count("trusted.dropped"))' "$srv/owned")" 0
like "a capability holds in the container's user namespace alone" "$(getcap -n "$root/bin/ping")" 'cap_net_raw=ep \[rootid=100000\]'
is "setuid stays" "$(stat -c %a "$root/bin/ping")" 4755
is "/dev is left out" "$(ls -A "$root/dev")" ""
refused "the id is taken now" 'CT 7910 already exists' pct create 7910 "$WORK/template.tar"
runs "destroy" pct destroy 7910
nothing_left destroy

for ending in tar tar.gz tar.xz tar.bz2; do
    runs "create from .$ending" pct create 7910 "$WORK/template.$ending" --rootfs local:0
    is "all of it (.$ending)" "$(cat "$images/7910/subvol-7910-disk-0.subvol/srv/owned")" data
    pct destroy 7910
done

# --- shift-free: the files have the ids 0 and up, and an id-mapped mount shows them

shift_free() {
    pct create 7911 "$WORK/template.tar" --rootfs "$1" --mp0 "$1",mp=/srv --shift-free
}
if capture shift_free local:0; then
    ok "create --shift-free"
    root=$images/7911/subvol-7911-disk-0.subvol srv=$images/7911/subvol-7911-disk-1.subvol
    is "the config remembers it, for rootfs and mp0" "$(conf 7911 | grep -c idmap=passthrough)" 2
    is "the root's files are 0's" "$(owner "$root" "$root/bin" "$root/etc/hostname" | sort -u)" 0:0
    is "others keep their id" "$(owner "$srv/owned")" 1000:1000
    is "the ACL too" "$(acl_user "$srv/owned")" '[1234]'
    is "and a capability is root's" "$(getcap -n "$root/bin/ping" | grep -c 'cap_net_raw=ep$')" 1
    is "nobody else of the host gets at setuid programs" "$(stat -c %a "$images/7911")" 700
    if pct start 7911 "${accept[@]}" >start.log 2>&1; then
        is "inside, root's are root's" "$(pct exec 7911 -- stat -c %u:%g / /etc/hostname | sort -u)" 0:0
        is "and user 1000's are 1000's" "$(pct exec 7911 -- stat -c %u:%g /srv/owned)" 1000:1000
        is "in a user namespace" "$(pct exec 7911 -- cat /proc/self/uid_map | tr -s ' ')" " 0 100000 65536"
        pct exec 7911 -- sh -c 'echo new >/root/new; echo new >/srv/new'
        is "what root writes inside is 0's outside" "$(owner "$root/root/new" "$srv/new" | sort -u)" 0:0
        is "no inode of the template was touched" "$(owner "$root/bin/ping" "$root/bin")" $'0:0\n0:0'
        runs "stop" pct stop 7911
    else
        not_ok "it starts" "$(cat start.log)"
    fi
    pct destroy 7911
elif grep -q 'no id-mapped mounts' <<<"$out"; then
    skip "create --shift-free" "the file system of $WORK has no id-mapped mounts"
    nothing_left "shift-free"
else
    not_ok "create --shift-free" "$out"
fi

# --- images, other maps, volumes with a map of their own

runs "create on images" pct create 7912 "$WORK/template.tar.gz" --rootfs 'local:0.06,mountoptions=noatime' \
    --mp1 'local:0.03,mp=/srv,ro=1,mountoptions=nodev;noexec'
is "sizes" "$(conf 7912 | grep -E '^(rootfs|mp1):')" \
    $'mp1: local:7912/vm-7912-disk-1.raw,mp=/srv,mountoptions=nodev;noexec,ro=1,size=30M\nrootfs: local:7912/vm-7912-disk-0.raw,mountoptions=noatime,size=61M'
is "shifted on the image" "$(image_owner "$images/7912/vm-7912-disk-0.raw" /bin)" 100000:100000
is "on mp1, which ro is no hindrance for" "$(image_owner "$images/7912/vm-7912-disk-1.raw" /owned)" 101000:101000
is "no loop device is left" "$(losetup -n -O BACK-FILE | grep -c "$WORK")" 0
if pct start 7912 "${accept[@]}" >start.log 2>&1; then
    is "both are mounted" "$(pct exec 7912 -- sh -c 'cat /srv/owned; stat -c %u /srv/owned')" $'data\n1000'
    like "rootfs by its options" "$(pct exec 7912 -- grep ' / ' /proc/mounts)" '^/dev/loop[0-9]+ / ext4 rw,noatime'
    like "mp1 by its own" "$(pct exec 7912 -- grep ' /srv ' /proc/mounts)" '^/dev/loop[0-9]+ /srv ext4 ro,nodev,noexec,relatime'
    like "mp1 read-only" "$(pct exec 7912 -- touch /srv/x 2>&1)" 'Read-only file system'
    runs "stop" pct stop 7912
    is "and no loop device is left" "$(losetup -n -O BACK-FILE | grep -c "$WORK")" 0
else
    not_ok "it starts from images" "$(cat start.log)"
fi
pct destroy 7912

runs "create with a map of its own" pct create 7913 "$WORK/template.tar" --rootfs local:0 \
    --lxc.idmap 'u 0 200000 1000' --lxc.idmap 'u 1000 1000 1' --lxc.idmap 'u 1001 201001 64535' \
    --lxc.idmap 'g 0 200000 65536'
root=$images/7913/subvol-7913-disk-0.subvol
is "root's files" "$(owner "$root/bin")" 200000:200000
is "user 1000 is the host's" "$(owner "$root/srv/owned")" 1000:201000
like "the config has the lines" "$(conf 7913)" '^lxc\.idmap: u 1000 1000 1$'
pct destroy 7913

runs "create with a volume of another map" pct create 7914 "$WORK/template.tar" --rootfs local:0 \
    --mp0 'local:0,mp=/srv,idmap=u:1000:7:1'
is "that user's files are 7's there" "$(owner "$images/7914/subvol-7914-disk-1.subvol/owned")" 7:101000
is "others as without" "$(owner "$images/7914/subvol-7914-disk-0.subvol/bin")" 100000:100000
pct destroy 7914

runs "create --unprivileged 0" pct create 7915 "$WORK/template.tar" --rootfs local:0 --unprivileged 0
is "the host's ids" "$(owner "$images/7915/subvol-7915-disk-0.subvol/bin" "$images/7915/subvol-7915-disk-0.subvol/srv/owned")" $'0:0\n1000:1000'
pct destroy 7915

# --- options in their stored form

mkdir shared
runs "options" pct create 7916 "$WORK/template.tar" --rootfs local:0,mountoptions=noatime \
    --mp0 "$WORK/shared,mp=/shared,ro=yes" --net0 ip=10.0.0.2/24,bridge=b0,name=eth0 --tags 'web;Prod,web' \
    --nameserver '192.0.2.1,192.0.2.2' --cpuunits 50000 --onboot yes --description $'two\nlines' --console 0
is "a bind is only noted" "$(ls -A shared)" ""
like "in Proxmox's order" "$(conf 7916)" "^mp0: $WORK/shared,mp=/shared,ro=1$"
like "an interface has an address" "$(conf 7916)" '^net0: name=eth0,bridge=b0,hwaddr=BC:24:11(:[0-9A-F]{2}){3},ip=10\.0\.0\.2/24,type=veth$'
like "tags" "$(conf 7916)" '^tags: prod;web$'
like "name servers" "$(conf 7916)" '^nameserver: 192\.0\.2\.1 192\.0\.2\.2$'
like "weights" "$(conf 7916)" '^cpuunits: 10000$'
is "notes" "$(conf 7916 | head -n 2)" $'#two\n#lines'
is "booleans" "$(conf 7916 | grep -E '^(onboot|console):')" $'console: 0\nonboot: 1'
is "config shows the notes in one line" "$(pct config 7916 | grep description)" 'description: two%0Alines%0A'
pct destroy 7916
is "destroying leaves the bind's source" "$(test -d shared && echo there)" there

# --- a bar for people only

if command -v script >/dev/null; then
    script -qec "pct create 7910 $WORK/template.tar --rootfs local:0" /dev/null >tty.log 2>&1
    like "a bar on a terminal" "$(tr '\r' '\n' <tty.log)" '^extracting archive \[#+\] 100 %'
    pct destroy 7910
else
    skip "a bar on a terminal" "no script(1)"
fi

# --- archives that lie. None of them writes, links or opens anything outside of the rootfs.

mkdir outside && echo untouched >outside/file
python3 - "$WORK" <<'PY'
import io, sys, tarfile
work = sys.argv[1]

def member(name, **more):
    info = tarfile.TarInfo(name)
    data = more.pop("data", b"")
    for key, value in more.items():
        setattr(info, key, value)
    if data:
        info.size = len(data)
    return info, io.BytesIO(data)

def archive(name, *members, **more):
    with tarfile.open(f"{work}/evil-{name}.tar", "w", format=tarfile.PAX_FORMAT, **more) as tar:
        for info, data in (member("etc", type=tarfile.DIRTYPE, mode=0o755),) + members:
            tar.addfile(info, data)

link, hard, evil = tarfile.SYMTYPE, tarfile.LNKTYPE, b"evil\n"
archive("dotdot", member("../../../../../../../tmp/pctrun-evil", data=evil))
archive("inner-dotdot", member("etc/../../../../pctrun-evil", data=evil))
archive("dev-dotdot", member("dev/../../../../pctrun-evil", data=evil))
archive("absolute", member(f"{work}/outside/pctrun-evil", data=evil))
archive("pax-path", member("plain", pax_headers={"path": f"../../../../..{work}/outside/pctrun-evil"}, data=evil))
archive("link-out", member("out", type=link, linkname=f"{work}/outside"), member("out/pctrun-evil", data=evil))
archive("link-up", member("out", type=link, linkname="../" * 20 + work[1:] + "/outside"), member("out/pctrun-evil", data=evil))
archive("link-file", member("file", type=link, linkname=f"{work}/outside/file"), member("file", data=evil))
archive("two-links", member("a", type=link, linkname="/"), member("b", type=link, linkname="a" + work + "/outside"),
        member("b/pctrun-evil", data=evil))
archive("dir-then-link", member("d", type=tarfile.DIRTYPE, mode=0o755), member("d", type=link, linkname=f"{work}/outside"),
        member("d/pctrun-evil", data=evil))
archive("hard-out", member("stolen", type=hard, linkname=f"{work}/outside/file"))
archive("hard-up", member("stolen", type=hard, linkname="../" * 20 + work[1:] + "/outside/file"))
archive("hard-to-link", member("l", type=link, linkname=f"{work}/outside/file"), member("h", type=hard, linkname="l"),
        member("h", data=evil))
archive("top-is-link", member(".", type=link, linkname=f"{work}/outside"), member("./pctrun-evil", data=evil))
archive("etc-is-link", member("x", data=evil), member("root", type=link, linkname=f"{work}/outside"))
archive("device", member("disk", type=tarfile.BLKTYPE, devmajor=8, devminor=0, mode=0o666))
archive("memory", member("mem", type=tarfile.CHRTYPE, devmajor=1, devminor=1, mode=0o666))
archive("long-name", member("n" * 300, data=evil))
archive("long-path", member("/".join(["d" * 200] * 40), data=evil))
archive("no-such-owner", member("x", uid=70000, data=evil))
archive("huge-owner", member("x", uid=4294967296, data=evil))
archive("oci", member("oci-layout", data=b"{}"), member("index.json", data=b"{}"), member("blobs/sha256/x", data=evil))
for name, text in {"empty": b"", "text": b"no archive\n" * 100, "zeros": bytes(10240)}.items():
    open(f"{work}/evil-{name}.tar", "wb").write(text)
whole = open(f"{work}/template.tar", "rb").read()
open(f"{work}/evil-cut.tar", "wb").write(whole[:len(whole) // 2])
packed = open(f"{work}/template.tar.gz", "rb").read()
open(f"{work}/evil-cut.tar.gz", "wb").write(packed[:len(packed) // 2])
PY
truncate -s 1M evil-none.zip
mkfifo evil-fifo.tar

escaped() {
    find "$WORK/outside" "$WORK" /tmp /etc /root / -maxdepth 1 -name 'pctrun-evil*'
    cat "$WORK/outside/file"
    stat -c %h "$WORK/outside/file"
}
for archive in evil-*.tar*; do
    for kind in '' '--unprivileged 0' --shift-free; do
        name="${archive#evil-} ${kind#--}"
        # shellcheck disable=SC2086 # no words, or two
        capture timeout $((20 * PCTRUN_TEST_SLOW)) pct create 7920 "$WORK/$archive" --rootfs local:0 --ostype unmanaged $kind
        got=$?
        is "$name: nothing outside" "$(escaped)" $'untouched\n1'
        if [ "$got" = 0 ]; then
            is "$name: no device node" \
                "$([ "$kind" = '--unprivileged 0' ] || find "$images" -type b -o -type c)" ""
            pct destroy 7920
        else
            is "$name: one line" "$(grep -vc '^extracting archive' <<<"$out")" 1
            like "$name: which archive" "$out" "$archive"
        fi
        nothing_left "$name"
    done
done
refused "a name that is no archive's" 'does not look like a template archive: .*\.zip' pct create 7920 "$WORK/evil-none.zip"
for archive in dotdot link-out device memory hard-out long-name no-such-owner cut text; do
    status "$archive is refused" 255 pct create 7920 "$WORK/evil-$archive.tar" --rootfs local:0 --ostype unmanaged
done
like "an OCI image is called one" "$(pct create 7920 "$WORK/evil-oci.tar" --rootfs local:0 2>&1)" 'this is an OCI image'
runs "errors can be passed over" pct create 7920 "$WORK/evil-device.tar" --rootfs local:0 --ostype unmanaged \
    --ignore-unpack-errors
like "with a word each" "$out" 'WARN: disk: .*Operation not permitted'
is "the others are there" "$(ls "$images/7920/subvol-7920-disk-0.subvol")" etc
pct destroy 7920

# --- failures on the way take everything back

truncate -s 40M big && tar -cf big.tar --transform 's,^,etc/,' big
status "a volume that is too small" 255 pct create 7921 "$WORK/big.tar" --rootfs local:0.02 --ostype unmanaged
like "says so" "$out" 'No space left on device'
nothing_left "too small"
mkdir nomkfs && printf '#!/bin/sh\nexit 1\n' >nomkfs/mkfs.ext4 && chmod 755 nomkfs/mkfs.ext4
status "mkfs fails" 255 env PATH="$WORK/nomkfs:$PATH" pct create 7921 "$WORK/template.tar" --rootfs local:0.1
nothing_left "mkfs fails"
status "the second volume fails" 255 pct create 7921 "$WORK/template.tar" --rootfs local:0 --mp0 local:9999999,mp=/srv
nothing_left "the second volume"

# --- interrupted, it takes everything back itself

setsid pct create 7925 "$WORK/template.tar" --rootfs local:0 --bwlimit 500 >int.log 2>&1 &
pid=$!
eventually "one that is at work" test -d "$images/7925/subvol-7925-disk-0.subvol/bin"
kill -INT -- -$pid
wait $pid
is "an interrupt: status" $? 255
like "says so" "$(cat int.log)" 'unable to create CT 7925'
nothing_left "an interrupt"

# --- killed at any point, nothing is left that the config does not name

crash_at() {
    pct create 7922 "$WORK/template.tar.gz" --rootfs "$2" --mp0 "$2",mp=/srv >/dev/null 2>&1 &
    local pid=$!
    sleep "$1"
    kill -9 $pid
    wait $pid
} 2>/dev/null

# What mkfs and the like still do ends by itself: wait for it.
children_gone() {
    ! pgrep -f "$WORK/(storage|template.tar.gz)" >/dev/null &&
        flock -n "$PCTRUN_ETC/lock/pve-config-7922.lock" true
}
crashes=0
for volume in local:0 local:0.06; do
    start=${EPOCHREALTIME/./}
    pct create 7922 "$WORK/template.tar.gz" --rootfs $volume --mp0 $volume,mp=/srv >/dev/null
    took=$((${EPOCHREALTIME/./} - start))
    pct destroy 7922
    for step in $(seq 1 16); do
        after=$((took * step / 17))
        crash_at "$(printf '%d.%06d' $((after / 1000000)) $((after % 1000000)))" $volume
        comes_true children_gone
        name="a crash at $step/17 ($volume)"
        [ -z "$(grep "$WORK" /proc/self/mountinfo)" ] || not_ok "$name: a mount is left"
        [ -z "$(find /run -maxdepth 1 -name 'pctrun-create*')" ] || not_ok "$name: a folder is left in /run"
        if grep -qs '^lock: create$' "$PCTRUN_ETC/lxc/7922.conf"; then
            crashes=$((crashes + 1))
            refused "$name: half a container does not start" 'CT is locked \(create\)' pct start 7922 "${accept[@]}"
            refused "$name: nor goes as if it was one" 'CT is locked \(create\)' pct destroy 7922
            runs "$name: unlock" pct unlock 7922
        fi
        [ ! -e "$PCTRUN_ETC/lxc/7922.conf" ] || runs "$name: destroy" pct destroy 7922
        nothing_left "$name"
    done
done
runs "create after all of it" pct create 7922 "$WORK/template.tar.gz" --rootfs local:0
runs "destroy it" pct destroy 7922
is "some of them hit the middle" "$([ $crashes -ge 5 ] && echo yes)" yes
is "the next command takes away half a file" "$(ls -A "$PCTRUN_ETC/lxc")" ""

# --- and started

if PCTRUN_ACCEPT_UNENFORCED=all pct create 7924 "$WORK/template.tar" --rootfs local:0 --start >start.log 2>&1; then
    is "create --start" "$(pct status 7924)" "status: running"
    runs "stop" pct stop 7924
else
    not_ok "create --start" "$(cat start.log)"
fi
pct destroy 7924

# --- destroying

runs "create" pct create 7923 "$WORK/template.tar" --rootfs local:0
mkdir -p "$images/7923" && truncate -s 1M "$images/7923/vm-7923-disk-5.raw"
mkdir -p "$images/1" && truncate -s 1M "$images/1/vm-1-disk-0.raw"
echo 'unused0: local:1/vm-1-disk-0.raw' >>"$PCTRUN_ETC/lxc/7923.conf"
echo 'protection: 1' >>"$PCTRUN_ETC/lxc/7923.conf"
refused "protection" "can't remove CT 7923 - protection mode enabled" pct destroy 7923
sed -i s/protection.*// "$PCTRUN_ETC/lxc/7923.conf"
pct start 7923 "${accept[@]}" >start.log 2>&1 || cat start.log
refused "a running one" 'unable to destroy CT 7923 - container is running' pct destroy 7923
printf 'vzdump: nightly\n\tvmid 100,7923\n\n# 7923\nvzdump: other\n\tvmid 17923,79230\n' >"$PCTRUN_ETC/jobs.cfg"
runs "destroy --force --purge --destroy-unreferenced-disks" pct destroy 7923 --force --purge --destroy-unreferenced-disks
is "says which jobs still name it" "$(grep jobs <<<"$out")" 'WARN: jobs.cfg, line 2 still names CT 7923'
like "names another container's volume" "$out" "ignore deletion of 'local:1/vm-1-disk-0.raw', CT 7923 isn't the owner!"
is "which stays" "$(ls "$images")" 1
is "unreferenced ones are gone" "$(find "$images" -name '*7923*')" ""
is "no container" "$(pctrun list -q 2>/dev/null)" ""
status "twice" 2 pct destroy 7923
done_testing
