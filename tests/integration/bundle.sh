#!/bin/bash
# pct bundle: what it writes is a bundle by the OCI's own schema, and another runtime runs it.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

mkdir -p storage
printf 'dir: local\n\tpath %s\n\tcontent rootdir,images,vztmpl\n' "$WORK/storage" >"$PCTRUN_ETC/storage.cfg"
schema=${PCTRUN_SCHEMA:-/usr/share/gocode/src/github.com/opencontainers/runtime-spec/schema}
tar -C "$SHARED/rootfs" -cf template.tar .

# valid NAME FILE: config.json by the schema of runtime-spec
valid() {
    if ! python3 -c 'import jsonschema' 2>/dev/null || [ ! -d "$schema" ]; then
        skip "$1" "no runtime-spec schema (golang-github-opencontainers-specs-dev, python3-jsonschema)"
        return
    fi
    runs "$1" python3 -W ignore - "$schema" "$2" <<'PY'
import json, sys
import jsonschema
folder, path = sys.argv[1:]
with open(f"{folder}/config-schema.json") as file:
    schema = json.load(file)
resolver = jsonschema.RefResolver(f"file://{folder}/config-schema.json", schema)
errors = jsonschema.Draft4Validator(schema, resolver=resolver).iter_errors(json.load(open(path)))
for error in list(errors)[:5]:
    sys.exit("/".join(map(str, error.absolute_path)) + ": " + error.message[:200])
PY
}

# In a mount namespace where /sys/fs/cgroup is cgroup2 alone, as crun wants it, and the null device is
# one of the test's own, as crun gives it to the container's root. Resources that no
# controller is there for, the terminal, and the label of a profile that only pctrun loads are left
# out: the rest is as it was written.
other_runtime() {
    python3 - bundle/config.json <<'PY'
import json, sys
with open(sys.argv[1]) as file:
    config = json.load(file)
config["process"]["terminal"] = False
config["process"].pop("apparmorProfile", None)
resources = config["linux"]["resources"]
controllers = open("/sys/fs/cgroup/cgroup.controllers").read().split() if \
    __import__("os").path.exists("/sys/fs/cgroup/cgroup.controllers") else []
if "memory" not in controllers:
    resources.pop("memory", None)
    resources["unified"] = {k: v for k, v in resources.get("unified", {}).items() if not k.startswith("memory")}
with open(sys.argv[1], "w") as file:
    json.dump(config, file)
PY
    unshare --mount --propagation private sh -c '
        [ "$(stat -f -c %T /sys/fs/cgroup)" = cgroup2fs ] ||
            { umount -R /sys/fs/cgroup && mount -t cgroup2 cgroup2 /sys/fs/cgroup; }
        [ -c null ] || mknod -m 666 null c 1 3
        mount --bind null /dev/null
        exec crun --root '"$WORK/.crun"' run -b bundle pctt7930 </dev/null'
    local got=$?
    crun --root "$WORK/.crun" delete --force pctt7930 2>/dev/null
    rmdir "$(cgroup2_root)"/lxc/7930{/ns,} "$(cgroup2_root)/lxc" 2>/dev/null
    return $got
}

# crun raises the limit of locked memory for its device filter.
may_lock_memory() {
    prlimit --memlock=unlimited:unlimited true 2>/dev/null
}

program="/bin/sh -c 'id -u; hostname; tr -s \" \" </proc/self/uid_map; ls -d /dev/null; touch /root/x && ls /root'"
for unprivileged in 1 0; do
    runs "create (unprivileged $unprivileged)" pct create 7930 "$WORK/template.tar" --rootfs local:0 \
        --unprivileged $unprivileged --hostname bundled --entrypoint "$program" --memory 64 --swap 0 \
        --features nesting=1 --ostype unmanaged
    runs "bundle" pct bundle 7930 --output bundle
    valid "it is one by the schema" bundle/config.json
    runs "pctrun plans it" pctrun plan -b bundle
    if ! command -v crun >/dev/null; then
        skip "crun runs it" "no crun"
    elif [ $unprivileged = 0 ] && ! may_lock_memory; then
        skip "crun runs it (unprivileged 0)" "may not raise RLIMIT_MEMLOCK, as crun does"
    elif runs "crun runs it" other_runtime && [ $unprivileged = 1 ]; then
        is "as the same container" "$out" $'0\nbundled\n 0 100000 65536\n/dev/null\nx'
    elif [ $unprivileged = 0 ]; then
        is "as the same container" "$out" $'0\nbundled\n 0 0 4294967295\n/dev/null\nx'
    fi
    runs "destroy" pct destroy 7930
    rm -rf bundle
done

# Every case of the translation's tests, too: all kinds of options.
for config in "$TREE"/tests/data/translate-*/config.json; do
    valid "$(basename "$(dirname "$config")")" "$config"
done

refused "a folder that can't be made" 'make /proc/no/such: No such file or directory' pct bundle 7930 --output /proc/no/such
status "no such container" 2 pct bundle 7930 --output bundle
done_testing
