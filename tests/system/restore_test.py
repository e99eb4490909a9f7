#!/usr/bin/env python3
"""A whole installation is put back from its backup and goes on: the services follow each other again and a matter finds its
way from incident to mediation and back. Databases of two different backups are not joined.

A restored installation used to stand still for ever: every log had a new epoch, and nobody could tell the others that it
was the same history.

usage: restore_test.py BIN_DIR
"""
import os
import shutil
import subprocess
import sys

from harness import city_of, expect, installation, place_of, wait_drained  # first: it says where the others are
import flows
from stack import FOLLOWS, SERVICES


def backup(stack, name):
    """Of the stopped installation, as ./fengqiao backup does."""
    for service in stack.services:
        subprocess.run([os.path.join(stack.bin, "fengqiao-dump"), "backup", stack.path("data", service, "db"),
                        stack.path(name + "-" + service)], check=True)


def restore(stack, service, name):
    shutil.rmtree(stack.path("data", service, "db"))
    subprocess.run([os.path.join(stack.bin, "fengqiao-dump"), "restore", stack.path(name + "-" + service),
                    stack.path("data", service, "db")], check=True, stdout=subprocess.DEVNULL)


def check(stack, *how):
    return subprocess.run([os.path.join(stack.bin, "fengqiao-check"), stack.path("data"), *how],
                          capture_output=True, text=True)


def followed():
    """Every pair of a process with a database and one it follows."""
    return [(name, source) for name in SERVICES for source in FOLLOWS[name]]


def play(stack):
    city = city_of(stack)
    grid, committee, _ = place_of(city)
    result = flows.neighbour_dispute(city, grid, committee, lambda *_: None)
    expect(result["incident"]["status"] == "CLOSED", "the matter is closed by its mediation")
    registrar = city.who("ROLE_MR", org=committee)
    photo = registrar.upload(b"%PDF-1.7\n% seen on the spot\n%%EOF\n")
    registrar.post("/v1/mediation-cases/%s:fileDocument" % result["case"]["id"],
                   {"form": "F6_EVIDENCE", "sha256": photo, "title": "现场照片"})
    wait_drained(stack)
    return photo


def start(stack):
    stack.start_all()
    stack.wait_ready(60)


def main():
    with installation(sys.argv[1]) as stack:
        wait_drained(stack)
        stack.stop_all()
        backup(stack, "first")
        start(stack)
        play(stack)
        stack.stop_all()
        backup(stack, "second")

        for service in stack.services:
            restore(stack, service, "second")
        restore(stack, "incident", "first")
        verdict = check(stack, "--rejoin")
        expect(verdict.returncode == 1 and "not of one backup" in verdict.stderr,
               "an older incident was joined with newer others: %s%s" % (verdict.stdout, verdict.stderr))

        restore(stack, "incident", "second")
        verdict = check(stack, "--rejoin")
        expect(verdict.returncode == 0 and "%d streams" % len(followed()) in verdict.stdout, verdict.stdout + verdict.stderr)
        start(stack)
        photo = play(stack)
        stack.stop_all()
        verdict = check(stack, "--caught-up")
        expect(verdict.returncode == 0, "fengqiao-check: " + verdict.stderr)

        file = stack.path("data", "media", "blobs", photo[:2], photo[2:4], photo)
        os.rename(file, file + ".away")
        verdict = check(stack)
        expect(verdict.returncode == 1 and "media: the document " + photo in verdict.stderr, "a lost file: " + verdict.stderr)
        os.rename(file + ".away", file)
        restore(stack, "media", "first")
        verdict = check(stack)
        expect(verdict.returncode == 1 and "mediation was told that the document " + photo in verdict.stderr,
               "media alone is older: " + verdict.stderr)
    print("put back from its backup, the installation goes on; databases of two backups are not joined")


if __name__ == "__main__":
    main()
