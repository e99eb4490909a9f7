#!/usr/bin/env python3
"""One supervisor an installation, whatever happened to the last: one that was killed leaves processes behind, which neither
keep the next from starting nor survive a stop; a second installation runs beside the first; a taken port is said.

usage: supervisor_test.py BIN_DIR
"""
import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile

from harness import ROOT, expect  # first: it says where the others are
from client import wait_until
from stack import SERVICES, free_port, read_pid

STACK = os.path.join(ROOT, "tools", "stack.py")
ALL = SERVICES + ["gateway"]


def up(home, bin_dir, port):
    return subprocess.Popen([sys.executable, STACK, "up", home, "--bin", bin_dir], stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT, text=True, env=dict(os.environ, FENGQIAO_PORT=str(port)))


def until_ready(process):
    said = []
    for line in process.stdout:
        said.append(line)
        if line == "ready\n":
            return "".join(said)
    raise AssertionError("it ended before it was ready:\n" + "".join(said))


def down(home):
    return subprocess.run([sys.executable, STACK, "down", home], capture_output=True, text=True, check=True).stdout


@contextlib.contextmanager
def stopped_at_the_end(*homes):
    try:
        yield
    finally:
        for home in homes:
            down(home)


def kill_supervisor(process):
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()


def main():
    bin_dir = os.path.abspath(sys.argv[1])
    base = tempfile.mkdtemp(prefix="fengqiao-supervisor-")
    first, second = os.path.join(base, "第一 installation"), os.path.join(base, "second")
    try:
        with stopped_at_the_end(first, second):
            play(bin_dir, first, second)
    finally:
        shutil.rmtree(base, ignore_errors=True)
    print("one supervisor an installation, whatever happened to the last")


def play(bin_dir, first, second):
    port = free_port()
    running = up(first, bin_dir, port)
    until_ready(running)
    again = up(first, bin_dir, port)
    expect("already running" in again.communicate()[0] and again.returncode == 1, "a second up of the same home says so")
    before = {name: read_pid(first, name) for name in ALL}
    expect(all(before.values()), "all run: %s" % before)

    kill_supervisor(running)
    expect(read_pid(first, "gateway") == before["gateway"], "the processes go on without their supervisor")
    running = up(first, bin_dir, port)
    said = until_ready(running)
    expect("left over" in said, "the next up says what it found:\n" + said)
    expect("had ended" not in said, "and nothing dies for want of its database:\n" + said)
    after = {name: read_pid(first, name) for name in ALL}
    expect(all(after.values()) and not set(after.values()) & set(before.values()), "all were started anew: %s" % after)

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        refused = up(second, bin_dir, taken.getsockname()[1])
        said = refused.communicate()[0]
        expect("is taken" in said and "Traceback" not in said and refused.returncode == 1, "a taken port is said:\n" + said)
    beside = up(second, bin_dir, free_port())
    until_ready(beside)
    expect(all(read_pid(second, name) for name in ALL), "a second installation runs beside the first")
    down(second)
    beside.wait()
    beside.stdout.close()

    kill_supervisor(running)
    down(first)
    wait_until("nothing is left", lambda: not any(read_pid(first, name) for name in ALL))


if __name__ == "__main__":
    main()
