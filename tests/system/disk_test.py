#!/usr/bin/env python3
"""Disks that fail under the running processes while people work. In each case the process stops acknowledging, its log
says why, nobody is told that something was done which was not, it does not start on the bad disk and says so, and once
the disk is well it starts and has every acknowledged command (fengqiao-check and the logs are searched).

usage: disk_test.py BIN_DIR CASE
  sync      fsync of each service in turn answers EIO; a library loaded before the process plays the disk
  write     the same with a full disk (ENOSPC) and one that has become read-only (EROFS), under incident
  full      an ext4 file system that is nearly full, then full to the last block          needs root
  readonly  an ext4 file system that the kernel itself makes read-only after an error     needs root
Exit 77: the machine does not allow to mount; nothing was tested.
"""
import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid

from harness import city_of, expect, installation, place_of, wait_drained  # first: it says where the others are
from client import Client, Problem, wait_until
from checks import check_agreement, check_promises
from load import Load

HERE = os.path.dirname(os.path.abspath(__file__))
SKIPPED = 77
EXIT_DISK_FAILED, EXIT_CANNOT_START = 70, 1
MIB = 1 << 20


class Trial:
    """One installation under load whose disks are broken and mended."""

    def __init__(self, stack):
        self.stack = stack
        self.city = city_of(stack)
        self.grid, committee, _ = place_of(self.city)
        self.load = Load(stack, self.city.accounts, self.grid, committee, 1, reporters=3, quarrels=1, wages=1, signers=1)
        self.load.start()

    def promised(self):
        return len(self.load.book.promised)

    def wait_for_work(self):
        """People work: commands are acknowledged, and people sign in."""
        before, signed_in = self.promised(), self.load.book.counts.get("signed in", 0)
        wait_until("commands are acknowledged", lambda: self.load.book.errors or (
            self.promised() > before + 20 and self.load.book.counts.get("signed in", 0) > signed_in), 60)
        expect(not self.load.book.errors, "clients failed: %s" % self.load.book.errors[:3])

    def said(self, name, since):
        with open(self.stack.path("log", name + ".log"), encoding="utf-8", errors="replace") as f:
            f.seek(since)
            return f.read()

    def log_end(self, name):
        return os.path.getsize(self.stack.path("log", name + ".log"))

    def expect_end(self, name, since, codes, *texts):
        child = self.stack.children[name]
        try:
            child.wait(30)
        except subprocess.TimeoutExpired:
            raise AssertionError("%s still runs:\n%s" % (name, self.said(name, since))) from None
        said = self.said(name, since)
        expect(child.returncode in codes, "%s ended with %d:\n%s" % (name, child.returncode, said))
        for text in texts:
            expect(text in said, "%s did not say '%s':\n%s" % (name, text, said))

    def expect_no_start(self, name, *texts):
        since = self.log_end(name)
        self.stack.start(name)
        self.expect_end(name, since, (EXIT_CANNOT_START, EXIT_DISK_FAILED), *texts)

    def start(self, name):
        self.stack.start(name)
        self.stack.wait_ready(60)
        self.wait_for_work()

    def finish(self):
        self.load.join()
        book = self.load.book
        expect(not book.errors, "clients failed: %s" % book.errors[:3])
        wait_drained(self.stack)
        self.stack.stop_all()
        check_agreement(self.stack)
        check_promises(self.stack, book)
        print("clients: " + ", ".join("%s %d" % c for c in sorted(book.counts.items())))
        print("%d commands acknowledged, %d of them reports; each is there once" % (len(book.promised), len(book.reports())))


# -- a disk played by a library ---------------------------------------------------------------------------------


def order_file(stack, name):
    return stack.path("run", name + ".disk")


def give_order(stack, name, order):
    """In one step, so that the process never reads half of it; none: the disk is well."""
    if not order:
        os.unlink(order_file(stack, name))
        return
    with open(order_file(stack, name) + ".new", "w", encoding="utf-8") as f:
        f.write(order)
    os.replace(order_file(stack, name) + ".new", order_file(stack, name))


def with_played_disks(stack):
    library = stack.path("run", "faulty_disk.so")
    subprocess.run(["gcc", "-shared", "-fPIC", "-O1", "-o", library, os.path.join(HERE, "faulty_disk.c"), "-ldl"],
                   check=True)
    for name in stack.services:
        stack.environment[name] = {"LD_PRELOAD": library, "FAULTY_DISK_ORDER": order_file(stack, name),
                                   "FAULTY_DISK_DIR": stack.path("data", name) + "/"}


def play(bin_dir, cases):
    with installation(bin_dir, configure=with_played_disks) as stack:
        trial = Trial(stack)
        for name, order, text in cases:
            trial.wait_for_work()
            since = trial.log_end(name)
            give_order(stack, name, order)
            trial.expect_end(name, since, (EXIT_DISK_FAILED,), "exiting at once", text)
            trial.expect_no_start(name, text)
            give_order(stack, name, None)
            trial.start(name)
            print("%s, %s: stopped, said '%s', did not start on it, started when it was well" % (name, order, text),
                  flush=True)
        trial.finish()


def case_sync(bin_dir):
    play(bin_dir, [(name, "sync", "Input/output error") for name in ("incident", "mediation", "oversight", "directory")])


def case_write(bin_dir):
    play(bin_dir, [("incident", "full", "No space left on device"), ("incident", "readonly", "Read-only file system")])


# -- a real file system -----------------------------------------------------------------------------------------


def run(*command, codes=(0,)):
    done = subprocess.run(command, capture_output=True, text=True)
    expect(done.returncode in codes, "%s: %s%s" % (" ".join(command), done.stdout, done.stderr))


@contextlib.contextmanager
def on_a_disk_of_its_own(name, mebibytes):
    """(home, mount, image): a home for an installation in which the data of `name` is an ext4 file system in a file."""
    home = tempfile.mkdtemp(prefix="fengqiao-disk-")
    image, mount = os.path.join(home, "disk.img"), os.path.join(home, "city", "data", name)
    os.makedirs(mount)
    try:
        with open(image, "wb") as f:
            f.truncate(mebibytes * MIB)
        run("mkfs.ext4", "-q", "-F", "-m", "0", image)
        run("mount", "-o", "loop", image, mount)
    except (AssertionError, OSError) as error:
        shutil.rmtree(home, ignore_errors=True)
        print("SKIPPED: a file system cannot be mounted here (%s)" % error)
        sys.exit(SKIPPED)
    try:
        yield home, mount, image
    finally:
        subprocess.run(["umount", mount], check=False)
        shutil.rmtree(home, ignore_errors=True)


def free_bytes(mount):
    disk = os.statvfs(mount)
    return disk.f_bavail * disk.f_frsize


def fill(mount, leave):
    with open(os.path.join(mount, "filler"), "ab") as f:
        os.posix_fallocate(f.fileno(), f.tell(), max(free_bytes(mount) - leave, 4096))


def fill_to_the_last_block(mount):
    with contextlib.suppress(OSError):
        fill(mount, 0)
    with contextlib.suppress(OSError), open(os.path.join(mount, "filler2"), "wb", buffering=0) as f:
        while True:
            f.write(bytes(4096))


def empty(mount):
    for name in ("filler", "filler2"):
        with contextlib.suppress(FileNotFoundError):
            os.unlink(os.path.join(mount, name))


def is_refused(trial):
    """One report, asked once: refused with the true reason, while reading goes on."""
    client = trial.city.who("ROLE_GW")
    once = Client(client.url, patience_s=0)
    once.token = client.token
    key, report = str(uuid.uuid4()), {"category": "0802", "areaCode": trial.grid, "text": "磁盘快满时的上报"}
    try:
        receipt = once.post("/v1/incidents", report, key=key)
    except Problem as problem:
        trial.load.book.given_up.add(key)
        if problem.reason != "DISK_NEARLY_FULL":
            return None
        expect(problem.status == 503, "a full disk is 503, not %d" % problem.status)
        some = next(iter(trial.load.book.reports().values()))
        expect(once.get("/v1/incidents/" + some["matterCode"])["id"] == some["id"], "reading goes on")
        return True
    trial.load.book.promise(key, "/v1/incidents", receipt)
    return None


def nearly_full(trial, mount):
    child, since = trial.stack.children["incident"], trial.log_end("incident")
    fill(mount, 100 * MIB)
    wait_until("reports are refused: the disk is nearly full", lambda: is_refused(trial), 15)
    expect("commands are refused: the disk is nearly full" in trial.said("incident", since), "the log says why")
    time.sleep(0.5)
    stood = len(trial.load.book.reports())
    time.sleep(1)
    expect(len(trial.load.book.reports()) == stood, "reports are acknowledged although they are refused")
    empty(mount)
    trial.wait_for_work()
    expect(child.poll() is None, "it takes up again by itself, without a restart")
    print("nearly full: refused with 503 DISK_NEARLY_FULL, reading went on, took up again by itself", flush=True)


def full(trial, mount):
    child, since = trial.stack.children["incident"], trial.log_end("incident")
    fill_to_the_last_block(mount)
    wait_until("incident refuses or has ended", lambda: child.poll() is not None or is_refused(trial), 15)
    expect(child.poll() in (None, EXIT_DISK_FAILED), "ended with %s:\n%s" % (child.poll(), trial.said("incident", since)))
    outcome = "refused" if child.poll() is None else "ended with 70"
    if child.poll() is None:
        trial.stack.kill("incident", signal.SIGKILL)
    since = trial.log_end("incident")
    child = trial.stack.start("incident")
    wait_until("it says what is wrong", lambda: (
        child.poll() is not None or "the disk is nearly full" in trial.said("incident", since)), 30)
    if child.poll() is None:
        started = "started, and refused"
        trial.stack.kill("incident", signal.SIGKILL)
    else:
        started = "did not start"
        trial.expect_end("incident", since, (EXIT_CANNOT_START, EXIT_DISK_FAILED), "No space left")
    empty(mount)
    trial.start("incident")
    print("full to the last block: %s; on the full disk it %s; started when there was room" % (outcome, started), flush=True)


def case_full(bin_dir):
    with on_a_disk_of_its_own("incident", 700) as (home, mount, _), installation(bin_dir, home=home, keep=True) as stack:
        trial = Trial(stack)
        trial.wait_for_work()
        nearly_full(trial, mount)
        full(trial, mount)
        trial.finish()


def case_readonly(bin_dir):
    with on_a_disk_of_its_own("incident", 700) as (home, mount, image), \
            installation(bin_dir, home=home, keep=True) as stack:
        trial = Trial(stack)
        trial.wait_for_work()
        since = trial.log_end("incident")
        run("mount", "-o", "remount,abort", mount)  # what ext4 does to itself after an error of the disk
        trial.expect_end("incident", since, (EXIT_DISK_FAILED,), "exiting at once", "IO error")  # EROFS or EIO
        trial.expect_no_start("incident", "Read-only file system")
        run("umount", mount)
        run("e2fsck", "-fy", image, codes=(0, 1))
        run("mount", "-o", "loop", image, mount)
        trial.start("incident")
        print("read-only: stopped, said so, did not start on it, started when it was well", flush=True)
        trial.finish()


def main():
    cases = {"sync": case_sync, "write": case_write, "full": case_full, "readonly": case_readonly}
    if len(sys.argv) != 3 or sys.argv[2] not in cases:
        sys.exit(__doc__)
    cases[sys.argv[2]](sys.argv[1])


if __name__ == "__main__":
    main()
