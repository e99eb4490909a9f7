#!/usr/bin/env python3
"""A unit's own system hears what happens in its county, by webhook: signed, the events of a matter in their order, none left
out, whatever is killed meanwhile; nothing is sent before it has agreed; nothing personal is in any of it; an inner address
cannot be reached; who has lost the secret gets another, and both sign for a while.

usage: webhook_test.py BIN_DIR [--seed N]
"""
# spec: R8, R9
import argparse
import base64
import hashlib
import hmac
import http.server
import json
import random
import threading
import time
import uuid

from harness import city_of, expect, installation, place_of, wait_drained  # first: it says where the others are
from checks import check_agreement
from client import Problem, wait_until

NAME, PHONE = "欧阳清河", "13900029876"
TEXT = "院墙外排水沟没人清理，欧阳清河 13900029876 反映多次。"
KILLS, REPORTS, BUSY_EVERY = 6, 24, 20


class Receiver(http.server.ThreadingHTTPServer):
    """The receiving system: agrees, takes, keeps what it was sent, and now and then is busy."""
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.lock = threading.Lock()
        self.agrees, self.taken, self.asked, self.refused, self.posts = False, [], [], 0, 0
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self):
        return "http://127.0.0.1:%d/county" % self.server_address[1]

    def events(self):
        with self.lock:
            return [json.loads(body) for _, body in self.taken]


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, status, **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_OPTIONS(self):
        self.server.asked.append(dict(self.headers))
        if self.server.agrees:
            self.answer(200, WebHook_Allowed_Origin=self.headers["WebHook-Request-Origin"], WebHook_Allowed_Rate="6000")
        else:
            self.answer(200)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        with self.server.lock:
            self.server.posts += 1
            if self.server.posts % BUSY_EVERY == 0:
                self.server.refused += 1
                return self.answer(503)
            self.server.taken.append((dict(self.headers), body))
        self.answer(204)

    def log_message(self, *_):
        pass


def signed_by(secret, headers, body):
    text = ("%s.%s." % (headers["webhook-id"], headers["webhook-timestamp"])).encode() + body
    mac = hmac.new(base64.b64decode(secret.removeprefix("whsec_")), text, hashlib.sha256).digest()
    return "v1," + base64.b64encode(mac).decode() in headers["webhook-signature"].split(" ")


def refused(call, reason):
    try:
        call()
        expect(False, "not refused: " + reason)
    except Problem as problem:
        expect(problem.reason == reason, "%s, not %s" % (reason, problem))


def check_registration(owner, county, receiver):
    def register(url, area=county):
        return owner.post("/v1/webhooks", {"areaCode": area, "url": url, "topic": ["incident"]})
    refused(lambda: register("http://10.0.0.1/in"), "ADDRESS_NOT_ALLOWED")
    refused(lambda: register("https://169.254.169.254/latest"), "ADDRESS_NOT_ALLOWED")
    refused(lambda: register("http://hooks.example/in"), "HTTPS_NEEDED")
    answer = register(receiver.url)
    expect(answer["secret"].startswith("whsec_"), "the secret is shown: %s" % list(answer))
    path = "/v1/webhooks/" + answer["receipt"]["id"]
    expect("secret" not in json.dumps(owner.get(path)).replace("oldSecretUntilMs", ""), "and not again")
    return path, answer["secret"]


def report(worker, grid):
    return worker.post("/v1/incidents", {"category": "0802", "areaCode": grid, "text": TEXT})


def play(stack, city, grid, chance):
    """Reports that are accepted, while notify is killed again and again."""
    worker, head = city.who("ROLE_GW", covers=grid), city.who("ROLE_GH", covers=grid)
    codes = []
    for i in range(REPORTS):
        receipt = report(worker, grid)
        codes.append(receipt["matterCode"])
        head.post("/v1/incidents/%s:accept" % receipt["id"], {"complexity": "SIMPLE"})
        if i % (REPORTS // KILLS) == 0:
            time.sleep(chance.uniform(0, 0.3))
            stack.kill("notify")
            stack.start("notify")
    return codes


def check_delivered(receiver, codes, secret):
    def topics():
        told = {}
        for event in receiver.events():
            told.setdefault(event["mattercode"], []).append((event["sequence"], event["type"]))
        return told if all(len(set(told.get(code, []))) >= 2 for code in codes) else None
    told = wait_until("every matter is told, to its acceptance", topics, 180)
    for code in codes:
        first = list(dict.fromkeys(told[code]))
        expect(first == sorted(first), "the order of %s: %s" % (code, first))
        expect([t for _, t in first][:2] == ["fengqiao.incident.reported.v1", "fengqiao.incident.accepted.v1"],
               "nothing of %s is left out: %s" % (code, first))
    with receiver.lock:
        for headers, body in receiver.taken:
            expect(signed_by(secret, headers, body), "signed: %s" % headers)
            said = body.decode()
            expect(NAME not in said and PHONE not in said and "排水沟" not in said, "nothing personal: " + said)
            expect(headers["Content-Type"].startswith("application/cloudevents+json"), "a CloudEvent: %s" % headers)
    expect(receiver.refused > 0, "it was busy now and then")


def check_rotation(owner, path, worker, grid, receiver, secret):
    fresh = owner.post(path + ":rotateSecret", {})["secret"]
    expect(fresh != secret, "another one")
    code = report(worker, grid)["matterCode"]
    wait_until("told after the rotation", lambda: code in [e["mattercode"] for e in receiver.events()])
    with receiver.lock:
        headers, body = receiver.taken[-1]
    expect(signed_by(fresh, headers, body) and signed_by(secret, headers, body), "both sign for a while")


def check_end(owner, path, worker, grid, receiver):
    """Replayed, then deleted: silent."""
    before = receiver.events()
    owner.post(path + ":replay", {"afterSequence": "0"})
    wait_until("all of it is sent again",
               lambda: {e["id"] for e in before} <= {e["id"] for e in receiver.events()[len(before):]}, 180)
    owner.call("DELETE", path, headers={"Idempotency-Key": '"%s"' % uuid.uuid4()})
    refused(lambda: owner.get(path), "NO_WEBHOOK")
    silent = len(receiver.events())
    report(worker, grid)
    return silent


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("bin")
    parser.add_argument("--seed", type=int, default=int(time.time()), help="when notify is killed")
    args = parser.parse_args()
    print("seed %d" % args.seed, flush=True)
    chance = random.Random(args.seed)

    def configure(stack):
        stack.plain_webhooks = True
        stack.prepare()
    with installation(args.bin, configure=configure) as stack:
        city = city_of(stack)
        grid, _, county = place_of(city)
        owner, worker = city.who("ROLE_SV", covers=grid), city.who("ROLE_GW", covers=grid)
        receiver = Receiver()
        path, secret = check_registration(owner, county, receiver)
        wait_until("it is asked", lambda: receiver.asked)
        report(worker, grid)
        expect(owner.get(path)["status"] == "WEBHOOK_VALIDATING" and not receiver.events(), "nothing before it agrees")
        receiver.agrees = True
        wait_until("it agrees", lambda: owner.get(path)["status"] == "WEBHOOK_ACTIVE", 60)
        codes = play(stack, city, grid, chance)
        stack.wait_ready(60)
        check_delivered(receiver, codes, secret)
        check_rotation(owner, path, worker, grid, receiver, secret)
        silent = check_end(owner, path, worker, grid, receiver)
        wait_drained(stack)
        expect(len(receiver.events()) <= silent + 1, "a deleted webhook is silent")
        stack.stop_all()
        check_agreement(stack)
    print("%d matters told to the unit's system in order, signed, none left out, through %d kills and %d refusals" % (
        len(codes), KILLS, receiver.refused))


if __name__ == "__main__":
    main()
