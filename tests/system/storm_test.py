#!/usr/bin/env python3
"""flow-7 and flow-8 through the running processes by HTTP. Forty people report one burst pipe: it is one matter, each of the forty is
told what becomes of it by the own query code, and every count, figure and list has it once. Then a matter that two units of a township
hand back: the county designates, and oversight says meanwhile why it does not move.

usage: storm_test.py BIN_DIR
"""
# spec: flow-7 flow-8 I4 I5 I8a I8b I12 I16 K-01 K-15 K-28
import sys

from harness import city_of, expect, installation, place_of, wait_drained  # first: it says where the others are
from asked import add_person
from client import Client, wait_until
from feed_test import Watcher
from year_test import refused

REPORTERS = 40
CLOSED = "水管已换，全楼恢复供水。"
# What somebody sees who looks out of the window.
SAID = ("小区门口的水管爆了，水喷得很高。", "水管爆裂，路面全是水，车都过不去。", "楼下水管爆了，一楼已经进水。", "主水管爆裂，整栋楼停水了。")


class Desk:
    """The people over one grid, and a period that holds everything that happens here."""

    def __init__(self, stack, city, grid):
        self.stack, self.city, self.grid = stack, city, grid
        self.township, self.county = grid[:9], grid[:6]

    def who(self, role, **where):
        return self.city.who(role, **(where or {"covers": self.grid}))

    def step(self, matter, name, who, body=None):
        return who.post("/v1/incidents/%s:%s" % (matter, name), body or {})

    def view(self, matter):
        return self.who("ROLE_CD").get("/v1/incidents/" + matter)

    def steps(self, matter):
        return [s["event"] for s in self.who("ROLE_CD").every("/v1/incidents/%s/steps" % matter, "step")]

    def figure(self, name, area=None):
        said = self.who("ROLE_CC").get("/v1/metrics/" + name, areaCode=area or self.township)
        return int(said.get("numerator", 0)), int(said.get("denominator", 0))

    def figures(self):
        """All of them, of the township, the county and the city: numerator and denominator."""
        said = {}
        for area in (self.township, self.county, self.county[:4]):
            for one in self.who("ROLE_CC").get("/v1/metrics", areaCode=area)["figure"]:
                said[area, one["id"]] = (int(one.get("numerator", 0)), int(one.get("denominator", 0)))
        return said

    def counts(self):
        """Live counts by status of the three areas, without what is none."""
        said = {}
        for area in (self.township, self.county, self.county[:4]):
            for row in self.who("ROLE_CC").get("/v1/incidents:count", areaCode=area).get("count", []):
                if int(row["count"]):
                    said[area, row["status"]] = int(row["count"])
        return said


# -- flow-7 -------------------------------------------------------------------------------------------------------


class Storm:
    """The same pipe, reported forty times within minutes: by residents without an account, by one who rings the hotline, by the grid."""

    def __init__(self, desk):
        self.desk = desk
        self.feed = Watcher(desk.stack, desk.who("ROLE_GW"), desk.grid[:12])
        nobody = Client(desk.stack.url)
        place = {"text": "一里小区东门外", "lon": 116.58, "lat": 37.33, "hasPosition": True}
        body = {"category": "0403", "areaCode": desk.grid, "place": place}
        self.receipts = [nobody.post("/v1/public/incidents", dict(body, text=SAID[i % len(SAID)])) for i in range(REPORTERS - 2)]
        self.hotline = desk.who("ROLE_HA").post("/v1/incidents", dict(body, text=SAID[1]))
        self.receipts.append(self.hotline)
        self.grid_report = desk.who("ROLE_GW").post("/v1/incidents", dict(body, text=SAID[0]))
        self.primary = self.receipts[0]
        self.others = self.receipts[1:] + [self.grid_report]
        expect(len({r["queryCode"] for r in self.receipts}) == REPORTERS - 1, "each has a query code of the own")

    def told(self):
        """What each reporter sees: by the query code, and the grid worker in the own list."""
        nobody = Client(self.desk.stack.url)
        return [nobody.get("/v1/public/incidents/" + r["queryCode"]) for r in self.receipts]

    def merged(self):
        """The township's desk is shown what may be the same, and a person says so of each."""
        dispatcher = self.desk.who("ROLE_TD")
        shown = dispatcher.post("/v1/incidents:suggestDuplicates", {"id": self.primary["id"]})["candidate"]
        codes = {r["matterCode"] for r in self.others}
        expect(shown and all(c["row"]["matterCode"] in codes and c["whyZh"] for c in shown), "like ones, with the reason: %s" % shown)
        for receipt in self.others:  # what the hotline took down came to the county
            who = self.desk.who("ROLE_CD") if receipt is self.hotline else dispatcher
            self.desk.step(receipt["id"], "merge", who, {"primaryId": self.primary["id"], "ground": "同一处水管，同一时段"})
        refused(lambda: self.desk.step(self.others[0]["id"], "merge", dispatcher, {"primaryId": self.others[1]["id"], "ground": "同上"}),
                "WRONG_STATUS")
        expect(self.desk.view(self.primary["id"])["reportCount"] == REPORTERS, "the primary stands for forty")
        rows = dispatcher.every("/v1/incidents", "row", primaryId=self.primary["id"], pageSize=15)
        expect({row["matterCode"] for row in rows} == codes, "and says which thirty-nine")
        listed = dispatcher.every("/v1/incidents", "row", areaCode=self.desk.grid[:12])
        expect([row["matterCode"] for row in listed] == [self.primary["matterCode"]], "one line on the desk")
        for receipt, seen in zip(self.receipts, self.told()):
            expect(seen["matterCode"] == receipt["matterCode"] and seen["status"] == self.desk.view(self.primary["id"])["status"],
                   "each keeps the own code and sees how it stands: %s" % seen)

    def handled(self):
        matter, d = self.primary["id"], self.desk
        level = d.view(matter)["currentLevel"]
        if d.view(matter)["status"] == "REPORTED":
            d.step(matter, "accept", d.who("ROLE_CD"), {"complexity": "SIMPLE"})
        expect(level >= 3, "a burst pipe is an emergency: at the township from the first moment")
        unit = d.county + "-water"
        d.step(matter, "dispatch", d.who("ROLE_CD"), {"leadOrg": unit})
        d.step(matter, "take", d.who("ROLE_DH", org=unit))
        expect(all(seen["whoZh"] and seen["status"] == "PROCESSING" for seen in self.told()), "all forty see who has it now")
        d.step(matter, "complete", d.who("ROLE_DH", org=unit), {"result": CLOSED, "resolved": "YES"})
        d.step(matter, "verifyPass", d.who("ROLE_VF"), {"record": "现场查看", "resolved": "YES"})

    def everybody_is_told(self):
        def informed():
            return all(self.desk.steps(r["id"]).count("follower_informed") == 1 for r in self.others)
        wait_until("each of the thirty-nine is told how it ended", informed)
        for seen in self.told():
            expect(seen["proceduralClosed"] and seen["substantivelyResolved"] and seen["result"] == CLOSED,
                   "the forty read the result: %s" % seen)
        wait_until("the grid worker's feed says it too",
                   lambda: any(e["type"] == "fengqiao.incident.follower_informed.v1" and
                               e["mattercode"] == self.grid_report["matterCode"] for e in self.feed.events))
        own = self.desk.view(self.grid_report["id"])
        expect(own["status"] == "MERGED" and own["primaryCode"] == self.primary["matterCode"], "his own says into which: %s" % own)
        self.feed.cut()
        expect(self.desk.steps(self.primary["id"]).count("duplicate_joined") == REPORTERS - 1, "thirty-nine joined")


def duplicate_storm(desk):
    counts, figures = desk.counts(), desk.figures()
    storm = Storm(desk)
    storm.merged()
    storm.handled()
    storm.everybody_is_told()
    wait_drained(desk.stack)
    after = desk.counts()
    for area in (desk.township, desk.county, desk.county[:4]):
        more = {s: after[a, s] - counts.get((a, s), 0) for a, s in after if a == area}
        expect({s: n for s, n in more.items() if n} == {"CLOSED": 1}, "%s counts one matter: %s" % (area, more))
    now = desk.figures()
    changed = {key: tuple(b - a for a, b in zip(figures[key], now[key])) for key in now if now[key] != figures[key]}
    expect(all(max(pair) <= 1 for pair in changed.values()), "no figure counts it twice: %s" % changed)
    for name, more in (("K-01", (1, 1)), ("K-28", (1, 1)), ("K-15", (0, 1))):
        for area in (desk.township, desk.county, desk.county[:4]):
            expect(changed[area, name] == more, "%s of %s: %s" % (name, area, changed[area, name]))
    for name in ("K-01", "K-15", "K-28"):
        behind = list(desk.who("ROLE_CL").every("/v1/metrics/%s/counted" % name, "counted", areaCode=desk.county))
        ours = [(c["matterCode"], int(c["count"])) for c in behind if c["category"] == "0403"]
        expect(ours == [(storm.primary["matterCode"], 1)], "the list behind %s has the primary, once: %s" % (name, ours))


# -- flow-8 -------------------------------------------------------------------------------------------------------


def stuck_at(desk, code, who, area, group, reason):
    """What a leader reads about it on the own page."""
    def looked():
        items = {i["matterCode"]: i for i in desk.who(who).every("/v1/oversight/review", "item", areaCode=area)}
        item = items.get(code)
        return item if item and (item["group"], item.get("stuckReason")) == (group, reason) else None
    return wait_until("%s sees %s, %s" % (who, group, reason), looked)


def handed_back(desk, matter, handler, unit, other):
    desk.step(matter, "dispatch", desk.who("ROLE_TD"), {"leadOrg": unit})
    desk.step(matter, "requestReturn", handler, {"reason": "不属于本单位职责", "legalBasis": "职责清单", "suggestedOrg": other})
    expect(desk.view(matter)["returnRequested"], "the request lies before the township")
    desk.step(matter, "approveReturn", desk.who("ROLE_TD"), {})


def ping_pong(desk):
    police, justice = desk.township + "-police", desk.township + "-justice"
    officer = add_person(desk.stack, desk.city, "town-police", police, [("ROLE_DH", police, desk.township)])
    clerk = add_person(desk.stack, desk.city, "town-justice", justice, [("ROLE_DH", justice, desk.township)])
    before = desk.figure("K-15")
    receipt = desk.who("ROLE_GW").post("/v1/incidents", {"category": "0304", "areaCode": desk.grid, "scale": "S1_ONE",
                                                         "text": "出租房里住了多少人没有登记，房东不在本地。"})
    matter, code = receipt["id"], receipt["matterCode"]
    desk.step(matter, "escalate", desk.who("ROLE_GH"), {"reason": "须由派出所核查", "measuresTried": "联系房东未果"})
    desk.step(matter, "accept", desk.who("ROLE_TD"), {"complexity": "ORDINARY"})
    handed_back(desk, matter, officer, police, justice)
    view = desk.view(matter)
    expect((view["returnCount"], view["status"], view["currentLevel"]) == (1, "ACCEPTED", 3), "back at the township: %s" % view)
    handed_back(desk, matter, clerk, justice, police)
    view = desk.view(matter)
    expect((view["returnCount"], view["status"], view["currentLevel"]) == (2, "ACCEPTED", 4), "the second takes it to the county: %s" % view)
    item = stuck_at(desk, code, "ROLE_CL", desk.county, "AT_LEVEL", "RETURNED_TWICE")
    expect(item["returnCount"] == 2 and item["levelPath"][-2:] == [3, 4] and item["escalationReason"] == "RETURNS",
           "how often, the path it came, and why: %s" % item)
    counted = desk.who("ROLE_CL").get("/v1/oversight/review:count", areaCode=desk.county)
    rows = [(s["township"], int(s["count"]), s["oldestId"]) for s in counted["stuck"] if s["reason"] == "RETURNED_TWICE" and int(s["count"])]
    expect(rows == [(desk.township, 1, code)], "the aggregate says where, and which is the oldest: %s" % rows)
    refused(lambda: desk.step(matter, "dispatch", desk.who("ROLE_TD"), {"leadOrg": police}), "LEVEL_TOO_LOW")
    desk.step(matter, "dispatch", desk.who("ROLE_CD"), {"leadOrg": police, "instruction": "指定派出所牵头，司法所协助"})
    refused(lambda: desk.step(matter, "requestReturn", officer, {"reason": "还是不归我们"}), "DESIGNATED_STAYS")
    stuck_at(desk, code, "ROLE_CL", desk.county, "AT_LEVEL", "RETURNED_TWICE")  # until somebody takes it
    desk.step(matter, "take", officer)
    stuck_at(desk, code, "ROLE_CL", desk.county, "AT_LEVEL", None)
    desk.step(matter, "complete", officer, {"result": "已核查登记。", "resolved": "YES"})
    desk.step(matter, "verifyPass", desk.who("ROLE_VF"), {"record": "抽查登记表", "resolved": "YES"})
    told = desk.steps(matter)
    expect((told.count("dispatched"), told.count("returned")) == (3, 2), "the record shows all of it: %s" % told)
    expect(desk.view(matter)["resolvedLevel"] == 4, "the county had to be asked")

    def figure():
        now = desk.figure("K-15")
        return (now[0] - before[0], now[1] - before[1]) == (2, 3)
    wait_until("K-15 counts two returns of three dispatches", figure)


def main():
    with installation(sys.argv[1]) as stack:
        city = city_of(stack)
        grid, _, _ = place_of(city)
        desk = Desk(stack, city, grid)
        duplicate_storm(desk)
        ping_pong(desk)
    print("flow-7 and flow-8: forty reports are one matter to every count and no reporter is forgotten; the second return goes up")


if __name__ == "__main__":
    main()
