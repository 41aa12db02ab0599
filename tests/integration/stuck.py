#!/usr/bin/env python3
"""stuck.py PID FOLDER: mounts, as the process sees FOLDER, a file system that never answers."""

import ctypes
import os
import signal
import sys

CLONE_NEWNS = 0x00020000
libc = ctypes.CDLL(None, use_errno=True)


def check(result):
    if result != 0:
        sys.exit(os.strerror(ctypes.get_errno()))


fuse = os.open("/dev/fuse", os.O_RDWR)
namespace = os.open(f"/proc/{sys.argv[1]}/ns/mnt", os.O_RDONLY)
root = os.open(f"/proc/{sys.argv[1]}/root", os.O_RDONLY)
check(libc.setns(namespace, CLONE_NEWNS))
os.fchdir(root)
os.chroot(".")
options = f"fd={fuse},rootmode=40000,user_id=0,group_id=0"
check(libc.mount(b"stuck", sys.argv[2].encode(), b"fuse", 0, options.encode()))
print("mounted", flush=True)
signal.pause()
