#!/usr/bin/env python3
"""why_cases.py CONTAINER...: asks `pctrun why --prove` for every action in every container.

Prints a line for each answer that is not the kernel's, and for each that a real program in the container
contradicts; the last line is "RIGHT PROVED ASKED EXECUTED".
"""
import concurrent.futures
import errno
import json
import os
import subprocess
import sys

import jsonschema

TREE = os.path.dirname(os.path.abspath(__file__)) + "/../.."

# Opens for writing, and leaves the file as it is.
OPENED = "dd if=/dev/null count=0 conv=notrunc of="

# An action, and what does it in the container, where a program of busybox can without harm.
ACTIONS = [
    ("read /etc/secret", "cat /etc/secret"),
    ("write /etc/secret", None),
    ("read /etc/alices", "cat /etc/alices"),
    ("write /etc/alices", OPENED + "/etc/alices"),
    ("read /etc/shared", "cat /etc/shared"),
    ("write /etc/shared", OPENED + "/etc/shared"),
    ("read /etc/listed", "cat /etc/listed"),
    ("write /etc/listed", None),
    ("read /etc/long", "cat /etc/long"),
    ("read /closed/file", "cat /closed/file"),
    ("read /deep/link", "cat /deep/link"),
    ("read /deep/loop", "cat /deep/loop"),
    ("read /nowhere", "cat /nowhere"),
    ("read /etc/secret/below", None),
    ("write /etc/new", None),
    ("create /etc/new", None),
    ("create /etc/secret", None),
    ("create /closed/new", None),
    ("create /drop/new", None),
    ("create /ro/new", None),
    ("create /idmapped/new", None),
    ("create /nowhere/new", None),
    ("create /etc/secret/new", None),
    ("create /proc/new", OPENED + "/proc/new"),
    ("create /dev/pts/new", OPENED + "/dev/pts/new"),
    ("create /proc/sys/new", None),
    ("create /kernels/bpf/new", OPENED + "/kernels/bpf/new"),
    ("create /kernels/debugfs/new", OPENED + "/kernels/debugfs/new"),
    ("create /kernels/securityfs/new", OPENED + "/kernels/securityfs/new"),
    ("create /kernels/tracefs/new", OPENED + "/kernels/tracefs/new"),
    ("create /drop/" + 256 * "n", OPENED + "/drop/" + 256 * "n"),
    ("create /ro/" + 256 * "n", None),
    ("remove /etc/shared", None),
    ("remove /etc/nothing", None),
    ("remove /ro/nothing", None),
    ("remove /ro/file", None),
    ("remove /drop/others", None),
    ("remove /drop/alices", None),
    ("remove /idmapped/file", None),
    ("remove /proc/cmdline", None),
    ("remove /dev/pts/ptmx", "rm -f /dev/pts/ptmx"),
    ("read /etc/shared/", None),
    ("read /deep/er/", "ls /deep/er/"),
    ("read /etc/door", None),
    ("exec /etc/empty", None),
    ("exec /etc/junk", None),
    ("exec /etc/lost", None),
    ("exec /proc/self/exe", None),
    ("read /proc/self/ns/net", None),
    ("write /proc/1/ns/net", OPENED + "/proc/1/ns/net"),
    ("exec /ro/file", "/ro/file"),
    ("read /proc/self/cwd", None),
    ("read /proc/self/fd/0", None),
    ("write /etc", None),
    ("write /deep/er/file", None),
    ("exec /bin/busybox", "/bin/busybox true"),
    ("write /bin/busybox", OPENED + "/bin/busybox"),
    ("exec /etc/script", "/etc/script"),
    ("write /etc/script", OPENED + "/etc/script"),
    ("exec /noexec/tool", "/noexec/tool true"),
    ("exec /ro/tool", None),
    ("write /ro/file", OPENED + "/ro/file"),
    ("read /ro/file", "cat /ro/file"),
    ("write /nodev/file", None),
    ("read /nodev/null", "cat /nodev/null"),
    ("write /ro/null", None),
    ("read /idmapped/file", None),
    ("write /idmapped/file", None),
    ("write /idmapped/mine", None),
    ("device /dev/null", None),
    ("device /dev/zero", None),
    ("read /dev/full", None),
    ("device /made/mem", None),
    ("device /made/dozen", None),
    ("read /made/dozen", None),
    ("write /made/dozen", None),
    ("device /dev/tty", None),
    ("write /dev/shm", None),
    ("read /proc/version", None),
    ("read /proc/self/status", "cat /proc/self/status"),
    ("read /proc/1/status", "cat /proc/1/status"),
    ("read /sys/firmware/x", None),
    ("read /proc/cmdline", None),
    ("read /proc/kmsg", None),
    ("read /proc/kcore", None),
    ("read /proc/1/environ", None),
    ("write /proc/1/oom_score_adj", None),
    ("write /proc/self/comm", None),
    ("write /sys/kernel/profiling", None),
    ("write /proc/net/tcp", OPENED + "/proc/net/tcp"),
    ("write /proc/net/snmp", OPENED + "/proc/net/snmp"),
    ("write /proc/1/net/route", OPENED + "/proc/1/net/route"),
    ("write /sys/class/net/lo/address", OPENED + "/sys/class/net/lo/address"),
    ("write /sys/kernel/uevent_seqnum", OPENED + "/sys/kernel/uevent_seqnum"),
    ("write /proc/1/setgroups", None),
    ("sysctl net.core.rmem_max=1", OPENED + "/proc/sys/net/core/rmem_max"),
    ("sysctl kernel.hostname", "cat /proc/sys/kernel/hostname"),
    ("sysctl kernel.hostname=x", OPENED + "/proc/sys/kernel/hostname"),
    ("sysctl net.ipv4.ip_forward=1", OPENED + "/proc/sys/net/ipv4/ip_forward"),
    ("sysctl kernel.msgmax=1", OPENED + "/proc/sys/kernel/msgmax"),
    ("sysctl user.max_user_namespaces=1", None),
    ("sysctl vm.swappiness=1", OPENED + "/proc/sys/vm/swappiness"),
    ("mount tmpfs", None),
    ("mount proc", None),
    ("mount sysfs", None),
    ("mount ext4", None),
    ("mount binfmt_misc", None),
    ("mount cgroup2", None),
    ("mount cpuset", None),
    ("unshare net", "unshare -n true"),
    ("unshare user", "unshare -U true"),
    ("unshare mount pid", "unshare -m -p true"),
    ("bind 80", None),
    ("bind 8080", None),
    ("bind udp/53", None),
    ("bind udp/5353", None),
    ("connect 192.0.2.1 80", None),
    ("connect 127.0.0.1 80", None),
    ("connect ::1 80", None),
    ("connect 192.0.2.1 udp/80", None),
    ("connect 127.0.0.1 udp/80", None),
    ("connect ::1 udp/80", None),
    ("connect 127.0.0.1 icmp", None),
    ("connect ::1 icmp", None),
    ("connect 192.0.2.1 icmp", None),
    ("connect /doors/open", None),
    ("connect /doors/open dgram", None),
    ("connect /doors/mail", None),
    ("connect /doors/mail dgram", None),
    ("connect /doors/packets seqpacket", None),
    ("connect /doors/closed", None),
    ("connect /etc/door", None),
    ("connect /etc/secret", None),
    ("connect /etc/shared", None),
    ("connect /ro/file", None),
    ("connect /dev/null", None),
    ("connect /nodev/null", None),
    ("connect /deep/er", None),
    ("connect /deep/loop", None),
    ("connect /nowhere", None),
    ("connect @why-doors", None),
    ("connect @why-doors dgram", None),
    ("connect @why-nobody", None),
    ("kill 1 TERM", None),
    ("kill 4000", None),
    ("kill 1 0", "kill -0 1"),
    ("mount no_such", None),
    ("syscall sethostname", None),
    ("syscall reboot", None),
    ("syscall settimeofday", None),
    ("syscall swapon", None),
    ("syscall init_module", None),
    ("syscall kexec_load", None),
    ("syscall iopl", None),
    ("syscall keyctl 0 1", None),
    ("syscall getppid", None),
]


with open(f"{TREE}/docs/schema/why.json", encoding="utf-8") as file:
    SCHEMA = json.load(file)


def run(*words):
    return subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def ask(container, action):
    asked = run("pctrun", "why", "--prove", "-f", "json", *container, *action.split())
    try:
        said = json.loads(asked.stdout)
        jsonschema.validate(said, SCHEMA)
        return said, ""
    except ValueError:
        return None, asked.stdout.strip()
    except jsonschema.ValidationError as error:
        return None, f"not as in the schema: {error.message}"


def denied_by(said):
    return next((layer["layer"] for layer in said["layers"] if layer["answer"] == "denies"), "nobody")


def contradicts(container, said, command):
    """A program that fails otherwise than was said; what it says is the C library's text."""
    made = run("pctrun", "exec", *container, "sh", "-c", command)
    if "error" not in said:
        return made.returncode != 0 and made.stdout.strip()
    text = os.strerror(getattr(errno, said["error"]))
    return text not in made.stdout and f"{command}: {made.returncode} {made.stdout.strip()}, not {text}"


def ask_all(name):
    """Counts of one container, and a line for each answer that is wrong."""
    right = proved = executed = 0
    lines = []
    container = ["--pid", name[4:]] if name.startswith("pid:") else [name]
    for action, command in ACTIONS:
        said, error = ask(container, action)
        if not said:
            lines.append(f"{name}: {action}: {error}")
            continue
        proof = said["proof"]
        proved += proof["made"]
        right += not proof["made"] or proof["agrees"]
        if proof["made"] and not proof["agrees"]:
            lines.append(f"{name}: {action}: said {said.get('error')} by {denied_by(said)}, is {proof.get('error')}")
        if command and len(container) == 1:
            executed += 1
            wrong = contradicts(container, said, command)
            if wrong:
                lines.append(f"{name}: {action}: a program says: {wrong}")
    return right, proved, executed, lines


def main():
    names = sys.argv[1:]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        counts = list(pool.map(ask_all, names))
    for line in (line for count in counts for line in count[3]):
        print(line)
    right, proved, executed = (sum(count[i] for count in counts) for i in range(3))
    print(right, proved, len(names) * len(ACTIONS), executed)


main()
