#!/usr/bin/env python3
"""flow-6 through the running processes by HTTP, on the clock of a rehearsal: two appeals of enterprises, registered on the day before
the National Day holiday. One is answered on a Saturday that is worked, classified as complex and settled; the other is left lying, and
what stands before supervision and the leaders says so. The days are computed by hand from the holidays of 2026.

usage: appeal_test.py BIN_DIR
"""
# spec: flow-6 C10 T1 DA-01 DA-02 DA-03 DA-04 DO-01 DO-02 O2 O3 O6 O7 K-09
import sys

from harness import expect  # first: it says where the others are
from client import wait_until
from periods_test import rehearsal_from
from year_test import refused

UNIT = "hrss"
# last day, rest days skipped until then, whether the Saturday 10-10 counts, first yellow day
PERIODS = {"DA-01": ("2026-10-08", 7, False), "DA-02": ("2026-10-10", 7, True),
           "DA-03": ("2026-10-27", 12, True), "DA-04": ("2026-11-17", 18, True)}
COMPLEX = "多层级、多部门的制度性复杂问题"


class Appeal:
    """One appeal of an enterprise, with the unit that has it."""

    def __init__(self, rehearsal, grid, text):
        self.r, self.grid, self.county = rehearsal, grid, rehearsal.county
        receipt = self.who("ROLE_HA").post("/v1/incidents", {
            "kind": "ENTERPRISE_APPEAL", "category": "1309", "areaCode": grid, "text": text,
            "contact": {"name": "某纺织公司", "phone": "13900030001", "isOrganisation": True}})
        self.id, self.code, self.query_code = receipt["id"], receipt["matterCode"], receipt["queryCode"]
        self.step("accept", self.dispatcher(), {"complexity": "ORDINARY"})
        self.step("dispatch", self.dispatcher(), {"leadOrg": self.unit()})
        self.step("take", self.handler())

    def who(self, role, **where):
        return self.r.who(role, **(where or {"covers": self.grid}))

    def unit(self):
        return "%s-%s" % (self.county, UNIT)

    def dispatcher(self):
        return self.who("ROLE_CD")

    def handler(self):
        return self.who("ROLE_DH", org=self.unit())

    def step(self, name, who, body=None):
        return who.post("/v1/incidents/%s:%s" % (self.id, name), body or {})

    def view(self):
        return self.dispatcher().get("/v1/incidents/" + self.id)

    def clock(self, policy):
        (clock,) = [d for d in self.view()["deadline"] if d["policyId"] == policy]
        return clock

    def outcome(self, policy, wanted):
        said = self.clock(policy).get("outcome", "CLOCK_RUNNING")
        expect(said == wanted, "%s of %s: %s, not %s" % (policy, self.code, said, wanted))

    def standing(self, who="ROLE_CL"):
        return self.who(who).get("/v1/oversight/matters/" + self.code)

    def light(self, policy):
        return {light["policyId"]: light.get("light") for light in self.standing().get("light", [])}[policy]


def explained(appeal):
    """Each of the four says when it ends and why: its days, the holiday it skips, the Saturday it counts, its rule."""
    for policy, (last, skipped, saturday) in PERIODS.items():
        clock = appeal.clock(policy)
        expect(clock["dueLocal"] == last + " 24:00", "%s is due %s, not %s" % (policy, clock["dueLocal"], last))
        zh, en = clock["explanationZh"], clock["explanationEn"]
        expect("自 2026-09-30" in zh and "跳过休息日 %d 天" % skipped in zh and "%d rest days skipped" % skipped in en,
               "%s counts its days: %s" % (policy, zh))
        expect(("调休上班日计入（2026-10-10）" in zh) == saturday, "%s says which Saturday it counts: %s" % (policy, zh))
        expect("国庆" in clock["skippedDay"][0] and clock["skippedDay"][0].startswith("2026-10-01"), "it names the holiday")
        expect("接诉即办" in clock["article"] and clock["article"] in zh, "%s names its rule: %s" % (policy, clock["article"]))
        expect(not clock.get("provisional"), "all of 2026 is known")


def lights(appeal, light, who="ROLE_SV"):
    """The clocks of that colour in the county, by matter, as supervision lists them."""
    lines = appeal.who(who).every("/v1/oversight/lights", "line", areaCode=appeal.county, light=light)
    return {line["matterCode"]: line["light"]["policyId"] for line in lines}


def listed(appeal, light, wanted):
    """Of these appeals exactly these stand there, each for that clock."""
    wait_until("%s: %s" % (light, wanted), lambda: lights(appeal, light) == wanted)


def review(appeal):
    items = appeal.who("ROLE_CL").every("/v1/oversight/review", "item", areaCode=appeal.county)
    return {item["matterCode"]: item for item in items}


def page(appeal, **only):
    """The leader's page of appeals: what each enterprise waits for, and the light of the period that counts."""
    rows = appeal.who("ROLE_CL").every("/v1/oversight/appeals", "appeal", areaCode=appeal.county, **only)
    return {row["item"]["matterCode"]: (row["stage"], row.get("light")) for row in rows}


def before_leaders(kept, left, wanted):
    """Of both appeals this stands on the page, and the numbers say as much."""
    wanted = {appeal.code: stands for appeal, stands in ((kept, wanted[0]), (left, wanted[1])) if stands}
    wait_until("the page: %s" % wanted, lambda: page(left) == wanted)
    count = left.who("ROLE_CL").get("/v1/oversight/appeals:count", areaCode=left.county)
    rows = [(row["stage"], row.get("light"), int(row["count"])) for row in count["stage"]]
    expect(sorted(rows) == sorted((*stands, list(wanted.values()).count(stands)) for stands in set(wanted.values()))
           and int(count["total"]) == len(wanted), "the numbers are those of the page: %s" % count)
    expect(not count["freshness"].get("behind"), "all was heard: %s" % count["freshness"])


def first_contact(kept, left):
    """10-08, the last day: both are yellow; one enterprise is spoken to."""
    listed(kept, "YELLOW", {kept.code: "DA-01", left.code: "DA-01"})
    listed(kept, "RED", {})
    before_leaders(kept, left, [("AWAITS_CONTACT", "YELLOW")] * 2)
    kept.step("progress", kept.handler(), {"text": "已电话联系企业，约定上门。", "firstContact": True})
    kept.outcome("DA-01", "CLOCK_MET")
    listed(kept, "YELLOW", {left.code: "DA-01"})


def reply_on_a_saturday(kept, left):
    """10-10 is worked: the reply is due on it; the other's first contact has been late since the first moment of the 9th."""
    listed(kept, "YELLOW", {kept.code: "DA-02"})
    listed(kept, "RED", {left.code: "DA-01"})
    before_leaders(kept, left, [("AWAITS_REPLY", "YELLOW"), ("AWAITS_CONTACT", "RED")])
    expect(set(page(left, light="RED")) == {left.code} and set(page(left, stage="AWAITS_REPLY")) == {kept.code}, "filtered")
    expect(left.light("DA-02") == "YELLOW" and left.light("DA-03") == "GREEN", "each of its clocks has its own light")
    kept.step("progress", kept.handler(), {"text": "书面答复企业：用工备案材料清单已发。", "interimReply": True})
    kept.outcome("DA-02", "CLOCK_MET")
    listed(kept, "YELLOW", {})


def supervised(kept, left):
    """The leader's side of it: red before what the county holds, where it waits, an instruction, and an order with its own period."""
    shown = wait_until("both stand before the leader", lambda: (lambda s: s if {left.code, kept.code} <= s.keys() else None)(review(left)))
    expect([shown[a.code]["group"] for a in (left, kept)] == ["RED_LIGHT", "AT_LEVEL"], "red stands first: %s" % shown)
    item = shown[left.code]
    expect((item["duePolicyId"], item["leadOrg"], item["stuckReason"]) == ("DA-01", left.unit(), "DEPARTMENT"),
           "which clock, who has it, what it waits for: %s" % item)
    counted = left.who("ROLE_CL").get("/v1/oversight/review:count", areaCode=left.county)
    groups = {row["key"]: int(row["count"]) for row in counted["byGroup"] if int(row["count"])}
    expect(groups == {"RED_LIGHT": 1, "AT_LEVEL": 1} and int(counted["total"]) == 2, "the count says the same: %s" % counted)

    def drafts():
        return [o for o in left.who("ROLE_SV").every("/v1/oversight/orders", "order", areaCode=left.county, drafts="true")]
    (draft,) = wait_until("an order is drafted", drafts)
    expect((draft["matterId"], draft["ground"], draft["policyId"], draft["toOrg"]) == (left.code, "LIGHT_RED", "DA-01", left.unit()),
           "for the clock that is late, to the unit that has it: %s" % draft)
    at = "/v1/oversight/orders/" + draft["id"]
    left.dispatcher().post(at + ":issue", {"demand": "当日联系企业，说明迟延原因"})
    (order,) = left.who("ROLE_DM", org=left.unit()).every("/v1/oversight/orders", "order", toOrg=left.unit())
    expect(order["deadline"]["dueLocal"] == "2026-10-14 24:00" and order["deadline"]["policyId"] == "DO-02",
           "three working days from the Saturday: %s" % order["deadline"])
    wait_until("the appeal shows the order", lambda: left.view().get("card") == "CARD_ORDINARY")
    leader = left.who("ROLE_CL")
    leader.post("/v1/oversight/instructions", {"matterId": left.code, "text": "请人社局说明为何未联系企业。",
                                               "dueAtMs": left.r.now_ms() + 4 * 86_400_000, "addresseeOrg": [left.unit()]})
    head = left.who("ROLE_DM", org=left.unit())
    head.post(at + ":answer", {"result": "经办人休假无人接替，已补联系", "evidence": "通话记录"})
    refused(lambda: head.post(at + ":acceptAnswer"), "ROLE_NOT_ALLOWED")
    left.dispatcher().post(at + ":acceptAnswer")
    wait_until("the card is taken off", lambda: left.view().get("card", "CARD_NONE") == "CARD_NONE")


def late_contact(left):
    """The enterprise is spoken to at last: late, and it stays late; what is late next is the reply."""
    left.step("progress", left.handler(), {"text": "补联系企业。", "firstContact": True})
    left.outcome("DA-01", "CLOCK_MISSED")


def classified(kept, left):
    """10-26, a day before the fifteen end: only the county may, only for appeals, and then thirty count."""
    listed(kept, "YELLOW", {kept.code: "DA-03"})
    listed(kept, "RED", {left.code: "DA-02"})
    refused(lambda: kept.step("classifyComplex", kept.handler(), {"reason": COMPLEX}), "ROLE_NOT_ALLOWED")
    kept.step("classifyComplex", kept.dispatcher(), {"reason": COMPLEX})
    kept.outcome("DA-03", "CLOCK_CANCELLED")
    before_leaders(kept, left, [("AWAITS_SOLUTION", "GREEN"), ("AWAITS_REPLY", "RED")])
    (row,) = [r for r in kept.who("ROLE_CL").every("/v1/oversight/appeals", "appeal", areaCode=kept.county) if r.get("complex")]
    periods = {p["policyId"]: p["deadline"].get("outcome", "CLOCK_RUNNING") for p in row["period"]}
    expect(row["item"]["matterCode"] == kept.code and periods == {
        "DA-01": "CLOCK_MET", "DA-02": "CLOCK_MET", "DA-03": "CLOCK_CANCELLED", "DA-04": "CLOCK_RUNNING"}, "all four: %s" % periods)
    clock = kept.clock("DA-04")
    expect(clock["dueLocal"] == "2026-11-17 24:00" and clock["light"] == "GREEN", "thirty working days: %s" % clock)
    listed(kept, "YELLOW", {})
    told = kept.who("ROLE_HA").get("/v1/public/incidents/" + kept.query_code)
    expect(told["byWhen"] == "2026-11-17 24:00", "the enterprise is told the new day: %s" % told["byWhen"])


def settled(kept, left):
    """11-10: six of thirty working days are left, a fifth. The enterprise confirms, and it is closed in time."""
    listed(kept, "YELLOW", {kept.code: "DA-04"})
    listed(kept, "RED", {left.code: "DA-02"})
    expect(left.light("DA-03") == "RED", "its fifteen days are over too")
    refused(lambda: left.step("classifyComplex", left.dispatcher(), {"reason": COMPLEX}), "TOO_LATE_FOR_COMPLEX")
    kept.step("complete", kept.handler(), {"result": "三部门联席解决用工备案", "resolved": "YES"})
    kept.outcome("DA-04", "CLOCK_RUNNING")  # the unit's word alone does not end it
    before_leaders(kept, left, [("AWAITS_CONFIRMATION", "YELLOW"), ("AWAITS_REPLY", "RED")])
    kept.step("confirmService", kept.who("ROLE_HA"), {"resolved": "YES", "note": "回访企业确认已解决"})
    kept.outcome("DA-04", "CLOCK_MET")
    kept.step("verifyPass", kept.who("ROLE_VF"), {"record": "核对会议纪要", "resolved": "YES"})
    listed(kept, "YELLOW", {})
    wait_until("only what is open stands before the leader", lambda: set(review(left)) == {left.code})
    before_leaders(kept, left, [None, ("AWAITS_REPLY", "RED")])


def counted(kept, left):
    """K-09: of two sent to a unit in September one was spoken to in time; the list behind it names them."""
    asked = {"areaCode": kept.county, "fromDay": "2026-09-01", "untilDay": "2026-10-01"}
    analyst, leader = kept.who("ROLE_AN"), kept.who("ROLE_CL")

    def figure():
        said = leader.get("/v1/metrics/K-09", **asked)
        return said if said.get("numerator") == "1" and said.get("denominator") == "2" else None
    figure = wait_until("one of two", figure)
    expect(figure["value"] == 50.0 and not figure.get("provisional"), "half, and settled: %s" % figure)
    expect(analyst.get("/v1/metrics/K-09", **asked).get("hidden"), "two are too few for whoever may not open the list")
    at = "/v1/oversight/matters/%s/accesses" % kept.code
    leader.get("/v1/oversight/matters/" + kept.code)
    opened = [(a["method"], a["role"]) for a in kept.who("ROLE_AU").every(at, "access")]
    expect(("GetStanding", ["ROLE_CL"]) in opened, "the auditor reads who opened it: %s" % opened)
    for numerator, codes in (("true", [kept.code]), ("false", [kept.code, left.code])):
        behind = leader.every("/v1/metrics/K-09/counted", "counted", numerator=numerator, **asked)
        expect(sorted(row["matterCode"] for row in behind) == sorted(codes), "the list behind it")
    lists = [(a["method"], a["what"]) for a in kept.who("ROLE_AU").every("/v1/oversight/accesses", "access", areaCode=kept.county)]
    expect(("ListCounted", "K-09 numerator 2026-09-01 2026-10-01") in lists, "and which list: %s" % lists)


def main():
    with rehearsal_from(sys.argv[1], "2026-09-30 09:00") as (r, grid, _):
        kept = Appeal(r, grid, "外地职工用工备案在三个部门之间转了两个月。")
        left = Appeal(r, grid, "招工补贴申请没有人答复。")
        explained(kept)
        listed(kept, "YELLOW", {})
        r.go_to("2026-10-08 10:00")
        first_contact(kept, left)
        r.go_to("2026-10-10 10:00")
        reply_on_a_saturday(kept, left)
        supervised(kept, left)
        late_contact(left)
        r.go_to("2026-10-26 10:00")
        classified(kept, left)
        r.go_to("2026-11-10 10:00")
        settled(kept, left)
        counted(kept, left)
    print("flow-6 keeps its days; what is late stands before supervision and the leader, with the clock that is late")


if __name__ == "__main__":
    main()
