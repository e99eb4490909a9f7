#!/usr/bin/env python3
"""flow-11 through the running processes by HTTP: a tablet was three days without a network. Five drafts lie on it: a report with a
photograph, one settled on the spot, a quarrel with both sides, more about a matter that was known before, and a screening task. They
are sent over a line that breaks in the middle, and then all of them once more. Each has its effect once, its clocks run from the
receipt, and what the device says about when it was stays.

usage: offline_test.py BIN_DIR
"""
# spec: flow-11 I1 I2 R6 A15 DI-01
import hashlib
import http.client
import sys
import threading
import time
import uuid

from harness import city_of, expect, installation, place_of, wait_drained  # first: it says where the others are
from asked import start_campaign
from client import Client, Problem, wait_until
from feed_test import Watcher
from media_test import Line, Tus, png

DAY_MS = 86_400_000
SOON_MS = 10 * 60_000  # what a run may take
CUT_LOW, CUT_HIGH = 150, 1500  # a request with its answer is about as long: many of them never arrive whole


def now_ms():
    return int(time.time() * 1000)


class Draft:
    """What the tablet keeps: the words, when it was written by its own clock, and the number under which it will be sent."""

    def __init__(self, path, body, days_ago):
        self.path, self.key, self.written_ms = path, str(uuid.uuid4()), now_ms() - days_ago * DAY_MS
        self.body = dict(body, deviceAtMs=self.written_ms)
        self.receipts = []

    def send(self, client):
        self.receipts.append(client.post(self.path, self.body, key=self.key))


class Tablet:
    def __init__(self, stack, city, grid):
        self.stack, self.city, self.grid = stack, city, grid
        self.worker, self.clerk = city.who("ROLE_GW", covers=grid), city.who("ROLE_CD", covers=grid)
        self.known = self.worker.post("/v1/incidents", {"category": "0802", "areaCode": grid, "text": "村口路灯不亮，晚上看不清路。"})
        self.campaign = start_campaign(self.clerk, {
            "title": "防溺水排查", "category": "1205", "areaCode": grid[:12], "dueAtMs": now_ms() + 5 * DAY_MS})
        (self.task,) = wait_until("the grid has its task", lambda: [
            t for t in self.worker.every("/v1/tasks", "task", campaignId=self.campaign) if t["gridCode"] == grid])
        self.photo, self.clean = png(200_000, 11)

    def drafts(self, photograph):
        at = self.grid
        return [
            Draft("/v1/incidents", {"category": "0701", "areaCode": at, "text": "沟边堆了一车建筑垃圾。",
                                    "occurredAtMs": now_ms() - 3 * DAY_MS, "attachment": [photograph]}, 3),
            Draft("/v1/incidents", {"category": "0703", "areaCode": at, "text": "路面撒落的砂石已经扫净。",
                                    "selfHandled": {"measures": "当场清扫", "note": "已扫净", "resolved": "YES"}}, 2.5),
            Draft("/v1/incidents", {"category": "0102", "areaCode": at, "scale": "S2_2_TO_4", "text": "两家为宅前排水沟争吵，约好再谈。",
                                    "party": [{"name": "王秀兰", "phone": "13900020001", "side": "SIDE_A"},
                                              {"name": "张立国", "phone": "13900020002", "side": "SIDE_B"}]}, 2),
            Draft("/v1/incidents/%s:supplement" % self.known["id"], {"text": "又有两盏不亮，一共四盏。"}, 1.5),
            Draft("/v1/tasks/%s:complete" % self.task["id"], {"allNormal": True}, 1)]

    def upload(self, line):
        """The photograph in pieces over the broken line: each piece goes on where the last one ended."""
        tus = Tus(self.stack, self.worker.token)
        at = tus.create(len(self.photo))
        broken = Tus(self.stack, self.worker.token)
        broken.port = line.port
        sent, cut = 0, 0
        while sent < len(self.photo):
            try:
                broken.call("PATCH", at, self.photo[sent:], Upload_Offset=str(sent))
            except (OSError, http.client.HTTPException):
                cut += 1
            status, headers, _ = tus.call("HEAD", at)
            expect(status == 200, "the upload is still known: %s" % status)
            sent = int(headers["upload-offset"])
        expect(cut > 0, "the line broke while it was sent")
        _, headers, _ = tus.call("HEAD", at)
        return {"sha256": headers["fengqiao-sha256"], "mime": "image/png", "sizeBytes": str(len(self.clean)), "use": "SCENE",
                "takenAtMs": now_ms() - 3 * DAY_MS}

    def matters(self):
        return {row["matterCode"] for row in self.clerk.every("/v1/incidents", "row", areaCode=self.grid[:12], status=[
            "REPORTED", "ACCEPTED", "CLOSED"])}


def sent_over_a_broken_line(stack, tablet, drafts):
    """Who knows what arrived? The tablet asks again with the same numbers, two at a time, until each was answered."""
    line = Line(stack.ports["gateway"], 7, CUT_LOW, CUT_HIGH)
    client = Client("http://127.0.0.1:%d" % line.port, patience_s=60)
    client.token = tablet.worker.token
    failures = []

    def send(some):
        try:
            for draft in some:
                draft.send(client)
        except (Problem, OSError, http.client.HTTPException) as error:
            failures.append(error)
    threads = [threading.Thread(target=send, args=(drafts[i::2],)) for i in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    line.close()
    expect(not failures, "all drafts arrive in the end: %s" % failures)
    expect(line.cuts >= len(drafts), "the line broke again and again: %d times" % line.cuts)
    return line.cuts


def once_more(tablet, drafts):
    """The tablet lost the answers with its battery: everything is sent again, and each receipt is the first one."""
    for draft in drafts:
        draft.send(tablet.worker)
        first, again = ({k: v for k, v in receipt.items() if k != "repeated"} for receipt in draft.receipts)
        expect(again == first and draft.receipts[1].get("repeated"), "the first receipt, and said so: %s, %s" % tuple(draft.receipts))
    other = drafts[2]
    try:
        tablet.worker.post(other.path, dict(other.body, text="换了一句话。"), key=other.key)
        expect(False, "another request under a number that is taken is refused")
    except Problem as problem:
        expect(problem.status in (409, 422), "said so: %s" % problem)


def step_of(tablet, matter, event):
    steps = [s for s in tablet.clerk.every("/v1/incidents/%s/steps" % matter, "step") if s["event"] == event]
    expect(len(steps) == 1, "%s of %s happened once: %d times" % (event, matter, len(steps)))
    return steps[0]


def as_received(tablet, drafts, from_ms):
    """Clocks run from the receipt; the device's own time stands beside it."""
    until_ms = now_ms() + 1
    for draft, event in zip(drafts[:4], ("reported", "reported", "reported", "supplemented")):
        step = step_of(tablet, draft.receipts[0]["id"], event)
        expect(from_ms <= int(step["atMs"]) <= until_ms, "received now, not days ago: %s" % step)
        expect(int(step["deviceAtMs"]) == draft.written_ms, "written then, by the device: %s" % step)
    for draft in (drafts[0], drafts[2]):
        view = tablet.clerk.get("/v1/incidents/" + draft.receipts[0]["id"])
        (clock,) = [d for d in view["deadline"] if d["policyId"] == "DI-01"]
        expect(from_ms <= int(clock["startedAtMs"]) <= until_ms and int(clock["dueAtMs"]) > until_ms,
               "nobody is late for what lay on a tablet: %s" % clock)
        expect(clock.get("light") != "RED" and from_ms <= int(view["reportedAtMs"]) <= until_ms, "nor is it red")
    first = tablet.clerk.get("/v1/incidents/" + drafts[0].receipts[0]["id"])
    expect(abs(int(first["occurredAtMs"]) - drafts[0].written_ms) < SOON_MS, "when it was seen is what the worker says")
    settled = tablet.clerk.get("/v1/incidents/" + drafts[1].receipts[0]["id"])
    expect(settled["status"] == "CLOSED" and settled["closureType"] == "SELF_HANDLED", "settled on the spot: %s" % settled["status"])
    task = [t for t in tablet.worker.every("/v1/tasks", "task", campaignId=tablet.campaign) if t["id"] == tablet.task["id"]]
    expect(not task or task[0].get("done"), "the task is done: %s" % task)


def covered(tablet):
    """What leaders are shown of the campaign: the grid is done, the others of its village are not; each figure has its list."""
    leader = tablet.city.who("ROLE_CL", covers=tablet.grid)
    at = {"areaCode": tablet.grid[:12]}
    path = "/v1/oversight/campaigns/" + tablet.campaign
    shown = wait_until("the campaign says that the grid is done", lambda: (
        lambda said: said if said["campaign"]["tasks"].get("allNormal") == "1" else None)(leader.get(path, **at)))
    tasks, places = shown["campaign"]["tasks"], {p["areaCode"]: p["tasks"] for p in shown["place"]}
    expect(int(tasks["all"]) == len(places) and int(tasks.get("open", 0)) == len(places) - 1, "one task a grid: %s" % shown)
    expect(places[tablet.grid]["coverage"] == "100.00", "the grid is done: %s" % places)
    (done,) = leader.every(path + "/counted", "counted", count="TASKS_DONE", **at)
    expect((done["id"], done["areaCode"], done["stands"]) == (tablet.task["id"], tablet.grid, "TASKS_ALL_NORMAL"), "its list: %s" % done)
    (row,) = [c for c in leader.every("/v1/oversight/campaigns", "campaign", areaCode=tablet.grid[:6]) if c["id"] == tablet.campaign]
    expect(int(row["costMinutes"]) > 0 and row["daysLeft"] in (4, 5), "what it costs, and how long it goes on: %s" % row)


def photographed(tablet, drafts):
    """Whoever is shown the matter is shown the photograph, without where it was taken."""
    (shown,) = tablet.clerk.get("/v1/incidents/" + drafts[0].receipts[0]["id"])["attachment"]
    connection = http.client.HTTPConnection("127.0.0.1", tablet.stack.ports["gateway"], timeout=30)
    connection.request("GET", "/v1/documents/incident/%s/%s" % (drafts[0].receipts[0]["id"], shown["sha256"]),
                       headers={"Authorization": "Bearer " + tablet.clerk.token})
    answer = connection.getresponse()
    data = answer.read()
    connection.close()
    expect(answer.status == 200 and data == tablet.clean, "the photograph, cleaned: %s" % answer.status)
    expect(hashlib.sha256(data).hexdigest() == shown["sha256"], "under its own digest")
    expect(abs(int(shown["takenAtMs"]) - drafts[0].written_ms) < SOON_MS, "taken three days ago: %s" % shown)


def ahead(tablet):
    """A tablet whose clock runs two days ahead: nothing happened tomorrow, and no period begins there."""
    draft = Draft("/v1/incidents", {"category": "0801", "areaCode": tablet.grid, "text": "井盖松动，车过有响声。",
                                    "occurredAtMs": now_ms() + 2 * DAY_MS}, -2)
    draft.send(tablet.worker)
    view = tablet.clerk.get("/v1/incidents/" + draft.receipts[0]["id"])
    expect(int(view["occurredAtMs"]) <= now_ms() and int(view["reportedAtMs"]) <= now_ms(), "it was now: %s" % view["occurredAtMs"])


def main():
    with installation(sys.argv[1]) as stack:
        city = city_of(stack)
        grid, _, _ = place_of(city)
        tablet = Tablet(stack, city, grid)
        before = tablet.matters()
        feed = Watcher(stack, tablet.clerk, grid[:12])
        from_ms = now_ms()
        line = Line(stack.ports["gateway"], 3, 30_000, 90_000)
        drafts = tablet.drafts(tablet.upload(line))
        line.close()
        cuts = sent_over_a_broken_line(stack, tablet, drafts)
        once_more(tablet, drafts)
        as_received(tablet, drafts, from_ms)
        wait_drained(stack)  # until media knows who named it, the uploader alone has it
        photographed(tablet, drafts)
        covered(tablet)
        wait_drained(stack)
        new = {d.receipts[0]["matterCode"] for d in drafts[:3]}
        expect(tablet.matters() - before == new and len(new) == 3, "three matters are new, and no fourth: %s" % (tablet.matters() - before))
        wait_until("the feed has them", lambda: new <= set(feed.codes()))
        expect(sorted(c for c in feed.codes() if c in new) == sorted(new), "each once")
        feed.cut()
        ahead(tablet)
    print("flow-11: five drafts of three days, sent twice over a line that broke %d times, each with its effect once" % cuts)


if __name__ == "__main__":
    main()
