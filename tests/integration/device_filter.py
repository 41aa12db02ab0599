#!/usr/bin/env python3
"""Device filters of somebody else, and what they let through.
attach CGROUP NAME SHAPE   no-zero: denies c 1:5; no-loop: c 10:237; call: asks the kernel for the time
                           first; order: denies majors above 200. Exits with 2 where none can be loaded.
detach CGROUP [NAME]       without a name, all
try CGROUP FOLDER          in that cgroup makes and opens in that folder what is named on stdin, a
                           line each: NAME TYPE MAJOR MINOR. Prints NAME ACCESS."""
import ctypes, errno, os, stat, struct, sys

libc = ctypes.CDLL(None, use_errno=True)
SYS_BPF, PROG_LOAD, PROG_ATTACH, PROG_DETACH, FD_BY_ID, GET_INFO, PROG_QUERY = 321, 5, 8, 9, 13, 15, 16
CGROUP_DEVICE, ATTACH_TYPE, ALLOW_MULTI = 15, 6, 2


def bpf(command, attr):
    buffer = ctypes.create_string_buffer(attr, 128)
    got = libc.syscall(SYS_BPF, command, buffer, 128)
    if got < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return got, buffer.raw


def insn(code, dst=0, src=0, offset=0, number=0):
    return struct.pack("<BBhi", code, dst | src << 4, offset, number)


ALLOW = insn(0xB7, 0, number=1) + insn(0x95)
DENY = insn(0xB7, 0, number=0) + insn(0x95)


def without(major, minor):
    return (insn(0x61, 2, 1, 4) + insn(0x61, 3, 1, 8) + insn(0x55, 2, offset=3, number=major)
            + insn(0x55, 3, offset=2, number=minor) + DENY + ALLOW)


SHAPES = {
    "no-zero": without(1, 5),
    "no-loop": without(10, 237),
    "call": insn(0x85, number=5) + ALLOW,
    "order": insn(0x61, 2, 1, 4) + insn(0x25, 2, offset=2, number=200) + ALLOW + DENY,
}


def address(buffer):
    return ctypes.addressof(buffer)


def load(name, shape):
    insns = ctypes.create_string_buffer(SHAPES[shape], len(SHAPES[shape]))
    license = ctypes.create_string_buffer(b"GPL")
    return bpf(PROG_LOAD, struct.pack("<IIQQIIQII16s", CGROUP_DEVICE, len(SHAPES[shape]) // 8, address(insns),
                                      address(license), 0, 0, 0, 0, 0, name.encode()))[0]


def name_of(fd):
    info = ctypes.create_string_buffer(256)
    bpf(GET_INFO, struct.pack("<IIQ", fd, 256, address(info)))
    return info.raw[64:80].rstrip(b"\0").decode()


def programs(cgroup):
    ids = (ctypes.c_uint32 * 64)()
    _, raw = bpf(PROG_QUERY, struct.pack("<IIIIQI", cgroup, ATTACH_TYPE, 0, 0, ctypes.addressof(ids), 64))
    return [bpf(FD_BY_ID, struct.pack("<I", one))[0] for one in ids[:struct.unpack_from("<I", raw, 24)[0]]]


def denied(function, *words):
    """Only a filter says EPERM: what else is wrong comes after it."""
    try:
        got = function(*words)
    except OSError as error:
        return error.errno == errno.EPERM
    if got is not None:
        os.close(got)
    return False


def access(node, kind, number):
    def make(path):
        os.mknod(path, (stat.S_IFBLK if kind == "b" else stat.S_IFCHR) | 0o600, number)

    flags = os.O_NONBLOCK | os.O_NOCTTY
    allowed = "".join(letter for letter, how in [("r", os.O_RDONLY), ("w", os.O_WRONLY)]
                      if not denied(os.open, node, how | flags))
    return (allowed + ("" if denied(make, node + ".new") else "m")) or "nothing"


def tries(cgroup, folder):
    known = [(name, kind, os.makedev(int(major), int(minor))) for name, kind, major, minor in map(str.split, sys.stdin)]
    for name, kind, number in known:
        os.mknod(f"{folder}/{name.replace('/', '.')}", (stat.S_IFBLK if kind == "b" else stat.S_IFCHR) | 0o600, number)
    with open(f"{cgroup}/cgroup.procs", "w") as file:
        file.write("0")
    for name, kind, number in known:
        print(name, access(f"{folder}/{name.replace('/', '.')}", kind, number))


action, path, *words = sys.argv[1:]
if action == "try":
    tries(path, *words)
    sys.exit()
cgroup = os.open(path, os.O_RDONLY)
if action == "attach":
    try:
        program = load(*words)
    except OSError as error:
        print(error, file=sys.stderr)
        sys.exit(2)
    bpf(PROG_ATTACH, struct.pack("<IIII", cgroup, program, ATTACH_TYPE, ALLOW_MULTI))
else:
    for program in programs(cgroup):
        if not words or name_of(program) == words[0]:
            bpf(PROG_DETACH, struct.pack("<III", cgroup, program, ATTACH_TYPE))
