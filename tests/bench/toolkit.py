#!/usr/bin/env python3
"""toolkit.py PCT [--rounds N]: what pct itself takes, as Markdown: a template's extraction against tar, commands with
500 containers configured. Fastest of N rounds each: what disturbs only makes it slower. In memory: ext4 looks long for
an inode where others were given up in the last minutes, ten times as long as the extraction takes."""

import argparse
import contextlib
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

CONFIGS = 500
# Many small files and links, as a template has them; what of these is installed.
TREES = ("/usr/share/doc", "/usr/share/man", "/usr/share/zoneinfo", "/usr/share/perl")
GOAL_MS = 10


def seconds(*command):
    begun = time.monotonic()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.monotonic() - begun


@contextlib.contextmanager
def in_memory(folder):
    subprocess.run(["mount", "-t", "tmpfs", "bench", folder], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", folder], check=True)


def pack(place):
    trees = [tree.lstrip("/") for tree in TREES if os.path.isdir(tree)]
    archive = place / "template.tar.zst"
    subprocess.run(["tar", "--zstd", "-C", "/", "--numeric-owner", "-cf", archive, *trees], check=True)
    return archive


def extraction(pct, place, rounds):
    archive, target = pack(place), place / "out"
    create = [pct, "create", "100", archive, "--rootfs", "local:0", "--ostype", "unmanaged", "--arch", "amd64",
              "--unprivileged", "0"]
    tars, creates = [], []
    for _ in range(rounds):
        target.mkdir()
        tars.append(seconds("tar", "--zstd", "-C", target, "--numeric-owner", "-xpf", archive))
        shutil.rmtree(target)
        creates.append(seconds(*create))
        subprocess.run([pct, "destroy", "100"], check=True)
    tar, own = min(tars), min(creates)
    print("| extracting a template | s | ratio |\n|---|---|---|")
    print(f"| `tar --zstd -x` | {tar:.2f} | 1.00 |\n| `pct create` | {own:.2f} | {own / tar:.2f} |\n")


def commands(pct, place, rounds):
    for number in range(CONFIGS):
        (place / f"etc/lxc/{1000 + number}.conf").write_text(
            f"arch: amd64\ncores: 2\nhostname: ct{number}\nmemory: 512\n"
            "net0: name=eth0,bridge=vmbr0,hwaddr=BC:24:11:00:00:01,ip=dhcp,type=veth\nostype: debian\n"
            f"rootfs: local:{1000 + number}/vm-{1000 + number}-disk-0.raw,size=8G\nswap: 512\nunprivileged: 1\n")
    print(f"| {CONFIGS} containers | ms | goal |\n|---|---|---|")
    for words in (["list"], ["config", "1007"], ["status", "1007"]):
        taken = 1000 * min(seconds(pct, *words) for _ in range(rounds))
        print(f"| `pct {' '.join(words)}` | {taken:.1f} | {GOAL_MS} |")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("pct")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    if "PCTRUN_BENCH_MOUNTS" not in os.environ:
        os.environ["PCTRUN_BENCH_MOUNTS"] = "1"
        os.execvp("unshare", ["unshare", "-m", sys.executable, *sys.argv])
    with tempfile.TemporaryDirectory(prefix="pctrun-bench.") as folder, in_memory(folder):
        place = pathlib.Path(folder)
        (place / "etc/lxc").mkdir(parents=True)
        (place / "etc/storage.cfg").write_text(f"dir: local\n\tpath {place}/vz\n\tcontent rootdir,vztmpl\n")
        os.environ.update(PCTRUN_ETC=f"{place}/etc", PCTRUN_ROOT=f"{place}/root")
        extraction(options.pct, place, max(2, min(options.rounds // 3, 5)))
        commands(options.pct, place, options.rounds)


main()
