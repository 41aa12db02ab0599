#!/usr/bin/env python3
"""System calls, execs and memory of one run of /bin/true: cost.py BUILD NAME=PATH...

Writes a Markdown table. The calls are those of the runtime, of all that it starts and of /bin/true
itself, counted by strace; the memory is the largest resident size that one of these processes
reached. Both are of a second run: the first fills caches.
"""
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))


def output_of(tool, words):
    """What a tool that watches a command wrote to its own file."""
    with tempfile.NamedTemporaryFile("r") as out:
        subprocess.run([*tool, "-o", out.name, *words], check=True, stdout=subprocess.DEVNULL)
        return out.read()


def row(name, words):
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
    counted = dict(re.findall(r"^(\w+) +(\d+)",
                              output_of(["strace", "-f", "-c", "-U", "name,calls"], words), re.M))
    peak = output_of(["time", "-f", "%M"], words).strip()
    execs = int(counted.get("execve", 0)) + int(counted.get("execveat", 0))
    return f"| {name} | {counted['total']} | {execs} | {peak} |"


def main():
    build, *pairs = sys.argv[1:]
    with tempfile.TemporaryDirectory(prefix="pctrun-cost.", dir="/dev/shm") as folder:
        bundle = os.path.join(folder, "bundle")
        subprocess.run([os.path.join(HERE, "spec.py"), "podman", bundle], check=True)
        print("| run /bin/true, podman's kind of config | system calls | execs | peak KiB |")
        print("|---|---|---|---|")
        for name, path in [pair.split("=", 1) for pair in pairs]:
            print(row(name, [path, "--root", os.path.join(folder, name), "run", "-b", bundle,
                             "bench-cost"]))
        print(row("floor", [build + "/floor", bundle + "/rootfs", build + "/floor.bpf",
                            "/sys/fs/cgroup/bench-cost"]))


main()
