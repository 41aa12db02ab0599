#!/usr/bin/env python3
"""hostile.py KIND: becomes a process that is hard to report on, prints its number, and sleeps."""
import ctypes, os, signal, socket, struct, sys, threading, time

libc = ctypes.CDLL(None, use_errno=True)
NEWNS, NEWUSER, NEWNET, PRIVATE = 0x20000, 0x10000000, 0x40000000, 0x44000


def check(result):
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def ready(pid):
    print(pid, flush=True)


def own_mounts(at=None):
    check(libc.unshare(NEWNS))
    check(libc.mount(b"none", b"/", None, PRIVATE, None))
    if at:
        check(libc.mount(b"tmpfs", at, b"tmpfs", 0, None))


def name():
    check(libc.prctl(15, b"a)\n\x1b[31m) R 1", 0, 0, 0))


def unmapped():
    check(libc.unshare(NEWUSER))


def rootless():
    own_mounts(b"/mnt")
    os.mkdir("/mnt/gone")
    mnt = os.open("/mnt", os.O_RDONLY)
    os.chroot("/mnt/gone")
    os.rmdir("gone", dir_fd=mnt)
    os.chdir("/")


def strict():
    ready(os.getpid())
    check(libc.prctl(22, 1, 0))
    while True:
        libc.read(0, None, 0)


def leaderless():
    def rest():
        with open("/proc/self/stat") as stat:
            while stat.seek(0) or stat.read().rsplit(")", 1)[1].split()[0] != "Z":
                time.sleep(0.01)
        ready(os.getpid())
        time.sleep(1000)

    threading.Thread(target=rest).start()
    libc.pthread_exit(None)


def devices():
    own_mounts(b"/dev")
    for number in range(600):
        os.mknod(f"/dev/{number}", 0o20666, os.makedev(10, 200))


def mounts():
    own_mounts(b"/mnt")
    for number in range(1500):
        at = b"/mnt/%d\n\x1b[31m" % number
        os.mkdir(at)
        check(libc.mount(b"a\\040b\x1b", at, b"tmpfs", 0, None))


def mute():
    """A file system that is asked and doesn't answer, by nobody who could be killed for it."""
    device = os.open("/dev/fuse", os.O_RDWR)
    check(libc.unshare(NEWNS))
    check(libc.mount(b"none", b"/", None, PRIVATE, None))
    check(libc.mount(b"fuse", b"/mnt", b"fuse", 0, b"fd=%d,rootmode=40000,user_id=0,group_id=0" % device))
    number = struct.unpack_from("=Q", os.read(device, 1 << 17), 8)[0]  # FUSE_INIT
    os.write(device, struct.pack("=IiQIIIIHHI", 40, 0, number, 7, 12, 0, 0, 12, 9, 1 << 16))
    ready(os.getpid())
    while True:
        os.read(device, 1 << 17)


def links():
    check(libc.unshare(NEWNET))
    os.execvp("sh", ["sh", "-c", 'ip link add "$0" type dummy && ip link set "$0" up && echo $$ && exec sleep 1000',
                     "x\x1b[31m"])


def network():
    def change(kind, number):
        address = struct.pack("=BBBBiHH", socket.AF_INET, 32, 0, 0, 1, 8, 2) + struct.pack(">I", number)
        return struct.pack("=IHHII", 16 + len(address), kind, 0x401, 0, 0) + address

    check(libc.unshare(NEWNET))
    kernel = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE)
    for number in range(4000):
        kernel.sendto(change(20, 0x0A090000 + number), (0, 0))  # RTM_NEWADDR
    if os.fork() == 0:
        check(libc.prctl(1, signal.SIGKILL))
        come_and_go = change(20, 0x0A080000) + change(21, 0x0A080000)
        while True:
            kernel.sendto(come_and_go, (0, 0))


def groups():
    os.setgroups(range(1, 40000))


def stopped():
    ready(os.getpid())
    os.kill(os.getpid(), signal.SIGSTOP)


def traced():
    pid = os.fork()
    if pid:
        check(libc.ptrace(0x4206, pid, 0, 0))  # PTRACE_SEIZE
        ready(pid)
        time.sleep(1000)
    check(libc.prctl(1, signal.SIGKILL))
    check(libc.prctl(38, 1, 0, 0, 0))
    code = ctypes.create_string_buffer(b"\x06\0\0\0\0\0\xff\x7f", 8)  # allows all
    program = (ctypes.c_uint64 * 2)(1, ctypes.addressof(code))
    check(libc.prctl(22, 2, program))
    time.sleep(1000)


globals()[sys.argv[1]]()
ready(os.getpid())
time.sleep(1000)
