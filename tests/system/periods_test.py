#!/usr/bin/env python3
"""flow-1 to its archive, flow-3 and flow-4 through the running processes by HTTP, told to the day: every process runs on the clock of a rehearsal, which is
moved on between the steps while everything is stopped. The days are computed by hand from the articles and the holidays of 2026.

usage: periods_test.py BIN_DIR
"""
# spec: flow-1 flow-3 flow-4 M18 M19 M23 M24 DM-06 P6 P7 P11 P16 P18 P19 P21 P22 P23 P24 P25 P27 DP-03 DP-04 DP-05 DP-07 DP-08 DP-09 DP-10 DP-11 DP-18
import contextlib
import datetime
import sys
import time

from harness import city_of, expect, installation, make_accounts, place_of, wait_drained  # first: it says where the others are
from client import Problem, wait_until
import flows

CHINA = datetime.timezone(datetime.timedelta(hours=8))
NOTICE = {"text": "已收到您的来信，按规定办理。", "contact": "区信访局接待大厅", "how": "书面送达"}
DELIVERY = {"method": "IN_PERSON", "proof": "送达回证"}


def moment(local):
    return int(datetime.datetime.strptime(local, "%Y-%m-%d %H:%M").replace(tzinfo=CHINA).timestamp() * 1000)


class Rehearsal:
    """An installation whose processes live at a moment of our choosing."""

    def __init__(self, stack):
        self.stack = stack
        self.city = None
        self.county = None

    def go_to(self, local):
        """Everything stops, time passes, everything starts, and what came due meanwhile has happened."""
        self.stack.stop_all()
        self.stack.offset_ms = moment(local) - int(time.time() * 1000)
        self.stack.prepare()
        self.stack.start_all()
        self.stack.wait_ready(120)
        wait_drained(self.stack)
        self.city = city_of(self.stack)  # everybody signs in again: nobody's session lives that long

    def now_ms(self):
        return int(time.time() * 1000) + self.stack.offset_ms

    def who(self, role, **where):
        return self.city.who(role, **where)

    def petition(self, petition):
        return self.who("ROLE_PH", org=self.county + "-hrss").get("/v1/petitions/" + petition)

    def due(self, petition, policy, last_day):
        """The clock of this article ends with the last moment of that day, and says which article it is."""
        view = self.who("ROLE_PO", org=self.county + "-petition").get("/v1/petitions/" + petition)
        clock = [d for d in view["deadline"] if d["policyId"] == policy]
        expect(len(clock) == 1, "%s runs: %s" % (policy, [d["policyId"] for d in view["deadline"]]))
        expect(clock[0]["dueLocal"] == last_day + " 24:00", "%s is due %s, not %s" % (policy, clock[0]["dueLocal"], last_day))
        expect(clock[0]["article"] and clock[0]["explanationZh"], "%s names its article: %s" % (policy, clock[0]))
        return clock[0]

    def step(self, name, who, petition, body):
        return who.post("/v1/petitions/%s:%s" % (petition, name), body)


def registered(r, grid, request):
    resident = r.who("ROLE_PUB")
    person = {"name": "邵立群", "phone": "13900030001", "address": "一里社区1号", "userId": resident.get("/v1/me")["userId"]}
    receipt = r.who("ROLE_PC", org=r.county + "-petition").post("/v1/petitions", {
        "areaCode": grid[:12], "channel": "LETTER", "type": "REQUEST", "contentCode": "Q05",
        "petitioner": [{"person": person}], "content": {"request": request, "facts": "离职三个月没有支付。"}})
    return receipt["id"]


def forward(r, petition, org):
    return r.step("forward", r.who("ROLE_PO", org=r.county + "-petition"), petition, {"toOrg": org, "reason": "属于该单位职责"})


def to_mediation(r, petition, committee):
    """Art. 33: with both sides' consent. The case ends after 30 days at the latest; the petition's own period runs on."""
    r.step("referToMediation", r.who("ROLE_PH", org=r.county + "-hrss"), petition, {
        "bridgeCode": "BR1", "bothConsent": True, "consentProofSha256": "ff" * 32, "disputeType": "D10", "partyCount": 2,
        "committeeOrg": committee})
    registrar, code = r.who("ROLE_MR", org=committee), r.petition(petition)["matterCode"]
    case = flows.referred_case(registrar, code)["id"]
    parties = [{"person": {"name": "邵立群", "phone": "13900030001", "side": "SIDE_A"}, "applicant": True},
               {"person": {"name": "某公司", "phone": "13900030002", "side": "SIDE_B", "isOrganisation": True}}]
    known = flows.take_in(registrar, case, parties, "补偿数额争议。", lambda *_: None)
    for party in known:
        if party.get("consent") != "AGREED_TO_MEDIATE":
            registrar.post("/v1/mediation-cases/%s:recordConsent" % case, {
                "partyId": party["partyId"], "answer": "AGREED_TO_MEDIATE", "how": "当面同意",
                "capacity": "SPECIAL_AGENT", "byName": "李经理"})
    registrar.post("/v1/mediation-cases/%s:serveRightsNotice" % case, {"partyId": [p["partyId"] for p in known], "how": "当面送达"})
    registrar.post("/v1/mediation-cases/%s:accept" % case, {"jurisdictionConfirmed": True, "notAcceptedElsewhere": True})
    mediator = r.who("ROLE_MD", org=committee)
    r.who("ROLE_MC", org=committee).post("/v1/mediation-cases/%s:assign" % case, {
        "chairUserId": mediator.get("/v1/me")["userId"], "recusalChecked": True})
    period = [d for d in registrar.get("/v1/mediation-cases/" + case)["deadline"] if d["policyId"] == "DM-04"]
    expect(period and period[0]["dueLocal"] <= "2026-04-06 24:00", "mediation ends within 30 days: %s" % period)
    return case


def failed(r, case, committee):
    mediator = r.who("ROLE_MD", org=committee)
    view = mediator.get("/v1/mediation-cases/" + case)
    mediator.post("/v1/mediation-cases/%s:holdSession" % case, {"session": {
        "startedAtMs": r.now_ms() - 3_600_000, "endedAtMs": r.now_ms() - 60_000, "place": "调解室", "mode": "ONSITE",
        "attendance": [{"partyId": p["partyId"], "present": True, "signedRecord": True} for p in view["party"]],
        "record": "双方对补偿数额分歧很大。", "result": "NO_AGREEMENT"}})
    mediator.post("/v1/mediation-cases/%s:end" % case, {
        "reason": "E05_TOO_FAR_APART", "remedy": ["ARBITRATION", "JUDICIAL"], "whereToGo": "区劳动人事争议仲裁委员会、区人民法院",
        "noticeHow": "书面送达"})


def opinion(r, petition, words="请求缺乏依据，不予支持。", result="NOT_SUPPORTED"):
    handler, signer = r.who("ROLE_PH", org=r.county + "-hrss"), r.who("ROLE_DM", org=r.county + "-hrss")
    for kind in ("HEARD_PETITIONER", "INVESTIGATED"):
        r.step("recordProgress", handler, petition, {"kind": kind, "record": "听取陈述，调取台账。", "recusalChecked": True})
    r.step("draftOpinion", handler, petition, {"opinion": {
        "request": "支付补偿", "facts": "已查明", "opinion": words, "basis": "有关规定", "result": result}})
    r.step("issueOpinion", signer, petition, {"documentNo": "人社信〔2026〕1号", "sealedByUnit": True})


def carried_out(r, petition):
    """What the opinion supports the unit carries out (Art. 32), though the petitioner asks no more; and it leaves when it is sealed."""
    unit = r.county + "-hrss"
    handler = r.who("ROLE_PH", org=unit)

    def to_do():
        return [line["id"] for line in handler.get("/v1/petitions?unitOrg=%s&pageSize=100" % unit).get("line", [])]

    r.step("accept", handler, petition, {"route": 6, "recusalChecked": True, "notice": NOTICE})
    opinion(r, petition, "请求事实清楚，予以支持，责令补发。", "SUPPORTED")
    r.step("deliver", handler, petition, {"delivery": dict(DELIVERY, receivedAtMs=r.now_ms())})
    r.due(petition, "DP-18", "2026-05-08")
    r.step("withdraw", r.who("ROLE_PUB"), petition, {"statement": "不再反映"})
    expect(petition in to_do(), "it is still to be done after the withdrawal")
    r.step("recordExecution", handler, petition, {"record": "已补发离职补偿。"})
    expect(petition not in to_do(), "and then it is done")
    shown = r.who("ROLE_PUB").get("/v1/petitions/" + petition)["execution"]
    expect(shown["record"] == "已补发离职补偿。" and int(shown["executedAtMs"]) > 0, "the petitioner reads it: %s" % shown)
    r.step("retype", r.who("ROLE_PC", org=r.county + "-petition"), petition, {"type": "ACCUSATION", "reason": "涉嫌违纪"})
    try:
        r.step("recordExecution", handler, petition, {"record": "已补发离职补偿。"})
        expect(False, "nothing of it is left with the unit")
    except Problem as problem:
        expect(problem.reason == "NO_SUCH_MATTER", "as if it had never been: %s" % problem)


def flow_3_and_4(r, grid, committee):
    county = r.county
    petition = registered(r, grid, "请求支付离职补偿。")
    forward(r, petition, county + "-hrss")
    r.step("confirmReceipt", r.who("ROLE_PH", org=r.county + "-hrss"), petition, {})
    r.step("accept", r.who("ROLE_PH", org=r.county + "-hrss"), petition, {"route": 6, "recusalChecked": True, "notice": NOTICE})
    r.due(petition, "DP-05", "2026-05-06")  # 60 days: 05-01, a holiday until 05-05
    objected = registered(r, grid, "请求核实工地欠薪。")
    forward(r, objected, county + "-housing")
    r.step("confirmReceipt", r.who("ROLE_PH", org=county + "-housing"), objected, {})
    r.due(objected, "DP-04", "2026-03-09")  # five working days

    r.go_to("2026-03-07 10:00")
    case = to_mediation(r, petition, committee)

    r.go_to("2026-03-09 23:00")  # the last hour in which the unit may object
    signer = r.who("ROLE_DM", org=county + "-housing")
    r.step("object", signer, objected, {"reason": "反映的是欠薪，由人社部门负责"})
    r.step("decideObjection", r.who("ROLE_PO", org=county + "-petition"), objected, {"agreed": True, "reason": "职责属于人社部门"})
    forward(r, objected, county + "-hrss")
    r.step("confirmReceipt", r.who("ROLE_PH", org=county + "-hrss"), objected, {})
    r.due(objected, "DP-03", "2026-03-24")  # 15 days from the receipt of the new unit, not of the first
    carried_out(r, objected)

    r.go_to("2026-04-01 10:00")
    failed(r, case, committee)
    back = wait_until("the petition hears of the end",
                      lambda: (lambda v: v if v.get("mediation") == "RETURNED" else None)(r.petition(petition)))
    expect(back["mediationReason"] == "E05", "with its reason: %s" % back["mediationReason"])
    r.due(petition, "DP-05", "2026-05-06")  # nothing stopped it

    r.go_to("2026-04-29 10:00")
    opinion(r, petition)
    r.go_to("2026-04-30 11:00")
    r.step("deliver", r.who("ROLE_PH", org=r.county + "-hrss"), petition, {"delivery": dict(DELIVERY, receivedAtMs=moment("2026-04-30 10:00"))})
    r.due(petition, "DP-07", "2026-06-01")  # 05-30 is a Saturday

    r.go_to("2026-05-20 10:00")
    r.step("requestReview", r.who("ROLE_PUB"), petition, {"grounds": "事实没有查清"})
    r.due(petition, "DP-08", "2026-06-22")  # 06-19 to 06-21: the Dragon Boat Festival
    r.due(petition, "DP-11", "2026-05-25")
    reviewer = r.who("ROLE_RV", org="3714-petition")
    r.step("decideReviewRequest", reviewer, petition, {"accepted": True, "notice": NOTICE})

    r.go_to("2026-06-18 11:00")
    reviewer = r.who("ROLE_RV", org="3714-petition")
    r.step("issueReview", reviewer, petition, {
        "reviewResult": "UPHELD", "documentNo": "复查〔2026〕1号", "opinion": {"opinion": "维持", "facts": "查明的事实", "basis": "有关规定"}})
    r.step("deliver", reviewer, petition, {"delivery": dict(DELIVERY, receivedAtMs=r.now_ms())})
    r.due(petition, "DP-09", "2026-07-20")  # 07-18 is a Saturday

    r.go_to("2026-07-10 10:00")
    r.step("requestRecheck", r.who("ROLE_PUB"), petition, {"grounds": "仍然不服"})
    r.due(petition, "DP-10", "2026-08-10")  # 08-09 is a Sunday
    city_office = r.who("ROLE_PO", org="3714-petition")  # the province decides outside; the city's office enters it
    r.step("decideReviewRequest", city_office, petition, {"accepted": True, "notice": NOTICE})
    r.step("callHearing", city_office, petition, {"how": "邮寄", "hearing": {
        "presider": "主持人", "member": ["听证员"], "place": "第一会议室", "fromMs": moment("2026-07-20 09:00")}})
    r.go_to("2026-07-20 09:00")
    r.step("startHearing", r.who("ROLE_PO", org="3714-petition"), petition, {"noticeAtMs": moment("2026-07-13 10:00")})
    r.go_to("2026-07-26 17:00")
    r.step("endHearing", r.who("ROLE_PO", org="3714-petition"), petition, {"hearing": {
        "presider": "主持人", "member": ["听证员"], "record": "听证笔录", "conclusion": "听证结论"}})
    r.due(petition, "DP-10", "2026-08-17")  # the hearing's days are left out here alone; 08-15 is a Saturday

    r.go_to("2026-08-17 22:00")
    city_office = r.who("ROLE_PO", org="3714-petition")
    r.step("issueRecheck", city_office, petition, {
        "reviewResult": "UPHELD", "documentNo": "复核〔2026〕1号", "opinion": {"opinion": "维持", "facts": "查明的事实", "basis": "有关规定"}})
    r.step("deliver", city_office, petition, {"delivery": dict(DELIVERY, receivedAtMs=r.now_ms())})
    view = r.who("ROLE_PO", org=county + "-petition").get("/v1/petitions/" + petition)
    expect(view["status"] == "FINAL", "it is final: %s" % view["status"])
    for clock in view["deadline"]:
        outcome = "CLOCK_CANCELLED" if clock["policyId"] == "DP-04" else "CLOCK_MET"  # nobody objected: the unit accepted
        expect(clock["outcome"] == outcome, "%s was kept: %s" % (clock["policyId"], clock["outcome"]))
    try:
        r.step("requestReview", r.who("ROLE_PUB"), petition, {"grounds": "还是不服"})
        expect(False, "nothing follows a re-review")
    except Problem as problem:
        expect(problem.reason == "WRONG_STATUS", "said so: %s" % problem)


def paper_of(who, case, form, text, **more):
    """A scan, uploaded and filed; media tells that the bytes are there."""
    digest = who.upload(b"%PDF-1.7\n% " + text.encode("utf-8") + b"\n%%EOF\n")
    who.post("/v1/mediation-cases/%s:fileDocument" % case, dict(more, form=form, sha256=digest, title=text))


def kept_in_the_village(r):
    """How many matters the county's leaders see settled in the village, and how many oral agreements the county has this year."""
    leader = r.who("ROLE_CL", covers=r.county)
    figure = leader.get("/v1/metrics/K-04a", areaCode=r.county, fromDay="2026-08-01", untilDay="2026-09-01")
    oral = sum(int(row.get("oral", 0)) for row in leader.get("/v1/mediation-statistics", areaCode=r.county, year=2026).get("byType", []))
    return int(figure.get("numerator", 0)), oral


def flow_1(r, grid, committee):
    """A quarrel settled by word of mouth, visited within the days of DM-06, kept, completed, archived; both figures say one more."""
    r.go_to("2026-08-19 09:00")
    before = kept_in_the_village(r)
    done = flows.neighbour_dispute(r.city, grid, committee, lambda *_: None, r.now_ms)
    wait_drained(r.stack)
    expect(kept_in_the_village(r) == (before[0] + 1, before[1] + 1), "one more in the village, one more oral: %s" % (before,))
    case = done["case"]["id"]
    visit = [d for d in done["case"]["deadline"] if d["policyId"] == "DM-06"]
    expect(visit and visit[0]["article"], "the visit has its day and article: %s" % done["case"]["deadline"])
    r.go_to("2026-08-29 10:00")  # the day of the clause: a visit before it stands for none after it
    registrar, chair, mediator = (r.who(role, org=committee) for role in ("ROLE_MR", "ROLE_MC", "ROLE_MD"))
    step = "/v1/mediation-cases/%s:" % case
    mediator.post(step + "perform", {"clauseNo": 1, "remark": "两家当面改好，水不再漫到对方门口"})
    parties = [p["partyId"] for p in mediator.get("/v1/mediation-cases/" + case)["party"]]
    mediator.post(step + "followUp", {"visit": {"mode": "AT_HOME", "partyId": parties, "finding": "沟已改好，双方满意", "satisfaction": 5}})
    chair.post(step + "complete", {"outcome": "ALL_PERFORMED"})
    try:
        chair.post(step + "archive", {"volumeTitle": "排水沟邻里纠纷"})
        expect(False, "a file without its signed papers is not archived")
    except Problem as problem:
        expect(problem.reason == "FILE_INCOMPLETE", "the gate says so: %s" % problem)
    for form, text in (("F1B_REGISTER", "受理登记表"), ("F2_RIGHTS_NOTICE", "告知书"), ("F8B_ORAL_REGISTER", "口头协议登记表")):
        paper_of(registrar, case, form, text)
    for party in parties:
        paper_of(registrar, case, "F3_IDENTITY", "身份证复印件" + party, partyId=party)
    wait_drained(r.stack)
    lines = registrar.get("/v1/mediation-cases/%s/file-index" % case)["line"]
    expect(chair.post(step + "archive", {"volumeTitle": "排水沟邻里纠纷"})["status"] == "ARCHIVED", "the file is whole: %s" % lines)
    clocks = {d["policyId"]: d["outcome"] for d in chair.get("/v1/mediation-cases/" + case)["deadline"]}
    expect(clocks["DM-06"] == "CLOCK_MET", "it was visited in time: %s" % clocks)


@contextlib.contextmanager
def rehearsal_from(bin_dir, start, **where):
    """A rehearsal that begins at that moment, one of the grids of its county and the committee of that grid's village. `where`:
    of an installation."""
    def at_start(stack):
        stack.offset_ms = moment(start) - int(time.time() * 1000)
        stack.prepare()
    with installation(bin_dir, seed=False, configure=at_start, **where) as stack:
        make_accounts(stack)
        rehearsal = Rehearsal(stack)
        rehearsal.city = city_of(stack)
        grid, committee, rehearsal.county = place_of(rehearsal.city)
        yield rehearsal, grid, committee


def main():
    with rehearsal_from(sys.argv[1], "2026-03-02 09:00") as (rehearsal, grid, committee):
        flow_3_and_4(rehearsal, grid, committee)
        flow_1(rehearsal, grid, committee)
    print("flow-1, flow-3 and flow-4 keep their days, through the running processes")


if __name__ == "__main__":
    main()
