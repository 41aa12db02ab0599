#!/usr/bin/env python3
"""Drive a command through a pseudo-terminal, as a person does.

    person.py [--rows N] [--columns N] [--out FILE] [--in FILE] SCRIPT... -- COMMAND...

SCRIPT is a list of:
    expect:REGEX    wait until what is on the screen since the last match matches
    send:TEXT       type it; \\r \\n \\x03 and the like are keys
    size:ROWSxCOLS  another size of the window
    signal:NAME     to the command itself
    hangup          the terminal goes away
    wait            until the command ends
    modes           prints "modes: raw" or "modes: cooked", as the terminal is now
    still:SECONDS   nothing to do but let output come

--in and --out put a file in the place of the command's standard input and output.
What the screen shows goes to standard output, without carriage returns. Exit status: the
command's, 128 + its signal, or 99 when an expect was in vain.
"""
import argparse, fcntl, os, pty, re, select, signal, struct, sys, termios, time

SLOW = int(os.environ.get("PCTRUN_TEST_SLOW", "1"))
TIMEOUT = 10 * SLOW


class Driver:
    def __init__(self, options, command):
        self.master, slave = pty.openpty()
        self.slave_name = os.ttyname(slave)
        self.slave = slave
        self.cooked = termios.tcgetattr(slave)
        self.resize(options.rows, options.columns)
        self.screen, self.seen, self.status = b"", 0, None
        self.pid = os.fork()
        if self.pid == 0:
            self.become(slave, options, command)

    def become(self, slave, options, command):
        os.setsid()
        fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
        places = [slave, slave, slave]
        if options.input:
            places[0] = os.open(options.input, os.O_RDONLY)
        if options.output:
            places[1] = os.open(options.output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
        for number, place in enumerate(places):
            os.dup2(place, number)
        os.closerange(3, 64)
        for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGPIPE):
            signal.signal(number, signal.SIG_DFL)
        os.execvp(command[0], command)

    def resize(self, rows, columns):
        fcntl.ioctl(self.slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def reap(self, flags):
        if self.status is None:
            pid, status = os.waitpid(self.pid, flags)
            if pid and not os.WIFSTOPPED(status):
                self.status = status

    def pump(self, seconds):
        """Take what comes within that time; false when nothing can come any more."""
        if self.master is None:
            time.sleep(seconds)
            return True
        if select.select([self.master], [], [], seconds)[0]:
            try:
                self.show(os.read(self.master, 65536))
            except OSError:
                return False
        return True

    def show(self, data):
        self.screen += data
        sys.stdout.write(data.decode(errors="replace").replace("\r", ""))
        sys.stdout.flush()

    def expect(self, pattern):
        deadline = time.monotonic() + TIMEOUT
        while True:
            match = re.search(pattern.encode(), self.screen[self.seen:], re.S | re.M)
            if match:
                self.seen += match.end()
                return
            self.reap(os.WNOHANG)
            if time.monotonic() > deadline or (self.status is not None and not self.drain()):
                sys.exit(self.fail(f"expected {pattern!r} after {self.screen[self.seen:]!r}"))
            self.pump(0.05)

    def drain(self):
        before = len(self.screen)
        self.pump(0.05)
        return len(self.screen) > before

    def fail(self, why):
        print(f"\nperson.py: {why}")
        if self.status is None:
            os.kill(self.pid, signal.SIGKILL)
        return 99

    def wait(self):
        deadline = time.monotonic() + TIMEOUT
        while self.status is None:
            self.pump(0.02)
            self.reap(os.WNOHANG)
            if time.monotonic() > deadline:
                sys.exit(self.fail("the command does not end"))
        while self.master is not None and self.drain():
            pass

    def hang_up(self):
        os.close(self.slave)
        os.close(self.master)
        self.master = None

    def modes(self):
        now = termios.tcgetattr(self.slave)
        self.show(b"modes: cooked\n" if now == self.cooked else
                  b"modes: changed\n" if now[3] & termios.ICANON else b"modes: raw\n")

    def act(self, line):
        word, _, rest = line.partition(":")
        if word == "expect":
            self.expect(rest)
        elif word == "send":
            os.write(self.master, rest.encode().decode("unicode_escape").encode("latin-1"))
        elif word == "size":
            self.resize(*map(int, rest.split("x")))
        elif word == "signal":
            os.kill(self.pid, getattr(signal, "SIG" + rest))
        elif word == "still":
            end = time.monotonic() + float(rest) * SLOW
            while time.monotonic() < end:
                self.pump(0.05)
        else:
            {"hangup": self.hang_up, "wait": self.wait, "modes": self.modes}[word]()


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--rows", type=int, default=24)
    parser.add_argument("--columns", type=int, default=80)
    parser.add_argument("--in", dest="input")
    parser.add_argument("--out", dest="output")
    parser.add_argument("script", nargs="*")
    arguments, command = sys.argv[1:], []
    if "--" in arguments:
        at = arguments.index("--")
        arguments, command = arguments[:at], arguments[at + 1:]
    options = parser.parse_args(arguments)
    driver = Driver(options, command)
    for line in options.script:
        driver.act(line)
    driver.wait()
    return os.waitstatus_to_exitcode(driver.status) % 256 if os.WIFEXITED(driver.status) \
        else 128 + os.WTERMSIG(driver.status)


sys.exit(main())
