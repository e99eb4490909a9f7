#!/usr/bin/env python3
"""Petitions through the running processes by HTTP: one that goes to mediation and comes back, one that the grid handed over, one
under an order of oversight whose petitioner dies, and one that turns out to be an accusation. Then everything is stopped, and
fengqiao-check finds nothing wrong; it does find a search index that lacks a petition, and the one that is built anew is whole.

usage: petition_test.py BIN_DIR
"""
# spec: P1 P4 P5 P8 P11 P16 R9
import os
import shutil
import subprocess
import sys

from harness import city_of, expect, installation, place_of, wait_drained  # first: it says where the others are
from checks import check_sees_a_wrong_index
from client import Problem, wait_until
import flows

SECRET = "某站长收了三万块钱才肯盖章"
WORD_OF_SECRET = "三万块钱"
NOTICE = {"text": "已收到您的来信，按规定办理。", "contact": "区信访局接待大厅", "how": "书面送达"}


class Play:
    def __init__(self, city, grid, committee):
        self.city, self.grid, self.committee, self.county = city, grid, committee, grid[:6]
        self.clerk, self.head = city.who("ROLE_PC", org=grid[:6] + "-petition"), city.who("ROLE_PO", org=grid[:6] + "-petition")
        self.handler = city.who("ROLE_PH", org=grid[:6] + "-hrss")
        self.signer = city.who("ROLE_DM", org=self.county + "-hrss")
        self.resident = city.who("ROLE_PUB")

    def get(self, client, petition):
        return client.get("/v1/petitions/" + petition)

    def step(self, name, client, petition, body, version=None):
        return client.post("/v1/petitions/%s:%s" % (petition, name), body, version=version)

    def register(self, request, facts, until=None):
        person = {"name": "邵立群", "phone": "13900030001", "address": "一里社区1号",
                  "userId": self.resident.get("/v1/me")["userId"]}
        receipt = self.clerk.post("/v1/petitions", {
            "areaCode": self.grid[:12], "channel": "LETTER", "type": "REQUEST", "contentCode": "Q05",
            "petitioner": [{"person": person}], "content": {"request": request, "facts": facts}})
        expect(len(receipt["queryCode"]) == 9, "who registers is told the query code")
        petition = receipt["id"]
        if until is None:
            return petition
        forwarded = self.step("forward", self.head, petition, {"toOrg": self.county + "-hrss", "reason": "属于该单位职责"})
        expect("queryCode" not in forwarded, "the query code is told once")
        self.step("confirmReceipt", self.handler, petition, {})
        self.step("accept", self.handler, petition, {"route": 6, "recusalChecked": True, "notice": NOTICE})
        return petition

    def told_who_looked(self, petition):
        """The petitioner sees which unit, the auditor sees who; nobody else sees anything."""
        path = "/v1/petitions/%s/accesses" % petition
        (seen,) = self.resident.get(path)["access"]
        expect((seen["orgId"], seen["what"], seen["purpose"]) == ([self.county + "-hrss"], "content", "回访核实情况"), "%s" % seen)
        expect("userId" not in seen and "serial" not in seen, "the unit answers for it: %s" % seen)
        told = self.city.who("ROLE_AU").every(path, "access")
        opened = [a for a in told if a["method"] == "RevealPetitioner"]
        expect([a["userId"] for a in opened] == [self.handler.get("/v1/me")["userId"]], "the auditor knows who: %s" % told)
        expect(self.answer_of(lambda: self.city.who("ROLE_CL").get(path))["status"] == 403, "it is no matter for leaders")

    def to_mediation_and_back(self):
        petition = self.register("请求支付离职补偿，电话13912345678。", "离职三个月没有支付。", until="accepted")
        view = self.get(self.city.who("ROLE_CL"), petition)
        expect(view["content"]["request"] == "请求支付离职补偿，电话139****5678。", "masked: %s" % view["content"])
        expect("queryCode" not in view, "a leader is not told the query code")
        revealed = self.handler.post("/v1/petitions/%s/petitioners/content:reveal" % petition, {"reason": "回访核实情况"})
        expect("13912345678" in revealed["content"]["request"], "revealed for a reason: %s" % revealed)
        self.told_who_looked(petition)
        self.step("referToMediation", self.handler, petition, {
            "bridgeCode": "BR1", "bothConsent": True, "consentProofSha256": "ff" * 32, "disputeType": "D10",
            "partyCount": 2, "committeeOrg": self.committee})
        registrar = self.city.who("ROLE_MR", org=self.committee)
        code = view["matterCode"]
        case = flows.referred_case(registrar, code)
        expect(case["matterCode"] == code and case["source"] == "FROM_PETITION_OFFICE", "taken as it is: %s" % case)
        taken = wait_until("the petition hears that it was taken",
                           lambda: (lambda v: v if v.get("mediation") == "TAKEN" else None)(self.get(self.handler, petition)))
        expect(taken["status"] == "ACCEPTED", "the petition's own period runs on")
        parties = [{"person": {"name": "邵立群", "phone": "13900030001", "side": "SIDE_A"}, "applicant": True},
                   {"person": {"name": "某公司", "phone": "13900030002", "side": "SIDE_B", "isOrganisation": True}}]
        known = flows.take_in(registrar, case["id"], parties, "补偿数额争议。", lambda *_: None)
        registrar.post("/v1/mediation-cases/%s:recordConsent" % case["id"], {
            "partyId": [p for p in known if not p.get("applicant")][0]["partyId"], "answer": "REFUSED_TO_MEDIATE",
            "how": "电话明确表示不参加调解"})
        back = wait_until("the petition hears of the end",
                          lambda: (lambda v: v if v.get("mediation") == "RETURNED" else None)(self.get(self.handler, petition)))
        expect(back["mediationReason"], "with its reason: %s" % back.get("mediationReason"))
        expect("draftOpinion" in back["allowedCommand"], "the unit goes on: %s" % back["allowedCommand"])

    def handed_over_by_the_grid(self):
        worker, dispatcher = self.city.who("ROLE_GW", covers=self.grid), self.city.who("ROLE_CD", covers=self.county)
        receipt = worker.post("/v1/incidents", {
            "category": "0105", "areaCode": self.grid, "scale": "S4_10_TO_49", "urgency": "URGENT",
            "text": "十二人要求核对社保年限。", "party": [{"name": "万秀兰", "phone": "13900030003", "side": "SIDE_A"}]})
        code, matter = receipt["matterCode"], receipt["id"]
        self.city.who("ROLE_GH", covers=self.grid[:12]).post("/v1/incidents/%s:accept" % matter, {"complexity": "COMPLEX"})
        view = wait_until("the ladder brings it to the county", lambda: (
            lambda v: v if v.get("currentLevel") == 4 else None)(flows.incident(dispatcher, code)))
        if view["status"] == "REPORTED":
            dispatcher.post("/v1/incidents/%s:accept" % matter, {"complexity": "COMPLEX"})
        dispatcher.post("/v1/incidents/%s:referToPetition" % matter, {
            "facts": "要求核对社保年限。", "againstOrg": self.county + "-hrss"})
        line = wait_until("the petition office hears of " + code, lambda: next(
            iter(self.clerk.get("/v1/petitions", matter_code=code).get("line", [])), None))
        named = self.get(self.clerk, line["id"])
        expect(named.get("suggestedRespondentOrg") == self.county + "-hrss" and "respondent" not in named.get("content", {}),
               "whom it is about is suggested, not said: %s" % named)
        self.step("completeIntake", self.clerk, line["id"], {
            "type": "REQUEST", "contentCode": "Q05", "petitioner": [{"person": {
                "name": "万秀兰", "phone": "13900030003", "address": "一里社区2号"}}],
            "content": {"request": "核对社保年限", "facts": "早年的缴费没有合并"}})
        expect("suggestedRespondentOrg" not in self.get(self.clerk, line["id"]), "a clerk has said whom it is about")
        expect(line["officeOrg"] == self.grid[:9] + "-petition", "the nearest office has it: %s" % line)
        self.step("accept", self.city.who("ROLE_PO", org=line["officeOrg"]), line["id"], {
            "route": 6, "recusalChecked": True, "notice": NOTICE})
        closed = wait_until("the grid hears that it was accepted", lambda: (
            lambda v: v if v["status"] == "CLOSED" else None)(flows.incident(dispatcher, code)))
        expect(closed["closureType"] == "VIA_PETITION", "closed by hand-over: %s" % closed.get("closureType"))

    def under_an_order_until_death(self):
        petition = self.register("请求核实抚恤待遇", "三个月没有发放。", until="accepted")
        code = self.get(self.clerk, petition)["matterCode"]

        def drafted():
            try:
                return self.head.post("/v1/oversight/orders", {
                    "matterId": code, "card": "CARD_ORDINARY", "ground": "VIOLATION", "violation": "V04", "facts": "多次催办没有进展。"})
            except Problem as problem:
                expect(problem.status == 404, "not heard of yet: %s" % problem)
                return None
        order = wait_until("oversight hears of it", drafted)["id"]
        self.head.post("/v1/oversight/orders/%s:issue" % order, {"demand": "三个工作日内答复进展"})
        shown = wait_until("the order lies over it", lambda: self.get(self.handler, petition).get("order"))
        expect([o["orderId"] for o in shown] == [order] and shown[0]["card"] == "CARD_ORDINARY", "as it was given: %s" % shown)
        expect("order" not in self.get(self.resident, petition), "what offices ask of each other is not for the petitioner")
        paper = self.clerk.upload(b"%PDF-1.7\n% who died and when\n%%EOF\n")
        death = {"petitionerId": "p1", "diedAtMs": 1700000000000, "proofSha256": paper}
        self.step("recordDeath", self.clerk, petition, death)
        self.step("recordSuccessor", self.clerk, petition, {
            "petitionerId": "p1", "proofSha256": "ee" * 32, "person": {"name": "邵立平", "address": "一里社区1号"}})
        view = self.get(self.clerk, petition)
        expect("diedAtMs" not in view["petitioner"][0] and view["status"] == "ACCEPTED", "somebody goes on: %s" % view["petitioner"])
        self.step("recordDeath", self.clerk, petition, death)

        def paper_is_here():
            lines = self.clerk.get("/v1/petitions/%s/documents" % petition)["paper"]
            return [p for p in lines if p["sha256"] == paper and not p.get("awaited")]
        wait_until("media tells that the paper has come", paper_is_here)
        self.step("terminate", self.head, petition, {"proofSha256": "ee" * 32})
        view = self.get(self.clerk, petition)
        expect((view["status"], view["closedReason"]) == ("CLOSED", "NO_SUCCESSOR"), "and nobody does: %s" % view["status"])
        papers = [p["form"] for p in self.clerk.get("/v1/petitions/%s/documents" % petition)["line"]]
        expect("termination" in papers, "there is a report of it: %s" % papers)

    def answer_of(self, ask):
        """What somebody is told, without what is of the one request only."""
        try:
            return ask()
        except Problem as problem:
            return {k: v for k, v in problem.body.items() if k not in ("instance", "requestId", "traceId")}

    def repeats(self, client, petition):
        return [c["line"]["id"] for c in client.get("/v1/petitions/%s/repeats" % petition).get("candidate", [])]

    def accusation(self):
        petition = self.register(SECRET, "有聊天记录为证。")
        code = self.clerk.get("/v1/petitions/" + petition)["matterCode"]
        again = self.register("某站长收了钱才肯盖章", "有聊天记录为证。")
        wait_until("while it is a request it is found by its words", lambda: [line["id"] for line in self.clerk.get(
            "/v1/petitions:search", q=WORD_OF_SECRET).get("line", [])] == [petition])
        wait_until("and is a candidate of one that says the same", lambda: petition in self.repeats(self.clerk, again))
        before = self.clerk.get("/v1/petitions:count", area_code=self.county)
        self.step("retype", self.clerk, petition, {"type": "ACCUSATION", "reason": "属于检举控告"})
        self.step("transferToDiscipline", self.head, petition, {"disciplineOrg": self.county + "-discipline"})
        after = self.clerk.get("/v1/petitions:count", area_code=self.county)
        expect(before != after and "SEALED" not in str(after), "it is counted no more: %s" % after)
        for client in (self.clerk, self.head):
            expect(petition not in self.repeats(client, again), "it is no candidate any more")
        nothing = "01ARZ3NDEKTSV4RRFFQ69G5FAV"
        roles = ("ROLE_PC", "ROLE_PO", "ROLE_PH", "ROLE_DM", "ROLE_CL", "ROLE_TL", "ROLE_SV", "ROLE_RV", "ROLE_AN", "ROLE_PUB",
                 "ROLE_CD", "ROLE_DH")
        asked = [(role, self.city.who(role)) for role in roles]
        asked += [("the office's clerk", self.clerk), ("the unit's handler", self.handler), ("its head", self.signer)]
        for role, client in asked:
            for path in ("", "/steps", "/repeats"):
                told = [self.answer_of(lambda at=at: client.get("/v1/petitions/" + at + path)) for at in (petition, nothing)]
                expect(told[0] == told[1], "%s learns something of it: %s" % (role, told))
            for name, body in (("accept", {"route": 6}), ("withdraw", {"statement": "不再反映"}), ("forward", {"toOrg": "x", "reason": "属于"}),
                               ("recordProgress", {"kind": "INVESTIGATED", "record": "调取台账"})):
                for version in (None, 3, 9):
                    told = [self.answer_of(lambda at=at: self.step(name, client, at, body, version)) for at in (petition, nothing)]
                    expect(told[0] == told[1], "%s learns something by %s: %s" % (role, name, told))
            for query in ({"q": WORD_OF_SECRET}, {"q": WORD_OF_SECRET, "page_size": 1}, {"q": code}):
                found = client.get("/v1/petitions:search", **query)
                expect("line" not in found and "nextPageToken" not in found, "%s finds it: %s" % (role, found))
            lists = [{"area_code": self.county}, {"unit_org": self.county + "-hrss"}, {"office_org": self.county + "-petition"},
                     {"mine": "true"}, {"area_code": self.county, "ended": "true"}]
            for query in lists:
                seen = self.answer_of(lambda query=query: client.get("/v1/petitions", **query))
                expect(petition not in str(seen), "%s finds it by %s" % (role, query))
        opened = self.city.who("ROLE_DI").post("/v1/petitions/%s:openSealed" % petition, {"reason": "初步核实线索"})
        expect(opened["content"]["request"] == SECRET, "its organ may read it")


def sealed_on_disk(stack):
    """One accusation, apart from everything else; without its key nothing reads it, and nothing says it is true."""
    def shown(space):
        out = subprocess.run([os.path.join(stack.bin, "fengqiao-dump"), "show", stack.path("data/petition/db"), "--space=" + space],
                             capture_output=True, text=True, check=True)
        return out.stdout.splitlines()
    states = shown("sealed_state")
    expect(len(states) == 1 and "sealed, " in states[0], "one sealed state: %s" % states)
    petition = states[0].split()[1]
    expect(not [line for line in shown("state") + shown("vault") if petition in line], "it lies nowhere else")
    steps = [line for line in shown("log") if petition in line]
    expect(len(steps) >= 3 and "sealed, " not in steps[0], "what it was registered as is history")
    expect(all("sealed, " in line and "actor_id" not in line for line in steps[1:]), "who did what is sealed: %s" % steps[1:])
    blind = subprocess.run([os.path.join(stack.bin, "fengqiao-check"), stack.path("data"), "--sealing-key", stack.path("nowhere")],
                           capture_output=True, text=True)
    expect(blind.returncode == 1 and "sealing key is missing" in blind.stderr, "check without the key: " + blind.stderr)


def index_is_watched_and_mended(stack):
    """fengqiao-check notices what the index lost, and says what to do; done, it holds what the states say."""
    check_sees_a_wrong_index(stack, "petition")
    shutil.rmtree(stack.path("data", "petition", "search"))
    stack.start_all()
    stack.wait_ready(60)
    clerk = city_of(stack).who("ROLE_PC", org="371403-petition")
    wait_until("it is found again by its words", lambda: clerk.get("/v1/petitions:search", q="社保").get("line"))
    wait_until("all of it", lambda: clerk.get("/v1/petitions:search", q="社保").get("complete"))
    wait_drained(stack)
    stack.stop_all()
    verdict = subprocess.run([os.path.join(stack.bin, "fengqiao-check"), stack.path("data"), "--caught-up"],
                             capture_output=True, text=True)
    expect(verdict.returncode == 0, "fengqiao-check: " + verdict.stderr)
    expect("petition   search index equal to its states" in verdict.stdout, verdict.stdout)


def bytes_under(*folders):
    for folder in folders:
        for path, _, names in os.walk(folder):
            for name in names:
                with open(os.path.join(path, name), "rb") as f:
                    yield name, f.read()


def main():
    with installation(sys.argv[1]) as stack:
        city = city_of(stack)
        grid, committee, _ = place_of(city)
        play = Play(city, grid, committee)
        play.to_mediation_and_back()
        play.handed_over_by_the_grid()
        play.under_an_order_until_death()
        play.accusation()
        wait_drained(stack)
        stack.stop_all()
        verdict = subprocess.run([os.path.join(stack.bin, "fengqiao-check"), stack.path("data"), "--caught-up"],
                                 capture_output=True, text=True)
        expect(verdict.returncode == 0, "fengqiao-check: " + verdict.stderr)
        sealed_on_disk(stack)
        index_is_watched_and_mended(stack)
        expect("1 petitions were handed to mediation, 1 matters to the petition office" in verdict.stdout, verdict.stdout)
        for name, content in bytes_under(stack.path("data"), stack.path("log")):
            expect(SECRET.encode("utf-8") not in content, "the accusation stands in clear in " + name)
    print("petitions go to mediation and come back, are taken from the grid, and accusations stay sealed")


if __name__ == "__main__":
    main()
