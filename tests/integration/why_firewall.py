#!/usr/bin/env python3
"""why_firewall.py ID PID FILE: gives a container one firewall after the other, and asks `pctrun why
--prove` for connections in both directions. Where one is allowed somebody listens, and everybody
answers a ping: the two answers have to be the same.

Prints a line for each answer that is not the kernel's; the last line is "RIGHT PROVED ASKED".
"""
import ctypes
import json
import os
import signal
import socket
import subprocess
import sys

import jsonschema

TREE = os.path.dirname(os.path.abspath(__file__)) + "/../.."

# Lines of [OPTIONS] and of [RULES].
FIREWALLS = [
    ("", []),
    (
        "",
        [
            "IN SSH(ACCEPT)",
            "OUT REJECT -p tcp -dport 25",
            "OUT DROP -p tcp -dport 26 -dest 10.98.0.1",
            "OUT REJECT -p icmp",
        ],
    ),
    (
        "policy_in: ACCEPT\npolicy_out: REJECT",
        [
            "IN DROP -p tcp -dport 22:24 -source fd98::/64",
            "IN DROP -p ipv6-icmp -icmp-type echo-request",
            "OUT SMTP(ACCEPT)",
        ],
    ),
    ("ipfilter: 1\npolicy_in: REJECT", ["IN ACCEPT -source 10.98.0.0/24", "OUT DROP -dest fd98::1"]),
]
ACTIONS = [
    f"{verb} {address} {port}"
    for verb, ports in (("connect", (25, 26)), ("accept", (22,)))
    for address in ("10.98.0.1", "fd98::1")
    for port in ports
] + ["connect 10.98.0.1 icmp", "connect fd98::1 icmp", "accept fd98::1 icmp"]
SILENT = ("ETIMEDOUT", "EHOSTUNREACH")


with open(f"{TREE}/docs/schema/why.json", encoding="utf-8") as file:
    SCHEMA = json.load(file)


def listen(pid, ports):
    """A process that listens in the network namespace of another."""
    ready = os.pipe()
    child = os.fork()
    if child:
        os.read(ready[0], 1)
        return child
    fd = os.open(f"/proc/{pid}/ns/net", os.O_RDONLY)
    if ctypes.CDLL(None, use_errno=True).setns(fd, 0x40000000) < 0:
        raise OSError(ctypes.get_errno(), f"enter the network of {pid}")
    sockets = []
    for port in ports:
        sockets.append(socket.create_server(("::", port), family=socket.AF_INET6, dualstack_ipv6=True))
    os.write(ready[1], b"1")
    signal.pause()


def configure(ident, path, options, rules):
    with open(path, "w", encoding="utf-8") as out:
        print("[OPTIONS]", "enable: 1", options, "[RULES]", *rules, sep="\n", file=out)
    subprocess.run(["pct", "firewall", ident, "--apply"], check=True)


def ask(ident, action):
    done = subprocess.run(
        ["pctrun", "why", "--prove", "-f", "json", ident, *action.split()], capture_output=True, text=True
    )
    said = json.loads(done.stdout or "{}")
    jsonschema.validate(said, SCHEMA)
    return said


def is_late(said):
    """Said to be done, and nobody answered: where others keep both ends waiting, that may be."""
    return said.get("error") is None and said["proof"].get("error") in SILENT


def main():
    ident, pid, path = sys.argv[1:]
    listeners = [listen(os.getpid(), (25, 26)), listen(pid, (22,))]
    right = proved = asked = 0
    for options, rules in FIREWALLS:
        configure(ident, path, options, rules)
        for action in ACTIONS:
            asked += 1
            said = ask(ident, action)
            if is_late(said):
                said = ask(ident, action)
            predicted, real = said.get("error"), said["proof"].get("error")
            proved += said["proof"]["made"]
            same = predicted == real or (predicted in SILENT and real in SILENT)
            right += same
            if not same:
                layers = [f"{layer['answer']} {layer['layer']}: {layer['why']}" for layer in said["layers"]]
                print(f"{options!r} {rules}: {action}: said {predicted}, is {real}: {layers[-2:]}")
    for child in listeners:
        os.kill(child, signal.SIGKILL)
    print(right, proved, asked)


main()
