#!/usr/bin/env python3
"""What gets from container to container over a bridge: throughput.py BUILD [--rounds N]

A Markdown table: iperf3 between two containers of pctrun, and between two bare network namespaces
on the same bridge by veths with the same settings, in turns. In a network namespace of its own. The
ratios are the median of those of single rounds, and that of the best of each. What a container adds is its filter of system calls.
Each program is in a session of its own: the kernel shares the processors out by sessions.
"""
import argparse
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
BRIDGE = "bench0"
SECONDS = "1"


def run(*words):
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL)


class Bare:
    """Two processes that do nothing, each in a network namespace of its own."""

    name = "bare namespaces"
    network = "10.91.0"

    def __init__(self):
        self.pids = []
        for number in (1, 2):
            keeper = subprocess.Popen(["unshare", "-n", "sleep", "infinity"])
            self.pids.append(keeper.pid)
            while os.readlink(f"/proc/{keeper.pid}/ns/net") == os.readlink("/proc/self/ns/net"):
                time.sleep(0.01)
            run("ip", "link", "add", f"bare{number}", "type", "veth", "peer", "name", "eth0",
                "netns", str(keeper.pid))
            run("ip", "link", "set", f"bare{number}", "master", BRIDGE, "up")
            inside = ["nsenter", "-n", "-t", str(keeper.pid), "ip"]
            run(*inside, "addr", "add", f"{self.network}.{number}/24", "dev", "eth0")
            run(*inside, "link", "set", "eth0", "up")

    def command(self, number, *words):
        return ["nsenter", "-n", "-t", str(self.pids[number - 1]), *words]

    def end(self):
        for pid in self.pids:
            os.kill(pid, 9)


class Containers:
    """Two containers of pctrun, with podman's kind of config, that do nothing."""

    name = "pctrun"
    network = "10.92.0"

    def __init__(self, build, folder):
        self.base = [os.path.join(build, "pctrun"), "--root", os.path.join(folder, "state")]
        for number in (1, 2):
            bundle = os.path.join(folder, f"bundle{number}")
            run(os.path.join(HERE, "spec.py"), "podman", bundle, "/bin/sleep", "100000")
            self.add_iperf(os.path.join(bundle, "rootfs"))
            self.add_net(os.path.join(bundle, "config.json"), number)
            run(*self.base, "run", "-d", "-b", bundle, f"bench{number}")

    @staticmethod
    def add_iperf(root):
        """The program with its libraries, where the host has them."""
        program = shutil.which("iperf3")
        lines = subprocess.run(["ldd", program], check=True, capture_output=True, text=True).stdout
        for path in [program, *re.findall(r"(/\S+) \(0x", lines)]:
            os.makedirs(root + os.path.dirname(path), exist_ok=True)
            shutil.copy(path, root + path)
        os.makedirs(root + "/tmp", exist_ok=True)

    def add_net(self, path, number):
        with open(path, encoding="utf-8") as file:
            config = json.load(file)
        config.setdefault("annotations", {})["org.pctrun.net"] = json.dumps([
            {"name": "eth0", "host": f"bench{number}", "bridge": BRIDGE, "up": True,
             "hwaddr": f"BC:24:11:00:92:0{number}", "addresses": [f"{self.network}.{number}/24"]}])
        config["mounts"].append({"destination": "/tmp", "type": "tmpfs", "source": "tmpfs"})
        with open(path, "w", encoding="utf-8") as file:
            json.dump(config, file)

    def command(self, number, *words):
        return [*self.base, "exec", f"bench{number}", *words]

    def end(self):
        for number in (1, 2):
            run(*self.base, "delete", "--force", f"bench{number}")


def serve(pair):
    return subprocess.Popen(pair.command(1, shutil.which("iperf3"), "-s"),
                            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                            start_new_session=True)


def throughput(pair):
    """Gbit/s from the second to the first."""
    words = pair.command(2, shutil.which("iperf3"), "-J", "-t", SECONDS, "-c", pair.network + ".1")
    for _ in range(50):  # until the server listens
        done = subprocess.run(words, capture_output=True, text=True, check=False,
                              start_new_session=True)
        answer = json.loads(done.stdout or "{}")
        if "error" not in answer and "end" in answer:
            return answer["end"]["sum_received"]["bits_per_second"] / 1e9
        time.sleep(0.1)
    raise SystemExit(f"throughput: {done.stdout}{done.stderr}")


def in_turns(pairs, rounds):
    taken = {pair.name: [] for pair in pairs}
    for pair in pairs:
        throughput(pair)
    for number in range(rounds):  # each as often first: all meet the same machine
        for pair in pairs if number % 2 else reversed(pairs):
            taken[pair.name].append(throughput(pair))
    return taken


def measure(pairs, rounds):
    servers = [serve(pair) for pair in pairs]
    try:
        return in_turns(pairs, rounds)
    finally:
        for server in servers:
            server.terminate()
            server.wait()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build")
    parser.add_argument("--rounds", type=int, default=20)
    options = parser.parse_args()
    if "PCTRUN_BENCH_NETNS" not in os.environ:
        os.environ["PCTRUN_BENCH_NETNS"] = "1"
        os.execvp("unshare", ["unshare", "-n", sys.executable, *sys.argv])

    run("ip", "link", "add", BRIDGE, "type", "bridge")
    run("ip", "link", "set", BRIDGE, "up")
    pairs = []
    with tempfile.TemporaryDirectory(prefix="pctrun-bench.", dir="/var/tmp") as folder:
        os.chmod(folder, 0o755)
        try:
            pairs.append(Bare())
            pairs.append(Containers(options.build, folder))
            taken = measure(pairs, options.rounds)
        finally:
            for pair in pairs:
                pair.end()
    bare = taken[Bare.name]
    print("| from end to end | Gbit/s, median | best | of the bare one, median | of the best |")
    print("|---|---|---|---|---|")
    for name, figures in taken.items():
        ratio = statistics.median(a / b for a, b in zip(figures, bare))
        print(f"| {name} | {statistics.median(figures):.1f} | {max(figures):.1f} | {ratio:.2f} "
              f"| {max(figures) / max(bare):.2f} |")


main()
