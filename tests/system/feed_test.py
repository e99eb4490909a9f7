#!/usr/bin/env python3
"""The live feed of the running processes: a report is seen by who may see it, and by nobody else; a watcher whose
connection broke goes on where it stopped, and misses and doubles nothing; one whose gateway was killed is told to load
its lists anew, where it finds what it missed; nothing personal is in it.

usage: feed_test.py BIN_DIR
"""
import http.client
import json
import socket
import sys
import threading
import uuid

from harness import city_of, expect, installation, place_of  # first: it says where the others are
from client import wait_until

OTHER_COUNTY = "371402"
NAME, PHONE = "欧阳清河", "13900029876"


class Watcher(threading.Thread):
    """One person's open feed over an area. Reads until the connection ends; keeps the id of the last event."""

    def __init__(self, stack, client, area, last_id=None):
        super().__init__(daemon=True)
        self.events, self.raw, self.last_id, self.kind = [], "", last_id, ""
        self.resets = 0
        self.connection = http.client.HTTPConnection("127.0.0.1", stack.ports["gateway"], timeout=60)
        headers = {"Authorization": "Bearer " + client.token}
        if last_id:
            headers["Last-Event-ID"] = last_id
        self.connection.request("GET", "/v1/events:stream?area=" + area, headers=headers)
        self.socket = self.connection.sock
        self.answer = self.connection.getresponse()
        self.status = self.answer.status
        if self.status == 200:
            self.start()

    def run(self):
        try:
            for line in self.answer:
                self.take(line.decode())
        except (OSError, http.client.HTTPException, ValueError, AttributeError):
            pass  # the gateway was killed, or the test closed the feed

    def take(self, line):
        self.raw += line
        field, _, value = line.strip().partition(": ")
        if field == "id":
            self.last_id = value
        elif field == "event":
            self.kind = value
            self.resets += value == "reset"
        elif field == "data" and not self.kind:
            self.events.append(json.loads(value))
        elif not field:
            self.kind = ""

    def cut(self):
        self.socket.shutdown(socket.SHUT_RDWR)
        self.join(20)

    def codes(self, kind="reported"):
        return [e["mattercode"] for e in self.events if e["type"] == "fengqiao.incident.%s.v1" % kind]


def report(worker, grid, text):
    return worker.post("/v1/incidents", {
        "category": "0102", "areaCode": grid, "text": text, "party": [{"name": NAME, "phone": PHONE, "side": "SIDE_A"}],
    }, key=str(uuid.uuid4()))["matterCode"]


def check_who_sees(stack, city, grid, county):
    worker, clerk = city.who("ROLE_GW"), city.who("ROLE_CD", covers=grid)
    feed = Watcher(stack, clerk, county)
    expect(feed.status == 200, "the county dispatcher may watch the county: %s" % feed.status)
    beyond = Watcher(stack, clerk, OTHER_COUNTY)
    expect(beyond.status == 403, "another county's feed is refused: %s" % beyond.status)
    resident = Watcher(stack, city.who("ROLE_PUB"), county)
    expect(resident.status == 403, "a resident has no feed of the county: %s" % resident.status)
    code = report(worker, grid, "楼道里的灯坏了，老人上下楼看不见。")
    wait_until("the report is in the feed", lambda: code in feed.codes())
    expect(NAME not in feed.raw and PHONE not in feed.raw and "楼道" not in feed.raw,
           "no name, phone or sentence is in the feed")
    return feed, code


def check_goes_on_after_a_cut(stack, city, grid, county, feed, first):
    worker, clerk = city.who("ROLE_GW"), city.who("ROLE_CD", covers=grid)
    feed.cut()
    missed = [report(worker, grid, "第%d处路面塌陷，需要围挡。" % i) for i in range(3)]
    again = Watcher(stack, clerk, county, feed.last_id)
    expect(again.status == 200, "the feed opens again: %s" % again.status)
    later = report(worker, grid, "围挡已经倒了，请再来看看。")
    wait_until("what came later is in the feed", lambda: later in again.codes())
    expect(again.codes() == missed + [later],
           "what was missed comes first, once, in order: %s, not %s" % (missed + [later], again.codes()))
    expect(first not in again.codes() and again.resets == 0, "what was seen is not sent again")
    return again


def check_says_when_it_cannot_go_on(stack, city, grid, county, feed):
    """A gateway keeps nothing on disk: after its death a watcher is told so, and its lists have what it missed."""
    stack.kill("gateway")
    feed.join(20)
    expect(not feed.is_alive(), "the feed ends when its gateway dies")
    stack.restart_dead()
    stack.wait_ready(60)
    worker, clerk = city.who("ROLE_GW"), city.who("ROLE_CD", covers=grid)
    missed = report(worker, grid, "桥头的护栏断了一截。")
    again = Watcher(stack, clerk, county, feed.last_id)
    later = report(worker, grid, "护栏已经用绳子围上。")
    wait_until("what came later is in the feed", lambda: later in again.codes())
    expect(again.resets == 1, "the watcher is told to load its lists anew, once: %d" % again.resets)
    listed = [row["matterCode"] for row in clerk.every("/v1/incidents", "row", area_code=grid[:12])]
    expect(missed in listed and later in listed, "the lists have both")
    again.cut()


def main():
    with installation(sys.argv[1]) as stack:
        city = city_of(stack)
        grid, _, county = place_of(city)
        feed, first = check_who_sees(stack, city, grid, county)
        again = check_goes_on_after_a_cut(stack, city, grid, county, feed, first)
        check_says_when_it_cannot_go_on(stack, city, grid, county, again)
    print("the live feed shows what one may see, and goes on without a gap or says that there is one")


if __name__ == "__main__":
    main()
