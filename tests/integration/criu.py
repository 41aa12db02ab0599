#!/usr/bin/env python3
"""A CRIU that only says what it was asked: `criu swrk FD`, criu(8).

The options of the request, a line NUMBER=VALUE for each as rpc.proto has them, go to the file criu.asked
in the working directory. Then it has failed: "only asked".
"""
import socket, sys


def varint(data, at):
    value = shift = 0
    while True:
        value |= (data[at] & 127) << shift
        shift, at = shift + 7, at + 1
        if data[at - 1] < 128:
            return value, at


def fields(data):
    at = 0
    while at < len(data):
        key, at = varint(data, at)
        if key & 7 == 0:
            value, at = varint(data, at)
        else:
            length, at = varint(data, at)
            value, at = data[at : at + length], at + length
        yield key >> 3, value


def show(value):
    return str(value) if isinstance(value, int) else value.decode(errors="backslashreplace")


asked = socket.socket(fileno=int(sys.argv[2]))
request = list(fields(asked.recv(65536)))
with open("criu.asked", "w") as out:
    kind, options = dict(request)[1], dict(request)[2]
    print(f"type={kind}", *(f"{number}={show(value)}" for number, value in fields(options)), sep="\n", file=out)
reason = b"only asked"
asked.send(bytes([8, kind, 16, 0, 0x4A, len(reason)]) + reason)
