#!/usr/bin/python3 -IS
# Without what the site adds, which takes as long as all the rest: the VM starts it some sixty times.
"""Sends packets from one network namespace to another, and prints which of them arrive:

    packets.py [OPTION...] SENDER RECEIVER INTERFACE ADDRESS WORD...

SENDER and RECEIVER are processes; INTERFACE is the receiver's, where it listens. A WORD is tcp/PORT
(a SYN), udp/PORT, icmp/TYPE, icmpv6/TYPE or the number of another protocol; udp/FROM:PORT has a
source port. Printed are the words that arrived within half a second of the last, in their order.

    --source ADDRESS    the packets say that they come from there
"""
import argparse
import ctypes
import os
import select
import socket
import struct
import sys
import time

# Another one each time: no packet is an answer to what was sent before.
EPHEMERAL = 32768 + os.getpid() % 28000
NUMBERS = {"tcp": 6, "udp": 17, "icmp": 1, "icmpv6": 58}
libc = ctypes.CDLL(None, use_errno=True)


def enter(pid):
    fd = os.open(f"/proc/{pid}/ns/net", os.O_RDONLY)
    if libc.setns(fd, 0x40000000) < 0:
        raise OSError(ctypes.get_errno(), f"enter the network of {pid}")
    os.close(fd)


def parse(word):
    """-> (protocol, source port, port or type)"""
    name, _, rest = word.partition("/")
    protocol = NUMBERS.get(name) or int(name)
    source, _, port = rest.rpartition(":")
    return protocol, int(source or EPHEMERAL), int(port or 0)


def checksum(data):
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def payload(protocol, source_port, port, pseudo):
    """The header behind IP's, with its checksum."""
    if protocol == 6:
        head = struct.pack("!HHIIBBHHH", source_port, port, 1, 0, 5 << 4, 2, 1024, 0, 0)
        at = 16
    elif protocol == 17:
        head, at = struct.pack("!HHHH", source_port, port, 8, 0), 6
    elif protocol in (1, 58):
        head, at = struct.pack("!BBHHH", port, 0, 0, EPHEMERAL, 1), 2
    else:
        return b"pctrun--"
    total = checksum((b"" if protocol == 1 else pseudo(len(head), protocol)) + head)
    return head[:at] + struct.pack("!H", total) + head[at + 2 :]


def header(family, source, address, protocol, length):
    if family == socket.AF_INET:
        head = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + length, 1, 0, 64, protocol, 0, source, address)
        return head[:10] + struct.pack("!H", checksum(head)) + head[12:]
    return struct.pack("!IHBB16s16s", 6 << 28, length, protocol, 255, source, address)


def send(options, family, words):
    probe = socket.socket(family, socket.SOCK_DGRAM)
    probe.connect((options.address, 9))
    source = options.source or probe.getsockname()[0]
    ends = socket.inet_pton(family, source), socket.inet_pton(family, options.address)
    raw = socket.socket(family, socket.SOCK_RAW, socket.IPPROTO_RAW)

    def pseudo(length, protocol):
        if family == socket.AF_INET:
            return ends[0] + ends[1] + struct.pack("!BBH", 0, protocol, length)
        return ends[0] + ends[1] + struct.pack("!IHBB", length, 0, 0, protocol)

    for word in words * 2:  # a busy machine may lose one
        protocol, source_port, port = parse(word)
        data = payload(protocol, source_port, port, pseudo)
        try:
            raw.sendto(header(family, *ends, protocol, len(data)) + data, (options.address, 0))
        except PermissionError:
            pass  # what is refused on the sender's own way out doesn't arrive
        time.sleep(0.005)


def arrived(family, packet):
    """-> the word's key: protocol and port or type"""
    if family == socket.AF_INET:
        protocol, rest = packet[9], packet[(packet[0] & 15) * 4 :]
    else:
        protocol, rest = packet[6], packet[40:]
    if protocol in (6, 17) and len(rest) >= 4:
        return protocol, *struct.unpack("!HH", rest[:4])
    if protocol in (1, 58) and rest:
        return protocol, EPHEMERAL, rest[0]
    return protocol, EPHEMERAL, 0


def listen(options, family, ready, done):
    enter(options.receiver)
    kind = 0x0800 if family == socket.AF_INET else 0x86DD
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(kind))
    sock.bind((options.interface, kind))
    os.write(ready, b"1")
    seen, end = set(), None
    # What has arrived is read, however late this process gets to it.
    while True:
        left = 0.2 if end is None else max(0, end - time.monotonic())
        readable, _, _ = select.select([sock, done] if end is None else [sock], [], [], left)
        if sock in readable:
            packet, origin = sock.recvfrom(2048)
            if origin[2] != 4:  # PACKET_OUTGOING
                seen.add(arrived(family, packet))
        elif end is not None:
            break
        if done in readable:
            end = time.monotonic() + 0.5
    print(*[word for word in options.words if parse(word) in seen])


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--source")
    parser.add_argument("sender")
    parser.add_argument("receiver")
    parser.add_argument("interface")
    parser.add_argument("address")
    parser.add_argument("words", nargs="+")
    options = parser.parse_args()
    family = socket.AF_INET6 if ":" in options.address else socket.AF_INET
    ready, done = os.pipe(), os.pipe()
    listener = os.fork()
    if listener == 0:
        os.close(done[1])
        listen(options, family, ready[1], done[0])
        sys.stdout.flush()
        os._exit(0)
    os.close(ready[1])
    if os.read(ready[0], 1) != b"1":
        sys.exit("the listener failed")
    enter(options.sender)
    send(options, family, options.words)
    os.close(done[1])
    _, status = os.waitpid(listener, 0)
    sys.exit(os.waitstatus_to_exitcode(status))


main()
