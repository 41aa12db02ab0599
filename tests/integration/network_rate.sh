#!/bin/bash
# What a rate lets through, both ways, from container to container by iperf3: within a tenth of what
# is set. A busy machine may pass on less, or a part of it too late for the one measurement and in
# time for the next: then it is tried again.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

bridge pctrt0 10.83.0.1/24
policed=''
tc qdisc add dev pctrt0 ingress &&
    tc filter add dev pctrt0 parent ffff: matchall action police rate 1mbit burst 10k 2>/dev/null && policed=1
tc qdisc del dev pctrt0 ingress

net() {
    echo "name=eth0,bridge=pctrt0,hwaddr=BC:24:11:00:83:0$1,ip=10.83.0.$1/24,host-managed=1${2:-}"
}

# container LAST [REST]: that number's, with the rest of the line of its interface
container() {
    mkdir -p root"$1" && cp -a "$SHARED/rootfs/." root"$1"
    networked "798$1" "$WORK/root$1" "$(net "$@")"
}

# --- whether this kernel can is known beforehand, by limiting an interface that is nobody's

container 2 ,rate=1
container 3
capture pct check --host
like "the host says" "$out" "^$([ -n "$policed" ] && echo 'host     rate +an interface was limited both ways$' || echo 'lacking  rate +limit it: .*modprobe it.* \(for limits of .*\)$')"
if [ -n "$policed" ]; then
    is "a config with a rate: nothing is lacking" "$(pct check 7982 | grep '^lacking')" ''
else
    status "a config with a rate" 1 pct check 7982
    like "says what is lacking" "$out" \
        '^lacking  rate +limit it: .*this kernel lacks (sch_htb|sch_ingress|act_police).*: modprobe it, or remove the rate \(from net0: in 7982\.conf, line 4\)$'
    is "and can't be enforced" "$(grep -c '^this host can enforce' <<<"$out")" 0
    is "one without: nothing is" "$(pct check 7983 | grep '^lacking')" ''
fi

# Who may make a user namespace asks the same kernel; who may not, like anyone in a chroot, can't.
chmod 755 "$PCTRUN_ROOT" "$PCTRUN_ETC"
sed '1i unprivileged: 1' "$PCTRUN_ETC/lxc/7982.conf" >rated.conf
ordinary() { setpriv --reuid 1000 --regid 1000 --clear-groups "$@"; }
if ordinary unshare -U true 2>/dev/null; then
    capture ordinary pct check "$WORK/rated.conf"
    is "an ordinary user is told the same" "$(grep -Ec '^lacking  rate .*this kernel lacks|^untried' <<<"$out")" \
        "$([ -n "$policed" ] && echo 0 || echo 1)"
else
    skip "an ordinary user is told the same" "ordinary users can't make user namespaces here"
fi
mkdir all
# shellcheck disable=SC2016 # the inner shell's
capture unshare -m sh -c 'mount --rbind / all && exec chroot --userspec=1000:1000 all "$@"' sh pct check "$WORK/rated.conf"
like "who may not try it is told that" "$out" '^untried  rate +make a network namespace: Operation not permitted \(from net0: in .*rated\.conf, line 5\)$'
is "not that the host lacks it, or has it" "$(grep -Ec '^lacking|^this host can enforce' <<<"$out")" 0

# --- and by a start

if [ -z "$policed" ]; then
    status "a rate that this kernel can't limit" 255 pct start 7982 --accept-unenforced all
    like "is told with the request that failed" "$out" '^ +call +RTM_NEW(QDISC|TCLASS|TFILTER): '
    like "and with what is lacking" "$out" '^ +fix +this kernel lacks (sch_htb|sch_ingress|act_police).*: modprobe it, or remove the rate'
fi
if [ -z "$policed" ] || ! command -v iperf3 >/dev/null; then
    skip "rates" "no policer in this kernel, or no iperf3"
    done_testing
    exit
fi

for last in 2 3; do
    container $last
    require "a container" pct start 798$last --accept-unenforced all
done

# inside ID COMMAND...: a program of the host in the container's network
inside() {
    nsenter --net -t "$(container_pid "$1")" -- "${@:2}"
}

inside 7983 iperf3 -s -D --pidfile "$WORK/iperf3.pid" >/dev/null
trap 'kill $(tr -d "\0" <"$WORK/iperf3.pid"); clean_up' EXIT

# percent RATE SECONDS [OPTION]: of the rate that came through; -R: to 7982, else from it
percent() {
    inside 7982 iperf3 -c 10.83.0.3 -J -O 1 -t "$2" ${3:+"$3"} | python3 -c '
import json, sys
print(int(json.load(sys.stdin)["end"]["sum_received"]["bits_per_second"] / 8 / (float(sys.argv[1]) * 2**20) * 100))' "$1"
}

# within NAME RATE SECONDS [OPTION]
within() {
    local got seen=''
    for _ in 1 2 3 4 5; do
        got=$(percent "${@:2}") || got=0
        seen="$seen$got "
        if [ "$got" -ge 90 ] && [ "$got" -le 110 ]; then
            ok "$1: $got % of it"
            return
        fi
    done
    not_ok "$1" "${seen}% of it came through, never 90 to 110"
}

eventually "they reach each other" inside 7982 iperf3 -c 10.83.0.3 -n 1K
# The last one is as much as an emulated machine can do.
while read -r rate seconds; do
    runs "a rate of $rate" pct set 7982 --net0 "$(net 2 ",rate=$rate")"
    within "to the container" "$rate" "$seconds" -R
    within "from the container" "$rate" "$seconds"
done <<<"$(printf '0.5 4\n6 5\n'; emulated || echo '100 5')"
done_testing
