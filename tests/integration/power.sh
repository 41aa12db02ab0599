#!/bin/bash
# pct shutdown of a container that does not end, suspend and resume, cpusets.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

pct_storage
cp -a "$SHARED/rootfs" template
cat >template/sbin/stubborn <<'END'
#!/bin/sh
printf 'stubborn\033[31m' >/proc/$$/comm
trap 'echo asked >/asked' PWR
sleep 1000 &
while :; do wait; done
END
chmod 755 template/sbin/stubborn
tar -C template -czf template.tar.gz .

require "create" pct create 7940 "$WORK/template.tar.gz" --ostype unmanaged --rootfs local:0 --unprivileged 1 \
    --entrypoint /sbin/stubborn
accept_unless_checked 7940

is "nobody's CPUs" "$(pct cpusets)" "no running containers"
refused "suspend one that is stopped" 'CT 7940 not running' pct suspend 7940
require "start" pct start 7940 "${accept[@]}"
cpus=$(sed -n 's/^Cpus_allowed_list:\t//p' "/proc/$(container_pid 7940)/status")
runs "cpusets" pct cpusets
like "a row for it" "$out" "^7940:  *${cpus%%[-,]*}"
is "between dashes" "$(sed -n '1p;$p' <<<"$out" | sort -u | tr -d -)" ""

status "a command that is not there" 127 pct exec 7940 -- nonesuch
like "is the command line's" "$out" 'executable file not found.* \(from the command line\)$'

# --- suspended

runs "suspend" pct suspend 7940
is "is frozen" "$(container_status 7940)" paused
refused "twice" 'CT 7940 is suspended already' pct suspend 7940
is "it counts as running" "$(pct status 7940)" "status: running"
refused "nothing more runs in it" '^CT 7940 is suspended; pct resume 7940$' pct exec 7940 -- true
refused "nor does it end" '^container did not stop: it is suspended; pct resume 7940$' pct shutdown 7940 --timeout 1
runs "resume" pct resume 7940
is "runs" "$(container_status 7940)" running
refused "twice" 'CT 7940 is not suspended' pct resume 7940
echo 'lock: backup' >>"$PCTRUN_ETC/lxc/7940.conf"
refused "a locked one is not suspended" 'CT is locked \(backup\)' pct suspend 7940
runs "unlock" pct unlock 7940

# --- a shutdown that has to wait says for what

status "it gives up" 255 pct shutdown 7940 --timeout 7
like "when it announced that" "$(sed -n 1p <<<"$out")" '^waiting for CT 7940: in [0-2] s this gives up$'
like "saying whom it waits for" "$out" '^  its init \(stubborn\\x1b\[31m, pid [0-9]+\) is in state S'
like "and what else runs" "$out" '^  1 other process is left'
like "at last" "$(tail -n 1 <<<"$out")" 'container did not stop'
is "it was asked" "$(pct exec 7940 -- cat /asked)" asked
is "and runs on" "$(container_status 7940)" running
runs "or it is killed" pct shutdown 7940 --timeout 6 --forceStop
like "when it announced that" "$(sed -n 1p <<<"$out")" '^waiting for CT 7940: in [01] s it is killed$'
like "which is said" "$(tail -n 1 <<<"$out")" '^CT 7940 did not stop in 6 s: it is killed$'
is "stopped" "$(pct status 7940)" "status: stopped"
runs "destroy" pct destroy 7940
done_testing
