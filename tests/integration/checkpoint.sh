#!/bin/bash
# checkpoint and restore, by CRIU. Where CRIU can't work the refusals are all of it.
# time: 120 s
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

counting='i=0; : >/tmp/count; while :; do i=$((i + 1)); echo $i >>/tmp/count; sleep 0.1; done'

# Lines are added, so that a number is there whenever the container is stopped.
count_of() {
    tail -n 1 "$1/rootfs/tmp/count"
}

# counts_on BUNDLE NUMBER: it has gone on from there, not from the beginning
counts_on() {
    local now
    now=$(count_of "$1")
    [ -n "$now" ] && [ "$now" -gt "$2" ]
}

gone() {
    [ ! -e "$PCTRUN_ROOT/$1" ]
}

# --- refusals: the same everywhere, as CRIU has no part in them

refusals() {
    bundle one sh -c "$counting"
    refused "no such container" 'container c1 does not exist' pctrun checkpoint c1
    runs "create" pctrun create -b one c1
    refused "one that isn't started" 'c1 is not running: created' pctrun checkpoint c1
    runs "start" pctrun start c1
    refused "no such program" '/nonesuch: there is no such program; .*install the package criu' \
        pctrun --criu /nonesuch checkpoint c1
    refused "no such program in PATH" 'nonesuch: there is no such program' pctrun --criu nonesuch checkpoint c1
    [ ! -e checkpoint ] && ok "and no folder is made" || not_ok "and no folder is made"
    refused "a mode" "'some' is none of soft, full, strict, ignore" pctrun checkpoint --manage-cgroups-mode some c1
    [ ! -e checkpoint ] && ok "and no folder stays" || not_ok "and no folder stays" "$(ls checkpoint)"
    mkdir -m 700 images
    refused "a parent that is not relative" 'not relative' pctrun checkpoint --image-path images --parent-path /tmp c1
    refused "a parent that is not there" 'No such file' pctrun checkpoint --image-path images --parent-path ../nothing c1
    for options in --lazy-pages '--page-server 127.0.0.1:1234'; do
        # shellcheck disable=SC2086 # words
        refused "memory with a page server: $options" 'page server' pctrun checkpoint $options c1
        # shellcheck disable=SC2086
        refused "a restore: $options" 'page server' pctrun restore $options c2
    done
    refused "an empty namespace of another kind" "'uts' is not network" pctrun checkpoint --empty-ns uts c1
    refused "a descriptor that is closed" "'99' is no open descriptor" pctrun checkpoint --status-fd 99 c1
    if has_controller pids || [ -e "$(cgroup2_root)/pctrun/c1/cgroup.freeze" ]; then
        runs "pause" pctrun pause c1
        refused "a paused one" 'c1 is not running: paused; resume it first' pctrun checkpoint c1
        runs "resume" pctrun resume c1
    fi
    runs "delete" pctrun delete --force c1
    refused "no folder of images" 'open nothing: No such file.*--image-path' pctrun restore -d -b one --image-path nothing c1
    refused "an empty folder" 'images has no images of a checkpoint' pctrun restore -d -b one --image-path images c1
    refused "no bundle" 'bundle nothing' pctrun restore -d -b nothing --image-path images c1
    process=',"terminal":true' bundle two true
    refused "a terminal for nobody" 'console socket' pctrun restore -d -b two --image-path images c1
    refused "no such program for a restore" 'there is no such program' \
        pctrun --criu nonesuch restore -d -b one --image-path images c1
    gone c1 && ok "nothing is left of them" || not_ok "nothing is left of them" "$(ls "$PCTRUN_ROOT")"
    status "engines ask whether there is such a command" 0 pctrun checkpoint --help
    refused "and for an option of it, as podman does" 'requires an argument' pctrun restore --lsm-mount-context
    features=$(pctrun features)
    like "features: checkpoint" "$features" '"org.opencontainers.runc.checkpoint.enabled": "true"'

    # A program that says what CRIU would: how it ends is ours to tell.
    cat >broken <<'END'
#!/bin/sh
exit 3
END
    chmod +x broken
    runs "one that runs" pctrun run -d -b one c1
    refused "a program that ends" 'CRIU ended without an answer' \
        pctrun --criu ./broken checkpoint --image-path images c1
    refused "in a folder of its own" 'CRIU ended without an answer' pctrun --criu ./broken checkpoint c1
    [ ! -e checkpoint ] && ok "which doesn't stay" || not_ok "which doesn't stay" "$(ls checkpoint)"
    is "leaves the container alone" "$(container_status c1)" running
    touch images/inventory.img
    refused "a taken id" 'already exists' pctrun restore -d -b one --image-path images c1
    is "which goes on" "$(container_status c1)" running
    runs "delete" pctrun delete --force c1
    echo '["/dev/null", "/dev/null", "/dev/null"]' >images/descriptors.json
    refused "nor does it restore anything" 'CRIU ended without an answer' \
        pctrun --criu ./broken restore -d -b one --image-path images c1
    gone c1 && ok "and nothing is left" || not_ok "and nothing is left" "$(ls "$PCTRUN_ROOT")"

    # One that is killed while CRIU reads: its user namespace's root was let into the folder.
    printf '#!/bin/sh\necho $$ >%s/asleep.pid\nexec sleep 1000\n' "$WORK" >asleep
    chmod +x asleep
    linux=$userns_maps namespaces="$default_namespaces,{\"type\":\"user\"}" bundle mapped sleep 1000
    shift_owner mapped/rootfs
    before=$(stat -c '%a %g' images)
    pctrun --criu "$WORK/asleep" restore -d -b mapped --image-path images c1 >killed 2>&1 &
    restoring=$!
    disown
    eventually "a restore that reads" test -s asleep.pid
    is "lets the container's group in" "$(stat -c '%a %g' images)" '710 100000'
    kill -KILL $restoring
    kill -KILL "$(cat asleep.pid)"
    runs "what is left of one that was killed" pctrun delete --force c1
    is "takes that back as well" "$(stat -c '%a %g' images)" "$before"
    rm -rf images
}

# --- what CRIU is asked, by one that does nothing

# asks FIELD... : each line is among the options of the last request; rpc.proto has the numbers
asks() {
    local line
    for line in "$@"; do
        grep -Fqx -- "$line" criu.asked || return 1
    done
}

asked() {
    printf '#!/bin/sh\nexec python3 %s/criu.py "$@"\n' "$TREE/tests/integration" >criu
    chmod +x criu
    both=('--tcp-established 5=1' '--tcp-skip-in-flight 46=1' '--tcp-close 52=1' '--ext-unix-sk 4=1' '--shell-job 7=1'
        '--file-locks 8=1' '--link-remap 18=1' '--auto-dedup 16=1' '--manage-cgroups-mode full 34=4' '--manage-cgroups-mode ignore 34=0'
        '--empty-ns network 38=1073741824' ' 34=3')
    mkdir data images
    mounts=",{\"destination\":\"/data\",\"type\":\"bind\",\"source\":\"$WORK/data\",\"options\":[\"bind\"]}" bundle one sleep 1000
    runs "a container" pctrun run -d -b one c1
    for row in "${both[@]}" '--leave-running 3=1' '--parent-path ../images 14=../images' '--status-fd 3 49=3' '--pre-dump 15=1'; do
        options=${row% *}
        # shellcheck disable=SC2086 # words
        refused "only asked" 'CRIU failed: only asked' \
            pctrun --criu ./criu checkpoint --image-path images $options c1 3>ready
        if asks "${row##* }" "2=$(container_pid c1)"; then ok "what CRIU is asked: $options"; else
            not_ok "what CRIU is asked: $options" "${row##* } is not in" "$(cat criu.asked)"; fi
    done
    if asks type=4 "37=mnt[/data]:/data" "37=mnt[/proc/version]:/proc/version" 50=1; then ok "the mounts that are not its own"; else
        not_ok "the mounts that are not its own" "$(cat criu.asked)"; fi
    if grep -q '37=mnt\[/\(proc\|dev\|sys\)\]' criu.asked; then not_ok "and no others" "$(cat criu.asked)"; else ok "and no others"; fi
    is "it goes on" "$(container_status c1)" running
    runs "delete" pctrun delete --force c1
    : >images/inventory.img
    for row in "${both[@]}" '--lsm-profile apparmor:other 53=apparmor:other' '--lsm-mount-context some:label 63=some:label'; do
        options=${row% *}
        # shellcheck disable=SC2086
        refused "only asked" 'CRIU failed: only asked' \
            pctrun --criu ./criu restore -d -b one --image-path images $options c1
        if asks "${row##* }" type=2 "13=$PCTRUN_ROOT/c1/root"; then ok "what CRIU is asked for a restore: $options"; else
            not_ok "what CRIU is asked for a restore: $options" "${row##* } is not in" "$(cat criu.asked)"; fi
    done
    like "the sources of mounts" "$(cat criu.asked)" "37=mnt\\[/data\\]:$PCTRUN_ROOT/c1/[0-9]+\$"
    refused "options that are only accepted" 'CRIU failed: only asked' \
        pctrun --criu ./criu restore -d -b one --image-path images --no-pivot --no-subreaper --parent-path x --leave-running c1
    gone c1 && ok "nothing is left" || not_ok "nothing is left" "$(ls "$PCTRUN_ROOT")"
    refused "a console socket that is not there" 'connect to the console socket nowhere' \
        pctrun --criu ./criu restore -d -b two --console-socket nowhere --image-path images c1
    bundle joined sleep 1000
    sed -i 's,{"type":"uts"},{"type":"uts"\,"path":"/proc/self/ns/uts"},; s/"hostname": "tested",//' joined/config.json
    refused "another's namespace that CRIU would make anew" "can't leave out a uts namespace" \
        pctrun --criu ./criu restore -d -b joined --image-path images c1
    rm -rf images data ready
}
if emulated; then
    skip "refusals, what CRIU is asked" "the same everywhere, and no kernel has a part in it"
else
    refusals
    asked
fi

# --- where CRIU works

if ! capture criu check; then
    skip "checkpoint and restore" "CRIU can't work here: $(grep -m 1 Error <<<"$out")"
    done_testing
    exit
fi

mkdir -p data/below
echo from the host >data/file
mount -t tmpfs tmpfs data/below
echo below >data/below/file
mounts=",{\"destination\":\"/data\",\"type\":\"bind\",\"source\":\"$WORK/data\",\"options\":[\"rbind\",\"ro\"]},
  {\"destination\":\"/etc/resolv.conf\",\"type\":\"bind\",\"source\":\"$WORK/data/file\",\"options\":[\"bind\"]},
  {\"destination\":\"/sys/fs/cgroup\",\"type\":\"cgroup\",\"source\":\"cgroup\",\"options\":[\"ro\"]},
  {\"destination\":\"/tmp/ram\",\"type\":\"tmpfs\",\"source\":\"tmpfs\"}"
linux=',"resources":{"pids":{"limit":50},"devices":[{"allow":false,"access":"rwm"},{"allow":true,"type":"c","major":1,"minor":3,"access":"rw"}]}'
bundle one sh -c "echo in memory >/tmp/ram/file; $counting"
mounts='' linux=''
sees() {
    pctrun exec c1 sh -c 'hostname; cat /data/file /data/below/file /etc/resolv.conf /tmp/ram/file
        touch /data/new 2>&1; wc -c </proc/version; cat </dev/zero 2>&1 | head -c 9 | wc -c
        ls /sys/firmware | wc -l; grep -x 1 /sys/fs/cgroup/cgroup.procs; cat /proc/1/cgroup'
    cat "$(cgroup2_root)/pctrun/c1/pids.max"
}

runs "a container" pctrun run -d -b one c1
eventually "it counts" counts_on one 3
sees >before 2>&1
runs "checkpoint" pctrun checkpoint --image-path images --work-path work c1
reached=$(count_of one)
[ -s images/inventory.img ] && [ -s work/dump.log ] && ok "images and log are where they should be" ||
    not_ok "images and log are where they should be" "$(ls images work)"
is "the images are nobody else's" "$(stat -c %a images)" 700
gone c1 && ok "the container is gone" || not_ok "the container is gone" "$(pctrun list)"
runs "restore" pctrun restore -d -b one --image-path images --work-path work --pid-file pid c1
is "it runs" "$(container_status c1)" running
is "the pid file" "$(cat pid)" "$(container_pid c1)"
eventually "it counts on" counts_on one "$reached"
sees >after 2>&1
is "mounts, masks, devices, cgroup and limits are as before" "$(cat after)" "$(cat before)"
runs "checkpoint while it goes on" pctrun checkpoint --leave-running --image-path running c1
reached=$(count_of one)
eventually "it does" counts_on one "$reached"
runs "delete" pctrun delete --force c1
reached=$(count_of one)
status "restore and stay, from the other images" 137 \
    sh -c '(until [ "$(tail -n 1 one/rootfs/tmp/count)" -gt '$reached' ]; do sleep 0.1; done; pctrun kill c2 KILL) 2>/dev/null & exec pctrun restore -b one --image-path running c2'
gone c2 && ok "and delete it at the end" || not_ok "and delete it at the end" "$(pctrun list)"

runs "a container for a pre-dump" pctrun run -d -b one c1
eventually "it counts" counts_on one 3
runs "pre-dump" pctrun checkpoint --pre-dump --image-path first c1
is "it goes on" "$(container_status c1)" running
runs "a checkpoint after it" pctrun checkpoint --parent-path ../first --image-path second c1
[ -L second/parent ] && ok "has what is not in the first" || not_ok "has what is not in the first" "$(ls second)"
reached=$(count_of one)
runs "restore of both" pctrun restore -d -b one --image-path second c1
eventually "it counts on" counts_on one "$reached"

# --- failures

rm -rf broken && cp -a second broken
head -c 100 second/files.img >broken/files.img
refused "images that are broken" 'CRIU failed: .*; its log is' \
    pctrun restore -d -b one --image-path broken c3
like "say where the log is" "$out" "its log is $WORK/broken/restore.log"
gone c3 && ok "nothing is left" || not_ok "nothing is left" "$(ls "$PCTRUN_ROOT")"
[ ! -e "$(cgroup2_root)/pctrun/c3" ] && ok "no cgroup either" || not_ok "no cgroup either"
mv data away
refused "a source that is gone" 'open the source: No such file.*create .*/data on the host' pctrun restore -d -b one --image-path second c3
mv away data
gone c3 && ok "leaves nothing" || not_ok "leaves nothing" "$(ls "$PCTRUN_ROOT")"
runs "delete" pctrun delete --force c1
umount data/below

# --- network

bundle net nc -ll -p 7007 -e cat
answers() {
    [ "$(pctrun exec c1 sh -c 'echo word | nc -w 5 127.0.0.1 7007')" = word ]
}
runs "one that listens" pctrun run -d -b net c1
eventually "it answers" answers
runs "checkpoint" pctrun checkpoint --tcp-established --image-path net.images c1
runs "restore" pctrun restore -d -b net --tcp-established --image-path net.images c1
eventually "it answers again" answers
runs "delete" pctrun delete --force c1

# --- hooks, a joined network namespace

touch netns
unshare --net="$WORK/netns" true
# shellcheck disable=SC2016 # for the hook
hook='{"path":"/bin/sh","args":["sh","-c","read -r state; echo \"$0 $state\" >>'$WORK'/hooks"'
top=",\"hooks\":{\"prestart\":[$hook,\"prestart\"]}],\"createRuntime\":[$hook,\"createRuntime\"]}],\"poststart\":[$hook,\"poststart\"]}]}" \
    namespaces="{\"type\":\"pid\"},{\"type\":\"mount\"},{\"type\":\"ipc\"},{\"type\":\"uts\"},{\"type\":\"network\",\"path\":\"$WORK/netns\"}" \
    bundle joined sh -c "$counting"
runs "one in another's network" pctrun run -d -b joined c1
eventually "it counts" counts_on joined 3
runs "checkpoint" pctrun checkpoint --image-path joined.images c1
rm hooks
reached=$(count_of joined)
runs "restore" pctrun restore -d -b joined --image-path joined.images c1
eventually "it counts on" counts_on joined "$reached"
is "in the same network" "$(stat -Lc %i "/proc/$(container_pid c1)/ns/net")" "$(stat -c %i "$WORK/netns")"
is "hooks of the host's side have run" "$(cut -d ' ' -f 1 hooks)" $'prestart\ncreateRuntime'
like "with its pid" "$(tail -n 1 hooks)" "\"pid\": *$(container_pid c1)"
runs "delete" pctrun delete --force c1
umount netns

# --- a user namespace

linux=$userns_maps namespaces="$default_namespaces,{\"type\":\"user\"}" bundle user sh -c "$counting"
shift_owner user/rootfs
chmod 755 user
# CRIU opens inherited files anew, as the container's root: the test's own are closed to that.
quietly() {
    pctrun --log "$WORK/said" "$@" >/dev/null 2>&1 || { cat "$WORK/said"; return 1; }
}
runs "one with a user namespace" quietly run -d -b user c1
eventually "it counts" counts_on user 3
runs "checkpoint" pctrun checkpoint --image-path user.images c1
reached=$(count_of user)
runs "restore" quietly restore -d -b user --image-path user.images c1
is "its images are for nobody else again" "$(stat -c '%a %g' user.images)" '700 0'
eventually "it counts on" counts_on user "$reached"
is "as the same user" "$(stat -c %u "/proc/$(container_pid c1)")" 100000
runs "delete" pctrun delete --force c1

# --- a terminal

# shellcheck disable=SC2016 # for the container
process=',"terminal":true' bundle terminal sh -c 'n=0; while read -r line; do n=$((n + 1)); echo "$n: $line"; : >/tmp/read; [ "$line" != end ] || exit 5; done'
(until [ -e terminal/rootfs/tmp/read ]; do sleep 0.1; done; sleep 1; pctrun checkpoint --image-path terminal.images c1) >dump 2>&1 &
status "one at a terminal" 137 person 'send:first\r' 'expect:1: first' wait -- pctrun run -b terminal c1
wait $!
is "is checkpointed" "$(cat dump)" ''
status "and restored at another" 5 person --rows 31 --columns 97 'send:second\r' 'expect:2: second' 'send:end\r' wait -- \
    pctrun restore -b terminal --image-path terminal.images c1
done_testing
