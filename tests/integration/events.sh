#!/bin/bash
# What a container uses and what happens to it, as engines read it.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

value() { # FILE EXPRESSION with d for the last line's object
    python3 -c 'import json,sys; d=[json.loads(l) for l in open(sys.argv[1])][-1]; print(eval(sys.argv[2]))' "$1" "$2"
}

lines() { # FILE TYPE
    grep -c "^{\"type\":\"$2\",\"id\":\"c\"" "$1"
}

has_lines() {
    [ "$(lines "$1" "$2")" -ge "$3" ]
}

# Where memory runs out, the other one goes.
process=',"oomScoreAdj":-1000' bundle b sh -c 'trap : USR1; while :; do sleep 0.1; done'
refused "an unknown container" 'container c does not exist' pctrun events --stats c
runs "a container" pctrun create -b b c
for word in 0s 0 x -1s 5 ''; do
    refused "the interval '$word'" "^pctrun: --interval: " pctrun events --interval="$word" c
done

runs "--stats of a created one" pctrun events --stats c
printf '%s\n' "$out" >stats.json
is "is one line" "$(wc -l <stats.json)" 1
is "of a form" "$(value stats.json 'sorted(d), d["type"], d["id"]')" "(['data', 'id', 'type'], 'stats', 'c')"
is "with the members that engines read" \
    "$(value stats.json '[m for m in ("cpu", "memory", "pids", "blkio") if type(d["data"][m]) is not dict]')" "[]"
is "a new network has no interface but lo" "$(value stats.json 'd["data"]["network_interfaces"]')" "[]"
runs "start" pctrun start c
if has_controller memory; then
    runs "--stats" pctrun events --stats c
    printf '%s\n' "$out" >stats.json
    is "memory in use" "$(value stats.json '0 < d["data"]["memory"]["usage"]["usage"] < 1 << 30')" True
    is "processor time" "$(value stats.json '0 < d["data"]["cpu"]["usage"]["total"]')" True
    is "processes" "$(value stats.json '1 <= d["data"]["pids"]["current"] <= 3')" True
else
    skip "numbers" "no memory controller"
fi

nsenter -t "$(container_pid c)" -n ip link add dummy0 type dummy 2>/dev/null ||
    nsenter -t "$(container_pid c)" -n ip link add dummy0 type veth peer name dummy1
runs "--stats of one with an interface" pctrun events --stats c
printf '%s\n' "$out" >stats.json
is "counts for it" \
    "$(value stats.json '[i["RxBytes"] for i in d["data"]["network_interfaces"] if i["Name"] == "dummy0"]')" "[0]"

pctrun events --interval 50ms c >stream.json &
stream=$!
eventually "a stream: one after the other" has_lines stream.json stats 3
if has_controller memory; then
    runs "less memory" pctrun update --memory 8m --memory-swap 8m c
    # shellcheck disable=SC2016 # for the shell inside
    pctrun exec c sh -c 'echo 500 >/proc/self/oom_score_adj; a=x; while :; do a=$a$a; done' 2>/dev/null
    eventually "the kernel kills for memory: an event" has_lines stream.json oom 1
    is "once for a kill" "$(lines stream.json oom)" 1
else
    skip "events of memory" "no memory controller"
fi
runs "kill it" pctrun kill c KILL
wait $stream
is "the stream ends with the container" $? 0
is "every line is an object" "$(python3 -c 'import json; [json.loads(l) for l in open("stream.json")]' 2>&1)" ""
refused "--stats of a stopped one" '^pctrun: container with id c is not running$' pctrun events --stats c
refused "a stream of a stopped one" '^pctrun: container with id c is not running$' pctrun events c
runs "delete it" pctrun delete c
pctrun --cgroup-manager disabled run -d -b b c
refused "one without a cgroup" 'container c has no cgroup' pctrun events --stats c
done_testing
