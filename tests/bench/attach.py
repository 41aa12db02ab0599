#!/usr/bin/env python3
"""What attaching a container to a bridge costs: attach.py BUILD [--rounds N] [--ports N]

A Markdown table: a pair, its address and its default route by pctrun, from its own trace, and by the
same netlink messages alone (floor_attach.c), on a bridge with no other port and with many. In a
network namespace of its own. The ratio is of the least times: the container's side works at the same
time, and who waits for whom is the machine's affair.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
BRIDGE = "bench0"
NET = [{"name": "eth0", "host": "bench1", "bridge": BRIDGE, "hwaddr": "BC:24:11:00:00:08",
        "mtu": 1500, "host_mtu": 1500, "addresses": ["10.90.0.2/24"], "gateways": ["10.90.0.1"],
        "up": True}]
STEPS = ("net.veth", "net.address")


def ip(*words):
    subprocess.run(["ip", *words], check=True)


def add_ports(count):
    """Pairs with one end in the bridge."""
    lines = [f"link add port{i} type veth peer name peer{i}\nlink set port{i} master {BRIDGE} up\n"
             for i in range(count)]
    subprocess.run(["ip", "-batch", "-"], input="".join(lines), text=True, check=True)


def make_bundle(folder):
    bundle = os.path.join(folder, "bundle")
    subprocess.run([os.path.join(HERE, "spec.py"), "podman", bundle], check=True)
    path = os.path.join(bundle, "config.json")
    with open(path, encoding="utf-8") as file:
        config = json.load(file)
    config.setdefault("annotations", {})["org.pctrun.net"] = json.dumps(NET)
    with open(path, "w", encoding="utf-8") as file:
        json.dump(config, file)
    return bundle


def pctrun_round(pctrun, folder, bundle):
    """Microseconds of each of STEPS in one run."""
    trace = os.path.join(folder, "trace")
    subprocess.run([pctrun, "--root", os.path.join(folder, "state"), "--trace", trace, "run", "-b",
                    bundle, "bench-attach"], check=True)
    with open(trace, encoding="utf-8") as file:
        events = json.load(file)
    begun, taken = {}, {}
    for event in events:
        if event["ph"] == "B":
            begun[event["tid"], event["name"]] = event["ts"]
        elif event["name"] in STEPS:
            taken[event["name"]] = event["ts"] - begun[event["tid"], event["name"]]
    return [taken[step] for step in STEPS]


def floor_rounds(floor, rounds):
    lines = subprocess.run([floor, BRIDGE, str(rounds)], check=True, capture_output=True, text=True)
    return [[float(word) for word in line.split()] for line in lines.stdout.splitlines()]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build")
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--ports", type=int, default=1000)
    options = parser.parse_args()
    if "PCTRUN_BENCH_NETNS" not in os.environ:
        os.environ["PCTRUN_BENCH_NETNS"] = "1"
        os.execvp("unshare", ["unshare", "-n", sys.executable, *sys.argv])

    ip("link", "add", BRIDGE, "type", "bridge")
    ip("addr", "add", "10.90.0.1/24", "dev", BRIDGE)
    ip("link", "set", BRIDGE, "up")
    print("| other ports | step | pctrun, median µs | least | floor, median | least | of the floor |")
    print("|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory(prefix="pctrun-bench.", dir="/var/tmp") as folder:
        os.chmod(folder, 0o755)
        bundle = make_bundle(folder)
        pctrun = os.path.join(options.build, "pctrun")
        floor = os.path.join(options.build, "floor_attach")
        pctrun_round(pctrun, folder, bundle)  # fills the caches
        for ports in (0, options.ports):
            add_ports(ports)
            ours, floors = [], []
            for _ in range(options.rounds):  # in turns: both meet the same machine
                ours.append(pctrun_round(pctrun, folder, bundle))
                floors += floor_rounds(floor, 1)
            for i, step in enumerate(STEPS):
                mine, kernel = [row[i] for row in ours], [row[i] for row in floors]
                print(f"| {ports} | {step} | {statistics.median(mine):.0f} | {min(mine):.0f} "
                      f"| {statistics.median(kernel):.0f} | {min(kernel):.0f} "
                      f"| {min(mine) / min(kernel):.2f} |")


main()
