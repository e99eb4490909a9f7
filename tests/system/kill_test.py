#!/usr/bin/env python3
"""Under load from several clients every process is killed with SIGKILL, in turn and at random moments, and started again.
The clients report, and play flow-1 and flow-2, so that matters wander between incident, mediation and oversight meanwhile.
Then: every acknowledged command is in its service's log once, where its receipt says; every notice was applied once; what
is stored equals a replay of the logs; all services agree (fengqiao-check).

usage: kill_test.py BIN_DIR [--kills N] [--seed N] [--home DIR]     docs/RELIABILITY.md keeps the result of a long run
"""
# spec: R8
import argparse
import os
import random
import re
import signal
import subprocess
import sys
import time

from harness import city_of, expect, installation, place_of, wait_drained  # first: it says where the others are
from load import Load

VICTIMS = ["directory", "incident", "mediation", "oversight", "gateway"]
SERVICE_OF = (("/v1/incidents", "incident"), ("/v1/mediation-cases", "mediation"), ("/v1/oversight", "oversight"))


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


def records(stack, service):
    """(seq, aggregate id, request id, event type) of every entry of a stopped service's log."""
    out = subprocess.run([os.path.join(stack.bin, "fengqiao-dump"), "show", stack.path("data", service, "db"),
                          "--space=log"], capture_output=True, text=True, check=True).stdout
    for line in out.splitlines():
        found = re.search(r'seq: (\d+) aggregate_id: "([^"]*)"', line)
        request = re.search(r' request_id: "([^"]*)"', line)
        kind = re.search(r' event_type: "([^"]*)"', line)
        yield int(found[1]), found[2], request[1] if request else "", kind[1]


def check_promises(stack, book):
    """In the databases themselves: each acknowledged command once, where its receipt says; nobody's report twice."""
    for service in ("incident", "mediation", "oversight"):
        by_request, reported = {}, 0
        for seq, aggregate, request, kind in records(stack, service):
            reported += kind == "reported"
            if request:
                by_request.setdefault(request, []).append((seq, aggregate))
        promised = {k: r for k, (path, r) in book.promised.items()
                    if next(s for prefix, s in SERVICE_OF if path.startswith(prefix)) == service}
        for key, receipt in promised.items():
            seqs = [s for s, _ in by_request.get(key, [])]
            expect(seqs, "%s lost the acknowledged request %s: %s" % (service, key, receipt))
            expect(int(receipt["seq"]) in seqs and receipt["id"] in {a for _, a in by_request[key]},
                   "%s: request %s is not where its receipt says: %s" % (service, key, receipt))
            expect(seqs == list(range(seqs[0], seqs[0] + len(seqs))), "%s: %s is there twice: %s" % (service, key, seqs))
        unknown = set(by_request) - set(promised)
        expect(not unknown, "%s did what nobody was told of: %s" % (service, sorted(unknown)[:3]))
        if service == "incident":
            expect(reported == len(book.reports()), "%d reports in the log, %d promised" % (reported, len(book.reports())))


def check_by_http(stack, load):
    """What people see: every reported matter by its code, the live counts, the leader's page."""
    clerk = city_of(stack).who("ROLE_CD")
    status_of, at_county = {}, set()
    for receipt in load.book.reports().values():
        view = clerk.get("/v1/incidents/" + receipt["matterCode"])
        expect(view["id"] == receipt["id"], "%s is another matter" % receipt["matterCode"])
        status_of[receipt["matterCode"]] = view["status"]
        if view.get("currentLevel", 0) >= 4 and view["status"] != "CLOSED":
            at_county.add(receipt["matterCode"])
    expect(len(status_of) == len(load.book.reports()), "a matter code was given twice")
    counted = {c["status"]: int(c["count"]) for c in clerk.get("/v1/incidents:count", area_code=load.county)["count"]}
    recount = {}
    for status in status_of.values():
        recount[status] = recount.get(status, 0) + 1
    expect({k: v for k, v in counted.items() if v} == recount, "live counts %s, recount %s" % (counted, recount))
    shown = [item["matterCode"]
             for item in clerk.every("/v1/oversight/review", "item", area_code=load.county, page_size=100)]
    expect(at_county and sorted(shown) == sorted(at_county),
           "the county's review has %d matters, %d stand there" % (len(shown), len(at_county)))
    total = int(clerk.get("/v1/oversight/review:count", area_code=load.county).get("total", 0))
    expect(total == len(shown), "the count of the review says %d, the list has %d" % (total, len(shown)))
    return recount


def check_agreement(stack):
    verdict = subprocess.run([os.path.join(stack.bin, "fengqiao-check"), stack.path("data"), "--caught-up"],
                             capture_output=True, text=True)
    print(verdict.stdout, end="", flush=True)
    expect(verdict.returncode == 0, "fengqiao-check: " + verdict.stderr)


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
        load = Load(stack, city.accounts, grid, committee, args.seed)
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
    print("%d commands acknowledged, %d of them reports; flow-1 played %d times, flow-2 %d times; each present once, "
          "every notice applied once, all services agree" % (
              len(load.book.promised), len(load.book.reports()), load.played["flow-1"], load.played["flow-2"]))


if __name__ == "__main__":
    sys.exit(main())
