#!/usr/bin/python3 -IS
"""Sends frames of other protocols than IP, and prints which of them arrive:

    frames.py SENDER INTERFACE RECEIVER INTERFACE TYPE...

SENDER and RECEIVER are processes, whose network namespaces have these interfaces; a TYPE is a number
like 0x88b5. Frames go to everybody. Printed are those that arrived within half a second.
"""
import ctypes
import os
import select
import socket
import sys
import time

ETH_P_ALL = 3
PACKET_OUTGOING = 4
libc = ctypes.CDLL(None, use_errno=True)


def open_at(pid, interface, protocol):
    """A packet socket of another network namespace."""
    fd = os.open(f"/proc/{pid}/ns/net", os.O_RDONLY)
    if libc.setns(fd, 0x40000000) < 0:
        raise OSError(ctypes.get_errno(), f"enter the network of {pid}")
    os.close(fd)
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(protocol))
    sock.bind((interface, protocol))
    return sock


def main():
    sender, from_interface, receiver, to_interface, *words = sys.argv[1:]
    listening = open_at(receiver, to_interface, ETH_P_ALL)
    sending = open_at(sender, from_interface, 0)
    hwaddr = sending.getsockname()[4]
    for word in words:
        sending.send(b"\xff" * 6 + hwaddr + int(word, 0).to_bytes(2, "big") + bytes(46))
    seen, end = set(), time.monotonic() + 0.5
    # What has arrived is read, however late this process gets to it.
    while select.select([listening], [], [], max(0, end - time.monotonic()))[0]:
        frame, origin = listening.recvfrom(2048)
        if origin[2] != PACKET_OUTGOING:
            seen.add(int.from_bytes(frame[12:14], "big"))
    print(*[word for word in words if int(word, 0) in seen])


main()
