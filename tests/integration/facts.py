#!/usr/bin/env python3
"""facts.py SCHEMA REPORT: a report of `pctrun audit --pid N --format json` against what util-linux,
procps, iproute2 and libcap's tools say of the process. Prints a line for each difference."""
import json, os, subprocess, sys

import jsonschema

WORDS = {"mnt": "mount", "net": "network"}


def tool(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def namespaces(pid):
    lines = tool("lsns", "-n", "-r", "-p", pid, "-o", "TYPE,NS").split("\n")
    return sorted((WORDS.get(kind, kind), int(number)) for kind, number in map(str.split, filter(None, lines)))


def of_first_process():
    for kind in ["user", "mnt", "pid", "net", "ipc", "uts", "cgroup", "time"]:
        first = "1" if os.access("/proc/1/ns/user", os.F_OK) else "self"
        yield WORDS.get(kind, kind), os.stat(f"/proc/{first}/ns/{kind}").st_ino


def mounts(pid):
    found = json.loads(tool("findmnt", "-l", "-J", "-N", pid, "-o", "TARGET,FSTYPE,VFS-OPTIONS"))
    return sorted((row["target"], row["fstype"], "ro" in row["vfs-options"].split(",")) for row in found["filesystems"])


def status(pid, name):
    with open(f"/proc/{pid}/status") as file:
        return next(line.split(":", 1)[1].strip() for line in file if line.startswith(name + ":"))


def capabilities(pid, name):
    words = tool("capsh", "--decode=" + status(pid, name)).strip().split("=")[1]
    return sorted(word.upper() for word in words.split(",") if word)


def id_map(pid, name):
    with open(f"/proc/{pid}/{name}") as file:
        return [dict(zip(["inside", "outside", "count"], map(int, line.split()))) for line in file]


def ip(pid, *words):
    return json.loads(tool("nsenter", "-t", pid, "-n", "ip", "-j", *words) or "[]")


def interfaces(pid):
    return sorted((link["ifname"], " ".join(sorted(f"{at['local']}/{at['prefixlen']}" for at in link["addr_info"])))
                  for link in ip(pid, "addr"))


def routes(pid):
    return sorted((route["dev"], route.get("gateway")) for family in ["-4", "-6"]
                  for route in ip(pid, family, "route", "show", "default") if "dev" in route)


def cgroup(pid):
    with open(f"/proc/{pid}/cgroup") as file:
        return next(line.strip()[3:] for line in file if line.startswith("0::"))


def limit(path, name):
    root = tool("findmnt", "-rn", "-t", "cgroup2", "-o", "TARGET").split("\n")[0]
    try:
        with open(f"{root}{path}/{name}") as file:
            return file.read().strip()
    except OSError:
        return None


def with_length(address):
    """libnl leaves the length of a host's address out."""
    return address if "/" in address else address + ("/128" if ":" in address else "/32")


def compare(report):
    pid = str(report["pid"])
    yield "namespaces", sorted((one["type"], one["id"]) for one in report["namespaces"]), namespaces(pid)
    ours = {one["type"]: one["id"] for one in report["namespaces"] if one["host"]}
    yield "shared namespaces", sorted(ours.items()), sorted(set(of_first_process()) & set(namespaces(pid)))
    seen = sorted((one["destination"], one["type"], "ro" in one["options"].split(",")) for one in report["mounts"])
    yield "mounts", seen, mounts(pid)
    yield "ids", f"{report['uid']} {report['gid']}", " ".join(tool("ps", "-o", "euid=,egid=", "-p", pid).split())
    yield "groups", report["groups"], list(map(int, status(pid, "Groups").split()))
    for name, member in [("uid_map", "uidMap"), ("gid_map", "gidMap")]:
        yield name, report[member], id_map(pid, name)
    for name, member in [("CapEff", "effective"), ("CapPrm", "permitted"), ("CapInh", "inheritable"),
                         ("CapBnd", "bounding"), ("CapAmb", "ambient")]:
        yield name, sorted(report["capabilities"][member]), capabilities(pid, name)
    yield "no_new_privs", int(report["noNewPrivileges"]), int(status(pid, "NoNewPrivs"))
    yield "seccomp", ["none", "strict", "filter"].index(report["seccomp"]["mode"]), int(status(pid, "Seccomp"))
    yield "interfaces", sorted((one["name"], " ".join(sorted(map(with_length, one["addresses"].split()))))
                               for one in report["interfaces"]), interfaces(pid)
    yield "routes", sorted((one["interface"], one.get("gateway")) for one in report["defaultRoutes"]), routes(pid)
    yield "cgroup", report["cgroups"][-1]["path"], cgroup(pid) or "/"
    for one in report["cgroups"]:
        for name in ["memory.max", "pids.max"]:
            got = limit(one["path"], name)
            yield f"{name} of {one['path']}", one["limits"].get(name), None if got == "max" else got


with open(sys.argv[1]) as file:
    schema = json.load(file)
with open(sys.argv[2]) as file:
    document = json.load(file)
jsonschema.Draft4Validator.check_schema(schema)
jsonschema.Draft4Validator(schema).validate(document)
for what, got, want in compare(document):
    if got != want:
        print(f"{what}: reported {got}, is {want}")
