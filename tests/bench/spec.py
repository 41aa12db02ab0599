#!/usr/bin/env python3
"""A bundle for the benchmark: spec.py minimal|podman DIR [ARG...] (default: /bin/true).
spec.py calls: the names that the filter lets through.

"podman" has what an engine asks for: every namespace, six file systems, masks, a system-call
filter of some 400 names as an allow-list. The names are those that libseccomp knows on this machine.
"""
import json
import os
import shutil
import subprocess
import sys

CAPABILITIES = [
    "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER", "CAP_FSETID", "CAP_KILL", "CAP_NET_BIND_SERVICE",
    "CAP_SETFCAP", "CAP_SETGID", "CAP_SETPCAP", "CAP_SETUID", "CAP_SYS_CHROOT",
]
MASKED = [
    "/proc/acpi", "/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/timer_list",
    "/proc/timer_stats", "/proc/sched_debug", "/proc/scsi", "/sys/firmware", "/sys/fs/selinux",
]
READONLY = ["/proc/asound", "/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"]
# What a container without privileges has no use for; everything else may be called.
DENIED = {
    "acct", "add_key", "bpf", "clock_adjtime", "clock_settime", "create_module", "delete_module",
    "finit_module", "fsconfig", "fsmount", "fsopen", "fspick", "init_module", "ioperm", "iopl",
    "kexec_file_load", "kexec_load", "keyctl", "lookup_dcookie", "mount", "mount_setattr",
    "move_mount", "open_by_handle_at", "open_tree", "perf_event_open", "pivot_root", "quotactl",
    "reboot", "request_key", "setdomainname", "sethostname", "settimeofday", "setns", "stime",
    "swapoff", "swapon", "syslog", "umount", "umount2", "unshare", "userfaultfd", "vhangup",
}


def mount(destination, kind, *options):
    return {"destination": destination, "type": kind, "source": kind, "options": list(options)}


def system_calls():
    """Names with a number on this machine, from the C library's header."""
    found = set()
    text = subprocess.run(["gcc", "-E", "-dM", "-include", "sys/syscall.h", "-xc", "/dev/null"],
                          check=True, capture_output=True, text=True).stdout
    for line in text.splitlines():
        words = line.split()
        if len(words) > 1 and words[1].startswith("__NR_"):
            found.add(words[1][5:])
    # The 32-bit ones that engines list too; on this architecture they resolve to nothing.
    found |= {"_llseek", "chown32", "fcntl64", "fstat64", "getegid32", "geteuid32", "getgid32",
              "getuid32", "lstat64", "mmap2", "recv", "send", "setgid32", "setuid32", "socketcall",
              "stat64", "statfs64", "sigreturn", "waitpid", "ugetrlimit", "truncate64", "time64"}
    return sorted(found - DENIED)


def minimal(args):
    return {
        "ociVersion": "1.0.2",
        "process": {"args": args, "cwd": "/", "user": {"uid": 0, "gid": 0}, "env": ["PATH=/bin"]},
        "root": {"path": "rootfs"},
        "mounts": [mount("/proc", "proc")],
        "linux": {"namespaces": [{"type": kind} for kind in ("pid", "mount")]},
    }


def podman(args):
    spec = minimal(args)
    spec["hostname"] = "bench"
    spec["process"].update({
        "capabilities": {kind: CAPABILITIES for kind in ("bounding", "effective", "permitted")},
        "rlimits": [{"type": "RLIMIT_NOFILE", "hard": 1024, "soft": 1024}],
        "noNewPrivileges": True,
    })
    spec["mounts"] = [
        mount("/proc", "proc", "nosuid", "noexec", "nodev"),
        mount("/dev", "tmpfs", "nosuid", "noexec", "strictatime", "mode=755", "size=65536k"),
        mount("/sys", "sysfs", "nosuid", "noexec", "nodev", "ro"),
        mount("/dev/pts", "devpts", "nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620"),
        mount("/dev/mqueue", "mqueue", "nosuid", "noexec", "nodev"),
        mount("/dev/shm", "tmpfs", "nosuid", "noexec", "nodev", "mode=1777", "size=64000k"),
    ]
    kinds = ("pid", "mount", "network", "ipc", "uts", "cgroup")
    spec["linux"] = {
        "namespaces": [{"type": kind} for kind in kinds],
        "maskedPaths": MASKED,
        "readonlyPaths": READONLY,
        "seccomp": {
            "defaultAction": "SCMP_ACT_ERRNO",
            "defaultErrnoRet": 38,
            "architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32"],
            "syscalls": [{"names": system_calls(), "action": "SCMP_ACT_ALLOW"},
                         {"names": sorted(DENIED), "action": "SCMP_ACT_ERRNO", "errnoRet": 1}],
        },
    }
    if can_raise_limits():
        spec["linux"]["resources"] = {"devices": [{"allow": False, "access": "rwm"}]}
    return spec


def can_raise_limits():
    """crun 1.8 raises RLIMIT_MEMLOCK before it loads a device filter, and fails where it can't."""
    with open("/proc/self/status", encoding="ascii") as status:
        effective = next(line.split()[1] for line in status if line.startswith("CapEff"))
    return bool(int(effective, 16) >> 24 & 1)


def main():
    if sys.argv[1:] == ["calls"]:
        print("\n".join(system_calls()))
        return
    kind, folder, *args = sys.argv[1:]
    root = os.path.join(folder, "rootfs")
    for name in ("bin", "proc", "dev", "sys", "etc", "tmp"):
        os.makedirs(os.path.join(root, name), exist_ok=True)
    shutil.copy2("/bin/busybox", os.path.join(root, "bin", "busybox"))
    for name in ("true", "sh", "sleep"):
        link = os.path.join(root, "bin", name)
        if not os.path.lexists(link):
            os.symlink("busybox", link)
    make = {"minimal": minimal, "podman": podman}[kind]
    with open(os.path.join(folder, "config.json"), "w", encoding="utf-8") as out:
        json.dump(make(args or ["/bin/true"]), out, indent=1)


main()
