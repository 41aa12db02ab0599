#!/bin/bash
# System call filters: what each action does to a program, flags, architectures, and an agent that
# answers for the kernel (listenerPath).
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

calls='"names":["mkdir","mkdirat"]'

# filter MEMBERS RULE...: the container's linux.seccomp
filter() {
    linux=",\"seccomp\":{$1,\"syscalls\":[$2]}"
}

while read -r action want text; do
    filter '"defaultAction":"SCMP_ACT_ALLOW"' "{$calls,\"action\":\"$action\"}"
    bundle b mkdir /made
    status "$action" "$want" pctrun run -b b c
    [ -z "$text" ] || like "$action: what the program is told" "$out" "$text"
    rm -rf b/rootfs/made
done <<'E'
SCMP_ACT_KILL 159
SCMP_ACT_KILL_THREAD 159
SCMP_ACT_KILL_PROCESS 159
SCMP_ACT_TRAP 159
SCMP_ACT_ERRNO 1 Operation not permitted
SCMP_ACT_TRACE 1 Function not implemented
SCMP_ACT_LOG 0
E
filter '"defaultAction":"SCMP_ACT_ERRNO","defaultErrnoRet":99' '{"names":["execve","brk","arch_prctl","mmap","mprotect","write","writev","exit","exit_group","prctl","set_tid_address","set_robust_list","rseq","prlimit64","readlink","getrandom","getuid","newfstatat","close"],"action":"SCMP_ACT_ALLOW"}'
process=',"noNewPrivileges":true' bundle b mkdir /made
status "the default's errno" 1 pctrun run -b b c
like "is what the program is told" "$out" 'Cannot assign requested address'

# Of what the runtime itself calls before the program runs, a filter may leave out much.
for errno in 1 38; do
    filter '"defaultAction":"SCMP_ACT_ALLOW"' '{"names":["close_range","openat2","fsopen","statx"],"action":"SCMP_ACT_ERRNO","errnoRet":'$errno'}'
    bundle b sh -c 'ls /proc/self/fd | paste -sd" " -'
    runs "no close_range (errno $errno): it starts" pctrun run -b b c 20</dev/null
    is "with what it may have" "$out" "0 1 2 3"
done

for flag in TSYNC LOG SPEC_ALLOW; do
    filter "\"defaultAction\":\"SCMP_ACT_ALLOW\",\"flags\":[\"SECCOMP_FILTER_FLAG_$flag\"]" \
        "{$calls,\"action\":\"SCMP_ACT_ERRNO\"}"
    bundle b mkdir /made
    status "flag $flag" 1 pctrun run -b b c
done
filter '"defaultAction":"SCMP_ACT_ALLOW","architectures":["SCMP_ARCH_X86_64","SCMP_ARCH_X86","SCMP_ARCH_X32","SCMP_ARCH_AARCH64","SCMP_ARCH_S390X","SCMP_ARCH_RISCV64","SCMP_ARCH_LOONGARCH64","SCMP_ARCH_SHEB"]' \
    "{$calls,\"action\":\"SCMP_ACT_ERRNO\",\"errnoRet\":28}"
bundle b mkdir /made
status "architectures, other machines' too" 1 pctrun run -b b c
like "with this one's rules" "$out" 'No space left on device'

# --- an agent

members='"defaultAction":"SCMP_ACT_ALLOW","listenerPath":"'$WORK'/agent","listenerMetadata":"for the agent"'
filter "$members" "{$calls,\"action\":\"SCMP_ACT_NOTIFY\"}"
top=',"annotations":{"key":"value"}' bundle b sleep 1000
refused "an agent that does not listen" 'seccomp.listener .*/agent: connect: No such file or directory' pctrun run -b b c
is "nothing is left" "$(pctrun list -q)" ""
"$TREE/tests/integration/agent.py" "$WORK/agent" 99 >messages &
agent=$!
eventually "an agent listens" test -S agent
runs "a container that asks it" pctrun run -d -b b c
eventually "the agent hears of it" test -s messages
of() { # LINE EXPRESSION: of a message
    sed -n "$1p" messages | python3 -c 'import json, sys; d = json.load(sys.stdin); print(eval(sys.argv[1]))' "$2"
}
is "with one descriptor" "$(of 1 '(d["came"], d["fds"])')" "(1, ['seccompFd'])"
is "its metadata" "$(of 1 'd["metadata"]')" "for the agent"
is "the process" "$(of 1 'd["pid"]')" "$(container_pid c)"
is "the container's state" "$(of 1 '(d["ociVersion"], d["state"]["id"], d["state"]["status"], d["state"]["bundle"], d["state"]["annotations"])')" \
    "('1.0.2', 'c', 'creating', '$WORK/b', {'key': 'value'})"
status "a further program" 1 pctrun exec c mkdir /made
like "gets the agent's answer" "$out" 'Cannot assign requested address'
is "of a container that runs" "$(of 2 '(d["came"], d["state"]["status"])')" "(1, 'running')"
pctrun delete -f c
for flag in WAIT_KILLABLE_RECV SPEC_ALLOW; do
    filter "$members,\"flags\":[\"SECCOMP_FILTER_FLAG_$flag\"]" "{$calls,\"action\":\"SCMP_ACT_NOTIFY\"}"
    process=',"noNewPrivileges":true' bundle b mkdir /made
    status "no new privileges, $flag" 1 pctrun run -b b c
    like "asks it as well" "$out" 'Cannot assign requested address'
done
kill $agent
wait $agent 2>/dev/null
done_testing
