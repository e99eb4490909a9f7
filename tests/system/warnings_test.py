#!/usr/bin/env python3
"""Early warnings through the running processes by HTTP: five quarrels in a village warn its township, which acknowledges, acts and
clears; what nobody acknowledges goes to the county after its day; who has nothing to do with the place sees nothing.

usage: warnings_test.py BIN_DIR
"""
# spec: O10 W1 DO-05
import sys

from harness import expect  # first: it says where the others are
from client import Problem, wait_until
from periods_test import rehearsal_from


def report(r, grid, category, count):
    worker = r.who("ROLE_GW", covers=grid)
    for n in range(count):
        worker.post("/v1/incidents", {"category": category, "areaCode": grid, "scale": "S1_ONE",
                                      "text": "第%d户反映同样的事。" % (n + 1)})


def warnings(who, area, **more):
    query = "&".join(["areaCode=" + area] + ["%s=%s" % pair for pair in more.items()])
    return who.get("/v1/oversight/warnings?" + query).get("warning", [])


def cluster(who, area, category):
    found = [w for w in warnings(who, area) if w["rule"] == "W1" and w["category"] == category]
    return found[0] if found else None


def refused(ask, status, text):
    try:
        ask()
    except Problem as problem:
        expect(problem.status == status, "%s: %s" % (text, problem))
        return
    expect(False, text)


def say(who, warning, verb, body=None):
    return who.post("/v1/oversight/warnings/%s:%s" % (warning["id"], verb), body or {})


def to_the_end(r, grid):
    """Raised at the fifth, with its facts and the matters behind them; acknowledged, acted on, cleared."""
    town = grid[:9]
    centre = r.who("ROLE_TD", covers=grid)
    report(r, grid, "0102", 4)
    expect(cluster(centre, town, "01") is None, "four are no cluster")
    report(r, grid, "0102", 1)
    warning = wait_until("five are a cluster", lambda: cluster(centre, town, "01"), 60)
    facts = {f["name"]: int(f.get("value", 0)) for f in warning["fact"]}
    expect(facts["FACT_MATTERS"] == 5 and facts["FACT_WINDOW_DAYS"] == 7, "it says what it saw: %s" % facts)
    expect(len(warning["matterCode"]) == 5, "and which: %s" % warning)
    expect(warning["summaryZh"] and warning["deadline"]["policyId"] == "DO-05", "in words, and by when: %s" % warning)
    expect(warning["deadline"]["dueLocal"] == "2026-03-03 24:00", "a working day: %s" % warning["deadline"])
    refused(lambda: say(centre, warning, "clear", {"reason": "已平息"}), 400, "first it is acknowledged")
    say(centre, warning, "acknowledge")
    say(centre, warning, "act", {"done": "逐户走访，约好周五一起清沟。"})
    say(centre, warning, "clear", {"reason": "排水沟已清理，五户都已回访。"})
    wait_until("it is over", lambda: cluster(centre, town, "01") is None, 30)
    over = warnings(centre, town, ended="true")
    expect([w["id"] for w in over] == [warning["id"]] and over[0]["status"] == "WARNING_CLEARED", "it is over: %s" % over)
    return warning


def outsiders(r, grid, warning):
    """A resident, a grid worker; a list of somebody else's place."""
    path = "/v1/oversight/warnings/" + warning["id"]
    resident = r.who("ROLE_PUB")
    refused(lambda: resident.get(path), 403, "a resident sees no warning")
    worker = r.who("ROLE_GW", covers=grid)
    refused(lambda: worker.get(path), 403, "nor does a grid worker")
    centre = r.who("ROLE_TD", covers=grid)
    refused(lambda: warnings(centre, grid[:6] + "100"), 403, "a township reads no other township's list")
    refused(lambda: warnings(centre, grid[:6]), 403, "nor the county's")


def upward(r, grid):
    """Nobody acknowledges: on the second working day it is the county's; then it is false, and counted so."""
    county = grid[:6]
    report(r, grid, "0303", 5)
    first = wait_until("another class is another cluster",
                       lambda: cluster(r.who("ROLE_TD", covers=grid), grid[:9], "03"), 60)
    expect(first["level"] == 3, "for the township: %s" % first)
    r.go_to("2026-03-04 08:30")
    centre = r.who("ROLE_CD", covers=grid)
    warning = wait_until("the county has it", lambda: next(
        (w for w in warnings(centre, county) if w["id"] == first["id"] and w["level"] == 4), None), 60)
    refused(lambda: say(r.who("ROLE_TD", covers=grid), warning, "acknowledge"), 403, "the township has lost it")
    say(centre, warning, "acknowledge")
    say(centre, warning, "markFalse", {"reason": "五条是同一栋楼的同一件事。"})
    rows = {row["rule"]: row for row in
            centre.get("/v1/oversight/warnings:count?areaCode=%s&fromMonth=2026-03&untilMonth=2026-03" % county)["row"]}
    counted = rows["W1"]
    expect(int(counted["raised"]) == 2 and int(counted["wasFalse"]) == 1 and int(counted["cleared"]) == 1, "counted: %s" % counted)
    expect(int(counted["passedUp"]) == 1 and counted["precision"] == "50.00", "and judged: %s" % counted)


def main():
    with rehearsal_from(sys.argv[1], "2026-03-02 09:00") as (rehearsal, grid, _):
        warning = to_the_end(rehearsal, grid)
        outsiders(rehearsal, grid, warning)
        upward(rehearsal, grid)
    print("a cluster warns its township and, unheeded, the county; nobody else")


if __name__ == "__main__":
    main()
