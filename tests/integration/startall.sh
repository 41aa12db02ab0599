#!/bin/bash
# pct startall and stopall: the order of the host's start and stop.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

pct_storage
mkdir -p storage/snippets
cat >storage/snippets/note.sh <<END
#!/bin/sh
echo "\$2 \$1" >>$WORK/phases
END
chmod 755 storage/snippets/note.sh
cp -a "$SHARED/rootfs" template
printf '::respawn:/bin/sleep 1000\n' >template/etc/inittab
tar -C template -czf template.tar.gz .
export PCTRUN_ACCEPT_UNENFORCED=all

# ID, startup, onboot
while read -r id startup onboot; do
    pct create "$id" "$WORK/template.tar.gz" --ostype unmanaged --rootfs local:0 --unprivileged 1 \
        --onboot "$onboot" ${startup:+--startup "$startup"} --hookscript local:snippets/note.sh >log 2>&1 ||
        not_ok "create $id" "$(cat log)"
done <<'END'
7951 order=2 1
7952 order=1,up=1 1
7953 order=3,down=20 1
7954 order=0 0
7955 order=2 1
END
echo 'onboot: 1' >>"$PCTRUN_ETC/lxc/7954.conf"
echo 'template: 1' >>"$PCTRUN_ETC/lxc/7954.conf"

before=$(date +%s)
runs "startall" pct startall
is "waits as one of them asks" $(($(date +%s) - before >= 1)) 1
is "in their order" "$(grep pre-start phases | tr '\n' ' ')" "pre-start 7952 pre-start 7951 pre-start 7955 pre-start 7953 "
is "no template" "$(pct status 7954)" "status: stopped"
: >phases
runs "again" pct startall
is "those that run are left alone" "$(cat phases)" ""
runs "stop one" pct stop 7953
: >phases
runs "stopall" pct stopall
is "in the opposite order" "$(grep pre-stop phases | tr '\n' ' ')" "pre-stop 7955 pre-stop 7951 pre-stop 7952 "
is "all of them" "$(pct list | grep -c running)" 0

printf '#!/bin/sh\nexit 1\n' >storage/snippets/note.sh
sed -i '/^hookscript/d' "$PCTRUN_ETC/lxc/7953.conf"
runs "one that fails" pct startall
like "is named" "$out" '^Starting CT 7951 failed: exit status [1-9]'
is "and does not hold up the others" "$(pct status 7953)" "status: running"
runs "stop the last" pct stopall
sed -i '/^onboot/d' "$PCTRUN_ETC/lxc/7953.conf"
runs "without onboot" pct startall
is "it stays" "$(pct status 7953)" "status: stopped"
runs "unless all are meant" pct startall --force
is "it runs" "$(pct status 7953)" "status: running"
runs "stop it" pct stopall
for id in 7951 7952 7953; do pct destroy $id; done
done_testing
