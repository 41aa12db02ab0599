#!/usr/bin/env python3
"""Times container runtimes side by side: measure.py NAME=PATH... and writes a Markdown table.

Each case is run in turn by every runtime, round by round, so that a change in the machine's load
meets all of them: a ratio is the median of the ratios of single rounds. Wall time and the CPU time
of the runtime with what it waited for, in milliseconds. With --pin all of it on one processor.
"""
import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
PRESENT = 500  # containers beside the one that is timed
RIVALS = ("floor", "crun", "runc")


class Failed(Exception):
    """A command that was to be timed ended with another status than 0."""


def timed(argv):
    """Run argv; wall and CPU milliseconds of it and the children it waited for."""
    start = time.perf_counter()
    pid = os.posix_spawn(argv[0], argv, os.environ, file_actions=[
        (os.POSIX_SPAWN_OPEN, 0, "/dev/null", os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, "/dev/null", os.O_WRONLY, 0)])
    _, status, usage = os.wait4(pid, 0)
    wall = time.perf_counter() - start
    if status:
        raise Failed(f"{' '.join(argv)}: status {os.waitstatus_to_exitcode(status)}")
    return wall * 1e3, (usage.ru_utime + usage.ru_stime) * 1e3


class Runtime:
    """crun's command line, which pctrun and runc share."""

    def __init__(self, name, path, folder):
        self.name, self.path = name, path
        self.state = os.path.join(folder, "state-" + name)
        os.mkdir(self.state)

    def call(self, *words):
        return timed([self.path, "--root", self.state, *words])

    def quietly(self, *words):
        subprocess.run([self.path, "--root", self.state, *words], check=False,
                       stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def version(self):
        text = subprocess.run([self.path, "--version"], capture_output=True, text=True, check=False)
        return text.stdout.splitlines()[0]

    def run(self, bundles, kind, number):
        return self.call("run", "-b", bundles[kind], f"bench-{self.name}-{number}")

    def life(self, bundles, number):
        """create, start, delete --force of a program that sleeps: three commands, added up."""
        name = f"bench-{self.name}-life-{number}"
        parts = [self.call("create", "-b", bundles["sleep"], name), self.call("start", name),
                 self.call("delete", "--force", name)]
        return sum(p[0] for p in parts), sum(p[1] for p in parts)

    def keep(self, bundles):
        self.quietly("run", "-d", "-b", bundles["sleep"], "bench-kept-" + self.name)

    def end(self):
        self.quietly("delete", "--force", "bench-kept-" + self.name)


class Floor:
    """floor.c: the system calls alone."""

    name = "floor"

    def __init__(self, build, bundle):
        self.words = [build + "/floor", bundle + "/rootfs", build + "/floor.bpf",
                      "/sys/fs/cgroup/bench-floor"]

    def run(self):
        return timed(self.words)


class Lxc:
    """lxc-execute knows no bundles: the same namespaces and mounts, its own filter."""

    def __init__(self, path, folder):
        self.name, self.path, self.folder = "lxc-execute", path, folder
        self.config = os.path.join(folder, "lxc.conf")

    def prepare(self, bundles):
        with open(self.config, "w", encoding="utf-8") as out:
            out.write(f"lxc.rootfs.path = dir:{bundles['podman']}/rootfs\nlxc.uts.name = bench\n"
                      "lxc.net.0.type = empty\nlxc.mount.auto = proc:mixed sys:ro\n"
                      "lxc.apparmor.profile = unconfined\n")

    def version(self):
        text = subprocess.run([self.path, "--version"], capture_output=True, text=True, check=False)
        return "lxc-execute " + text.stdout.strip()

    def run(self, number):
        return timed([self.path, "-P", self.folder, "-n", f"bench{number}", "-f", self.config, "--",
                      "/bin/true"])


def cases(runtimes, floor, lxc, bundles):
    """(title, [(runtime, function of a round number)])"""
    yield "run /bin/true, podman's kind of config", [(floor, lambda n: floor.run())] + [
        (r, lambda n, r=r: r.run(bundles, "podman", n)) for r in runtimes
    ] + ([(lxc, lxc.run)] if lxc else [])
    yield "run /bin/true, minimal config", [
        (r, lambda n, r=r: r.run(bundles, "minimal", n)) for r in runtimes]
    yield "create + start + delete --force", [
        (r, lambda n, r=r: r.life(bundles, n)) for r in runtimes]
    yield "exec /bin/true", [
        (r, lambda n, r=r: r.call("exec", "bench-kept-" + r.name, "/bin/true")) for r in runtimes]
    yield "state", [
        (r, lambda n, r=r: r.call("state", "bench-kept-" + r.name)) for r in runtimes]
    yield "list", [(r, lambda n, r=r: r.call("list")) for r in runtimes]


def able(title, entries, left_out):
    """Those that can do it at all, tried once: that also warms caches."""
    for runtime, function in entries:
        try:
            function("try")
            yield runtime, function
        except Failed as failure:
            print(f"bench: {title}: {runtime.name} is left out: {failure}", file=sys.stderr)
            left_out.append(runtime.name)


def take(entries, rounds):
    """{name: [(wall, CPU) of each round]}"""
    samples = {runtime.name: [] for runtime, _ in entries}
    for number in range(rounds):
        for runtime, function in entries:
            samples[runtime.name].append(function(number))
    return samples


def ratio(taken, rival):
    """Of wall times, round by round."""
    if not rival:
        return ""
    return f"{statistics.median(a[0] / max(b[0], 0.001) for a, b in zip(taken, rival)):.2f}"


def rows(title, entries, rounds, left_out):
    samples = take(list(able(title, entries, left_out)), rounds)
    for name, taken in samples.items():
        wall, cpu = [s[0] for s in taken], [s[1] for s in taken]
        ratios = " | ".join(ratio(taken, samples.get(rival)) for rival in RIVALS)
        yield (f"| {title} | {name} | {statistics.median(wall):.1f} | {min(wall):.1f} | "
               f"{statistics.median(cpu):.1f} | {min(cpu):.1f} | {ratios} |")


def growth(alone, full):
    """How much longer it takes: by the medians, and by the minima."""
    return (f"{statistics.median(full) / statistics.median(alone):.2f} times as long "
            f"({min(full) / min(alone):.2f} by the minima)")


def crowd(runtime, floor, bundles, rounds):
    """The same with PRESENT more containers: what a run, the floor and a list take then."""
    def both():
        taken = [(runtime.run(bundles, "podman", n)[0], floor.run()[0]) for n in range(rounds)]
        return list(zip(*taken))

    alone = both()
    for number in range(PRESENT):
        runtime.call("create", "-b", bundles["minimal"], f"bench-present-{number}")
    try:
        full = both()
        listed = [runtime.call("list") for _ in range(rounds)]
    finally:
        for number in range(PRESENT):
            runtime.call("delete", "--force", f"bench-present-{number}")
    return (f"With {PRESENT} containers present a run takes {growth(alone[0], full[0])}, the floor "
            f"{growth(alone[1], full[1])}. `list` takes {statistics.median(l[0] for l in listed):.1f} "
            f"ms then, {min(l[1] for l in listed):.1f} ms of CPU time at best.")


def options_of_command_line():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--build", default="build")
    parser.add_argument("--pin", action="store_true")
    parser.add_argument("--crowd", action="store_true")
    parser.add_argument("runtimes", nargs="+", metavar="NAME=PATH")
    return parser.parse_args()


def make_bundles(folder):
    bundles = {name: os.path.join(folder, name) for name in ("podman", "minimal", "sleep")}
    for name, args in (("podman", []), ("minimal", []), ("sleep", ["/bin/sleep", "1000"])):
        kind = "minimal" if name == "minimal" else "podman"
        subprocess.run([os.path.join(HERE, "spec.py"), kind, bundles[name], *args], check=True)
    return bundles


def print_table(options, runtimes, floor, lxc, bundles):
    """Return: whether one of ours was left out."""
    left_out = []
    print("| case | runtime | wall median | wall min | CPU median | CPU min | "
          + " | ".join("of " + rival for rival in RIVALS) + " |")
    print("|---|---|---|---|---|---|---|---|---|")
    for runtime in runtimes:
        runtime.keep(bundles)
    try:
        for title, entries in cases(runtimes, floor, lxc, bundles):
            for row in rows(title, entries, options.rounds, left_out):
                print(row, flush=True)
    finally:
        for runtime in runtimes:
            runtime.end()
    return any(name.startswith("pctrun") or name == "floor" for name in left_out)


def main():
    options = options_of_command_line()
    if options.pin:
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    with tempfile.TemporaryDirectory(prefix="pctrun-bench.", dir="/dev/shm") as folder:
        os.chmod(folder, 0o755)
        bundles = make_bundles(folder)
        floor = Floor(options.build, bundles["podman"])
        pairs = [word.split("=", 1) for word in options.runtimes]
        runtimes = [Runtime(name, path, folder) for name, path in pairs]
        lxc = None
        if shutil.which("lxc-execute"):
            lxc = Lxc(shutil.which("lxc-execute"), folder)
            lxc.prepare(bundles)
        uname = os.uname()
        print(f"{time.strftime('%Y-%m-%d')}, Linux {uname.release}, {os.cpu_count()} cores, "
              f"{options.rounds} rounds, {'on one processor' if options.pin else 'floating'}. "
              + "; ".join(r.version() for r in runtimes + ([lxc] if lxc else [])) + ".\n")
        bad = print_table(options, runtimes, floor, lxc, bundles)
        if options.crowd:
            print("\n" + crowd(runtimes[0], floor, bundles, options.rounds))
    return bad


sys.exit(main())
