#!/bin/bash
# pct plan and pctrun plan: what a change makes of a plan, in isolation and with who asked for it; the
# JSON follows its schema.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

# valid NAME KIND COMMAND...: its output follows docs/schema/plan.json
valid() {
    runs "$1" "${@:3}"
    echo "$out" >plan.json
    is "$1: follows the schema" "$(python3 - "$TREE/docs/schema/plan.json" "$2" <<'P' 2>&1
import json, sys
import jsonschema
document = json.load(open("plan.json"))
errors = jsonschema.Draft4Validator(json.load(open(sys.argv[1]))).iter_errors(document)
print(*[e.message for e in errors], "" if document["kind"] == sys.argv[2] else document["kind"], sep="")
P
)" ''
}

# --- pct

pct_storage
for id in 7970 7971; do
    mkdir -p storage/images/$id/rootfs.subvol
    printf '%s\n' 'arch: amd64' 'cores: 1' 'hostname: one' 'memory: 64' 'ostype: unmanaged' \
        "rootfs: local:$id/rootfs.subvol" 'unprivileged: 1' 'net0: name=eth0,bridge=planb0' \
        >"$PCTRUN_ETC/lxc/$id.conf"
done
bridge planb0 10.79.3.1/24

pct_plan() { # what differs, without columns
    pct plan "$@" 2>/dev/null | tr -s ' '
}
is "nothing changed: no step differs, not even by lot" "$(pct_plan 7970 --set cores=1)" "no step differs"
is "another value" "$(pct_plan 7970 --set hostname=two)" "~ enter uts hostname one (from hostname: in 7970.conf, line 3)
 becomes uts hostname two (from hostname: in 7970.conf)"
like "a line that wasn't there" "$(pct_plan 7970 --set mp0="$WORK/storage,mp=/srv")" \
    "^\+ enter mount bind $WORK/storage on /srv \(from mp0: in 7970\.conf\)$"
like "one that goes" "$(pct_plan 7970 --set net0=)" '^- attach net\.veth eth0 .* \(from net0: in 7970\.conf, line 8\)$'
is "that is all of it" "$(pct_plan 7970 --set net0= | grep -vc '^- ')" 0
like "a raw line" "$(pct_plan 7970 --set lxc.cap.drop=sys_time)" '^~ exec cap\.bound keep '
is "two at once" "$(pct_plan 7970 --set hostname=two --set net0= | grep -c '^[-~+] ')" \
    "$(($(pct_plan 7970 --set net0= | wc -l) + 1))"
is "the file is as it was" "$(pct config 7970 | grep hostname)" "hostname: one"
refused "a value that can't be" '--set memory: value must have a minimum value of 16' pct plan 7970 --set memory=1
refused "no key" "write KEY=VALUE" pct plan 7970 --set memory

sed -i 's/hostname: one/hostname: other/; /^net0/d' "$PCTRUN_ETC/lxc/7971.conf"
against=$(pct_plan 7970 --against 7971)
like "against another container's: its lines before" "$against" \
    '^~ enter uts hostname other \(from hostname: in 7971\.conf, line 3\)$'
like "this one's after" "$against" '^ becomes uts hostname one \(from hostname: in 7970\.conf, line 3\)$'
like "what comes" "$against" '^\+ attach net\.veth eth0 '
is "its names on the host are this one's" "$(grep -c 'lxc/7971' <<<"$against")" 0
cp "$PCTRUN_ETC/lxc/7970.conf" before.conf
is "against a file" "$(pct_plan 7970 --against ./before.conf)" "no step differs"
refused "against none" 'none\.conf: No such file' pct plan 7970 --against ./none.conf
valid "as JSON" plan pct plan 7970 --format json
valid "a difference as JSON" difference pct plan 7970 --set net0= --set hostname=two --set mp0="$WORK/storage,mp=/srv" --format json

# --- pctrun

seccomp_of() { # NAME: a profile of one rule
    echo ',"seccomp":{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["'"$1"'"],"action":"SCMP_ACT_ERRNO"}]}'
}
linux=$(seccomp_of mkdir) bundle one sleep 1000
linux=$(seccomp_of rmdir) bundle other sleep 1000
is "another rule" "$(pctrun plan -b one --against other 2>/dev/null | grep -A 1 'seccomp\.program' | tr -s ' ')" \
    "~ prepare seccomp.program of 1 rule, else ALLOW (from linux.seccomp in config.json)
 becomes the same with other values: profile (from linux.seccomp in config.json)"

macvlan() { # MEMBERS: an interface of that kind
    echo ',"annotations":{"org.pctrun.net":"[{\"name\":\"m0\",\"type\":\"macvlan\",\"lower\":\"lo\"'"$1"'}]"}'
}
top=$(macvlan '') bundle one sleep 1000
top=$(macvlan ',\"hwaddr\":\"BC:24:11:00:79:01\"') bundle other sleep 1000
for bundles in 'one other' 'other one'; do
    like "a value that one of them has alone: ${bundles% *}" "$(pctrun plan -b "${bundles% *}" --against "${bundles#* }" 2>/dev/null | tr -s ' ')" \
        '^ becomes the same with other values: hwaddr '
done

mounts=',{"destination":"/srv","type":"tmpfs","source":"tmpfs"}' \
    linux=',"sysctl":{"net.ipv4.ip_forward":"1"},"resources":{"pids":{"limit":10}}' bundle a sleep 1000
bundle b sleep 1000
run_plan() {
    pctrun --accept-unenforced all plan -b a "$@" 2>/dev/null | tr -s ' '
}
is "nothing changed" "$(run_plan --set hostname=tested)" "no step differs"
is "a member" "$(run_plan --set hostname=two)" "~ enter uts hostname tested (from hostname in config.json)
 becomes uts hostname two (from hostname in config.json)"
is "a member with dots in its name" "$(run_plan --set 'linux.sysctl["net.ipv4.ip_forward"]="0"')" \
    "~ enter sysctl net/ipv4/ip_forward = 1 (from linux.sysctl.net.ipv4.ip_forward in config.json)
 becomes sysctl net/ipv4/ip_forward = 0 (from linux.sysctl.net.ipv4.ip_forward in config.json)"
is "another program" "$(run_plan --set process.args[0]=/bin/sleep)" \
    "~ last execve sleep 1000, in / (from process.args in config.json)
 becomes execve /bin/sleep 1000, in / (from process.args in config.json)"
is "what the line doesn't show" "$(run_plan --set process.env[0]=PATH=/bin)" \
    "~ last execve sleep 1000, in / (from process.args in config.json)
 becomes the same with other values: env (from process.args in config.json)"
is "an item that goes" "$(run_plan --set 'mounts[4]=null')" \
    "- enter mount tmpfs tmpfs on /srv (from mounts[4] in config.json)"
like "one that comes" "$(run_plan --set 'mounts[5]={"destination":"/opt","type":"tmpfs","source":"tmpfs"}')" \
    '^\+ enter mount tmpfs tmpfs on /opt \(from mounts\[5\] in config\.json\)$'
refused "a gap" "changes no member of the document" pctrun plan -b a --set 'mounts[7]={}'
refused "through a string" "changes no member" pctrun plan -b a --set hostname.x=1
refused "what the document can't hold" 'hostname: is 5|hostname: .*string' pctrun plan -b a --set hostname=5
like "against a bundle" "$(run_plan --against b)" '^\+ enter sysctl net/ipv4/ip_forward = 1'
is "against its document" "$(run_plan --against a/config.json)" "no step differs"
runs "a container" pctrun --accept-unenforced all create -b a made
sed -i 's/"hostname": "tested"/"hostname": "changed"/' a/config.json
is "against a container as it was made" "$(run_plan --against made)" \
    "~ enter uts hostname tested (from hostname in config.json)
 becomes uts hostname changed (from hostname in config.json)"
refused "against none" 'container nobody does not exist' pctrun plan -b a --against nobody
valid "as JSON" plan pctrun --accept-unenforced all plan -b a --format json
valid "a difference as JSON" difference pctrun --accept-unenforced all plan -b a --against b --set hostname=x --format json
runs "a container" pctrun --accept-unenforced all run -d -b b kept
mkdir -p empty
is "one that is there is planned as it was made" "$(cd empty && pctrun --accept-unenforced all plan kept --set hostname=two 2>/dev/null | tr -s ' ')" \
    "~ enter uts hostname tested (from hostname in config.json)
 becomes uts hostname two (from hostname in config.json)"
refused "no bundle, no container" 'does not exist; here is no config.json either: -b names' sh -c 'cd empty && pctrun plan nobody'
pctrun delete --force kept
done_testing
