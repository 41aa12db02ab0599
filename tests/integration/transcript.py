#!/usr/bin/env python3
"""Runs the transcripts of a document, and compares what they print.

    transcript.py DOCUMENT [FROM=TO...]

In a block of ```console a line "# command" is run, all of them in one shell; what stands below it is
what it prints, "..." for anything within a line and, alone, for any lines. "[exit status 3]" stands
for a status that is not 0. FROM=TO are replaced in commands: names of the document by those of the
test. Prints "ok N - command" for each.
"""
import re
import subprocess
import sys

END = "--transcript-end--"
UNENFORCED = "WARN: not enforced on this host"


def blocks(text):
    return re.findall(r"^```console\n(.*?)^```$", text, re.S | re.M)


def commands(block):
    """Pairs of a command and the lines that it prints."""
    found = []
    for line in block.splitlines():
        if line.startswith("# "):
            found.append((line[2:], []))
        else:
            found[-1][1].append(line.rstrip())
    return found


def pattern(lines):
    parts = []
    for line in lines:
        if line == "...":
            parts.append(r"(?:[^\n]*\n)*")
        else:
            parts.append(r"[^\n]*?".join(map(re.escape, line.split("..."))) + r"[ ]*\n")
    return re.compile("".join(parts))


class Shell:
    def __init__(self):
        self.process = subprocess.Popen(
            ["bash"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True)

    def run(self, command):
        self.process.stdin.write(f"{{ {command}\n}} </dev/null\necho {END}$?\n")
        self.process.stdin.flush()
        printed = []
        while True:
            line = self.process.stdout.readline()
            if not line:
                return "".join(printed) + "[the shell ended]\n"
            text, end, status = line.partition(END)
            if not text.startswith(UNENFORCED):
                printed.append(text)
            if end:
                break
        if int(status):
            printed.append(f"[exit status {int(status)}]\n")
        return "".join(printed)


def main():
    with open(sys.argv[1], encoding="utf-8") as document:
        text = document.read()
    names = [word.split("=", 1) for word in sys.argv[2:]]
    shell, number, failed = Shell(), 0, False
    for block in blocks(text):
        for command, lines in commands(block):
            meant = command
            for name, own in names:
                meant = meant.replace(name, own)
                lines = [line.replace(name, own) for line in lines]
            printed, number = shell.run(meant), number + 1
            good = pattern(lines).fullmatch("".join(f"{line.rstrip()}\n" for line in printed.splitlines()))
            print(f"{'ok' if good else 'not ok'} {number} - {command}", flush=True)
            if not good:
                failed = True
                print("\n".join(f"#   {line}" for line in printed.splitlines()), flush=True)
    print(f"1..{number}")
    sys.exit(failed)


main()
