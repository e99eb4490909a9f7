#!/usr/bin/env python3
"""flow-12 through the running processes by HTTP: Dezhou's villages of 2020 become those of 2023 in the middle of open matters. A city
runs on the list of 2020 with its 8,109 villages; incidents, mediation cases and petitions are open in villages that will merge; then the
operator lays the list of 2023 beside the old one and starts the directory anew, and nothing else. Every matter stays where people find
it, with its clocks; whoever answers for the village that took over answers for it, and so do the people of the village that has gone;
nobody else does; where an administrator has to decide, the directory says so; the figures are what they were.

usage: merger_test.py BIN_DIR
"""
# spec: flow-12 I1 I3 I6 I16 P4 M5 M15 K-01 K-15 K-28 A15
import os
import random
import shutil
import sys
import tempfile
import time

from harness import ROOT, expect, wait_drained  # first: it says where the others are
from asked import start_campaign
from checks import check_agreement
from client import Problem, wait_until
from feed_test import Watcher
from merging import COUNTIES, PARTY, City, Matters, asked_of, villages_of
from periods_test import rehearsal_from

START = "2026-11-23 10:00"
DAY_MS = 86_400_000
SAMPLES = 5  # former villages of a county whose own people are looked at


# -- the operator -------------------------------------------------------------------------------------------------


def take_over(stack, areas):
    """All that an operator does. How long the directory is away, and until every service has heard of everything."""
    shutil.copytree(os.path.join(ROOT, "policy", "areas", "dezhou-2023"), os.path.join(areas, "dezhou-2023"))
    began = time.monotonic()
    directory = stack.children["directory"]
    directory.terminate()
    directory.wait()
    stack.start("directory")
    stack.wait_ready(120)
    ready = time.monotonic() - began
    wait_drained(stack)
    return ready, time.monotonic() - began


def lists_are_those_of_today(city, today):
    """5,307 villages stand; what has gone leads to one of them, or to its township, and its grids have gone with it."""
    ask = city.clerk("371403")
    standing = 0
    for county in ask.every("/v1/areas", "area", parent="3714"):
        for township in ask.every("/v1/areas", "area", parent=county["code"], pageSize=500):
            standing += sum(1 for _ in ask.every("/v1/areas", "area", parent=township["code"], pageSize=500))
    expect(standing == 5307, "%d villages stand, not 5,307" % standing)
    for village, home in today.items():
        expect(home[:9] == village[:9], "%s stays in its township: %s" % (village, home))
        if home == village:
            continue
        expect(not ask.get("/v1/areas/%s" % home)["area"].get("validTo"), "%s leads to what stands: %s" % (village, home))
        grids = ask.get("/v1/areas/%s/grids" % village).get("area", [])
        expect(all(g.get("validTo") for g in grids), "the grids of %s have ended with it: %s" % (village, grids))


# -- before and after -----------------------------------------------------------------------------------------------


def unchanged(before, after, what):
    changed = [(key, before[key], after.get(key)) for key in before if before[key] != after.get(key)]
    expect(not changed and len(before) == len(after),
           "%s: %d of %d changed, the first: %s" % (what, len(changed), len(before), changed[:1] and (
               changed[0][0], first_difference(*changed[0][1:]))))


def first_difference(a, b):
    if isinstance(a, dict) and isinstance(b, dict):
        return next((k, first_difference(a.get(k), b.get(k))) for k in a.keys() | b.keys() if a.get(k) != b.get(k))
    if isinstance(a, (list, tuple)) and isinstance(b, (list, tuple)) and len(a) == len(b):
        return next(first_difference(x, y) for x, y in zip(a, b) if x != y)
    return str(a)[:300], str(b)[:300]


def only_where_due(city, matters, today, person, area, who):
    """The incidents of one head of a village, by the own list, by search and one by one, beside a plain filter."""
    mine = {i.code for i in matters.incidents if i.open and (i.village == area or today[i.village] == area)}
    listed = {row["matterCode"] for row in person.every("/v1/incidents", "row")}
    expect(listed == mine, "%s lists %s, not %s" % (who, sorted(listed), sorted(mine)))
    named = {row["matterCode"] for row in person.every("/v1/incidents", "row", areaCode=area)}
    expect(named == mine, "%s asks for the village: %s, not %s" % (who, sorted(named), sorted(mine)))
    found = {row["matterCode"] for row in person.every("/v1/incidents:search", "row", q="合并", openOnly="true")}
    expect(found == mine, "%s finds %s, not %s" % (who, sorted(found), sorted(mine)))
    for matter in matters.near(area):
        own = matter in matters.incidents and (matter.village == area or today[matter.village] == area)
        expect(allowed(person, matter.path) == own, "%s and %s" % (who, matter.code))


def allowed(person, path):
    try:
        person.get(path)
        return True
    except Problem as problem:
        expect(problem.status in (403, 404), "refused plainly: %s" % problem)
        return False


def people_see_what_is_theirs(city, matters, today, chosen):
    """Heads of the villages that took over, of those that have gone, and of one that has nothing to do with it."""
    heads = {}
    for village in chosen:
        home = today[village]
        former = city.again("head-" + village)
        if len(home) == 12:
            only_where_due(city, matters, today, former, home, "the former head of " + village)
        else:  # only the township took over, and nobody gets a township by a merger
            only_where_due(city, matters, {**today, **{village: village}}, former, village, "the former head of " + village)
        if len(home) == 12 and home not in heads:
            heads[home] = city.head(home)
            only_where_due(city, matters, today, heads[home], home, "the head of " + home)
    expect(len(heads) >= 3, "some went into villages: %s" % today)
    for county in COUNTIES:
        elsewhere = next(v for v in sorted(villages_of("2023")) if v.startswith(county) and v != city.reporter_village() and
                         v not in heads and v not in matters.villages() and v not in today.values())
        only_where_due(city, matters, today, city.head(elsewhere), elsewhere, "the head of %s, another village" % elsewhere)
    return heads


def the_directory_names_what_wants_a_hand(city, today, chosen):
    """A head whose village went into the township has no more than before, and the administrator is told; none that stays is named."""
    rows = {}
    for row in city.who("ROLE_SA").every("/v1/grants:unsettled", "grant"):
        rows.setdefault(row["login"], []).append((row["why"], row["grant"].get("actsForArea"), row.get("successor")))
    for village in chosen:
        why = rows.get("head-" + village, [])
        if len(today[village]) == 9:
            expect(why == [("SUCCESSOR_ABOVE", None, [today[village]])], "%s: %s" % (village, why))
        else:
            expect(all(w[:2] == ("SUCCESSOR_INFERRED", today[village]) for w in why), "%s: %s" % (village, why))
    named = {login[5:] for login in rows if login.startswith("head-")}
    expect(named <= set(chosen), "nobody else is named: %s" % sorted(named - set(chosen)))


# -- work goes on -----------------------------------------------------------------------------------------------------


def to_the_end(city, matters, today, heads, chosen):
    """What lay before the former village is accepted, handled and closed by the people of the village that took over."""
    stack = city.stack
    for home, head in heads.items():
        incident = next((i for i in matters.incidents if today[i.village] == home and i.until == "reported" and i.village in chosen), None)
        if incident is None:
            continue
        feeds = {"the county's": Watcher(stack, city.clerk(home[:6]), home[:6]),
                 "the worker's of today": Watcher(stack, city.worker(home), home),
                 "the former worker's": Watcher(stack, city.again("worker-" + incident.village), incident.village)}
        step = lambda name, who, body=None: who.post("/v1/incidents/%s:%s" % (incident.id, name), body or {})  # noqa: E731
        step("accept", head, {"complexity": "SIMPLE"})
        step("dispatch", head, {"leadOrg": home + "-centre"})
        step("take", head)
        step("complete", head, {"result": "已处理", "resolved": "YES"})
        step("verifyPass", city.verifier(home[:6]), {"record": "电话核实", "resolved": "YES"})
        view = city.clerk(home[:6]).get("/v1/incidents/" + incident.id)
        expect(view["status"] == "CLOSED" and view["resolvedLevel"] == 2, "settled in the village: %s" % view["status"])
        expect(view["areaCode"].startswith(incident.village), "its code is the old one, for life: %s" % view["areaCode"])
        expect(view["territorial"]["id"] == home[:9] + "-centre" or view["territorial"]["id"].startswith(home),
               "its territory is that of today: %s" % view["territorial"])
        for whose, feed in feeds.items():
            expect(feed.status == 200, "%s feed: %s" % (whose, feed.status))
            wait_until("%s feed hears of it" % whose, lambda feed=feed: any(
                e["mattercode"] == incident.code and e["type"] == "fengqiao.incident.closed.v1" for e in feed.events))
            feed.cut()
        incident.open = False
        return incident
    raise AssertionError("no reported incident in a village that was taken over")


def a_petition_goes_on(city, matters, today):
    """It is sent to a unit and accepted there."""
    petition = next(p for p in matters.petitions if p.until == "registered" and today[p.village] != p.village)
    city.petition_accepted(petition)


def a_case_goes_on(city, matters, today):
    """The committee of the village that took over has the open cases of those that went into it: it lists them, hears of them and brings
    one to an agreement. The file still says to whom it was brought. A new application that names the former village comes to it."""
    case = next(c for c in matters.accepted_cases() if len(today[c.village]) == 12 and today[c.village] != c.village)
    home = today[case.village]
    committee, former = home + "-committee", case.village + "-committee"
    own = city.committee(home)
    due = {c.code for c in matters.cases if today[c.village] == home and c.until != "ended"}
    for asked in ({"committeeOrg": committee}, {"areaCode": home}):
        listed = {line["matterCode"] for line in own.every("/v1/mediation-cases", "line", pageSize=1, **asked)}
        expect(listed == due, "%s lists %s, not %s" % (asked, sorted(listed), sorted(due)))
    feed = Watcher(city.stack, own, home)
    expect(feed.status == 200, "may watch its village: %s" % feed.status)
    city.case_agreed(case, own)
    for who in (own, city.again("committee-" + case.village)):
        view = who.get(case.path)
        expect((view["status"], view["committeeOrg"], view["holderOrg"]) == ("EFFECTIVE", former, committee),
               "it binds, and the file says whose it was: %s" % [view[k] for k in ("status", "committeeOrg", "holderOrg")])
    wait_until("the committee's feed hears of it", lambda: any(
        e["mattercode"] == case.code and e["type"] == "fengqiao.mediation.effective.v1" for e in feed.events))
    feed.cut()
    stranger = next(c for c in matters.accepted_cases() if today[c.village] not in (home, c.village))
    expect(not allowed(own, stranger.path), "what went elsewhere is not its business")
    receipt = city.registrar(home[:6]).post("/v1/mediation-cases", {
        "areaCode": case.village, "committeeOrg": former, "disputeType": "D02", "facts": "合并后的申请。", "scale": "S2_2_TO_4",
        "voluntary": True, "party": PARTY})
    view = own.get("/v1/mediation-cases/" + receipt["id"])
    expect((view["committeeOrg"], view["areaCode"]) == (committee, home), "it comes to who took over: %s" % view["committeeOrg"])


def from_the_tablet(city, today, heads, chosen):
    """A tablet that still knows the old village sends what was written before the merger: it goes to the village that took over."""
    village = next(v for v in chosen if today[v] in heads)
    home, worker = today[village], city.worker(village)
    for area in (village + "001", village, None):
        body = {"category": "0701", "text": "合并前写下的：路边垃圾。", "deviceAtMs": city.now_ms() - 3 * DAY_MS}
        receipt = worker.post("/v1/incidents", dict(body, areaCode=area) if area else body)
        view = city.clerk(village[:6]).get("/v1/incidents/" + receipt["id"])
        expect(view["areaCode"] == home, "it lies in %s now, not in %s" % (home, view["areaCode"]))
        expect(view["holder"]["id"] == home + "-centre", "and before its people: %s" % view["holder"])
        listed = {row["matterCode"] for row in heads[home].every("/v1/incidents", "row")}
        expect(receipt["matterCode"] in listed, "who see it")
        heads[home].post("/v1/incidents/%s:accept" % receipt["id"], {"complexity": "SIMPLE"})


def screening_goes_to_grids_of_today(city, today, chosen):
    """A campaign of a township asks exactly the grids that stand there."""
    township = chosen[0][:9]
    clerk = city.clerk(township[:6])
    grids = set()
    for village in clerk.every("/v1/areas", "area", parent=township, pageSize=500):
        grids |= {g["code"] for g in clerk.every("/v1/areas/%s/grids" % village["code"], "area", pageSize=500)}
    campaign = start_campaign(clerk, {"title": "防汛排查", "category": "1203", "areaCode": township, "dueAtMs": city.now_ms() + 5 * DAY_MS})
    view = wait_until("every grid has its task", lambda: (
        lambda v: v if not v.get("expanding") else None)(clerk.get("/v1/campaigns/" + campaign)))
    tasks = {t["gridCode"] for t in clerk.every("/v1/tasks", "task", campaignId=campaign)}
    expect(tasks == grids and int(view["tasks"]) == len(grids),
           "tasks in %d grids, %d stand; %s" % (len(tasks), len(grids), sorted(tasks ^ grids)[:3]))


def one_by_hand(city, matters, today):
    """Later an office decides on one more: the administrator says so, at once and without a start."""
    standing = sorted(v for v in villages_of("2023") if v.startswith("371403002"))
    gone, home = standing[0], standing[1]
    receipt = city.reporter().post("/v1/incidents", {"category": "0703", "areaCode": gone, "text": "合并：路面不洁。"})
    head = city.head(home)
    expect(not allowed(head, "/v1/incidents/" + receipt["id"]), "another village's, until today")
    city.who("ROLE_SA").post("/v1/areas/%s:retire" % gone, {"successor": home, "validTo": "2026-11-23", "source": "批复1号"})
    wait_until("the head of %s has it" % home, lambda: allowed(head, "/v1/incidents/" + receipt["id"]))
    head.post("/v1/incidents/%s:accept" % receipt["id"], {"complexity": "SIMPLE"})


def main():
    base = tempfile.mkdtemp(prefix="fengqiao-system-")
    areas = os.path.join(base, "areas")
    os.makedirs(areas)
    shutil.copytree(os.path.join(ROOT, "policy", "areas", "dezhou-2020"), os.path.join(areas, "dezhou-2020"))
    with rehearsal_from(sys.argv[1], START, areas=areas, home=base) as (r, _, _):
        city = City(r)
        chance = random.Random(2023)
        old, new = villages_of("2020"), villages_of("2023")
        gone = sorted(old.keys() - new.keys())
        stays = sorted(code for code in old if new.get(code) == old[code])
        chosen = [v for county in COUNTIES for v in chance.sample([g for g in gone if g.startswith(county)], 25)]
        kept = [v for county in COUNTIES for v in chance.sample([s for s in stays if s.startswith(county)], 5)]
        samples = [v for county in COUNTIES for v in [c for c in chosen if c.startswith(county)][:SAMPLES]]
        for village in samples:
            city.head(village)
            city.worker(village)
        matters = Matters(city, chosen, kept, samples)
        for case in matters.accepted_cases():
            city.committee(case.village)
        wait_drained(r.stack)
        before, figures = asked_of(city, matters)
        views = matters.views()
        seconds = take_over(r.stack, areas)
        today = {v: city.clerk(v[:6]).get("/v1/areas/%s:resolve" % v)["area"]["code"] for v in matters.villages()}
        expect(all((today[v] != v) == (v in chosen) for v in today), "exactly the chosen have merged")
        lists_are_those_of_today(city, today)
        after, figures_after = asked_of(city, matters)
        unchanged(before, after, "lists, counts, searches, lights and sheets of counties, townships and the city")
        unchanged(figures, figures_after, "figures")
        unchanged(views, matters.views(), "matters with their clocks")
        heads = people_see_what_is_theirs(city, matters, today, samples)
        the_directory_names_what_wants_a_hand(city, today, samples)
        to_the_end(city, matters, today, heads, samples)
        a_petition_goes_on(city, matters, today)
        a_case_goes_on(city, matters, today)
        from_the_tablet(city, today, heads, samples)
        screening_goes_to_grids_of_today(city, today, samples)
        one_by_hand(city, matters, today)
        wait_drained(r.stack)
        r.stack.stop_all()
        check_agreement(r.stack)
    shutil.rmtree(base, ignore_errors=True)
    print("flow-12: 8,109 villages became 5,307 under %d open matters; the directory was away for %.1f s, after %.1f s all had heard" % (
        len(matters.incidents) + len(matters.cases) + len(matters.petitions), *seconds))


if __name__ == "__main__":
    main()
