#!/bin/bash
# Options that no subject's own test has: each does what its line of help says.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

# --- of the bundle and the root

bundle b sh -c 'echo usual'
bundle other sh -c 'echo from another file; ls /rootfs 2>/dev/null | wc -l'
cp other/config.json b/other.json
runs "run --config: a file of the bundle" pctrun run -b b --config other.json c
is "is the container's" "$out" $'from another file\n0'
runs "create --config: one elsewhere" pctrun create -b b -f "$WORK/other/config.json" c
like "is on record" "$(cat "$PCTRUN_ROOT/c/config.json")" 'from another file'
runs "which goes" pctrun delete c
refused "one that is not there" 'JSON specification file config.json not found' pctrun run -b b -f nowhere.json c

runs "run --no-pivot" pctrun --debug run --no-pivot -b other c
like "changes the root" "$out" 'root.pivot chroot'
like "and the program sees no other" "$out" '^0$'
runs "without it" pctrun --debug run -b other c
like "the root is exchanged" "$out" 'root.pivot pivot_root'
runs "create --no-pivot" pctrun create --no-pivot -b other c
like "audit knows" "$(pctrun audit c)" '^holds +root.pivot +chroot: '
runs "which goes" pctrun delete c
for command in "create -b b" "run -d -b b"; do
    # shellcheck disable=SC2086
    runs "${command%% *} --no-subreaper says nothing" pctrun $command -no-subreaper c
    is "at all" "$(sed '/^usual$/d' <<<"$out")" ""
    runs "which goes" pctrun delete -f c
done

# --- of what a caller gets or gives

cat >receive.py <<'END'
import array, re, socket, sys
listener = socket.socket(socket.AF_UNIX)
listener.bind(sys.argv[1])
listener.listen()
print("listening", flush=True)
name, ancillary, flags, address = listener.accept()[0].recvmsg(4096, 4096)
fds = [fd for level, kind, data in ancillary for fd in array.array("i", data)]
about = open(f"/proc/self/fdinfo/{fds[0]}").read()
print(name.decode(), len(fds), *re.findall(r"^Pid:\t(\d+)", about, re.M), flush=True)
END
# receiving WORDS...: runs them once somebody listens at ./socket; what came is in ./received
receiving() {
    rm -f received
    python3 receive.py socket >received &
    eventually "somebody listens" grep -q listening received
    runs "$@"
    wait $!
    rm socket
}
bundle b sleep 1000
receiving "create --pidfd-socket" pctrun create --pidfd-socket socket -b b c
is "one message with one pidfd of the first process" "$(tail -n 1 received)" "standard 1 $(container_pid c)"
receiving "exec --pidfd-socket" pctrun exec -d --pid-file pid --pidfd-socket socket c sleep 1000
is "one of the further program" "$(tail -n 1 received)" "setns 1 $(cat pid)"
runs "which go" pctrun delete -f c
receiving "run --pidfd-socket" pctrun run -d --pid-file pid --pidfd-socket socket -b b c
is "likewise" "$(tail -n 1 received)" "standard 1 $(cat pid)"
is "run --pid-file: a number and no more" "$(cat pid)" "$(container_pid c)"

runs "pause" pctrun pause c
pctrun exec --ignore-paused c sh -c 'exit 5' &
waiting=$!
eventually "exec --ignore-paused comes as far as the frozen cgroup" sh -c '[ "$(pctrun ps -f json c | grep -Eo "[0-9]+" | wc -l)" = 2 ]'
is "and waits there" "$(kill -0 $waiting && echo yes)" yes
runs "resume" pctrun resume c
wait $waiting
is "then it runs" $? 5
runs "which goes" pctrun delete -f c

process=',"terminal":true' bundle t sleep 1000
receiving "create --console-socket" pctrun create --console-socket socket -b t c
like "is one message with the terminal's master" "$(tail -n 1 received)" '^/dev/[^ ]+ 1$'
runs "which goes" pctrun delete -f c
refused "a console socket without a terminal" 'cannot use console socket' pctrun create --console-socket socket -b b c
echo passed >passed
bundle p sh -c 'cat <&3 >/tmp/came; sleep 1000'
runs "create --preserve-fds" pctrun create --preserve-fds 1 -b p c 3<passed 4</dev/null
runs "start" pctrun start c
eventually "the program has it" grep -qx passed p/rootfs/tmp/came
is "and none behind" "$(readlink "/proc/$(container_pid c)/fd/4")" ""
runs "which goes" pctrun delete -f c
if [ -r /proc/keys ]; then
    bundle k sh -c 'grep -c " _ses\.keyless: " /proc/keys >/tmp/count; sleep 1000'
    runs "create --no-new-keyring" pctrun create --no-new-keyring -b k keyless
    runs "start" pctrun start keyless
    eventually "no keyring is made" grep -qx 0 k/rootfs/tmp/count
    runs "which goes" pctrun delete -f keyless
else
    skip "create --no-new-keyring" "this kernel has no keys"
fi
bundle b true
runs "run --keep" pctrun run --keep -b b c
is "leaves the container" "$(container_status c)" stopped
runs "until it is deleted" pctrun delete c

# --- global ones

runs "--trace" pctrun --trace trace.json run -b b c
is "a time line of each side's steps" "$(python3 -c 'import json
rows = json.loads(open("trace.json").read())
begun, ended = [[row["tid"] for row in rows if row["ph"] == phase] for phase in "BE"]
print(sorted(set(begun)), len(begun) == len(ended), len(begun) > 20)')" "[1, 2] True True"
runs "--rootless=true changes nothing for root" pctrun --rootless=true run -b b c
runs "--version" pctrun -v
is "-v is the same" "$out" "$(pctrun --version)"
runs "plan" pctrun plan -b b --format json
runs "is a document" python3 -m json.tool <<<"$out"
refused "plan of nothing" 'nowhere: No such file' pctrun plan --bundle nowhere
done_testing
