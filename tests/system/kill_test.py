#!/usr/bin/env python3
"""Under load from several clients every process is killed with SIGKILL, in turn and at random moments, and started again.
Then: every acknowledged report is present once, every notice was applied once, all services agree.

usage: kill_test.py BIN_DIR [--kills N] [--clients N] [--seed N] [--home DIR]
"""
import argparse
import os
import random
import re
import subprocess
import sys
import threading
import time
import uuid

from harness import city_of, expect, installation, place_of  # first: it says where the others are
from client import Client, Problem, wait_until

VICTIMS = ["incident", "oversight", "mediation", "directory", "gateway"]
REVIEW_SCALE = "S4_10_TO_49"  # such a report climbs to the county by itself, so that oversight must show it


class Load:
    """Clients that report, and repeat with the same key until they are answered, as a tablet does."""

    def __init__(self, stack, account, grid, clients, seed):
        self.stack, self.account, self.grid = stack, account, grid
        self.acknowledged, self.lock = {}, threading.Lock()
        self.attempts = 0
        self.stop = threading.Event()
        self.errors = []
        self.threads = [threading.Thread(target=self._run, args=(random.Random(seed + i),)) for i in range(clients)]

    def start(self):
        for t in self.threads:
            t.start()

    def join(self):
        self.stop.set()
        for t in self.threads:
            t.join(180)
            expect(not t.is_alive(), "a client hangs")

    def _session(self):
        return Client(self.stack.url, patience_s=120).sign_in(self.account["login"], self.account["password"])

    def _run(self, chance):
        client = self._session()
        while not self.stop.is_set():
            key = str(uuid.UUID(int=chance.getrandbits(128), version=4))
            body = {"category": "0105" if chance.random() < 0.3 else "0802", "areaCode": self.grid,
                    "scale": REVIEW_SCALE if chance.random() < 0.3 else "S1_ONE",
                    "text": "压力演练：第%s号事项" % key[:8]}
            try:
                client = self._report(client, body, key)
            except Exception as error:  # whatever it is, the test must hear of it
                self.errors.append(repr(error))
                return

    def _report(self, client, body, key):
        while True:
            with self.lock:
                self.attempts += 1
            try:
                receipt = client.post("/v1/incidents", body, key=key)
                with self.lock:
                    self.acknowledged[key] = receipt
                return client
            except Problem as problem:
                if problem.status == 401:  # the token ended, or its issuer was away
                    client = self._session()
                elif problem.status not in (499, 500, 502, 503, 504):
                    raise


def chaos(stack, kills, seed, counts):
    chance = random.Random(seed)
    for n in range(kills):
        time.sleep(chance.uniform(0.05, 0.9))
        victim = VICTIMS[n % len(VICTIMS)] if n < 2 * len(VICTIMS) else chance.choice(VICTIMS)
        stack.kill(victim)
        counts[victim] = counts.get(victim, 0) + 1
        if chance.random() < 0.3:
            time.sleep(chance.uniform(0, 1.5))  # sometimes it stays away for a while
        stack.start(victim)
        for name in stack.restart_dead():
            counts["ended by itself: " + name] = counts.get("ended by itself: " + name, 0) + 1


def database(stack, service):
    return stack.path("data", service, "db")


def dump_log(stack, service):
    descriptors = os.path.join(os.path.dirname(stack.bin), "proto", "api.desc")
    out = subprocess.run([os.path.join(stack.bin, "fengqiao-dump"), "show", database(stack, service), "--space=log",
                          "--descriptors=" + descriptors], capture_output=True, text=True, check=True)
    return out.stdout


def check_everything(stack, load):
    city = city_of(stack)
    clerk = city.who("ROLE_CD")
    for key, receipt in load.acknowledged.items():
        view = clerk.get("/v1/incidents/" + receipt["matterCode"])
        expect(view["id"] == receipt["id"], "%s is another matter" % receipt["matterCode"])
    codes = [r["matterCode"] for r in load.acknowledged.values()]
    expect(len(codes) == len(set(codes)), "a matter code was given twice")
    open_count = int(clerk.get("/v1/incidents:count", area_code=load.grid[:6]).get("open", 0))
    expect(open_count == len(codes), "the live count says %d, acknowledged were %d" % (open_count, len(codes)))

    def caught_up():
        total = int(clerk.get("/v1/oversight/review:count", area_code=load.grid[:6]).get("total", 0))
        want = sum(1 for c in codes if int(clerk.get("/v1/incidents/" + c).get("currentLevel", 0)) >= 4)
        return total == want or None
    wait_until("oversight shows exactly the matters at county level", caught_up, 120)


def check_logs(stack, load):
    """In the databases themselves: one 'reported' record an acknowledged request, and no cause used twice."""
    reported = re.findall(r'event_type: "reported"', dump_log(stack, "incident"))
    expect(len(reported) == len(load.acknowledged),
           "%d reports in the log, %d acknowledged" % (len(reported), len(load.acknowledged)))
    for service in stack.services:
        verdict = subprocess.run([os.path.join(stack.bin, "fengqiao-dump"), "verify", database(stack, service)],
                                 capture_output=True, text=True)
        expect(verdict.returncode == 0, "%s: %s%s" % (service, verdict.stdout, verdict.stderr))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("bin")
    parser.add_argument("--kills", type=int, default=15)
    parser.add_argument("--clients", type=int, default=6)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--home")
    args = parser.parse_args()
    print("seed %d" % args.seed, flush=True)
    with installation(args.bin, home=args.home, keep=bool(args.home)) as stack:
        city = city_of(stack)
        grid, _, _ = place_of(city)
        load = Load(stack, city.find("ROLE_GW"), grid, args.clients, args.seed)
        counts = {}
        began = time.monotonic()
        load.start()
        chaos(stack, args.kills, args.seed, counts)
        stack.wait_ready(60)
        load.join()
        expect(not load.errors, "clients failed: %s" % load.errors[:3])
        expect(load.acknowledged, "nothing was acknowledged: no load")
        check_everything(stack, load)
        stack.stop_all()
        check_logs(stack, load)
    print("killed %s in %.0f s; %d attempts, %d acknowledged reports, each present once; all services agree" % (
        ", ".join("%s %d" % c for c in sorted(counts.items())), time.monotonic() - began, load.attempts,
        len(load.acknowledged)))


if __name__ == "__main__":
    sys.exit(main())
