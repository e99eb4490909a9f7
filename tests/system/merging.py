"""Three counties of a city with people and open matters in villages that will merge, and everything that can be asked about them."""
import csv
import json
import os

from harness import ROOT
from asked import PASSWORD, Wire, add_person

COUNTIES = ("371403", "371426", "371481")
NOTICE = {"text": "已收到您的来信，按规定办理。", "contact": "信访局接待大厅", "how": "书面送达"}
PARTY = [{"person": {"name": "王秀兰", "phone": "13900020001", "side": "SIDE_A"}, "applicant": True},
         {"person": {"name": "张立国", "phone": "13900020002", "side": "SIDE_B"}}]
OPEN = ("reported", "accepted", "dispatched", "processing", "returned", "pending")


def villages_of(year):
    """Codes and names in these counties, as the official list has them."""
    with open(os.path.join(ROOT, "policy", "areas", "dezhou-" + year, "villages.csv"), encoding="utf-8") as f:
        return {row["code"]: row["name"] for row in csv.DictReader(f) if row["code"][:6] in COUNTIES}


class City:
    """The rehearsal's people, and those of three counties and some villages, made when first asked for."""

    def __init__(self, rehearsal):
        self.r, self.stack, self.people = rehearsal, rehearsal.stack, {}

    def who(self, role, **where):
        return self.r.who(role, **where)

    def now_ms(self):
        return self.r.now_ms()

    def person(self, login, org, grants):
        if login not in self.people:
            self.people[login] = add_person(self.stack, self.r.city, login, org, grants)
        return self.people[login]

    def again(self, login):
        """Somebody with a new token: what a merger makes of the grants stands in it."""
        return self.people[login].sign_in(login, PASSWORD)

    def _at(self, county, name, unit, *roles):
        org = "%s-%s" % (county, unit)
        return self.person("%s-%s" % (name, county), org, [(role, org, county) for role in roles])

    def clerk(self, county):
        return self._at(county, "clerk", "centre", "ROLE_CD", "ROLE_SV")

    def verifier(self, county):
        return self._at(county, "verifier", "centre", "ROLE_VF")

    def handler(self, county):
        return self._at(county, "handler", "urban", "ROLE_DH")

    def registrar(self, county):
        return self._at(county, "registrar", "centre", "ROLE_MR")

    def office(self, county):
        return self._at(county, "office", "petition", "ROLE_PC", "ROLE_PO")

    def unit(self, county):
        return self._at(county, "unit", "hrss", "ROLE_PH")

    def township(self, code):
        return self._at(code, "township", "centre", "ROLE_TD")

    def head(self, village):
        return self.person("head-" + village, village + "-centre", [("ROLE_GH", village + "-centre", village)])

    def worker(self, village):
        return self.person("worker-" + village, village + "-centre", [("ROLE_GW", village + "-centre", village + "001")])

    def committee(self, village):
        org = village + "-committee"
        return self.person("committee-" + village, org, [(role, org, village) for role in ("ROLE_MC", "ROLE_MD")])

    def reporter(self):
        return self.who("ROLE_GW")

    def reporter_village(self):
        return self.r.city.find("ROLE_GW")["area"][:12]

    # -- longer ways ---------------------------------------------------------------------------------------------

    def petition_accepted(self, petition):
        unit, county = petition.county + "-hrss", petition.county
        office, handler = self.office(county), self.unit(county)
        office.post(petition.path + ":forward", {"toOrg": unit, "reason": "属于该单位职责"})
        handler.post(petition.path + ":confirmReceipt")
        handler.post(petition.path + ":accept", {"route": 6, "recusalChecked": True, "notice": NOTICE})

    def case_agreed(self, case, own):
        """From acceptance to an oral agreement, by somebody of the committee that has it."""
        own.post(case.path + ":assign", {"chairUserId": own.get("/v1/me")["userId"], "recusalChecked": True})
        view = own.get(case.path)
        ids = [p["partyId"] for p in view["party"]]
        own.post(case.path + ":holdSession", {"session": {
            "startedAtMs": view["acceptedAtMs"], "endedAtMs": self.now_ms(), "place": "村调解室", "mode": "ONSITE",
            "attendance": [{"partyId": i, "present": True, "signedRecord": True} for i in ids],
            "record": "双方说明经过。", "result": "AGREEMENT_REACHED"}})
        own.post(case.path + ":recordOral", {
            "clause": [{"obligorPartyId": ids[0], "obligeePartyId": ids[1], "kind": "DO", "content": "共同修沟",
                        "dueAtMs": self.now_ms() + 10 * 86_400_000, "place": "两家之间"}],
            "facts": "排水沟走向", "manner": "当面完成", "whyOral": "双方要求口头约定"})


class One:
    """A matter, and how far it was brought."""

    def __init__(self, receipt, path, village, until):
        self.id, self.code, self.village, self.until = receipt["id"], receipt["matterCode"], village, until
        self.county, self.path, self.open = village[:6], path + receipt["id"], until in OPEN


class Matters:
    """Incidents in every state, cases and petitions, most of them in villages that will merge, some in villages that stay; one that
    nobody has looked at in each of the samples."""

    def __init__(self, city, chosen, kept, samples):
        self.city = city
        self.incidents = [self.incident(n, v) for n, v in enumerate(chosen * 2 + kept)] + [self.incident(0, v) for v in samples]
        self.cases = [self.case(n, v) for n, v in enumerate(chosen[::2] + kept[::2])]
        self.petitions = [self.petition(n, v) for n, v in enumerate(chosen[::2] + kept[::2])]

    def all(self):
        return self.incidents + self.cases + self.petitions

    def near(self, area):
        """Those of its township, and every fifth of all others: to be asked about one by one."""
        return [m for n, m in enumerate(self.all()) if m.village[:9] == area[:9] or n % 5 == 0]

    def accepted_cases(self):
        """A few, of villages that will merge."""
        return [c for c in self.cases if c.until == "accepted"][:4]

    def villages(self):
        return {m.village for m in self.all()}

    def views(self):
        """Each as its county sees it: status, version, clocks with their explanation. A light is of the moment, and left out."""
        asking = {"/v1/incidents/": self.city.clerk, "/v1/mediation-cases/": self.city.registrar, "/v1/petitions/": self.city.office}
        said = {}
        for matter in self.all():
            who = asking[matter.path[:-len(matter.id)]](matter.county)
            view = who.get(matter.path)
            clocks = [{k: v for k, v in d.items() if k != "light"} for d in view.get("deadline", [])]
            said[matter.code, matter.path] = (view["status"], view["version"], view["areaCode"], clocks)
        return said

    def incident(self, number, village):
        until = ("reported", "accepted", "dispatched", "processing", "returned", "pending", "closed", "self_handled")[number % 8]
        city, county = self.city, village[:6]
        body = {"category": "0703", "areaCode": village + ("001" if number % 3 else ""), "text": "合并前登记：路面撒落砂石%d处。" % number}
        if until == "self_handled":
            body["selfHandled"] = {"measures": "当场清扫", "note": "已扫净", "resolved": "YES"}
        one = One(city.reporter().post("/v1/incidents", body), "/v1/incidents/", village, until)

        def step(name, who, more=None):
            who.post("%s:%s" % (one.path, name), more or {})
        clerk, handler = city.clerk(county), city.handler(county)
        if until in ("reported", "self_handled"):
            return one
        step("accept", clerk, {"complexity": "ORDINARY"})
        if until == "accepted":
            return one
        step("dispatch", clerk, {"leadOrg": county + "-urban"})
        if until == "returned":
            step("requestReturn", handler, {"reason": "不在职责内", "suggestedOrg": county + "-transport"})
            step("approveReturn", clerk)
        if until in ("dispatched", "returned"):
            return one
        step("take", handler)
        if until == "processing":
            return one
        step("complete", handler, {"result": "已清扫", "resolved": "YES"})
        if until == "closed":
            step("verifyPass", city.verifier(county), {"record": "现场核实", "resolved": "YES"})
        return one

    def case(self, number, village):
        until = ("registered", "asked", "accepted", "ended")[number % 4]
        registrar = self.city.registrar(village[:6])
        one = One(registrar.post("/v1/mediation-cases", {
            "areaCode": village, "committeeOrg": village + "-committee", "disputeType": "D02", "facts": "合并前的排水沟争议。",
            "scale": "S2_2_TO_4", "voluntary": True, "party": PARTY}), "/v1/mediation-cases/", village, until)
        if until == "registered":
            return one
        registrar.post(one.path + ":askConsent", {"how": "电话询问"})
        if until == "asked":
            return one
        answer = "REFUSED_TO_MEDIATE" if until == "ended" else "AGREED_TO_MEDIATE"
        registrar.post(one.path + ":recordConsent", {"partyId": "p2", "answer": answer, "how": "电话答复"})
        if until == "ended":
            return one
        registrar.post(one.path + ":serveRightsNotice", {"partyId": ["p1", "p2"], "how": "当面送达"})
        registrar.post(one.path + ":accept", {"jurisdictionConfirmed": True, "notAcceptedElsewhere": True})
        return one

    def petition(self, number, village):
        until = ("registered", "forwarded", "registered")[number % 3]
        office = self.city.office(village[:6])
        one = One(office.post("/v1/petitions", {
            "areaCode": village, "channel": "LETTER", "type": "REQUEST", "contentCode": "Q05",
            "petitioner": [{"person": {"name": "邵立群", "phone": "13900030001", "address": "一里社区1号"}}],
            "content": {"request": "合并前的来信：请求支付补偿。", "facts": "离职三个月没有支付。"}}), "/v1/petitions/", village, until)
        if until == "forwarded":
            office.post(one.path + ":forward", {"toOrg": village[:6] + "-hrss", "reason": "属于该单位职责"})
        return one


# -- all that may be asked --------------------------------------------------------------------------------------------

OF_THE_MOMENT = ("asOfMs", "asOf", "freshness", "remainingMs", "light", "worstLight", "nextPageToken")


def plain(value):
    """Without what is of the moment of asking; rows in an order of their own."""
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items() if k not in OF_THE_MOMENT}
    if isinstance(value, list):
        return sorted((plain(v) for v in value), key=lambda v: json.dumps(v, sort_keys=True, ensure_ascii=False))
    return value


def paths_of(area):
    """(who asks, path) of what shows matters of an area, or how many there are."""
    for path in ("/v1/incidents?pageSize=200&areaCode=%s", "/v1/incidents?pageSize=200&status=CLOSED&areaCode=%s",
                 "/v1/incidents:count?areaCode=%s", "/v1/incidents:search?pageSize=100&q=合并&areaCode=%s",
                 "/v1/incident-sheets/disputes?format=JSON&areaCode=%s", "/v1/oversight/review?pageSize=100&areaCode=%s",
                 "/v1/oversight/review:count?areaCode=%s", "/v1/oversight/lights?pageSize=100&areaCode=%s",
                 "/v1/mediation-cases?pageSize=100&areaCode=%s", "/v1/mediation-cases:count?areaCode=%s",
                 "/v1/mediation-cases:search?pageSize=100&q=排水沟&areaCode=%s", "/v1/mediation-statistics?areaCode=%s",
                 "/v1/mediation-sheets/cases?format=JSON&areaCode=%s", "/v1/mediation-sheets/statistics?format=JSON&areaCode=%s"):
        yield "clerk", path % area
    for path in ("/v1/petitions?pageSize=100&areaCode=%s", "/v1/petitions:count?areaCode=%s",
                 "/v1/petitions:search?pageSize=100&q=补偿&areaCode=%s", "/v1/petition-sheets/petitions?format=JSON&areaCode=%s"):
        yield "office", path % area


def asked_of(city, matters):
    """What the three counties, their townships with matters and the city are told; and the figures of each, with the lists behind two."""
    townships = sorted({m.village[:9] for m in matters.all()})
    wires = {}
    said, figures = {}, {}
    for area in (*COUNTIES, *townships):
        county = area[:6]
        for who, path in paths_of(area):
            if (who, county) not in wires:
                wires[who, county] = Wire(city.stack.url, getattr(city, who)(county), who)
            status, _, text = wires[who, county].ask("GET", quoted(path))
            try:
                said[who, path] = (status, plain(json.loads(text)))
            except ValueError:
                said[who, path] = (status, text)
    centre = city.who("ROLE_CC")
    for area in ("3714", *COUNTIES, *townships):
        figures[area] = plain(centre.get("/v1/metrics", areaCode=area)["figure"])
        for metric in ("K-15", "K-28"):
            figures[area, metric] = plain(list(centre.every("/v1/metrics/%s/counted" % metric, "counted", areaCode=area, pageSize=100)))
    for path in ("/v1/incidents:count", "/v1/oversight/review:count"):
        said["centre", path] = plain(centre.get(path, areaCode="3714"))
    wrong = {key: value[0] for key, value in said.items() if isinstance(value, tuple) and value[0] != 200}
    if wrong:
        raise AssertionError("everything asked is answered: %s" % wrong)
    return said, figures


def quoted(path):
    return "".join(c if ord(c) < 128 else "".join("%%%02X" % b for b in c.encode()) for c in path)
