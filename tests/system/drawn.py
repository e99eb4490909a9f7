"""People and matters drawn by lot: a role and a place each, from the table of roles; incidents, appeals of enterprises, cases and petitions
on every level, with units that lead and co-handle, some closed, merged, sealed; and what oversight makes of them."""
import datetime
import random
import types

from harness import ROOT  # noqa: F401  it says where the others are
from asked import add_person, start_campaign
from merging import NOTICE, PARTY, City
from client import wait_until

COUNTIES = ("371403", "371426")
OPEN_INCIDENT = ("REPORTED", "ACCEPTED", "DISPATCHED", "PROCESSING", "SUSPENDED", "PENDING_VERIFY", "REFERRED")
OPEN_CASE = ("REGISTERED", "SEEKING_CONSENT", "ACCEPTED", "ASSIGNED", "MEDIATING", "PAUSED", "AGREED")
OPEN_PETITION = ("REGISTERED", "FORWARDED", "RECEIVED_BY_UNIT", "OBJECTED", "ACCEPTED", "OPINION_ISSUED", "DELIVERED", "REVIEWING")
NOT_BEGUN = ("REGISTERED", "SEEKING_CONSENT", "REFUSED", "ACCEPTED", "ASSIGNED")
PEOPLE, BESIDE = 40, 15  # so many of them have a second role elsewhere
CLOSED_UNSOLVED = 11  # the number of an incident that is closed: closing is not solving

# role: by level of the area, the units of which it may be
CENTRE, GOV, OFFICE = "centre", "gov", "petition"
UNIT = {3: ("police", "justice"), 4: ("hrss", "urban"), 5: ("hrss", "urban")}
COMMITTEE = {2: ("committee",), 3: ("committee",), 4: ("committee-labour",)}
ROLES = {
    "ROLE_GW": {1: (CENTRE,), 2: (CENTRE,)}, "ROLE_GH": {2: (CENTRE,)}, "ROLE_TD": {3: (CENTRE,)}, "ROLE_TL": {3: (GOV,)},
    "ROLE_CD": {4: (CENTRE,)}, "ROLE_CL": {4: (GOV,)}, "ROLE_CC": {5: (CENTRE,)}, "ROLE_CYL": {5: (GOV,)}, "ROLE_DH": UNIT,
    "ROLE_DM": UNIT, "ROLE_VF": {2: (CENTRE,), 3: (CENTRE,), 4: (CENTRE,)}, "ROLE_MR": COMMITTEE, "ROLE_MC": COMMITTEE,
    "ROLE_MD": COMMITTEE, "ROLE_CT": {4: ("court",)}, "ROLE_PC": {3: (OFFICE,), 4: (OFFICE,), 5: (OFFICE,)},
    "ROLE_PO": {3: (OFFICE,), 4: (OFFICE,), 5: (OFFICE,)}, "ROLE_PH": UNIT, "ROLE_RV": {4: (OFFICE,), 5: (OFFICE,)},
    "ROLE_LD": {3: (GOV,), 4: (GOV,), 5: (GOV,)}, "ROLE_SV": {4: (CENTRE,), 5: (CENTRE,)}, "ROLE_HA": {5: ("hotline",)},
    "ROLE_VT": {4: ("volunteer",)}, "ROLE_AN": {3: (CENTRE,), 4: (CENTRE,), 5: (CENTRE,)}}


class Person:
    def __init__(self, login, client, grants):
        self.login, self.client, self.grants = login, client, grants
        self.id = client.get("/v1/me")["userId"]

    def __str__(self):
        return "%s (%s)" % (self.login, ", ".join("%s of %s over %s" % g for g in self.grants))


def villages(city):
    """Two of each of two townships of each county."""
    ask = city.who("ROLE_CD")
    for county in COUNTIES:
        for township in ask.get("/v1/areas", parent=county)["area"][:2]:
            for village in ask.get("/v1/areas", parent=township["code"])["area"][:2]:
                yield village["code"]


def draw_people(stack, city, seed):
    """Every role once, then more of them, the last with a second role somewhere else; and four who answer suggestions."""
    chance = random.Random(seed)
    places = list(villages(city))
    roles = list(ROLES) + chance.choices(list(ROLES), k=PEOPLE - len(ROLES))

    def grant(role):
        level = chance.choice(list(ROLES[role]))
        village = chance.choice(places)
        area = {1: village + "001", 2: village, 3: village[:9], 4: village[:6], 5: village[:4]}[level]
        return role, "%s-%s" % (area[:12], chance.choice(ROLES[role][level])), area
    people = []
    for number, role in enumerate(roles):
        grants = [grant(role)]
        if number >= PEOPLE - BESIDE:
            other = grant(chance.choice(list(ROLES)))
            grants += [other] if other[:2] != grants[0][:2] else []
        login = "drawn-%02d" % number
        people.append(Person(login, add_person(stack, city, login, grants[0][1], grants), grants))
    for role, unit in (("ROLE_DI", "discipline"), ("ROLE_DM", "gov")):  # who answers suggestions of accountability
        for county in COUNTIES:
            login, grants = "%s-%s" % (unit, county), [(role, "%s-%s" % (county, unit), county)]
            people.append(Person(login, add_person(stack, city, login, grants[0][1], grants), grants))
    return people


class World:
    """All matters, made by staff of their own; of each what decides who may see it."""

    def __init__(self, stack, city, seed):
        self.chance = random.Random(seed + 1)
        here = types.SimpleNamespace(stack=stack, city=city, who=city.who, now_ms=lambda: 0)
        self.staff = City(here)
        self.city, self.places_, self.month = city, list(villages(city)), day(0)[:7]
        self.matters = []
        for number in range(30):
            self.matters.append(self.incident(number, self.places_[number % len(self.places_)]))
        for number in range(15):
            self.matters.append(self.case(number, self.places_[number % len(self.places_)]))
        for number in range(15):
            self.matters.append(self.petition(number, self.places_[number % len(self.places_)]))
        for number in range(14):  # most of a county in one village
            self.matters.append(self.appeal(number, self.places_[number % 2 * 4 + (3 if number < 4 else 0)]))
        # In one village that the county must see together, in another that only the city may: numbers that choose these offices.
        self.matters += [self.petition(number, self.places_[1]) for number in (16, 25, 31, 40, 46)]
        self.matters += [self.petition(number, self.places_[5]) for number in (20, 26, 35, 41, 50)]
        for matter in self.matters:
            self.look(matter)
        self.things = []

    def of(self, kind):
        return [m for m in self.matters if m["kind"] == kind]

    def before(self, org):
        """What a unit has or had before it, so that its lights and orders name it."""
        return {m["code"] for m in self.matters if not (m["sealed"] and m["kind"] == "petition") and
                org in (m.get("holder"), m.get("lead"), m.get("unit"), m.get("committee"), m.get("office"))}

    def places(self, person):
        """Their own, one below, one above and one beside."""
        own = person.grants[0][2]
        beside = self.chance.choice([v for v in self.places_ if not v.startswith(own)] or self.places_)
        below = self.chance.choice([v for v in self.places_ if v.startswith(own[:12])] or self.places_)
        above = {15: own[:12], 12: own[:9], 9: own[:6]}.get(len(own), own[:4])
        some = [g[2] for g in person.grants] + [below, below[:9], beside[:9], beside[:6], above]
        return sorted(set(some))

    def units(self, person):
        some = [g[1] for g in person.grants] + [self.chance.choice(self.matters).get("holder") or "371403-urban"]
        return sorted({s for s in some if s})

    # -- incidents -------------------------------------------------------------------------------------------------

    def incident(self, number, village):
        staff, county, township = self.staff, village[:6], village[:9]
        clerk, handler = staff.clerk(county), staff.handler(county)
        what = ("reported", "closed", "village", "dispatched", "co", "township", "city", "merged", "sealed", "processing")[number % 10]
        kind = 0 if what == "village" else number % 3  # a dispute may stay there; a lamp is the township's from the beginning
        body = {"category": ("0703", "0102", "0802")[kind], "areaCode": village + ("001" if number % 2 else ""),
                "text": "范围测试：路边情况%d，请来看看。" % number, "party": [p["person"] for p in PARTY] if kind == 1 else []}
        reporter = clerk if what == "sealed" else staff.reporter()
        receipt = reporter.post("/v1/incidents", dict(body, sealed=what == "sealed"))
        at = "/v1/incidents/" + receipt["id"]
        m = dict(kind="incident", id=receipt["id"], code=receipt["matterCode"], area=body["areaCode"], at=at, sealed=what == "sealed",
                 category=body["category"], resolved=number != CLOSED_UNSOLVED, sent=False, reporter=reporter.get("/v1/me")["userId"], watched=clerk)
        if what in ("reported", "sealed"):
            return m
        if what == "village":
            staff.head(village).post(at + ":accept", {"complexity": "SIMPLE"})
            return m
        if what == "merged":
            primary = next(o for o in self.matters if o["kind"] == "incident" and o["area"][:6] == county and not o["sealed"] and
                           clerk.get(o["at"])["status"] in ("REPORTED", "ACCEPTED", "DISPATCHED", "PROCESSING"))
            clerk.post(at + ":merge", {"primaryId": primary["id"], "ground": "同一处"})
            return m
        (staff.township(township) if what == "township" else clerk).post(at + ":accept", {"complexity": "ORDINARY"})
        if what == "township":
            staff.township(township).post(at + ":dispatch", {"leadOrg": township + "-police"})
        elif what == "city":
            clerk.post(at + ":escalate", {"reason": "跨县", "measuresTried": "已协调"})
            return m
        else:
            co = [county + "-hrss", township + "-justice"] if what == "co" else []
            clerk.post(at + ":dispatch", {"leadOrg": county + "-urban", "coHandlerOrg": co})
        m["sent"] = True
        if what in ("processing", "closed"):
            handler.post(at + ":take")
        if what == "closed":
            handler.post(at + ":complete", {"result": "已处理", "resolved": "YES"})
            staff.verifier(county).post(at + ":verifyPass", {"record": "看过", "resolved": "YES" if m["resolved"] else "NO"})
        return m

    def appeal(self, number, village):
        """接诉即办: what an enterprise says, brought so far that it waits for this."""
        staff, county = self.staff, village[:6]
        hotline, clerk, handler = staff.who("ROLE_HA"), staff.clerk(county), staff.handler(county)
        receipt = hotline.post("/v1/incidents", {
            "kind": "ENTERPRISE_APPEAL", "category": "1309", "areaCode": village + "001", "text": "范围测试：企业诉求%d。" % number,
            "contact": {"name": "某纺织公司", "phone": "13900030001", "isOrganisation": True}})
        at = "/v1/incidents/" + receipt["id"]
        steps = ((clerk, "accept", {"complexity": "ORDINARY"}), (clerk, "dispatch", {"leadOrg": county + "-urban"}),
                 (handler, "take", {}), (handler, "progress", {"text": "已电话联系企业。", "firstContact": True}),
                 (handler, "progress", {"text": "书面答复企业。", "interimReply": True}),
                 (handler, "complete", {"result": "已处理", "resolved": "YES"}),
                 (staff.verifier(county), "verifyPass", {"record": "看过", "resolved": "YES"}))
        done = (0, 3, 4, 5, 6, 2, 7)[number // 2]
        for who, verb, body in steps[:done]:
            who.post(at + ":" + verb, body)
        awaits = {4: "AWAITS_REPLY", 5: "AWAITS_SOLUTION", 6: "AWAITS_CONFIRMATION", 7: ""}.get(done, "AWAITS_CONTACT")
        return dict(kind="incident", id=receipt["id"], code=receipt["matterCode"], area=village + "001", at=at, sealed=False,
                    category="1309", resolved=True, sent=done >= 2, reporter=hotline.get("/v1/me")["userId"], awaits=awaits, watched=clerk)

    # -- cases -----------------------------------------------------------------------------------------------------

    def case(self, number, village):
        committee = (village + "-committee", village[:9] + "-committee", village[:6] + "-committee-labour")[number % 3]
        area = committee.split("-")[0]
        registrar = self.staff.registrar(village[:6])
        receipt = registrar.post("/v1/mediation-cases", {
            "areaCode": village, "committeeOrg": committee, "disputeType": "D10" if number % 3 == 2 else "D02",
            "facts": "范围测试：排水沟争议%d。" % number, "scale": "S2_2_TO_4", "voluntary": True, "party": PARTY})
        at = "/v1/mediation-cases/" + receipt["id"]
        own = self.staff.person("chair-" + committee, committee, [(r, committee, area) for r in ("ROLE_MR", "ROLE_MC", "ROLE_MD")])
        m = dict(kind="case", id=receipt["id"], code=receipt["matterCode"], area=village, at=at, sealed=False, committee=committee,
                 category="D10" if number % 3 == 2 else "D02", committee_area=area, watched=own)
        if number % 4 == 0:
            return m
        registrar.post(at + ":askConsent", {"how": "电话询问"})
        if number % 4 == 1:
            return m
        answer = "REFUSED_TO_MEDIATE" if number % 4 == 2 else "AGREED_TO_MEDIATE"
        registrar.post(at + ":recordConsent", {"partyId": "p2", "answer": answer, "how": "电话答复"})
        if number % 4 == 2:
            return m
        registrar.post(at + ":serveRightsNotice", {"partyId": ["p1", "p2"], "how": "当面送达"})
        registrar.post(at + ":accept", {"jurisdictionConfirmed": True, "notAcceptedElsewhere": True})
        own.post(at + ":assign", {"chairUserId": own.get("/v1/me")["userId"], "recusalChecked": True})
        view = own.get(at)
        own.post(at + ":holdSession", {"session": {
            "startedAtMs": view["acceptedAtMs"], "endedAtMs": view["acceptedAtMs"], "place": "调解室", "mode": "ONSITE",
            "attendance": [{"partyId": p["partyId"], "present": True, "signedRecord": True} for p in view["party"]],
            "record": "双方说明经过。", "result": "NO_AGREEMENT"}})
        return m

    # -- petitions -------------------------------------------------------------------------------------------------

    def petition(self, number, village):
        county, township = village[:6], village[:9]
        area = (township, county, "3714")[number % 3]
        office = self.staff.person("office-" + area, area + "-petition", [(r, area + "-petition", area) for r in ("ROLE_PC", "ROLE_PO")])
        accusation = number == 7
        receipt = office.post("/v1/petitions", {
            "areaCode": village, "channel": "LETTER", "type": "ACCUSATION" if accusation else "REQUEST", "contentCode": "Q05",
            "petitioner": [{"person": {"name": "邵立群", "phone": "13900030001", "address": "一里社区1号"}}],
            "content": {"request": "范围测试：请求支付补偿%d。" % number, "facts": "离职三个月没有支付。"}})
        m = dict(kind="petition", id=receipt["id"], code=receipt["matterCode"], area=village, at="/v1/petitions/" + receipt["id"],
                 category="Q05", sealed=accusation, office=area + "-petition", office_area=area, unit="", watched=office)
        if accusation or number % 5 < 2:
            return m
        m["unit"] = {9: township + "-justice", 6: county + "-hrss", 4: "3714-hrss"}[len(area)]
        office.post(m["at"] + ":forward", {"toOrg": m["unit"], "reason": "属于该单位职责"})
        if number % 5 == 2:
            handler = self.staff.person("unit-" + m["unit"], m["unit"], [("ROLE_PH", m["unit"], area)])
            handler.post(m["at"] + ":confirmReceipt")
            handler.post(m["at"] + ":accept", {"route": 6, "recusalChecked": True, "notice": NOTICE})
        return m

    # -- how it stands at last -------------------------------------------------------------------------------------

    def look(self, m):
        who = m.pop("watched")
        view = {} if m["sealed"] and m["kind"] == "petition" else who.get(m["at"])
        m["status"] = view.get("status", "SEALED")
        m["clocks"] = [(d["policyId"], d.get("holderOrg", ""), int(d.get("yellowAtMs", 0))) for d in view.get("deadline", [])
                       if d.get("outcome", "CLOCK_RUNNING") == "CLOCK_RUNNING"]
        if m["kind"] == "incident":
            m.update(lead=view.get("lead", {}).get("id", ""), holder=view.get("holder", {}).get("id", ""),
                     territorial=view.get("territorial", {}).get("id", ""), co=[c["id"] for c in view.get("coHandler", [])],
                     level=view["currentLevel"])
        elif m["kind"] == "case":
            m.update(begun=m["status"] not in NOT_BEGUN, mediators=view.get("mediatorUserId", []), holder=m["committee"],
                     level={12: 2, 9: 3, 6: 4}[len(m["committee_area"])])
        else:
            m.update(holder=view.get("holderOrg", ""), level={9: 3, 6: 4, 4: 5}[len(m["office_area"])])

    # -- what leaders and supervision make of them -----------------------------------------------------------------

    def oversee(self):
        """In each county an instruction, an inspection fed back, a task, a campaign, suggestions of accountability; and the
        warnings that came by themselves; once oversight has heard of the matters. Of each its place, and the units it is about."""
        self.warned()
        for county in COUNTIES:
            self.suggest(county)
            self.instruct(county)
            self.inspect(county)
            self.plan(county)
            township = next(v[:9] for v in self.places_ if v.startswith(county))
            self.thing("campaigns", township, (), start_campaign(self.staff.township(township), {
                "title": "范围测试：用电排查", "category": "1202", "areaCode": township, "dueAtMs": soon(5)}))

    def thing(self, kind, area, units, number, about=""):
        at = "/v1/oversight/%s/%s" % (kind, number)
        self.things.append({"kind": kind, "area": area, "units": units, "id": number, "at": at, "about": about})
        return at

    def leader(self, county):
        return self.staff.person("leader-" + county, county + "-gov", [("ROLE_CL", county + "-gov", county)])

    def instruct(self, county):
        urban = county + "-urban"
        about = next(m for m in self.of("incident") if m["lead"] == urban and m["status"] in OPEN_INCIDENT and not m["sealed"])
        self.staff.clerk(county).post(self.thing("instructions", county, (urban,), self.leader(county).post("/v1/oversight/instructions", {
            "matterId": about["code"], "text": "范围测试：请说明进展。", "dueAtMs": soon(7), "addresseeOrg": [urban]})["id"], about["code"]) + ":distribute", {})

    def inspect(self, county):
        supervision, urban = self.staff.clerk(county), county + "-urban"
        at = self.thing("inspections", county, (urban, county + "-centre"), supervision.post("/v1/oversight/inspections", {
            "areaCode": county, "title": "范围测试督查", "scope": "台账", "day": day(0)})["id"])
        supervision.post(at + ":recordFinding", {"orgId": urban, "text": "台账不全", "demand": "补齐"})
        supervision.post(at + ":finish", {"summary": "一处问题"})
        supervision.post(at + ":giveFeedback", {"rectifyByDay": day(14), "documentNo": "督〔2026〕1号"})

    def suggest(self, county):
        """问责建议: one sent to the county's government, one about a petition to its discipline organ, a draft, and one that was taken back."""
        supervision = self.staff.clerk(county)
        held = next(m for m in self.of("incident") if m["lead"] == county + "-urban" and not m["sealed"])
        asked = next(m for m in self.of("petition") if m["office"] == county + "-petition" and not m["sealed"])

        def draft(about, to, matter):
            number = supervision.post("/v1/oversight/accountability-suggestions", {
                "orgId": about, "violation": "V04", "facts": "范围测试：未按期办结。", "evidence": "台账", "recipientOrg": to,
                "matterCode": [matter["code"]]})["id"]
            at = self.thing("accountability-suggestions", county, (), number)
            self.things[-1].update(to=to, sent=False, closed=False, matters=[matter["code"]])
            return self.things[-1], at
        for about, to, matter in ((county + "-urban", county + "-gov", held), (asked["holder"], county + "-discipline", asked)):
            suggestion, at = draft(about, to, matter)
            supervision.post(at + ":send", {"documentNo": "督〔2026〕2号"})
            suggestion["sent"] = True
        draft(county + "-urban", county + "-gov", held)
        suggestion, at = draft(county + "-hrss", county + "-discipline", held)
        supervision.post(at + ":withdraw", {"reason": "事实有误"})
        suggestion["closed"] = True

    def warned(self):
        """预警: as many as five of a class in a village are told to the lowest level that may see five of them, and to those above;
        which there are is read where all may be seen. Five times there are as many, whatever else there is."""
        city = self.staff.person("leader-3714", "3714-gov", [("ROLE_CYL", "3714-gov", "3714")])
        planted = [{m["code"] for m in self.matters if m["area"][:12] == self.places_[n] and m.get("awaits") is not None} for n in (0, 4)]
        planted += [{m["code"] for m in self.of("petition") if m["area"][:12] == self.places_[n]} for n in (1, 5)]

        def raised():
            warnings = list(city.every("/v1/oversight/warnings", "warning", areaCode="3714"))
            return warnings if all(any(set(w.get("matterCode", [])) == p for w in warnings) for p in planted) else None
        for warning in wait_until("whatever stands together is warned of", raised, 60):
            named = [m for m in self.matters if m["code"] in warning.get("matterCode", [])]
            levels = sorted(m["level"] if m["kind"] == "petition" else 0 for m in named)
            self.thing("warnings", warning["areaCode"], (), warning["id"])
            self.things[-1].update(rule=warning["rule"], matters=[m["code"] for m in named],
                                   seen_from=levels[4] if warning["rule"] == "W1" else levels[-1] if levels else 0)

    def plan(self, county):
        unit, end = county + "-hrss", day(20)
        months = sorted({day(days)[:7] for days in range(21)})
        plan = [{"month": m, "percent": 100 if m == months[-1] else 50} for m in months]
        self.thing("tasks", county, (unit,), self.staff.clerk(county).post("/v1/oversight/tasks", {
            "areaCode": county, "title": "范围测试任务", "requirement": "按期完成", "evidenceType": "台账", "leadOrg": unit,
            "leaderUserId": self.leader(county).get("/v1/me")["userId"],
            "milestone": [{"name": "完成", "plannedStart": day(0), "plannedEnd": end, "plan": plan}]})["id"])


def soon(days):
    return int((datetime.datetime.now() + datetime.timedelta(days=days)).timestamp() * 1000)


def day(after):
    """A day of the city: so many after today."""
    here = datetime.timezone(datetime.timedelta(hours=8))
    return (datetime.datetime.now(here) + datetime.timedelta(days=after)).strftime("%Y-%m-%d")
