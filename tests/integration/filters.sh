#!/bin/bash
# pctrun seccomp: what is said of filters is what processes meet.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

rules='{"names":["mkdir","mkdirat"],"action":"SCMP_ACT_ERRNO","errnoRet":28},
 {"names":["personality"],"action":"SCMP_ACT_ERRNO","errnoRet":99,"args":[{"index":0,"value":8,"op":"SCMP_CMP_EQ"}]},
 {"names":["sethostname"],"action":"SCMP_ACT_KILL_PROCESS"}'
profile="{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"architectures\":[\"SCMP_ARCH_X86_64\",\"SCMP_ARCH_X86\"],\"syscalls\":[$rules]}"
linux=",\"seccomp\":$profile" bundle b sleep 1000
origins='{\"linux.seccomp.syscalls[1]\":\"raw: in 100.conf, line 7\",\"linux.seccomp\":\"seccomp: in 100.conf, line 3\"}'
linux=",\"seccomp\":$profile" top=",\"annotations\":{\"org.pctrun.origin\":\"$origins\"}" bundle o sleep 1000
bundle plain sleep 1000
echo "$profile" >bare.json
sed 's/"errnoRet":28/"errnoRet":13/; s/"value":8/"value":9/' bare.json >other.json
printf '2\ndenylist\nreject_force_umount\n[all]\nkeyctl errno 38\n' >lxc.conf
runs "a container with a filter" pctrun run -d -b b c
runs "one without" pctrun run -d -b plain free
pid=$(container_pid c)
free=$(container_pid free)

of() { # EXPRESSION: of the JSON in $out
    python3 -c 'import json, sys; d = json.load(sys.stdin); print(eval(sys.argv[1]))' "$1" <<<"$out"
}

# The last document is as docs/schema/seccomp.json has it.
follows() {
    is "follows the schema" "$(python3 -c 'import json, sys, jsonschema
jsonschema.validate(json.load(sys.stdin), json.load(open(sys.argv[1])))' "$TREE/docs/schema/seccomp.json" 2>&1 <<<"$out")" ''
}

# --- explain: by where the profile comes from

while IFS='|' read -r words want; do
    # shellcheck disable=SC2086 # words
    runs "explain $words" pctrun seccomp explain $words
    is "says" "$out" "$want"
done <<E
b mkdir 0|mkdir(0): ERRNO ENOSPC: rule on mkdir (from linux.seccomp.syscalls[0] in b/config.json)
b/config.json personality 8|personality(8): ERRNO EADDRNOTAVAIL: rule on personality where arg0 == 8 (from linux.seccomp.syscalls[1] in b/config.json)
b personality 0x100000008|personality(0x100000008): ALLOW: no rule matches, the default (from linux.seccomp.defaultAction in b/config.json)
bare.json personality 0x8|personality(8): ERRNO EADDRNOTAVAIL: rule on personality where arg0 == 8 (from syscalls[1] in bare.json)
o personality 8|personality(8): ERRNO EADDRNOTAVAIL: rule on personality where arg0 == 8 (from raw: in 100.conf, line 7)
o mkdir 0|mkdir(0): ERRNO ENOSPC: rule on mkdir (from seccomp: in 100.conf, line 3)
id:c sethostname 0|sethostname(0): KILL_PROCESS: rule on sethostname (from linux.seccomp.syscalls[2] in config.json)
pid:$pid mkdir 0|mkdir(0): ERRNO ENOSPC: filter 1 of 1
pid:$pid 83 0|mkdir(0): ERRNO ENOSPC: filter 1 of 1
pid:$pid personality|personality: ERRNO EADDRNOTAVAIL where arg0 == 8, else ALLOW
--arch x86 b mkdir 0|mkdir(0): ERRNO ENOSPC: filter 1 of 1
plain mkdir 0|mkdir(0): ALLOW: no filter
pid:$free mkdir|mkdir: ALLOW
lxc.conf umount2 0 1|umount2(0, 1): ERRNO EACCES: rule on umount2 where arg1 & 0x1 == 0x1 (from syscalls[0] in lxc.conf)
E
runs "explain without arguments" pctrun seccomp explain b personality
is "has the outcome and the rules" "$out" "personality: ERRNO EADDRNOTAVAIL where arg0 == 8, else ALLOW
  rule on personality where arg0 == 8: ERRNO EADDRNOTAVAIL (from linux.seccomp.syscalls[1] in b/config.json)"
runs "of a call that no rule is on" pctrun seccomp explain b getpid
is "has the default" "$out" "getpid: ALLOW
  no rule matches, the default (from linux.seccomp.defaultAction in b/config.json)"
runs "without arguments as JSON" pctrun seccomp explain -f json b personality
follows
runs "as JSON" pctrun seccomp explain -f json b mkdir 0
follows
is "with its members" "$(of '(d["call"], d["number"], d["args"], d["action"], d["errno"], d["origin"])')" \
    "('mkdir', 83, [0], 'ERRNO', 28, 'linux.seccomp.syscalls[0] in b/config.json')"

# --- dump: from the kernel

runs "dump" pctrun seccomp dump c
like "how many filters" "$out" "^process $pid: 1 filter, instructions: [0-9]+$"
like "what is refused" "$out" '^x86_64 +ERRNO ENOSPC: mkdir, mkdirat$'
like "what kills" "$out" '^x86_64 +KILL_PROCESS: sethostname$'
like "what arguments decide" "$out" '^x86_64 +ERRNO EADDRNOTAVAIL where arg0 == 8, else ALLOW: personality$'
like "the other architecture" "$out" '^x86 +ERRNO ENOSPC: mkdir, mkdirat$'
like "one that the filter doesn't know" "$out" '^x32 +KILL_(THREAD|PROCESS): every call$'
is "the container sleeps on" "$(container_status c) $(awk '/^TracerPid/ {print $2}' "/proc/$pid/status")" "running 0"
runs "dump --raw" sh -c "pctrun seccomp dump --raw 1 c >compiled"
runs "the kernel's is the config's" pctrun seccomp diff compiled b
is "nothing differs" "$out" ""
refused "there is no second" 'no such filter' pctrun seccomp dump --raw 2 c
runs "dump of a process" pctrun seccomp dump --pid "$free"
like "without filters" "$out" '^x86_64 +ALLOW: every call$'
runs "dump as JSON" pctrun seccomp dump -f json c
follows
is "has the same groups" "$(of '[g["calls"] for g in d["groups"] if g["arch"] == "x86_64" and g["outcome"] == "ERRNO ENOSPC"]')" \
    "[['mkdir', 'mkdirat']]"
runs "a paused container" pctrun pause c
runs "can be asked, too" pctrun seccomp dump c
like "its filter" "$out" "^process $pid: 1 filter"
runs "and stays paused" is_status c paused
pctrun resume c
status "mkdir in it" 1 pctrun exec c mkdir /made
like "is refused as it says" "$out" 'No space left on device'

# --- diff

status "diff" 1 pctrun seccomp diff bare.json other.json
is "says what" "$(grep ^x86_64 <<<"$out")" "x86_64   ERRNO ENOSPC -> ERRNO EACCES: mkdir, mkdirat
x86_64   ALLOW -> ERRNO EADDRNOTAVAIL where arg0 == 9: personality
x86_64   ERRNO EADDRNOTAVAIL -> ALLOW where arg0 == 8: personality"
status "diff with what has none" 1 pctrun seccomp diff plain "pid:$pid"
like "says so too" "$out" '^x86_64 +ALLOW -> KILL_PROCESS: sethostname$'
status "diff as JSON" 1 pctrun seccomp diff -f json bare.json other.json
follows
runs "diff of the same" pctrun seccomp diff id:c "pid:$pid"
is "is empty" "$out" ""

# --- what can't be answered

echo '{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["bpf"],"action":"SCMP_ACT_ALLOW","includes":{"caps":["CAP_BPF"]}}]}' >engine.json
while IFS='|' read -r words want; do
    # shellcheck disable=SC2086 # words
    refused "$words" "$want" pctrun seccomp $words
done <<'E'
explain b no_such_call|no_such_call: no system call of x86_64
explain b mkdir x|x: an argument is a number
explain --arch sparc b mkdir|this machine runs programs of x86_64, x86, x32 only
explain nowhere mkdir|nowhere: No such file
explain /bin/true mkdir|/bin/true: is neither a profile nor a compiled filter
explain engine.json bpf|an engine decides
explain pid:0 mkdir|no process id
explain id:nobody mkdir|does not exist
dump nobody|does not exist
dump --pid 999999999|No such process
dump|a container's ID or --pid
nothing|not one of explain, diff, dump
E
if command -v strace >/dev/null; then
    strace -qq -o /dev/null -p "$pid" &
    tracer=$!
    eventually "somebody traces it" grep -q '^TracerPid:.[1-9]' "/proc/$pid/status"
    refused "then it can't be asked" "process $tracer traces it already" pctrun seccomp dump c
    kill "$tracer"
    wait "$tracer" 2>/dev/null
else
    skip "somebody traces it" "no strace"
fi
cp "$(command -v pctrun)" ./pctrun
refused "an ordinary user is told what it takes" 'CAP_SYS_ADMIN' \
    setpriv --reuid 65534 --regid 65534 --clear-groups ./pctrun seccomp dump --pid "$pid"
done_testing
