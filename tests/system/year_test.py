#!/usr/bin/env python3
"""The turn of a year through the running processes by HTTP, on the clock of a rehearsal: flow-9 to the day with its cards, the next
year's calendar comes, and a row of policy changes. The days are computed by hand from the rows and the announcements; 2027's is made up.

usage: year_test.py BIN_DIR
"""
# spec: flow-9 I15 I16 I18 O2 O4 O5 O6 DO-02 DI-01 DI-02 DI-03 DI-05 DI-06 DI-07 DI-08 DM-04 DP-05
import sys

from harness import city_of, expect  # first: it says where the others are
from client import Problem, wait_until
from feed_test import Watcher
from periods_test import NOTICE, forward, moment, registered, rehearsal_from
import flows

MINUTES_MS = 10 * 60_000  # people and machines take their time between two steps
# Days off and make-up days that are not what was assumed: weekends and the first of January.
NEW_YEAR = {"off": [("2027-01-0%d" % d, "元旦") for d in range(1, 5)] + [("2027-02-%02d" % d, "春节") for d in range(5, 12)],
            "work": ["2027-01-31"], "horizon": "2027-12-31"}
OWN_ROW = "事件分类 0303 电信诈骗预警宣传"
DEFAULT = "平台默认"


class Matter:
    """One incident, and who has to do with it."""

    def __init__(self, rehearsal, grid, **report):
        self.r, self.grid = rehearsal, grid
        self.id = self.who("ROLE_GW", covers=grid).post("/v1/incidents", dict({
            "category": "0303", "areaCode": grid, "scale": "S1_ONE", "text": "楼道里的防诈骗宣传栏坏了。"}, **report))["id"]

    def who(self, role, **where):
        return self.r.who(role, **where)

    def step(self, name, role, body=None):
        where = {"org": self.r.county + "-urban"} if role == "ROLE_DH" else {"covers": self.grid}
        return self.who(role, **where).post("/v1/incidents/%s:%s" % (self.id, name), body or {})

    def view(self):
        return self.who("ROLE_CD", covers=self.grid).get("/v1/incidents/" + self.id)

    def clock(self, policy):
        clocks = [d for d in self.view()["deadline"] if d["policyId"] == policy]
        expect(clocks, "%s is there" % policy)
        return clocks[-1]

    def due(self, policy, when, article, outcome="CLOCK_RUNNING"):
        """Ends then: with that day, or about that minute; and says whose rule it is."""
        clock = self.clock(policy)
        exact = clock["dueLocal"] == when if when.endswith("24:00") else abs(int(clock["dueAtMs"]) - moment(when)) < MINUTES_MS
        expect(exact, "%s is due %s, not %s" % (policy, clock["dueLocal"], when))
        expect(clock["article"] == article and clock["explanationZh"], "%s names its article %s: %s" % (policy, article, clock))
        expect(clock.get("outcome", "CLOCK_RUNNING") == outcome, "%s: %s, not %s" % (policy, clock.get("outcome"), outcome))
        return clock


def completed(matter, result):
    matter.step("complete", "ROLE_DH", {"result": result, "resolved": "YES"})
    matter.step("verifyFail", "ROLE_VF", {"finding": "宣传栏还是坏的"})


class Cards:
    """The supervision orders about one matter, and what they lay over it."""

    def __init__(self, matter):
        self.m, self.r = matter, matter.r
        self.unit = self.r.county + "-urban"
        self.code = matter.view()["matterCode"]

    def drafted(self, card, ground):
        """The platform proposes it to those who may give it; nobody else hears of it."""
        supervision = self.r.who("ROLE_SV", covers=self.m.grid)

        def found():
            drafts = supervision.every("/v1/oversight/orders?areaCode=%s&drafts=true" % self.r.county, "order")
            return [o for o in drafts if o["matterId"] == self.code and o["card"] == card]
        (draft,) = wait_until("a draft of a %s" % card, found)
        expect((draft["ground"], draft["toOrg"], draft["automatic"]) == (ground, self.unit, True), "what it rests on: %s" % draft)
        expect(not self.of_unit(), "a draft is not the unit's to see")
        return draft["id"]

    def of_unit(self):
        head = self.r.who("ROLE_DM", org=self.unit)
        return [o for o in head.every("/v1/oversight/orders?toOrg=" + self.unit, "order") if o["matterId"] == self.code]

    def step(self, order, name, who, body):
        return who.post("/v1/oversight/orders/%s:%s" % (order, name), body)

    def lies_over(self, card):
        wait_until("the incident shows %s" % card, lambda: self.m.view().get("card", "CARD_UNSPECIFIED") == card)

    def yellow(self):
        """After two false completions: given, due in two working days, answered, accepted."""
        order = self.drafted("CARD_YELLOW", "REWORKED_TWICE")
        given = "2026-12-07 20:0"
        supervision, head = self.r.who("ROLE_SV", covers=self.m.grid), self.r.who("ROLE_DM", org=self.unit)
        self.step(order, "issueYellow", supervision, {"demand": "查明两次返工的原因，限期整改"})
        (seen,) = self.of_unit()
        expect(seen["id"] == order and seen["deadline"]["dueLocal"] == "2026-12-09 24:00", "two working days from %s: %s" % (given, seen))
        self.lies_over("CARD_YELLOW")
        self.step(order, "acknowledge", head, {})
        self.step(order, "answer", head, {"result": "更换施工队并现场复查", "evidence": "整改记录3页"})
        refused(lambda: self.step(order, "acceptAnswer", head, {}), "ROLE_NOT_ALLOWED")
        self.step(order, "acceptAnswer", supervision, {})
        self.lies_over("CARD_UNSPECIFIED")

    def red(self):
        """After a closing that was not true: the county's department answers to the city's leader, and the matter goes up."""
        order = self.drafted("CARD_RED", "FALSIFICATION")
        demand = {"demand": "重新办理，说明虚假办结的经过"}
        refused(lambda: self.step(order, "issueRed", self.r.who("ROLE_CL", covers=self.m.grid), demand), "CITY_LEADER_NEEDED")
        self.step(order, "issueRed", self.r.who("ROLE_CYL", covers=self.m.grid), demand)
        (seen,) = self.of_unit()
        expect(seen["deadline"]["dueLocal"] == "2026-12-11 24:00", "one working day: %s" % seen)
        self.lies_over("CARD_RED")
        wait_until("it is the city's", lambda: self.m.view()["currentLevel"] == 5)


def false_completion(r, grid):
    """flow-9 until its reopening."""
    rework = "返工：剩余期限，至少原期限的30%"
    m = Matter(r, grid)
    m.due("DI-01", "2026-12-02 11:00", DEFAULT)  # two office hours
    m.step("accept", "ROLE_GH", {"complexity": "ORDINARY"})
    m.due("DI-02", "2026-12-02 14:30", DEFAULT)  # four, without the lunch break
    for role in ("ROLE_GH", "ROLE_TD"):  # at the county, where nothing makes it climb within these days
        m.step("escalate", role, {"reason": "需要县级部门处置", "measuresTried": "已现场查看"})
    m.step("dispatch", "ROLE_CD", {"leadOrg": r.county + "-urban"})
    m.due("DI-03", "2026-12-03 24:00", DEFAULT)
    m.step("take", "ROLE_DH")
    m.due("DI-05", "2026-12-07 24:00", OWN_ROW)  # three days: 12-05 is a Saturday
    yield m
    m.step("complete", "ROLE_DH", {"result": "已经修好", "resolved": "YES"})  # 12-04 10:00
    m.due("DI-06", "2026-12-08 24:00", DEFAULT)
    m.step("verifyFail", "ROLE_VF", {"finding": "宣传栏还是坏的"})
    m.due("DI-05", "2026-12-07 24:00", rework)  # what was left is more than 30 %
    yield m
    completed(m, "真的修好了")  # 12-07 20:00; from 12-02 09:00 to 12-07 24:00 are 135 hours, 30 % of them 40.5
    m.due("DI-05", "2026-12-09 12:30", rework)
    expect(m.view()["reworkCount"] == 2, "twice not true")
    Cards(m).yellow()
    yield m
    m.step("complete", "ROLE_DH", {"result": "第三次修好", "resolved": "YES"})  # 12-09 10:00
    m.step("verifyPass", "ROLE_VF", {"record": "看了照片", "resolved": "YES"})
    m.due("DI-06", "2026-12-11 24:00", DEFAULT, "CLOCK_MET")
    m.due("DI-07", "2026-12-16 24:00", DEFAULT)
    m.due("DI-08", "2027-01-08 24:00", DEFAULT)
    expect(m.view()["status"] == "CLOSED" and m.view()["substantivelyResolved"], "closed, and said to be resolved")
    yield m
    m.step("reopen", "ROLE_SV", {"reason": "FALSE_COMPLETION", "explanation": "照片不是这里"})  # 12-10 10:00
    view = m.view()
    expect(view["status"] == "ACCEPTED" and view["cycle"] == 2, "it begins anew: %s" % view["status"])
    expect(not view.get("proceduralClosed") and not view.get("substantivelyResolved"), "neither ended nor resolved")
    m.due("DI-02", "2026-12-10 15:30", DEFAULT)
    steps = m.who("ROLE_CD", covers=grid).every("/v1/incidents/%s/steps" % m.id, "step")
    told = [s["event"] for s in steps]
    expect(told.count("reworked") == 2 and told.count("reopened") == 1, "the record shows all of it: %s" % told)
    yield m


def settled_on_the_spot(r, grid):
    """Closed at once: it may be reopened for 30 days, until New Year's day, so until the Monday after it."""
    m = Matter(r, grid, selfHandled={"measures": "现场修好", "note": "已修复"})
    expect(m.due("DI-08", "2027-01-04 24:00", DEFAULT)["provisional"], "nobody knows yet what 2027 will bring")
    return m


def in_mediation(r, grid, committee):
    registrar = r.who("ROLE_MR", org=committee)
    case = registrar.post("/v1/mediation-cases", {
        "areaCode": grid[:12], "committeeOrg": committee, "disputeType": "D02", "facts": "楼上漏水。", "voluntary": True,
        "claim": ["修好漏水"], "party": [{"person": {"name": "邵立群", "phone": "13900030001", "side": "SIDE_A"}, "applicant": True},
                                       {"person": {"name": "卞文清", "phone": "13900030002", "side": "SIDE_B"}}]})["id"]
    at = "/v1/mediation-cases/" + case
    registrar.post(at + ":askConsent", {"how": "电话询问"})
    parties = registrar.get(at)["party"]
    for party in parties:
        if party.get("consent") != "AGREED_TO_MEDIATE":
            registrar.post(at + ":recordConsent", {"partyId": party["partyId"], "answer": "AGREED_TO_MEDIATE", "how": "电话同意"})
    registrar.post(at + ":serveRightsNotice", {"partyId": [p["partyId"] for p in parties], "how": "当面送达"})
    registrar.post(at + ":accept", {"jurisdictionConfirmed": True, "notAcceptedElsewhere": True})
    return case


def accepted_petition(r, grid, request):
    petition = registered(r, grid, request)
    handler = r.who("ROLE_PH", org=r.county + "-hrss")
    forward(r, petition, r.county + "-hrss")
    r.step("confirmReceipt", handler, petition, {})
    r.step("accept", handler, petition, {"route": 6, "recusalChecked": True, "notice": NOTICE})
    return petition


def clock_of(view, policy):
    (clock,) = [d for d in view["deadline"] if d["policyId"] == policy]
    expect(clock["article"] and clock["explanationZh"], "%s names its article: %s" % (policy, clock))
    return clock


def refused(ask, reason):
    try:
        ask()
    except Problem as problem:
        expect(problem.reason == reason, "%s, not %s: %s" % (reason, problem.reason, problem))
        return problem
    raise AssertionError("%s was not refused" % reason)


class Turn:
    """What waits for the announcement of 2027: a matter of each service, its clock and its days before and after."""

    def __init__(self, r, grid, committee):
        self.r, self.grid = r, grid
        self.spot = settled_on_the_spot(r, grid)
        self.case = in_mediation(r, grid, committee)
        self.petition = accepted_petition(r, grid, "请求支付离职补偿。")
        self.committee = committee
        self.are("2027-01-04", "2027-01-04", "2027-02-01", True)  # 60 days: 01-31, a Sunday

    def waiting(self):
        r = self.r
        return [("/v1/incidents/" + self.spot.id, r.who("ROLE_CD", covers=self.grid), "DI-08"),
                ("/v1/mediation-cases/" + self.case, r.who("ROLE_MR", org=self.committee), "DM-04"),
                ("/v1/petitions/" + self.petition, r.who("ROLE_PO", org=r.county + "-petition"), "DP-05")]

    def said(self):
        return [clock_of(who.get(path), policy) for path, who, policy in self.waiting()]

    def are(self, spot, case, petition, provisional):
        for clock, day in zip(self.said(), (spot, case, petition)):
            expect(clock["dueLocal"] == day + " 24:00", "%s is due %s, not %s" % (clock["policyId"], clock["dueLocal"], day))
            expect(clock.get("provisional", False) == provisional, "%s provisional: %s" % (clock["policyId"], clock))

    def recomputed(self):
        """How often the record of each says that its clocks were computed anew."""
        return [[s.get("eventType") or s.get("event") for s in who.every(path + "/steps", "step")].count("clocks_recomputed")
                for path, who, _ in self.waiting()]


def load_calendar(turn, again):
    """The announcement comes: dates that were provisional are exact, and an event says so; of others nothing is said."""
    r = turn.r
    admin = r.who("ROLE_SA")
    calendar = admin.get("/v1/calendar")["calendar"]
    revision = calendar["revision"]
    calendar["off"] += [{"date": d, "nameZh": n} for d, n in NEW_YEAR["off"]]
    calendar["work"] += NEW_YEAR["work"]
    calendar.update(horizon=NEW_YEAR["horizon"], source=calendar["source"] + "；演练：2027年")
    refused(lambda: admin.post("/v1/calendar:load", {"calendar": calendar}), "REVISION_MUST_FOLLOW")
    turn.are("2027-01-04", "2027-01-04", "2027-02-01", True)
    before = again.view()["version"]
    feed = Watcher(r.stack, r.who("ROLE_PO", org=r.county + "-petition"), r.county)
    calendar["revision"] = revision + 1
    admin.post("/v1/calendar:load", {"calendar": calendar})
    wait_until("every date that waited for it is exact", lambda: not any(c.get("provisional") for c in turn.said()))
    turn.are("2027-01-05", "2027-01-05", "2027-01-31", False)  # New Year until the 4th; that Sunday is worked
    expect(turn.recomputed() == [1, 1, 1], "each record says so, once: %s" % turn.recomputed())
    wait_until("the feed says so", lambda: "fengqiao.petition.clocks_recomputed.v1" in [e["type"] for e in feed.events])
    feed.cut()
    expect(again.view()["version"] == before, "what was exact is as it was")
    again.due("DI-02", "2026-12-10 15:30", DEFAULT)


def change_policy(turn, again):
    """A row counts for what begins after it; a statutory row may become stricter, and never longer."""
    r = turn.r
    admin = r.who("ROLE_SA")
    policy = admin.get("/v1/policy")["policy"]
    rows = {row["id"]: row for row in policy["deadlines"]["rule"]}
    policy["revision"] += 1
    policy["deadlines"]["revision"] += 1
    rows["DI-02"]["length"]["amount"] = 2
    rows["DP-05"]["length"]["amount"] = 61
    for row in ("DI-02", "DP-05"):
        rows[row]["revision"] = rows[row].get("revision", 0) + 1

    def change():
        return admin.post("/v1/policy:change", {"policy": policy, "reason": "演练：收紧时限"})
    problem = refused(change, "LONGER_THAN_THE_LAW")
    expect("DP-05" in problem.body["detail"], "it says which: %s" % problem.body["detail"])
    rows["DP-05"]["length"]["amount"] = 45
    change()

    def known():
        fresh = Matter(r, turn.grid)
        fresh.step("accept", "ROLE_GH", {"complexity": "ORDINARY"})
        return fresh if abs(int(fresh.clock("DI-02")["dueAtMs"]) - moment("2026-12-10 13:31")) < MINUTES_MS else None
    wait_until("what begins now has two hours, and a minute of them after lunch", known)
    again.due("DI-02", "2026-12-10 15:30", DEFAULT)
    expect(clock_of(turn.r.petition(turn.petition), "DP-05")["dueLocal"] == "2027-01-31 24:00", "what began before keeps its day")
    fresh = wait_until("the petition service has heard of it", lambda: (
        lambda id: id if clock_of(r.petition(id), "DP-05")["dueLocal"] == "2027-01-25 24:00" else None)(  # 45 days: a Sunday
            accepted_petition(r, turn.grid, "请求核对社保年限。")))
    expect(clock_of(r.petition(fresh), "DP-05")["article"] == clock_of(r.petition(turn.petition), "DP-05")["article"],
           "the same article, counted more strictly")


def main():
    with rehearsal_from(sys.argv[1], "2026-12-02 09:00") as (r, grid, committee):
        days = false_completion(r, grid)
        next(days)
        turn = Turn(r, grid, committee)
        for when in ("2026-12-04 10:00", "2026-12-07 20:00", "2026-12-09 10:00", "2026-12-10 10:00"):
            r.go_to(when)
            again = next(days)
        load_calendar(turn, again)
        change_policy(turn, again)
        Cards(again).red()
    print("flow-9 keeps its days and draws its cards; the next year's calendar and a changed row reach what they should, and nothing else")


if __name__ == "__main__":
    main()
