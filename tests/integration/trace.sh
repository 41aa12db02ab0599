#!/bin/bash
# The time line of a start: both sides, each step of the plan, the barriers with who waits for whom;
# as JSON for viewers, as text, as a picture.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

mounts=',{"destination":"/srv","type":"tmpfs","source":"tmpfs"}' linux=$userns_maps \
    namespaces="$default_namespaces,{\"type\":\"user\"}" top=',"hooks":{"createRuntime":[{"path":"/bin/true"}]}' \
    bundle b true
shift_owner b/rootfs
runs "--trace" pctrun --accept-unenforced all --trace trace run -b b traced

cat >look.py <<'P'
import json, sys
events = json.load(open("trace"))
spans, begun, flows = [], {1: [], 2: []}, {}
for e in events:
    if e["ph"] == "B":
        begun[e["tid"]].append(e)
    elif e["ph"] == "E":
        b = begun[e["tid"]].pop()
        assert b["name"] == e["name"] and b["ts"] <= e["ts"], (b, e)
        spans.append((b, e))
    elif e["ph"] in "sf":
        within = begun[e["tid"]][-1]["name"]
        flows.setdefault(e["name"], {})[e["ph"]] = (e["tid"], e["ts"], e["id"], within)
print(eval(sys.argv[1]))
P
look() { # EXPRESSION
    python3 look.py "$1" 2>&1
}
is "what begins ends, on its own side" "$(look 'begun')" "{1: [], 2: []}"
is "the sides have their names" "$(look 'sorted((e["tid"], e["args"]["name"]) for e in events if e["ph"] == "M")')" \
    "[(1, 'host'), (2, 'container')]"
is "each barrier is reached on one side and awaited on the other" \
    "$(look 'sorted((n, f["s"][0], f["f"][0]) for n, f in flows.items() if n not in ("ready", "saved"))')" \
    "[('hooked', 1, 2), ('mapped', 1, 2), ('mounted', 2, 1)]"
is "before the wait is over" "$(look 'all(f["s"][1] <= f["f"][1] and f["s"][2] == f["f"][2] for f in flows.values() if len(f) == 2)')" True
is "each end of an arrow is within what a viewer draws it from" \
    "$(look '[(n, f["s"][3], f["f"][3]) for n, f in flows.items() if n == "ready"]')" "[('ready', 'reach ready', 'wait ready')]"
pctrun --accept-unenforced all plan -b b --format json >plan.json
# Namespaces are made by the one clone; the program is what comes behind the start.
is "each step of the plan is there, with who asked" "$(look '[s["text"] for s in json.load(open("plan.json"))["steps"]
    if s["step"] not in ("namespace", "execve") and not any(b["name"] == s["step"] and b["args"]["step"].replace("traced", "ID") == s["text"].replace("traced", "ID")
    and b["args"]["origin"] == s["origin"] for b, e in spans)]')" "[]"
is "on the side of its stage" "$(look 'sorted({b["tid"] for b, e in spans if b["name"] == "idmap"} | {10 * b["tid"] for b, e in spans if b["name"] == "mount"})')" "[1, 20]"

runs "as text" pctrun trace trace
is "a line each, two sums, a heading" "$(wc -l <<<"$out")" "$(look 'len(spans) + 3')"
is "in the order of their begin" "$(sed '1d' <<<"$out" | head -n -2 | awk '{print $1}' | sort -nc 2>&1)" ""
like "the host's" "$out" '^ +[0-9.]+ +[0-9.]+  host       idmap .*\(from linux\.uidMappings in config\.json\)$'
like "the container's" "$out" '^ +[0-9.]+ +[0-9.]+  container  mount tmpfs tmpfs on /srv \(from mounts\[4\] in config\.json\)$'
like "who waits" "$out" 'container  wait mapped$'
like "and how long in all" "$out" '^container +[0-9.]+ us in steps, [0-9.]+ us waiting$'

runs "as a picture" python3 "$TREE/scripts/timeline.py" trace
echo "$out" >trace.svg
is "with a bar for each of the outermost, and an arrow for each barrier" "$(python3 - <<'P'
import xml.etree.ElementTree as tree
svg = tree.parse("trace.svg").getroot()
name = "{http://www.w3.org/2000/svg}"
print(len([r for r in svg.findall(name + "rect") if r.find(name + "title") is not None]) > 20,
      len([l for l in svg.findall(name + "line") if l.get("marker-end")]))
P
)" "True $(look 'sum(len(f) == 2 for f in flows.values())')"

# --- of pct

pct_storage
mkdir -p storage/images/7990/rootfs.subvol
cp -a "$SHARED/rootfs/." storage/images/7990/rootfs.subvol
printf '%s\n' 'arch: amd64' 'ostype: unmanaged' 'rootfs: local:7990/rootfs.subvol' 'entrypoint: /bin/sleep 1000' \
    >"$PCTRUN_ETC/lxc/7990.conf"
runs "pct start --trace" pct start 7990 --accept-unenforced all --trace pct.json
runs "is whole" python3 -m json.tool pct.json
runs "has both sides" pctrun trace pct.json
like "and the config's lines" "$out" 'container  root\.attach .*\(from rootfs: in 7990\.conf, line 3\)$'
holds_it() { # anybody
    find /proc/[0-9]*/fd -lname "$WORK/pct.json" 2>/dev/null
}
is "nobody keeps the file open" "$(holds_it)" ''
runs "and its end" pct stop 7990
refused "no folder for it" '/no/such: No such file' pct start 7990 --trace /no/such

# --- what is wrong, or cut off

head -c "$(($(stat -c %s trace) / 2))" trace >cut.json
runs "one that was cut off" pctrun trace cut.json
echo '[{"name":"mount","ph":"B","ts":1.5,"pid":1,"tid":1,"args":{"step":"a\u001b[31mb\nc","origin":"x"}},' >hostile
runs "names of somebody else's" pctrun trace hostile
like "are no commands to the terminal" "$out" 'no end  host       mount a\\x1b\[31mb\\nc \(from x\)$'
for text in '' '{}' 'x' '[1, "a", {"ph": 5}, {"ph": "B", "tid": 99}, {"ph": "E", "tid": 1}]'; do
    echo "$text" >bad
    refused "no time line: '$text'" 'bad: ' pctrun trace bad
done
refused "no file" '/no/such: No such file' pctrun trace /no/such
done_testing
