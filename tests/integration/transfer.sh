#!/bin/bash
# pct push and pct pull: files between host and container.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

pct_storage
cp -a "$SHARED/rootfs" template
printf '::respawn:/bin/sleep 1000\n' >template/etc/inittab
printf 'root:x:0:0::/root:/bin/sh\nalice:x:1000:100::/tmp:/bin/sh\n' >template/etc/passwd
printf 'root:x:0:\nstaff:x:50:\n' >template/etc/group
ln -s /outside/trap template/link
tar -C template -czf template.tar.gz .
umask 022

# A disk whose second half can't be read.
truncate -s 2M disk
torn=$(losetup -f --show disk 2>/dev/null) && truncate -s 1M disk
trap '[ -z "$torn" ] || losetup -d "$torn"; clean_up' EXIT

for unprivileged in 1 0; do
    id=793$unprivileged
    kind=$([ $unprivileged = 1 ] && echo unprivileged || echo privileged)
    require "create, $kind" pct create $id "$WORK/template.tar.gz" --ostype unmanaged --rootfs local:0 \
        --unprivileged $unprivileged
    accept_unless_checked $id
    root=$(find storage -type d -name "subvol-$id-disk-0*")

    echo data >file
    refused "push to one that is stopped" '^can only push files to a running CT$' pct push $id file /x
    refused "pull from it" '^can only pull files from a running VM$' pct pull $id /etc/passwd x
    require "start" pct start $id "${accept[@]}"

    runs "push" pct push $id file /tmp/file
    is "is there" "$(pct exec $id -- cat /tmp/file)" data
    is "root's, with a new file's rights" "$(pct exec $id -- stat -c '%u %g %a' /tmp/file)" "0 0 644"
    runs "for somebody" pct push $id file /tmp/file2 --user alice --group staff --perms 4750
    is "is so" "$(pct exec $id -- stat -c '%u %g %a' /tmp/file2)" "1000 50 4750"
    runs "by numbers" pct push $id file /tmp/file3 --user 7 --perms 0x180
    is "too" "$(pct exec $id -- stat -c '%u %g %a' /tmp/file3)" "7 0 600"
    echo more >file
    runs "over a file" pct push $id file /tmp/file2
    is "keeps owner and mode" "$(pct exec $id -- stat -c '%u %g' /tmp/file2)" "1000 50"
    is "with the new text" "$(pct exec $id -- cat /tmp/file2)" more
    runs "a relative path starts at the root" pct push $id file relative
    is "there" "$(pct exec $id -- cat /relative)" more
    refused "no such user" 'failed to get uid for: bob' pct push $id file /tmp/file4 --user bob
    refused "no mode" "invalid mode: '9'" pct push $id file /tmp/file4 --perms 9
    refused "no such file" 'failed to open nothing for reading' pct push $id nothing /tmp/file4
    refused "no folder" 'failed to create file: /no/such/folder' pct push $id file /no/such/folder
    refused "a folder" 'failed to create file: /tmp' pct push $id file /tmp
    refused "a source that is a folder" '/tmp is a directory, no file' pct push $id /tmp /tmp/file2
    refused "over a file, no such user" 'failed to get uid for: bob' pct push $id template.tar.gz /tmp/file2 --user bob
    refused "no such group" 'failed to get gid for: bobs' pct push $id template.tar.gz /tmp/file2 --group bobs
    refused "what can't be read to its end" 'copy to /tmp/file4: ' pct push $id /proc/self/mem /tmp/file4
    refused "over a file either" 'copy to /tmp/file2, which stays as it is: ' pct push $id /proc/self/mem /tmp/file2
    is "what was there stays" "$(pct exec $id -- cat /tmp/file2)" more
    if [ -n "$torn" ]; then
        refused "nor what can be read half the way" 'copy to /tmp/file2, which stays as it is: ' pct push $id "$torn" /tmp/file2
        is "what was there stays, too" "$(pct exec $id -- cat /tmp/file2)" more
    else
        skip "nor what can be read half the way" "no loop device"
    fi
    pct exec $id -- sh -c 'echo same >/tmp/file3 && ln /tmp/file3 /tmp/linked'
    runs "over one with two names" pct push $id file /tmp/file3
    is "it is still one file" "$(pct exec $id -- cat /tmp/linked)" more
    rm "$root/tmp/linked"
    is "nothing new stays" "$(ls "$root/tmp")" "$(printf '%s\n' file file2 file3)"
    runs "from a pipe" sh -c "echo piped | pct push $id /proc/self/fd/0 /tmp/piped"
    is "all of it" "$(pct exec $id -- cat /tmp/piped)" piped

    truncate -s 3G big
    printf end | dd of=big bs=1 seek=2000000000 conv=notrunc status=none
    runs "a big file with holes" pct push $id big /big
    is "is as big" "$(stat -c %s "$root/big")" 3221225472
    is "and has them still" "$(($(stat -c %b "$root/big") < 100))" 1
    is "with what is in between" "$(dd if="$root/big" bs=1 skip=2000000000 count=3 status=none)" end
    rm -f "$root/big"

    runs "pull" pct pull $id /tmp/file2 got
    is "is here" "$(cat got)" more
    is "root's" "$(stat -c '%u %g %a' got)" "0 0 644"
    runs "for somebody" pct pull $id /tmp/file2 got2 --user 7 --group 8 --perms 600
    is "here" "$(stat -c '%u %g %a' got2)" "7 8 600"
    runs "to an absolute path" pct pull $id /etc/passwd "$WORK/passwd"
    is "the container's" "$(grep -c alice passwd)" 1
    refused "what isn't there" 'failed to open /nothing in the container' pct pull $id /nothing x
    refused "for nobody" 'failed to get uid for: nosuch' pct pull $id /etc/passwd x --user nosuch
    refused "for nobody, over a file" 'failed to get gid for: nosuch' pct pull $id /etc/passwd got --group nosuch
    is "is as it was" "$(cat got)" more
    is "leaves nothing" "$(ls x 2>/dev/null)" ""
    pct exec $id -- mkfifo /tmp/fifo
    refused "what would never end" '/tmp/fifo is no regular file' pct pull $id /tmp/fifo x

    # Links lead nowhere but below the container's root.
    mkdir -p outside && echo secret >outside/trap
    pct exec $id -- ln -s "$WORK/outside/trap" /tmp/trap
    refused "a link out, read" 'failed to open /tmp/trap' pct pull $id /tmp/trap x
    refused "a link out, written" 'failed to create file: /tmp/trap' pct push $id file /tmp/trap
    is "is what it was" "$(cat outside/trap)" secret
    refused "no such container" "Configuration file '.*lxc/7999.conf' does not exist" pct push 7999 file /x
    runs "stop" pct stop $id
    runs "destroy" pct destroy $id
done
done_testing
