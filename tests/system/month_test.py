#!/usr/bin/env python3
"""flow-10 through the running processes by HTTP, on the clock of a rehearsal: a month of four-colour grading is reported, frozen on the
8th, published on the 10th, a Sunday, and corrected later as version 2; then supervision inspects, and a unit puts right what was found,
late. The days are computed by hand from the rules and the holidays.

usage: month_test.py BIN_DIR
"""
# spec: flow-10 O11 O12 O13 O14 O15 DO-03 DO-04 K-24 3.6.1 C12
import sys

from harness import expect  # first: it says where the others are
from client import Problem, wait_until
from periods_test import rehearsal_from

TASKS, CARDS = "/v1/oversight/tasks", "/v1/oversight/scorecards"
PLAN = [{"month": "2026-04", "percent": 30}, {"month": "2026-05", "percent": 60}, {"month": "2026-06", "percent": 100}]


def refused(reason, what):
    try:
        what()
    except Problem as problem:
        expect(problem.reason == reason, "%s, not %s" % (reason, problem))
        return
    raise AssertionError("refused with " + reason)


class Month:
    """Two tasks of one county: one unit reports and is ahead, the other is late to report."""

    def __init__(self, rehearsal):
        self.r = rehearsal
        self.card = "%s/sc-%s-202604" % (CARDS, rehearsal.county)
        self.ahead = self.planned("hrss", "清欠")
        self.late = self.planned("housing", "保障房交付")

    def supervision(self):
        return self.r.who("ROLE_SV", covers=self.r.county)

    def leader(self):
        return self.r.who("ROLE_CL", covers=self.r.county)

    def unit(self, name):
        return self.r.who("ROLE_DM", org="%s-%s" % (self.r.county, name))

    def planned(self, unit, title):
        task = self.supervision().post(TASKS, {
            "areaCode": self.r.county, "title": title, "requirement": "年内完成", "evidenceType": "验收报告",
            "leaderUserId": self.leader().get("/v1/me")["userId"], "leadOrg": "%s-%s" % (self.r.county, unit),
            "milestone": [{"name": "验收", "plannedStart": "2026-04-01", "plannedEnd": "2026-06-30", "plan": PLAN}]})["id"]
        refused("ROLE_NOT_ALLOWED", lambda: self.supervision().post("%s/%s:confirm" % (TASKS, task)))
        self.leader().post("%s/%s:confirm" % (TASKS, task))
        due = self.unit(unit).get("%s/%s" % (TASKS, task))["month"][0]["report"]
        expect(due["dueLocal"] == "2026-04-30 24:00" and due["policyId"] == "DO-03" and due["explanationZh"],
               "a report is due on the last working day: %s" % due)
        return task

    def report(self, unit, task, **more):
        return self.unit(unit).post("%s/%s:report" % (TASKS, task), dict({
            "month": "2026-04", "milestone": 1, "progress": 20, "evidence": "台账"}, **more))

    def colours(self, who, version=0):
        card = who.get(self.card, version=version)
        return card, {unit["orgId"].split("-")[1]: [e["grade"] for e in unit["entry"]] for unit in card["unit"]}

    def comes_to(self, status):
        """What came due while everything stood still happens when it starts again."""
        return wait_until(status, lambda: (lambda c: c if c["status"] == status else None)(self.supervision().get(self.card)))

    def change(self, name, grade, who=None):
        return (who or self.supervision()).post("%s:%s" % (self.card, name), {
            "taskId": self.late, "milestone": 1, "grade": grade, "reason": "系统故障，纸质月报按时送达"})

    def sign(self, name, who):
        return who.post("%s:%s" % (self.card, name), {"taskId": self.late, "milestone": 1})


def sent_back(month):
    """What supervision sends back is told again until the freeze, and so long the month is not met."""
    at = "%s/%s" % (TASKS, month.ahead)
    month.supervision().post(at + ":sendBack", {"month": "2026-04", "milestone": 1, "reason": "缺验收报告"})
    due = month.unit("hrss").get(at)["month"][0]["report"]
    expect((due["dueLocal"], due["policyId"]) == ("2026-05-07 24:00", "DO-03"), "it runs until the freeze: %s" % due)
    month.report("hrss", month.ahead, progress=100, completedDay="2026-04-28")


def reported(month):
    month.r.go_to("2026-04-30 23:00")  # the last hour
    month.report("hrss", month.ahead, progress=100, completedDay="2026-04-28")
    month.r.go_to("2026-05-01 00:30")
    refused("REPORT_LATE", lambda: month.report("housing", month.late))
    month.r.go_to("2026-05-06 09:00")
    sent_back(month)
    month.r.go_to("2026-05-07 22:00")
    month.supervision().post("%s/%s:verify" % (TASKS, month.ahead), {"month": "2026-04", "milestone": 1})


def frozen(month):
    month.r.go_to("2026-05-08 08:00")
    month.comes_to("BOARD_FROZEN")
    card, colours = month.colours(month.supervision())
    expect(colours == {"hrss": ["HORSE"], "housing": ["SNAIL"]}, "by the rules: %s" % colours)
    expect([w["colourZh"] for w in card["legend"]] == ["红", "绿", "蓝", "黄"], "red is the best: %s" % card["legend"])
    expect(card["publication"]["dueLocal"] == "2026-05-10 24:00", "the 10th is a Sunday: %s" % card["publication"])
    refused("NO_SUCH_MATTER", lambda: month.colours(month.unit("hrss")))  # until it is published
    refused("NOT_PUBLISHED", lambda: month.supervision().get("/v1/scorecard-sheets/" + card["id"], format="SCORECARD_JSON"))
    refused("HORSE_NEEDS_COMPLETION", lambda: month.change("askOverride", "HORSE"))
    month.change("askOverride", "OSTRICH")
    expect(month.colours(month.supervision())[1]["housing"] == ["SNAIL"], "what is only asked for counts for nothing")
    refused("ROLE_NOT_ALLOWED", lambda: month.sign("signOverride", month.supervision()))
    month.sign("signOverride", month.leader())
    month.supervision().post(month.card + ":release")
    expect(month.colours(month.supervision())[0]["status"] == "BOARD_FROZEN", "not before the 10th")


def published(month):
    month.r.go_to("2026-05-10 00:20")
    month.comes_to("BOARD_PUBLISHED")
    card, colours = month.colours(month.unit("hrss"))
    expect((card["status"], card["version"]) == ("BOARD_PUBLISHED", 1), "published on the 10th: %s" % card["status"])
    expect(colours == {"hrss": ["HORSE"], "housing": ["OSTRICH"]}, "as signed: %s" % colours)
    task = month.unit("hrss").get("%s/%s" % (TASKS, month.ahead))
    expect(task["status"] == "TASK_DONE" and len(task["month"]) == 1, "what is done stops: %s" % task)
    figure = month.leader().get("/v1/metrics/K-24", areaCode=month.r.county, fromDay="2026-04-01", untilDay="2026-05-01")
    graded = {(g["orgId"].split("-")[1], g["grade"]): int(g["count"]) for g in figure["graded"]}
    expect(graded == {("hrss", "HORSE"): 1, ("housing", "OSTRICH"): 1} and "value" not in figure, "K-24: %s" % figure)


def corrected(month):
    month.r.go_to("2026-05-20 10:00")
    refused("WRONG_STATUS", lambda: month.change("askOverride", "OX"))  # what is published does not change
    month.change("askCorrection", "OX")
    refused("ROLE_NOT_ALLOWED", lambda: month.sign("signCorrection", month.leader()))  # this takes the city
    month.sign("signCorrection", month.r.who("ROLE_CYL"))
    card, colours = month.colours(month.unit("housing"))
    expect((card["version"], colours["housing"]) == (2, ["OX"]), "version 2: %s" % card)
    expect([v["version"] for v in card["versions"]] == [1, 2] and card["versions"][1]["reason"], "both: %s" % card["versions"])
    card, colours = month.colours(month.unit("housing"), version=1)
    expect((card["version"], colours["housing"]) == (1, ["OSTRICH"]), "the old one stays to be seen: %s" % card)
    sheet = month.supervision().get("/v1/scorecard-sheets/" + card["id"], format="SCORECARD_JSON")
    rows = {row["unit"].split("-")[1]: (row["grade"], row["colour"], row["computed"]) for row in sheet["rows"]}
    expect(rows == {"hrss": ("骏马", "红", "骏马"), "housing": ("黄牛", "绿", "蜗牛")} and sheet["count"] == 2, "for 绩效考核: %s" % sheet)
    expect(sheet["about"]["version"] == "2", "it says which version it is: %s" % sheet["about"])


def inspected(month):
    """Supervision looks at a task's unit; it hears what was found of it, is late, reports, and supervision accepts."""
    supervision, unit, other = month.supervision(), month.unit("housing"), month.unit("hrss")
    path = "/v1/oversight/inspections"
    refused("BAD_INSPECTION_DAY", lambda: supervision.post(path, {
        "areaCode": month.r.county, "title": "保障房督查", "scope": "台账", "day": "2026-05-19"}))
    one = "%s/%s" % (path, supervision.post(path, {"areaCode": month.r.county, "title": "保障房督查", "scope": "台账与进度",
                                                   "day": "2026-05-20", "taskId": [month.late]})["id"])
    supervision.post(one + ":recordFinding", {"taskId": month.late, "text": "月报与现场不符", "demand": "据实补报"})
    supervision.post(one + ":finish", {"summary": "一处问题"})
    refused("NOT_FOUND", lambda: unit.get(one))  # until the feedback
    refused("BAD_RECTIFY_DAY", lambda: supervision.post(one + ":giveFeedback", {"rectifyByDay": "2026-05-20"}))
    supervision.post(one + ":giveFeedback", {"rectifyByDay": "2026-05-27", "documentNo": "督〔2026〕7号"})
    told = unit.get(path, orgId=unit_of(month, "housing"))["inspection"][0]
    expect([f["text"] for f in told["finding"]] == ["月报与现场不符"] and "summary" not in told, "its own part: %s" % told)
    expect(told["unit"][0]["deadline"]["dueLocal"] == "2026-05-27 24:00", "by the day that was given: %s" % told["unit"])
    refused("NOT_FOUND", lambda: other.get(one))
    month.r.go_to("2026-05-28 09:00")
    unit = month.unit("housing")  # a session of the week before has ended
    wait_until("it is late", lambda: unit.get(one)["unit"][0]["light"] == "RED")
    unit.post(one + ":reportRectification", {"result": "已据实补报", "evidence": "更正的月报"})
    supervision = month.supervision()
    supervision.post(one + ":acceptRectification", {"orgId": unit_of(month, "housing")})
    ended = supervision.get(path, areaCode=month.r.county, ended="true")["inspection"]
    expect([i["status"] for i in ended] == ["INSPECTION_RECTIFIED"], "and it is over: %s" % ended)
    expect(supervision.get(path, taskId=month.late, ended="true")["inspection"][0]["id"] == ended[0]["id"], "the task leads to it")


def unit_of(month, name):
    return "%s-%s" % (month.r.county, name)


def main():
    with rehearsal_from(sys.argv[1], "2026-04-01 09:00") as (rehearsal, _, _):
        month = Month(rehearsal)
        for step in (reported, frozen, published, corrected, inspected):
            step(month)
    print("flow-10 keeps its days, and an inspection is put right, through the running processes")


if __name__ == "__main__":
    main()
