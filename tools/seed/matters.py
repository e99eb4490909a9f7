"""Puts the invented matters of matters.json into the city, one or more in every state, through the gateway's HTTP.

Each step is a command of the person whose work it is. Keys are derived from the row, so that running it again repeats
the same requests and changes nothing.
"""
import json
import os
import time
import uuid

from client import Problem, wait_until

HERE = os.path.dirname(os.path.abspath(__file__))
DAY_MS = 86_400_000
BOUND = ("partly_performed", "confirmation_applied", "completed", "archived")
PRE_CHECK = ("NOT_A_COURT_MATTER", "WRONG_COURT", "PERSONAL_STATUS", "OTHER_PROCEDURE", "TITLE_TO_PROPERTY_OR_IP",
             "AGAINST_MANDATORY_LAW", "HARMS_STATE_OR_OTHERS", "AGAINST_PUBLIC_ORDER", "NOT_VOLUNTARY", "UNCLEAR_CONTENT")
NAMESPACE = uuid.UUID("0b6c0b52-5d0f-5cf0-9a6e-6d1c9a6a2f11")


def now_ms():
    return int(time.time() * 1000)


def scan(client, text):
    """The scan of a signed paper, uploaded by whoever names it; its digest."""
    return client.upload(b"%PDF-1.7\n" + ("1 0 obj <</Title (%s)>> endobj\n" % text).encode("utf-8") + b"%%EOF\n")


class Seeder:
    def __init__(self, city, grid, committee, now_ms):
        self.city, self.grid, self.committee, self.now_ms = city, grid, committee, now_ms
        self.village, self.county = grid[:12], grid[:6]
        self.primary = {}
        self.row = ""

    def post(self, client, path, body):
        """A key per row and path: the same seed gives the same keys."""
        key = uuid.uuid5(NAMESPACE, self.city.url + self.row + path)
        return client.post(path, body, key=str(key))

    def who(self, role, **where):
        where = where or {"covers": self.grid}
        return self.city.who(role, **where)

    # -- incidents ---------------------------------------------------------------------------------------------

    def report(self, row):
        body = {"category": row["category"], "text": row["text"], "areaCode": self.grid,
                "urgency": row.get("urgency", "NORMAL"), "scale": row.get("scale", "S1_ONE"),
                "party": row.get("parties", [])}
        kind = row.get("kind", "INCIDENT")
        body["kind"] = kind
        reporter = self.who("ROLE_HA") if kind == "ENTERPRISE_APPEAL" else self.who("ROLE_GW")
        if row["until"] == "self_handled":
            body["selfHandled"] = {"measures": "当面说明、当场处理", "note": "已当场处置", "partiesAgree": True, "resolved": "YES"}
        return reporter, self.post(reporter, "/v1/incidents", body)

    def dispatcher(self, matter, at_least=1):
        """Whoever has the matter's level in hand."""
        level = max(self.who("ROLE_CD").get("/v1/incidents/" + matter).get("currentLevel", 2), at_least)
        return self.who({1: "ROLE_GH", 2: "ROLE_GH", 3: "ROLE_TD"}.get(level, "ROLE_CD"))

    def step(self, name, client, matter, body):
        return self.post(client, "/v1/incidents/%s:%s" % (matter, name), body)

    def desk_step(self, name, matter, body, at_least=1):
        """By whoever holds it; the ladder may lift it a level between looking and acting, then the next one does it."""
        for _ in range(4):
            try:
                return self.step(name, self.dispatcher(matter, at_least), matter, body)
            except Problem as problem:
                if problem.reason not in ("LEVEL_TOO_LOW", "NOT_YOURS"):
                    raise
        raise RuntimeError("%s keeps moving" % matter)

    def unit(self, row):
        kind = row.get("department", "urban")
        return self.county + "-" + kind

    def incident(self, row):
        until = row["until"]
        reporter, receipt = self.report(row)
        matter = receipt["id"]
        self.primary[row.get("key", matter)] = matter
        if until in ("reported", "self_handled", "escalated"):
            return
        if until == "cancelled":
            return self.step("cancel", reporter, matter, {"reason": "位置说错了，重新报过"})
        if until == "rejected":
            return self.desk_step("reject", matter, {
                "reason": "STATUTORY_WAY", "explanation": "属于运营商服务范围", "whereToGo": "运营商客服电话"}, 3)
        if until == "merged":
            return self.desk_step("merge", matter, {
                "primaryId": self.primary[row["primary"]], "ground": "同一处水管，同一天上报"}, 3)
        self.accept(matter)
        if until == "accepted":
            return
        if until == "referred_to_mediation":
            return self.desk_step("referToMediation", matter, {
                "disputeType": row["dispute"], "partyCount": len(row.get("parties", [])) or 2, "facts": row["text"],
                "committeeOrg": self.committee})
        self.handle(row, matter, until)

    def accept(self, matter):
        if self.who("ROLE_CD").get("/v1/incidents/" + matter)["status"] == "REPORTED":
            self.desk_step("accept", matter, {"complexity": "ORDINARY"})

    def climb(self, matter):
        """County departments are given work by the county centre: what the village cannot do goes up, with its reason."""
        for level in (2, 3):
            if self.who("ROLE_CD").get("/v1/incidents/" + matter).get("currentLevel", 2) <= level:
                self.row += "up%d/" % level
                self.desk_step("escalate", matter, {
                    "reason": "需要县级部门处置", "measuresTried": "已现场查看并协调"})

    def handle(self, row, matter, until):
        unit = self.unit(row)
        self.climb(matter)
        self.desk_step("dispatch", matter, {"leadOrg": unit, "instruction": "请按时限办理并反馈"})
        if until == "dispatched":
            return
        handler = self.who("ROLE_DH", org=unit)
        if until == "return_requested":
            return self.step("requestReturn", handler, matter, {
                "reason": "地块不在本单位职责内", "legalBasis": "职责清单", "suggestedOrg": self.county + "-environment"})
        self.step("take", handler, matter, {"firstContact": True})
        self.step("progress", handler, matter, {"text": "已到现场查看，正在安排。", "interimReply": True})
        if until == "processing":
            return
        if until == "suspended":
            self.step("requestSuspension", handler, matter, {
                "reasonCode": row["suspend"], "note": "等待房屋安全鉴定", "expectedResumeAtMs": self.now_ms + 20 * DAY_MS})
            return self.desk_step("approveSuspension", matter, {})
        self.step("complete", handler, matter, {
            "result": "已处理完毕，现场恢复正常。", "resolved": "YES", "measures": "现场处置"})
        if until == "pending_verify":
            return
        verifier = self.who("ROLE_VF")
        if until == "rework":
            return self.step("verifyFail", verifier, matter, {"finding": "现场还剩一半没有清走"})
        self.step("verifyPass", verifier, matter, {"record": "现场核查属实", "resolved": "YES"})
        if until == "closed":
            return
        self.step("evaluate", self.who("ROLE_GW"), matter, {"solved": "YES", "satisfied": "SATISFIED", "text": "办得挺快"})
        if until == "archived":
            self.archive(matter)

    def archive(self, matter):
        """A matter rests until its reopening window has passed; the platform archives it then by itself."""
        try:
            self.step("archive", self.who("ROLE_TD"), matter, {"fileCheck": "材料齐全"})
        except Problem as problem:
            if problem.status not in (400, 403, 409):
                raise

    # -- mediation ---------------------------------------------------------------------------------------------

    def case_step(self, name, client, case, body):
        return self.post(client, "/v1/mediation-cases/%s:%s" % (case, name), body)

    def mediation(self, row):
        until = row["until"]
        registrar = self.who("ROLE_MR", org=self.committee)
        people = [{"person": p, "applicant": i == 0} for i, p in enumerate(row["parties"])]
        receipt = self.post(registrar, "/v1/mediation-cases", {
            "areaCode": self.village, "committeeOrg": self.committee, "disputeType": row["dispute"], "party": people,
            "facts": row["text"], "scale": "S2_2_TO_4", "voluntary": True})
        case = receipt["id"]
        if until == "registered":
            return
        if until == "refused":
            return self.case_step("refuse", registrar, case, {
                "code": "PARTY_REFUSES", "partyId": "p2", "remedy": ["JUDICIAL"], "whereToGo": "区人民法院立案庭",
                "noticeHow": "书面送达"})
        self.case_step("askConsent", registrar, case, {"how": "电话询问"})
        if until == "seeking_consent":
            return
        known = registrar.get("/v1/mediation-cases/" + case)["party"]
        for party in known:
            if party.get("consent") != "AGREED_TO_MEDIATE":
                self.row += party["partyId"]
                self.case_step("recordConsent", registrar, case, {
                    "partyId": party["partyId"], "answer": "AGREED_TO_MEDIATE", "how": "电话同意",
                    **self.speaks_for(party["person"])})
        ids = [p["partyId"] for p in known]
        self.case_step("serveRightsNotice", registrar, case, {"partyId": ids, "how": "当面送达"})
        self.case_step("accept", registrar, case, {"jurisdictionConfirmed": True, "notAcceptedElsewhere": True})
        if until != "accepted":
            self.mediate(row, case, ids, until)

    def mediate(self, row, case, ids, until):
        chair = self.who("ROLE_MC", org=self.committee)
        mediator = self.who("ROLE_MD", org=self.committee)
        self.case_step("assign", chair, case, {
            "chairUserId": mediator.get("/v1/me")["userId"], "recusalChecked": True})
        if until == "assigned":
            return
        if until == "transferred":
            return self.case_step("transferUp", chair, case, {
                "committeeOrg": self.village[:9] + "-committee", "ground": "CROSS_AREA", "reason": "当事人分属两个乡镇"})
        reached = until in ("agreed", "effective_oral", "effective_written") or until in BOUND
        self.case_step("holdSession", mediator, case, {"session": {
            "startedAtMs": mediator.get("/v1/mediation-cases/" + case)["acceptedAtMs"], "endedAtMs": now_ms(), "place": "村调解室", "mode": "ONSITE",
            "attendance": [{"partyId": i, "present": True, "signedRecord": True} for i in ids],
            "record": "双方陈述，查看材料，交换意见。", "result": "AGREEMENT_REACHED" if reached else "NO_AGREEMENT"}})
        if until == "mediating":
            return
        if until == "paused":
            return self.case_step("pause", chair, case, {
                "ground": "APPRAISAL", "remark": "委托医疗损害鉴定", "expectedEndAtMs": self.now_ms + 20 * DAY_MS,
                "consent": self.consent(chair, ids, row)})
        if until == "danger":
            return self.case_step("reportRisk", mediator, case, {
                "ground": ["VIOLENCE"], "facts": "一方扬言要动手", "measures": "分开劝解，请家人陪同",
                "informed": [{"kind": "POLICE", "how": "电话报告辖区派出所"}]})
        if until == "ended":
            return self.case_step("end", chair, case, {
                "reason": "E05_TOO_FAR_APART", "remedy": ["ARBITRATION", "JUDICIAL"], "whereToGo": "区人民法院立案庭",
                "noticeHow": "书面送达"})
        clause = [{"obligorPartyId": ids[1], "obligeePartyId": ids[0], "kind": "PAY", "content": "一次性给付修复费用",
                   "amountFen": 80000, "dueAtMs": self.now_ms + 15 * DAY_MS, "place": "村调解室"}]
        if until == "effective_oral":
            return self.case_step("recordOral", mediator, case, {
                "clause": clause, "facts": row["text"], "manner": "当面履行", "whyOral": "双方要求口头约定"})
        self.case_step("draftAgreement", mediator, case, {
            "clause": clause, "facts": row["text"], "responsibilities": "双方各有责任，自愿按条款承担", "manner": "银行转账"})
        if until == "agreed":
            return
        for party, person in zip(ids, row["parties"]):
            self.row += "sign" + party
            kind = "PARTY_SEAL" if person.get("isOrganisation") else "FINGERPRINT"
            self.case_step("sign", mediator, case, {
                "partyId": party, "kind": kind, "proofSha256": scan(mediator, kind.lower() + " " + self.row)})
        self.row += "mediator"
        self.case_step("sign", mediator, case, {"kind": "SIGNATURE"})
        self.case_step("seal", chair, case, {"copies": 3, "proofSha256": scan(chair, "seal " + self.row)})
        if until in BOUND:
            self.afterwards(row, case, ids, until, chair, mediator)

    @staticmethod
    def speaks_for(person):
        """Who says yes for an organisation; a person says so itself."""
        return {"capacity": "SPECIAL_AGENT", "byName": "李经理"} if person.get("isOrganisation") else {}

    def consent(self, client, ids, row):
        return [{"partyId": i, "proofSha256": scan(client, "consent " + self.row + i), **self.speaks_for(person)}
                for i, person in zip(ids, row["parties"])]

    def perform(self, mediator, case, fen, name):
        self.row += name
        self.case_step("perform", mediator, case, {
            "clauseNo": 1, "amountFen": fen, "receiptSha256": scan(mediator, "receipt " + self.row)})

    def afterwards(self, row, case, ids, until, chair, mediator):
        """What follows an agreement that binds: kept in part or whole, confirmed, completed, archived."""
        registrar = self.who("ROLE_MR", org=self.committee)
        if until == "partly_performed":
            self.perform(mediator, case, 30000, "first")
            return self.case_step("followUp", mediator, case, {"visit": {
                "mode": "AT_HOME", "partyId": ids, "reason": "了解履行情况", "finding": "已付三百元，余款按期给付", "satisfaction": 4}})
        if until == "confirmation_applied":
            return self.case_step("applyConfirmation", registrar, case, {
                "kind": "COURT", "forum": "区人民法院", "consent": self.consent(registrar, ids, row),
                "applicationSha256": scan(registrar, "application " + self.row),
                "agreementSha256": scan(registrar, "agreement " + self.row),
                "presidedProofSha256": scan(registrar, "presided " + self.row), "contactsGiven": True,
                "precheck": [{"item": item, "clear": True} for item in PRE_CHECK]})
        self.perform(mediator, case, 80000, "all")
        self.case_step("complete", chair, case, {"outcome": "ALL_PERFORMED"})
        if until == "completed":
            return
        self.fill_file(registrar, case)
        self.case_step("archive", chair, case, {"volumeTitle": "人民调解卷宗"})

    def fill_file(self, registrar, case):
        """Does what the checklist of the file says, and waits until the scans are there."""
        index = registrar.get("/v1/mediation-cases/%s/file-index" % case)
        for line in index["line"]:
            for task in line.get("task", []):
                if task["kind"] == "UPLOAD_PAPER":
                    continue  # on its way
                self.row += line["form"] + task.get("partyId", "")
                self.case_step("fileDocument", registrar, case, {
                    "form": line["form"], "sha256": scan(registrar, "paper " + self.row), "title": line["titleZh"],
                    "partyId": task.get("partyId", "")})
        wait_until("the file of %s is whole" % case,
                   lambda: registrar.get("/v1/mediation-cases/%s/file-index" % case).get("complete"))

    # -- petitions ---------------------------------------------------------------------------------------------

    def petition_step(self, name, client, petition, body):
        return self.post(client, "/v1/petitions/%s:%s" % (petition, name), body)

    def petition(self, row):
        until = row["until"]
        clerk, head = (self.who(role, org=self.county + "-petition") for role in ("ROLE_PC", "ROLE_PO"))
        notice = {"text": "已收到您的来信，按规定办理。", "contact": "区信访局接待大厅", "how": "书面送达"}
        person = dict(row["petitioner"], userId=self.who("ROLE_PUB").get("/v1/me")["userId"])
        petition = self.post(clerk, "/v1/petitions", {
            "areaCode": self.village, "channel": row.get("channel", "LETTER"), "type": row.get("type", "REQUEST"),
            "contentCode": row["content"], "petitioner": [{"person": person}],
            "content": {"request": row["request"], "facts": row["facts"]}})["id"]
        if until == "registered":
            return
        if until == "sealed":
            return self.petition_step("transferToDiscipline", head, petition, {"disciplineOrg": self.county + "-discipline"})
        if until == "redirected":
            return self.petition_step("redirect", head, petition, {
                "code": "NA04", "procedure": "劳动争议仲裁", "organ": "区劳动人事争议仲裁委员会", "notice": notice})
        if until == "studied":
            return self.petition_step("study", head, petition, {"notice": notice})
        self.petition_step("forward", head, petition, {"toOrg": self.county + "-hrss", "reason": "属于该单位职责"})
        if until == "forwarded":
            return
        handler, signer = (self.who(role, org=self.county + "-hrss") for role in ("ROLE_PH", "ROLE_DM"))
        self.petition_step("confirmReceipt", handler, petition, {})
        if until == "objected":
            return self.petition_step("object", signer, petition, {"reason": "反映的工地由住建部门监管"})
        self.petition_step("accept", handler, petition, {"route": 6, "recusalChecked": True, "notice": notice})
        if until != "accepted":
            self.answer(row, petition, handler, signer)

    def answer(self, row, petition, handler, signer):
        """The unit's work, its written opinion, and what the petitioner makes of it."""
        for kind in ("HEARD_PETITIONER", "INVESTIGATED"):
            self.row += kind
            self.petition_step("recordProgress", handler, petition, {
                "kind": kind, "record": "听取陈述，调取台账和考勤记录。", "recusalChecked": True})
        self.petition_step("draftOpinion", handler, petition, {"opinion": {
            "request": row["request"], "facts": "经调查核实，情况部分属实。", "opinion": row.get("opinion", "请求缺乏依据，不予支持。"),
            "basis": "有关工资支付的规定", "result": row.get("result", "NOT_SUPPORTED")}})
        self.petition_step("issueOpinion", signer, petition, {"documentNo": "示例〔2026〕1号", "sealedByUnit": True})
        if row["until"] == "opinion":
            return
        issued = handler.get("/v1/petitions/" + petition)["stage"][-1]["issuedAtMs"]
        self.petition_step("deliver", handler, petition, {"delivery": {
            "method": "IN_PERSON", "proof": "送达回证", "receivedAtMs": issued}})
        if row["until"] == "reviewing":
            self.petition_step("requestReview", self.who("ROLE_PUB"), petition, {"grounds": "加班记录没有核对"})

    # -- all -----------------------------------------------------------------------------------------------------

    def run(self, say):
        with open(os.path.join(HERE, "matters.json"), encoding="utf-8") as f:
            matters = json.load(f)
        plays = (("incidents", self.incident), ("mediations", self.mediation), ("petitions", self.petition))
        for name, play in plays:
            for number, row in enumerate(matters[name]):
                self.row = "%s/%d/" % (name, number)
                play(row)
            say("%d %s in every state" % (len(matters[name]), name))


def ready(city, grid):
    """The services have learned the areas and units they need: the gateway answers, the grid is known everywhere."""
    dispatcher = city.who("ROLE_CD", covers=grid)
    return wait_until("the incident service knows the areas",
                      lambda: dispatcher.get("/v1/incidents:count", area_code=grid[:6]) is not None)
