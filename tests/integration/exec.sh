#!/bin/bash
# Further processes in a running container.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

bundle one sleep 1000
runs "a container" pctrun run -d -b one c

for code in 0 3 255; do
    status "exit status $code" "$code" pctrun exec c sh -c "exit $code"
done
status "ended by a signal" 143 pctrun exec c sh -c 'kill -TERM $$'
runs "options after the id are the command's" pctrun exec c echo -e -t --cwd
is "all of them" "$out" '-t --cwd'

runs "directory, environment, user" \
    pctrun exec --cwd /tmp -e A=1 --env B=2 -u 1000:1001 c sh -c 'pwd; echo $A$B; id -u; id -g'
is "as asked for" "$out" $'/tmp\n12\n1000\n1001'

# shellcheck disable=SC2046 # words
runs "many words" pctrun exec c sh -c 'echo $#' $(seq 0 20000)
is "all of them" "$out" 20000

status "a missing program is the runtime's failure: 255" 255 pctrun exec c nowhere
like "and said so" "$out" 'executable file not found in \$PATH'

# asked ORIGIN PATTERN OPTION...: an error, or a warning, is blamed on who asked for it
asked() { capture pctrun exec "${@:3}"; like "from $1" "$out" "$2.* \(from $1\)"; }
asked 'the command line' 'executable file not found in \$PATH' c nowhere
asked --cwd 'Not a directory' --cwd /bin/busybox c true
asked --cap "'CAP_FOO' is no capability" --cap CAP_FOO c true
[ -d /sys/fs/selinux/policy_capabilities ] ||
    asked --process-label 'SELinux label foo' --process-label foo c true
echo '{"args":["true"],"cwd":"/bin/busybox","user":{"uid":0,"gid":0}}' >lost.json
asked lost.json 'Not a directory' --process lost.json c

pid=$(container_pid c)
for ns in pid mnt net ipc uts cgroup; do
    is "its $ns namespace is the container's" \
        "$(pctrun exec c readlink /proc/self/ns/$ns)" "$(readlink "/proc/$pid/ns/$ns")"
done
is "capabilities are the container's" \
    "$(pctrun exec c grep CapEff /proc/self/status)" "$(grep CapEff "/proc/$pid/status")"
is "in the container's cgroup" \
    "$(pctrun exec c cat /proc/self/cgroup | sed -n 's/^0:://p')" /

echo '{"args":["sh","-c","id -u; echo $X"],"cwd":"/","env":["X=7","PATH=/bin"],"user":{"uid":5,"gid":5}}' >process.json
runs "a process from a file" pctrun exec --process process.json c
is "runs as it says" "$out" $'5\n7'

runs "detached" pctrun exec -d --pid-file pid c sleep 77
eventually "its pid is in the file" grep -qxz 77 "/proc/$(cat pid)/cmdline"
is "ps shows both" "$(pctrun ps -f json c | grep -Eo '[0-9]+' | wc -l)" 2
is "stdin and stdout are the caller's" "$(echo hello | pctrun exec c cat)" hello

runs "the end" pctrun delete -f c
eventually "the detached process ended too" test ! -d "/proc/$(cat pid)"
done_testing
