#!/bin/bash
# Device filters read back from the kernel, of ours and of others: what audit and why say of them,
# beside what a process in there can do.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=audited.sh
. "$(dirname "$0")/audited.sh"

sleepers=''
cgroup=$(cgroup2_root)/pctrun-devices
trap 'kill $sleepers 2>/dev/null; rmdir "$cgroup" 2>/dev/null; clean_up' EXIT
mkdir -p "$cgroup"

# --- a container of ours

linux=',"resources":{"devices":[{"allow":false},{"allow":true,"type":"c","major":10,"minor":229,"access":"rw"},{"allow":true,"type":"b","major":7,"access":"r"},{"allow":false,"type":"c","major":136,"access":"w"}]}' \
    bundle b sleep 1000
runs "a container" pctrun run -d -b b devices
pid=$(container_pid devices)
own_cgroup=$(cgroup2_root)$(sed -n 's/^0:://p' "/proc/$pid/cgroup")
report "$pid"
valid
filters_agree "ours" "$own_cgroup"
is "its rules, read back" "$(get '", ".join(report["deviceFilters"]["rules"])')" \
    "a *:* m, c 1:3 rwm, c 1:5 rwm, c 1:7 rwm, c 1:8 rwm, c 1:9 rwm, c 5:0 rwm, c 5:2 rwm, c 10:200 rwm, c 10:229 rwm, c 136:* rm, b 7:* rm"
is "by whom" "$(get '[(one["name"], one["cgroup"]) for one in report["deviceFilters"]["filters"]]')" \
    "[('pctrun_devices', '${own_cgroup#"$(cgroup2_root)"}')]"
runs "as text" pctrun audit --pid "$pid"
like "who it is" "$out" '^  pctrun_devices, BPF program [0-9]+ on /.*devices'
like "what it allows" "$out" '^  allowed: a \*:\* m, c 1:3 rwm'
like "of each known one" "$out" '^  null, zero, .*fuse: rwm$'
like "and who denies" "$out" '^  loop0, pts/0: rm, by pctrun_devices on /'

runs "audit of a container" pctrun audit devices
like "its rules hold" "$out" '^holds +cgroup.devices .*: just this, by 1 device filter \(from linux.resources.devices in'

# --- others on its cgroup

if filter attach "$own_cgroup" other no-zero 2>why; then
    status "a stricter one" 1 pctrun audit devices
    like "is drift" "$out" '^DIFFERS +cgroup.devices .*: c 1:5 r is denied by other on /.*devices '
    status "why" 1 pctrun why --prove devices read /dev/zero
    like "names it" "$out" '^DENIES   device filter    c 1:5 is not allowed by other on /'
    like "and who can help" "$out" 'to allow it: +ask whoever runs that cgroup to allow c 1:5'
    like "as the kernel does" "$out" '^proved   EPERM'
    report "$pid"
    is "both in the report" "$(get 'sorted(one["name"] for one in report["deviceFilters"]["filters"])')" "['other', 'pctrun_devices']"
    filters_agree "both" "$own_cgroup"
    filter detach "$own_cgroup" other
    runs "gone again" pctrun audit devices

    filter attach "$own_cgroup" timed call
    runs "one that nobody can follow" pctrun audit devices
    like "is no drift, and it is said" "$out" '^unseen +cgroup.devices .*: timed on /.* calls a function \(instruction 0\)'
    runs "why" pctrun why devices read /dev/zero
    like "does not know" "$out" '^unknown  device filter    timed on .* calls a function'
    report "$pid"
    valid
    like "nor does audit" "$(get 'report["deviceFilters"]["unclear"]')" '^timed on .* calls a function \(instruction 0\)$'
    filter detach "$own_cgroup" timed

    filter detach "$own_cgroup" pctrun_devices
    status "without ours" 1 pctrun audit devices
    like "it is missed" "$out" '^DIFFERS +cgroup.devices .*: none of 0 device filters is ours'
    report "$pid"
    filters_agree "none" "$own_cgroup"
    is "all is allowed" "$(get 'report["deviceFilters"]["rules"]')" "['a *:* rwm']"

    # A process that has none of its own, but lives below one.
    mkdir "$cgroup/below"
    filter attach "$cgroup" "" no-zero
    # shellcheck disable=SC2016 # for that shell
    sh -c 'echo $$ >"$0/cgroup.procs" && exec sleep 1000' "$cgroup/below" &
    sleepers="$sleepers $!"
    is_asleep() { [ "$(cat "/proc/$!/comm")" = sleep ]; }
    eventually "a process below a filter" is_asleep
    status "why" 1 pctrun why --pid $! read /dev/zero
    like "one without a name" "$out" '^DENIES   device filter    c 1:5 is not allowed by BPF program [0-9]+ on /pctrun-devices$'
    filter attach "$cgroup/below" old order
    report $!
    is "what can't be told in rules" "$(get 'report["deviceFilters"]["unclear"]')" 'old on /pctrun-devices/below compares by order'
    is "is known of each" "$(get '[one["allowed"] for one in report["deviceFilters"]["known"] if one["name"] in ("null", "zero", "dri/card0")]')" "['rwm', 'nothing', 'nothing']"
    kill $! && wait $! 2>/dev/null
    rmdir "$cgroup/below"
else
    skip "filters of others" "$(cat why)"
fi
pctrun delete -f devices

# --- version 1

v1=$(findmnt -n -t cgroup -O devices -o TARGET | head -n 1)
if [ -n "$v1" ] && mkdir "$v1/pctrun-devices" 2>/dev/null; then
    echo a >"$v1/pctrun-devices/devices.deny"
    for rule in 'c *:* m' 'c 1:3 rw' 'c 136:* rw' 'b 7:0 r'; do
        echo "$rule" >"$v1/pctrun-devices/devices.allow"
    done
    # shellcheck disable=SC2016 # for that shell
    within=(sh -c 'echo $$ >"$0/cgroup.procs" && exec "$@"' "$v1/pctrun-devices")
    "${within[@]}" sleep 1000 &
    sleepers="$sleepers $!"
    eventually "a process with a list" grep -q pctrun-devices "/proc/$!/cgroup"
    report $!
    valid
    is "its rules" "$(get '", ".join(report["deviceFilters"]["rules"])')" 'c *:* m, c 1:3 rwm, c 136:* rwm, b 7:0 r'
    filters_agree "a list" "$v1/pctrun-devices"
    status "why" 1 pctrun why --pid $! read /dev/zero
    like "names it" "$out" '^DENIES   device filter    c 1:5 is not allowed by devices.list on /pctrun-devices$'
    kill $! && wait $! 2>/dev/null
    echo a >"$v1/pctrun-devices/devices.allow"
    "${within[@]}" sleep 1000 &
    sleepers="$sleepers $!"
    eventually "one that is allowed all" grep -q pctrun-devices "/proc/$!/cgroup"
    report $!
    is "whose exceptions nobody sees" "$(get 'report["deviceFilters"]["unclear"]')" \
        'devices.list on /pctrun-devices: what it excepts from all is not shown'
    kill $! && wait $! 2>/dev/null
    rmdir "$v1/pctrun-devices"
else
    skip "a list of version 1" "no such hierarchy here"
fi

# --- who may not look

sleep 1000 &
sleepers="$sleepers $!"
install -m 755 "$BUILD/pctrun" stranger
runs "a stranger" setpriv --reuid 65534 --regid 65534 --clear-groups ./stranger --root "$WORK/none" audit --format json --pid $!
echo "$out" >report
is "claims nothing" "$(get '"deviceFilters" in report')" False
like "and says so" "$(get '[one["what"] for one in report["unseen"]]')" 'its device filters'
done_testing
