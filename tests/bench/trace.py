#!/usr/bin/env python3
"""Where a start's time goes: trace.py PCTRUN [--rounds N]: a Markdown table of `pctrun --trace run`.

Runs /bin/true in podman's kind of config, adds up what each kind of step took in one start, and
gives the least and the median over the rounds in microseconds. Writing the trace itself costs
some of it: the sum is more than a start without a trace takes. The two sides overlap.
"""
import argparse
import collections
import json
import os
import statistics
import subprocess
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
SIDES = {1: "host", 2: "container"}


def spans(path):
    """(side, name, microseconds) of one trace."""
    with open(path, encoding="utf-8") as trace:
        events = json.load(trace)
    begun = {}
    for event in events:
        thread, name = event["tid"], event["name"]
        if event["ph"] == "B":
            begun[thread, name] = event["ts"]
        elif event["ph"] == "E":
            yield SIDES[thread], name, event["ts"] - begun.pop((thread, name))


def one_round(pctrun, folder):
    """{(side, name): [count, microseconds]} in the order of their begin."""
    trace = os.path.join(folder, "trace")
    subprocess.run([pctrun, "--root", os.path.join(folder, "state"), "--trace", trace, "run", "-b",
                    os.path.join(folder, "bundle"), "bench-trace"], check=True)
    taken = collections.OrderedDict()
    for side, name, duration in spans(trace):
        entry = taken.setdefault((side, name), [0, 0.0])
        entry[0] += 1
        entry[1] += duration
    return taken


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("pctrun")
    parser.add_argument("--rounds", type=int, default=50)
    options = parser.parse_args()

    with tempfile.TemporaryDirectory(prefix="pctrun-bench.", dir="/var/tmp") as folder:
        os.chmod(folder, 0o755)
        subprocess.run([os.path.join(HERE, "spec.py"), "podman", os.path.join(folder, "bundle")],
                       check=True)
        one_round(options.pctrun, folder)  # fills the caches
        rounds = [one_round(options.pctrun, folder) for _ in range(options.rounds)]

    print("| side | step | count | µs, median | µs, least |")
    print("|---|---|---|---|---|")
    for key, (count, _) in rounds[0].items():
        taken = [entries[key][1] for entries in rounds]
        print(f"| {key[0]} | {key[1]} | {count} | {statistics.median(taken):.0f} | {min(taken):.0f} |")


main()
