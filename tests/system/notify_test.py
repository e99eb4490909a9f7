#!/usr/bin/env python3
"""Notices through the real processes, on the clock of a rehearsal: what a unit must know reaches its box and nobody else's;
whoever reported a matter hears what became of it; a period that is about to end reaches who has the matter; what comes in
the night is one digest in the morning; what one has read nobody else knows; kills of notify neither lose nor double
anything; nothing personal is in any of it.

usage: notify_test.py BIN_DIR
"""
# spec: O1, R1, R9, R12
import json
import signal
import sys

from harness import expect, wait_drained  # first: it says where the others are
from checks import check_agreement, records
from client import Problem, wait_until
from periods_test import rehearsal_from

NAME, PHONE = "欧阳清河", "13900029876"
TEXT = "院墙外排水沟没人清理，欧阳清河 13900029876 反映多次。"


def report(who, grid, path="/v1/incidents"):
    return who.post(path, {"category": "0802", "areaCode": grid, "text": TEXT})


def entries(who):
    found = list(who.every("/v1/inbox", "entry", page_size=100))
    said = json.dumps(found, ensure_ascii=False)
    expect(NAME not in said and PHONE not in said and "排水沟" not in said, "nothing personal is in an inbox: %s" % said)
    return found


def told(who, topic, code):
    return [e for e in entries(who) if e.get("topic") == topic and e.get("matterCode") == code]


def once(who, topic, code):
    found = wait_until("%s of %s is told" % (topic, code), lambda: told(who, topic, code))
    expect(len(found) == 1, "%s of %s is told once: %s" % (topic, code, found))
    return found[0]


def check_boxes(r, grid):
    """By day, each to whom it concerns."""
    resident, head, centre = r.who("ROLE_PUB"), r.who("ROLE_GH", covers=grid), r.who("ROLE_TD", covers=grid)
    seen = report(r.who("ROLE_GW", covers=grid), grid)
    entry = once(head, "incident.reported", seen["matterCode"])
    expect(entry["textZh"] and entry["textEn"] and entry["unread"] and entry["subjectId"] == seen["id"],
           "the entry says what to do and where: %s" % entry)
    receipt = report(resident, grid, "/v1/public/incidents")
    code = receipt["matterCode"]
    expect(not told(resident, "incident.reported", code), "who reported it need not be told that they did")
    centre.post("/v1/incidents/%s:reject" % receipt["id"], {
        "reason": "NOT_IN_ITEM_LIST", "explanation": "不在受理范围。", "whereToGo": "请拨打物业电话"})
    once(resident, "incident.rejected", code)
    for role in ("ROLE_MD", "ROLE_DI", "ROLE_SA"):
        expect(not [e for e in entries(r.who(role)) if e.get("matterCode") == code], "%s is told nothing of it" % role)
    return entry


def check_marks(r, grid, entry):
    head = r.who("ROLE_GH", covers=grid)
    before = head.get("/v1/inbox:count")
    for _ in range(2):
        after = head.post("/v1/inbox:markRead", {"id": [entry["id"]]})
    expect(after.get("unread", 0) == before["unread"] - 1 and after["total"] == before["total"],
           "read once, however often one says so: %s, %s" % (before, after))
    expect([e["id"] for e in entries(head)][-1] == entry["id"], "what is unread comes first")
    try:
        r.who("ROLE_MD").post("/v1/inbox:markRead", {"id": [entry["id"]]})
        expect(False, "nobody marks what is not theirs")
    except Problem as problem:
        expect(problem.reason == "NO_ENTRY", "said so: %s" % problem)


def check_reminder(r, grid):
    """O1: the light turns yellow, and who has the matter is told; notify dies while it hears."""
    code = report(r.who("ROLE_GW", covers=grid), grid)["matterCode"]
    r.go_to("2026-11-23 16:40", kill=True)
    entry = once(r.who("ROLE_GH", covers=grid), "oversight.reminded", code)
    expect(entry["dueAtMs"] and entry["policyId"] == "DI-01" and entry["light"] == "YELLOW", "says what is due: %s" % entry)


def check_night(r, grid):
    """What comes in the evening is quiet until seven, and one then."""
    r.go_to("2026-11-23 21:00")
    codes = [report(r.who("ROLE_GW", covers=grid), grid)["matterCode"] for _ in range(3)]
    wait_drained(r.stack)
    head = r.who("ROLE_GH", covers=grid)
    expect(not [e for e in entries(head) if e.get("matterCode") in codes], "quiet")
    r.go_to("2026-11-24 07:01", kill=True)
    head = r.who("ROLE_GH", covers=grid)
    digests = wait_until("the night's digest is made", lambda: [e for e in entries(head) if e.get("line")])
    expect(len(digests) == 1, "one digest: %s" % digests)
    items = list(head.every("/v1/inbox/%s/items" % digests[0]["id"], "entry"))
    reported = [i["matterCode"] for i in items if i["topic"] == "incident.reported"]
    expect(reported == codes, "each once, in order: %s, not %s" % (codes, reported))
    expect(sum(line["count"] for line in digests[0]["line"]) == len(items), "the digest counts what is in it: %s" % digests)
    expect(not [e for e in entries(head) if e.get("matterCode") in codes], "and nothing beside it")


class Stubborn:
    """The rehearsal, whose notify dies in the middle of what it hears."""

    def __init__(self, rehearsal):
        self.rehearsal, self.stack = rehearsal, rehearsal.stack

    def who(self, role, **where):
        return self.rehearsal.who(role, **where)

    def go_to(self, local, kill=False):
        if kill:
            self.stack.kill("notify", signal.SIGKILL)
            self.stack.children.pop("notify")
        self.rehearsal.go_to(local)
        if kill:
            self.stack.kill("notify", signal.SIGKILL)
            self.stack.start("notify")
            self.stack.wait_ready(60)


def main():
    with rehearsal_from(sys.argv[1], "2026-11-23 15:00") as (rehearsal, grid, _):
        r = Stubborn(rehearsal)
        entry = check_boxes(r, grid)
        check_marks(r, grid, entry)
        check_reminder(r, grid)
        check_night(r, grid)
        wait_drained(r.stack)
        r.stack.stop_all()
        check_agreement(r.stack)
        kinds = [kind for _, _, _, kind in records(r.stack, "notify")]
        expect(kinds.count("told") > 5 and "read" not in " ".join(kinds), "the log says what was told, not what was read")
    print("who must know was told once, by day, and nothing personal; nobody knows who has read it")


if __name__ == "__main__":
    main()
