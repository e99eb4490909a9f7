#!/usr/bin/env python3
"""Under load from several clients every process is killed with SIGKILL, in turn and at random moments, and started again.
The clients report, and play flow-1 and flow-2, so that matters wander between incident, mediation and oversight meanwhile.
Then: every acknowledged command is in its service's log once, where its receipt says; every notice was applied once; what
is stored equals a replay of the logs; all services agree (fengqiao-check).

usage: kill_test.py BIN_DIR [--kills N] [--seed N] [--home DIR]     docs/RELIABILITY.md keeps the result of a long run
"""
import argparse
import random
import signal
import sys
import time

from harness import city_of, expect, installation, place_of, wait_drained  # first: it says where the others are
from checks import check_agreement, check_by_http, check_promises
from load import Load

VICTIMS = ["directory", "incident", "mediation", "oversight", "petition", "media", "notify", "gateway"]


def chaos(stack, kills, seed, counts):
    """Each process in turn, in rounds of random order. Sometimes it stays away for a while, sometimes it dies again while
    it starts, sometimes another one stands still meanwhile."""
    chance = random.Random(seed)

    def count(what):
        counts[what] = counts.get(what, 0) + 1

    order = []
    n = 0
    while n < kills:
        order = order or chance.sample(VICTIMS, len(VICTIMS))
        victim = order.pop()
        time.sleep(chance.uniform(0.05, 0.9))
        frozen = chance.choice([v for v in VICTIMS if v != victim]) if chance.random() < 0.1 else None
        if frozen:
            stack.children[frozen].send_signal(signal.SIGSTOP)
        stack.kill(victim)
        n += 1
        count("killed " + victim)
        if chance.random() < 0.3:
            time.sleep(chance.uniform(0, 1.5))
        stack.start(victim)
        if chance.random() < 0.1 and n < kills:
            time.sleep(chance.uniform(0, 0.4))
            stack.kill(victim)
            stack.start(victim)
            n += 1
            count("killed " + victim)
            count("of these while starting")
        if frozen:
            stack.children[frozen].send_signal(signal.SIGCONT)
            count("stood still meanwhile")
        for name in stack.restart_dead():
            count("ended by itself: " + name)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("bin")
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--home")
    args = parser.parse_args()
    print("seed %d" % args.seed, flush=True)
    with installation(args.bin, home=args.home, keep=bool(args.home)) as stack:
        city = city_of(stack)
        grid, committee, _ = place_of(city)
        load = Load(stack, city.accounts, grid, committee, args.seed, petitions=1)
        counts = {}
        began = time.monotonic()
        load.start()
        chaos(stack, args.kills, args.seed, counts)
        stack.wait_ready(60)
        load.join()
        seconds = time.monotonic() - began
        expect(not load.book.errors, "clients failed: %s" % load.book.errors[:3])
        expect(min(load.played.values()) > 0, "no flow was played to its end: %s" % load.played)
        wait_drained(stack)
        recount = check_by_http(stack, load)
        stack.stop_all()
        check_agreement(stack)
        check_promises(stack, load.book)
    print("%.0f s: %s" % (seconds, ", ".join("%s %d" % c for c in sorted(counts.items()))))
    print("clients: " + ", ".join("%s %d" % c for c in sorted(load.book.counts.items())))
    print("matters: " + ", ".join("%s %d" % c for c in sorted(recount.items())))
    print("%d commands acknowledged, %d of them reports; flow-1 played %d times, flow-2 %d times, %d petitions accepted; each "
          "present once, every notice applied once, all services agree" % (
              len(load.book.promised), len(load.book.reports()), load.played["flow-1"], load.played["flow-2"],
              load.played["petition"]))


if __name__ == "__main__":
    sys.exit(main())
