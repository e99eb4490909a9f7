#!/usr/bin/env python3
"""flow-5 attacked by HTTP: accusations about a unit, and everybody who has no right to them, in every role of that unit and of the whole
city, by every path the gateway describes. What names one is answered like what names nothing: status, headers, body, and time
as far as a run can tell. Lists, searches, counts, sheets and statistics say after it what they said before it. The live feed is silent,
and its sequence numbers step as over anybody's petition.

usage: accusation_test.py BIN_DIR
"""
# spec: flow-5 P11
import collections
import itertools
import json
import os
import re
import statistics
import sys
import time
import urllib.parse
import uuid

from harness import city_of, expect, installation, place_of, wait_drained  # first: it says where the others are
from asked import Description, Wire, add_person
from client import Client, wait_until
from feed_test import Watcher
from media_test import Tus, png

UNIT_ROLES = ("ROLE_DH", "ROLE_DM", "ROLE_PH", "ROLE_AN", "ROLE_AU")  # beside SA and SE: all that a department has
SECRET = "某局长收了八万块钱才肯签字"
ROUNDS = 200
SERIES = 3  # of pairs, before it counts as told
# Who asks changes these by asking; or they tell how far something was heard, of accounts, of nothing that happens.
MOVES_BY_ITSELF = {"/v1/oversight/accesses", "/v1/oversight/freshness", "/v1/sessions", "/v1/users", "/v1/me", "/v1/jwks.json", "/v1/policy",
                   "/v1/calendar", "/v1/areas", "/v1/areas:search", "/v1/organisations", "/v1/staff:names", "/v1/grants:unsettled",
                   "/v1/events:stream", "/v1/session", "/v1/self-check"}
LIKE_A_COIN = (0.25, 0.75)  # how often the sealed one is the slower of two: 0.50 ± 0.04 of fair coins


# -- who ----------------------------------------------------------------------------------------------------------


def people_of(stack, city, unit, county):
    """A person in each role of the unit, beside the demonstration's for all other roles."""
    people = {}
    for role in UNIT_ROLES:
        people["%s of the unit" % role] = add_person(stack, city, "accused-" + role[5:].lower(), unit, [(role, unit, county)])
    for account in city.accounts:
        name = "%s of %s" % (account["role"], account["org"] or "nowhere")
        if account["role"] != "ROLE_DI" and name not in people and not account["login"].endswith("-handler"):
            people[name] = city.who(account["role"], org=account["org"])
    return {name: Wire(stack.url, client, name) for name, client in people.items()}


# -- what is asked ------------------------------------------------------------------------------------------------


def tables(grid, unit):
    """What shows several matters, or how many there are."""
    county, office = grid[:6], grid[:6] + "-petition"
    for path in ("/v1/petitions", "/v1/petitions:count", "/v1/incidents", "/v1/incidents:count", "/v1/mediation-cases",
                 "/v1/mediation-cases:count", "/v1/mediation-statistics", "/v1/oversight/review", "/v1/oversight/review:count",
                 "/v1/petition-receptions", "/v1/oversight/lights", "/v1/oversight/instructions", "/v1/oversight/inspections", "/v1/campaigns",
                 "/v1/oversight/campaigns", "/v1/oversight/appeals", "/v1/oversight/appeals:count"):
        yield "%s?areaCode=%s" % (path, county)
    for sheet in ("petition-sheets/report", "petition-sheets/petitions", "mediation-sheets/statistics", "mediation-sheets/cases",
                  "incident-sheets/disputes"):
        yield "/v1/%s?areaCode=%s&format=JSON" % (sheet, county)
    for what in ("officeOrg=" + office, "unitOrg=" + unit, "mine=true", "led=true", "backlogArea=" + county,
                 "ended=true&areaCode=" + county, "ended=true&unitOrg=" + unit, "ended=true&officeOrg=" + office):
        yield "/v1/petitions?" + what
    for service in ("petitions", "incidents", "mediation-cases"):
        for what in ("q=" + urllib.parse.quote("八万块钱"), "areaCode=" + county, "orgId=" + unit, "phoneTail=0771", "q=000001"):
            yield "/v1/%s:search?%s" % (service, what)
    yield "/v1/oversight/lights?holderOrg=" + office
    yield "/v1/oversight/lights?holderOrg=" + unit
    yield "/v1/petition-sealed?org=" + unit
    yield "/v1/oversight/analysis?by=BY_CATEGORY&areaCode=" + county
    yield "/v1/mediation-promises?areaCode=" + grid[:12]


def every_table(description, grid, unit):
    """Those, and whatever else the gateway offers without naming one, today or later."""
    named = list(tables(grid, unit))
    known = {path.split("?")[0] for path in named}
    for path, methods in description.all["paths"].items():
        if "get" in methods and "{" not in path and path not in known and path not in MOVES_BY_ITSELF:
            named.append("%s?%s" % (path, urllib.parse.urlencode(description.sheet_of(path, grid[:6]))))
    return named


def told_by_tables(description, people, grid, unit):
    said = {}
    paths = every_table(description, grid, unit)
    for (name, wire), path in itertools.product(people.items(), paths):
        roles = description.roles_of(path.split("?")[0])
        if roles is not None and name.split()[0] not in roles:
            continue  # refused whatever there is
        status, headers, text = wire.ask("GET", path)
        text = re.sub(r'"asOf(Ms)?":\s*"[^"]*"', "", text)  # when it was asked, and how far was heard by then
        if path.startswith("/v1/oversight/warnings"):  # one more that came and left, as a merged copy does; the facts stay
            text = re.sub(r'"version":\s*"[0-9]+"', "", text)
        text = re.sub(r'"freshness":\s*\{\s*"source":\s*\[[^]]*\](\s*,\s*"behind":\s*true)?\s*\}', "", text)
        said[name, path] = (status, tuple(h for h in headers if h[0].lower() not in ("content-length", "etag")), text)
    told = {path.split("?")[0] for (_, path), (status, _, _) in said.items() if status == 200}
    silent = sorted({path.split("?")[0] for path in paths} - told)
    expect(not silent, "nobody is answered by %s, so these show nothing of what they would tell" % silent)
    return said


def same(before, after, when):
    changed = [at for at in before if before[at] != after[at]]
    for at in changed:
        was, now = str(before[at]), str(after[at])
        from_ = max(0, next((i for i, (a, b) in enumerate(zip(was, now)) if a != b), min(len(was), len(now))) - 60)
        print("%s: …%s\n  is now …%s" % (at, was[from_:from_ + 160], now[from_:from_ + 160]), flush=True)
    expect(not changed, "%s, %d answers are others" % (when, len(changed)))


# -- the matters --------------------------------------------------------------------------------------------------


class Office:
    def __init__(self, city, grid):
        self.city, self.grid, self.county, self.unit = city, grid, grid[:6], grid[:6] + "-hrss"
        self.clerk, self.head = city.who("ROLE_PC", org=grid[:6] + "-petition"), city.who("ROLE_PO", org=grid[:6] + "-petition")

    def step(self, name, who, petition, body=None):
        return who.post("/v1/petitions/%s:%s" % (petition, name), body or {})

    def register(self, kind="REQUEST", request="请求支付离职补偿。"):
        return self.receipt(kind, request)["id"]

    def receipt(self, kind="REQUEST", request="请求支付离职补偿。", document=None):
        person = {"name": "邵立群", "phone": "13900030771", "address": "一里社区1号"}
        content = {"request": request, "facts": "有转账记录为证。", "respondent": "区人社局"}
        if document:
            content["attachmentSha256"] = [document]
        return self.clerk.post("/v1/petitions", {
            "areaCode": self.grid[:12], "channel": "LETTER", "type": kind, "contentCode": "Q05", "petitioner": [{"person": person}],
            "content": content})

    def at_unit(self, unit):
        petition = self.register()
        self.step("forward", self.head, petition, {"toOrg": unit, "reason": "属于该单位职责"})
        return petition

    def back_from_unit(self):
        """The unit had it, and said that it is not its business; then the office saw what it is."""
        petition = self.at_unit(self.unit)
        self.step("confirmReceipt", self.city.who("ROLE_PH", org=self.unit), petition)
        self.step("object", self.city.who("ROLE_DM", org=self.unit), petition, {"reason": "反映的不是本单位职责"})
        self.step("decideObjection", self.head, petition, {"agreed": True, "reason": "另行确定"})
        return petition

    def seal(self, petition):
        self.step("retype", self.clerk, petition, {"type": "ACCUSATION", "reason": "属于检举控告"})

    def hand_over(self, petition):
        self.step("transferToDiscipline", self.head, petition, {"disciplineOrg": self.county + "-discipline"})


# -- the attack ---------------------------------------------------------------------------------------------------


def never(like):
    """An id that nobody gave, of the same moment."""
    return like[:10] + "".join("0123456789ABCDEFGHJKMNPQRSTVWXYZ"[b % 32] for b in uuid.uuid4().bytes)


def attack(description, people, sealed, document):
    """Everybody with a role for a path asks by it about each sealed one and about nothing at all, and one person without such a role.
    How many questions these were, and what the petition service said by itself."""
    asked, reasons = 0, collections.Counter()
    for number, (method, path, body, roles) in enumerate(description.about_one(document)):
        own = path.startswith(("/v1/petition", "/v1/documents"))
        entitled = [name for name in people if roles is None or name.split()[0] in roles]
        others = sorted(set(people) - set(entitled))
        if not own and method != "GET":
            entitled = entitled[:1]
        for name in entitled + others[number % len(others):][:1] if others else entitled:
            for version in (None, 3) if method == "POST" and own and name in entitled else (None,):
                wanted = people[name].ask(method, path.replace("{id}", never(sealed[0])), body, version)
                for petition in sealed if version is None else sealed[:1]:
                    told = people[name].ask(method, path.replace("{id}", petition), body, version)
                    expect(told == wanted, "%s learns something by %s %s:\n%s\n%s" % (name, method, path, told, wanted))
                    asked += 1
                    if own and name in entitled:
                        reasons[json.loads(told[2]).get("reason", "")] += 1
    return asked, reasons


def times(wire, path, sealed, body=None):
    """Asked in pairs, the sealed one is the slower as often as a coin falls. What others do on the machine can lean on
    one side for a while; a secret that shows leans every time."""
    shares = []
    while len(shares) < SERIES and (not shares or not LIKE_A_COIN[0] < shares[-1] < LIKE_A_COIN[1]):
        shares.append(share_of_slower(wire, path, sealed, body))
    expect(LIKE_A_COIN[0] < shares[-1] < LIKE_A_COIN[1], "time tells: the sealed one is slower in %s" % shares)


def share_of_slower(wire, path, sealed, body):
    """Pairs back to back, the first of a pair by turns: how often the sealed one took longer; prints both medians."""
    method = "GET" if body is None else "POST"
    took, slower = {True: [], False: []}, 0
    for i in range(ROUNDS):
        pair = {}
        for is_sealed in (i % 2 == 0, i % 2 == 1):
            at = sealed if is_sealed else never(sealed)
            from_s = time.perf_counter()
            wire.ask(method, path.replace("{id}", at), body)
            pair[is_sealed] = time.perf_counter() - from_s
            took[is_sealed].append(pair[is_sealed] * 1e6)
        slower += pair[True] > pair[False]
    share = slower / ROUNDS
    print("  %-42s sealed %4.0f µs, never %4.0f µs, the sealed one slower in %.2f of %d pairs" % (
        path, statistics.median(took[True]), statistics.median(took[False]), share, ROUNDS), flush=True)
    return share


class Feeds:
    """Every feed that somebody may open, and what came since we last looked."""

    def __init__(self, stack, people, area):
        self.open = {}
        for name, wire in people.items():
            watcher = Watcher(stack, wire.client, area)
            if watcher.status == 200:
                self.open[name] = watcher
        self.seen = {name: 0 for name in self.open}
        self.ordinary = set()  # matter codes of which some feed may still hear

    def since(self):
        news = {}
        for name, watcher in self.open.items():
            events = watcher.events[self.seen[name]:]
            self.seen[name] += len(events)
            news[name] = events
        return news

    def until(self, code):
        """Waits for the last event of an ordinary petition in the feed of each of those with something to see."""
        for name in ("ROLE_PH of the unit", "ROLE_DM of the unit", "ROLE_PO of 371403-petition"):
            wait_until("%s hears of %s" % (name, code),
                       lambda name=name: any(e.get("mattercode") == code and "forwarded" in e["type"]
                                             for e in self.open[name].events))
        self.ordinary.add(code)

    def close(self):
        for watcher in self.open.values():
            watcher.cut()


def marked(office, feeds):
    """An ordinary petition at the unit; everything that happened before has been told then. Its code, and what was told."""
    petition = office.at_unit(office.unit)
    code = office.head.get("/v1/petitions/" + petition)["matterCode"]
    feeds.until(code)
    news = feeds.since()
    others = {name: [e for e in events if e.get("mattercode") not in feeds.ordinary] for name, events in news.items()}
    return code, others, news


def sequence_of(news, code):
    return min(int(e["sequence"]) for e in news["ROLE_PH of the unit"] if e.get("mattercode") == code)


def scanned(stack, client):
    """A photograph of the transfer, as media keeps it: its digest."""
    whole, _ = png(3000, 5)
    tus = Tus(stack, client.token)
    at = tus.create(len(whole))
    status, headers, _ = tus.call("PATCH", at, whole, Upload_Offset="0")
    expect(status == 204, "uploaded: %s" % status)
    return headers["fengqiao-sha256"]


def watched(office, feeds, document):
    """Nobody's feed says a word of one that was an accusation from the beginning; the numbers step as over a stranger's."""
    code, _, news = marked(office, feeds)
    first = sequence_of(news, code)
    office.at_unit(office.county + "-housing")
    code, others, news = marked(office, feeds)
    second = sequence_of(news, code)
    expect(not others["ROLE_PH of the unit"], "another unit's petition is not told: %s" % others["ROLE_PH of the unit"])
    direct = office.receipt("ACCUSATION", SECRET, document)["id"]
    code, others, news = marked(office, feeds)
    expect(not any(others.values()), "somebody hears of an accusation: %s" % {k: v for k, v in others.items() if v})
    third = sequence_of(news, code)
    expect(third - second == second - first - 1, "one event was passed over, as for what is registered anywhere: %d, %d, %d" % (
        first, second, third))
    return direct


def later_sealed(office, feeds):
    """What passed for a request first leaves like a merged copy, for its office's line only."""
    receipt = office.receipt(request=SECRET)
    retyped, code = receipt["id"], receipt["queryCode"]
    returned = office.back_from_unit()
    marked(office, feeds)
    office.seal(retyped)
    office.seal(returned)
    office.hand_over(retyped)
    _, others, _ = marked(office, feeds)
    for name, events in others.items():
        expect(all(e["type"] == "fengqiao.petition.removed.v1" for e in events), "%s hears %s" % (name, events))
    expect(not others["ROLE_DM of the unit"] and not others["ROLE_DH of the unit"], "the unit hears nothing: %s" % others)
    nobody = Wire(office.city.url, Client(office.city.url), "nobody")
    told = [nobody.ask("GET", "/v1/petition-track/" + at) for at in (code, "23456789A" if code != "23456789A" else "23456789B")]
    expect(told[0] == told[1] and told[0][0] == 404, "its query code opens nothing: %s" % told)
    return retyped, returned


def asked_by_leaders(office, stack, city, people):
    """Orders and instructions about a petition that turns out to be an accusation: to everybody, the unit before all, they are
    what there never was, whether they were out or not; and no feed says a word of their end."""
    leader, centre, supervisor = (city.who(role, org=org) for role, org in (
        ("ROLE_CL", office.county + "-gov"), ("ROLE_CD", office.county + "-centre"), ("ROLE_SV", office.county + "-centre")))
    petition = office.at_unit(office.unit)
    office.step("confirmReceipt", city.who("ROLE_PH", org=office.unit), petition)
    code = office.head.get("/v1/petitions/" + petition)["matterCode"]
    wait_drained(stack)
    due = str(int((time.time() + 5 * 86400) * 1000))
    given = [leader.post("/v1/oversight/instructions", {"matterId": code, "text": "请抓紧办理", "dueAtMs": due})["id"] for _ in range(2)]
    centre.post("/v1/oversight/instructions/%s:distribute" % given[0], {})
    order = supervisor.post("/v1/oversight/orders", {
        "matterId": code, "card": "CARD_ORDINARY", "ground": "VIOLATION", "violation": "V01", "facts": "拖延", "toOrg": office.unit})["id"]
    office.head.post("/v1/oversight/orders/%s:issue" % order, {"demand": "限期办理"})
    wait_drained(stack)
    unit = people["ROLE_DM of the unit"]
    expect(unit.ask("GET", "/v1/oversight/orders/" + order)[0] == 200, "the unit has the order")
    expect(unit.ask("GET", "/v1/oversight/instructions/" + given[0])[0] == 200, "and the instruction")
    feeds = Feeds(stack, people, office.county)
    office.seal(petition)
    wait_drained(stack)
    _, others, _ = marked(office, feeds)
    feeds.close()
    told = {name: [e["type"] for e in events if e["type"] != "fengqiao.petition.removed.v1"] for name, events in others.items()}
    expect(not any(told.values()) and not others["ROLE_DM of the unit"], "somebody hears what became of it: %s" % others)
    questions = [("GET", "/v1/oversight/matters/{id}", code, None), ("GET", "/v1/oversight/matters/{id}/accesses", code, None),
                 ("POST", "/v1/oversight/instructions", code, {"matterId": "{id}", "text": "请抓紧办理", "dueAtMs": due})]
    for id_ in given:
        questions.append(("GET", "/v1/oversight/instructions/{id}", id_, None))
        for step, body in (("distribute", {}), ("report", {"text": "已办"}), ("close", {"text": "好"}), ("withdraw", {"reason": "撤回"})):
            questions.append(("POST", "/v1/oversight/instructions/{id}:" + step, id_, body))
    questions.append(("GET", "/v1/oversight/orders/{id}", order, None))
    for step, body in (("acknowledge", {}), ("answer", {"result": "已办", "evidence": "记录"}), ("cancel", {"reason": "撤回"})):
        questions.append(("POST", "/v1/oversight/orders/{id}:" + step, order, body))
    asked = 0
    for name, wire in people.items():
        for method, path, of_it, body in questions:
            nothing = code[:-6] + "999999" if of_it == code else never(of_it)
            filled = [body and {k: v.replace("{id}", at) for k, v in body.items()} for at in (of_it, nothing)]
            told = wire.ask(method, path.replace("{id}", of_it), filled[0])
            wanted = wire.ask(method, path.replace("{id}", nothing), filled[1])
            expect(told == wanted, "%s learns something by %s %s:\n%s\n%s" % (name, method, path, told, wanted))
            asked += 1
    print("%d questions about what leaders had asked of an accusation, answered like those about nothing" % asked, flush=True)


def with_what_says_the_same(office, people):
    """A copy of an accusation, the record of a reception it was brought to, and one that the unit it accuses had refused."""
    original, copy, ended = office.register(request=SECRET), office.register(request=SECRET), office.at_unit(office.unit)
    office.step("mergeCopy", office.clerk, copy, {"primaryId": original})
    leader = office.city.who("ROLE_CL", org=office.county + "-gov").get("/v1/me")["userId"]
    office.clerk.post("/v1/petition-receptions", {
        "kind": "RECEPTION_DAY", "leaderUserId": leader, "areaCode": office.county, "place": "接访大厅", "petitionerCount": 1,
        "heldAtMs": str(int(time.time() * 1000) - 1000), "petitionId": [copy], "record": SECRET})
    handler = office.city.who("ROLE_PH", org=office.unit)
    office.step("confirmReceipt", handler, ended)
    office.step("refuseAcceptance", handler, ended, {
        "code": "NA07", "notice": {"text": "不属于职责", "contact": "0534-8220000", "how": "书面"}})
    office.seal(original)
    office.seal(ended)
    for name, wire in people.items():
        for petition in (copy, ended):
            told, wanted = (wire.ask("GET", "/v1/petitions/" + at) for at in (petition, never(petition)))
            expect(told == wanted, "%s learns something of what says the same: %s" % (name, told))
        said = wire.ask("GET", "/v1/petition-receptions?areaCode=" + office.county)[2]
        expect(SECRET not in said, "%s reads what was said at the reception" % name)
    opened = office.head.post("/v1/petitions/%s:openSealed" % copy, {"reason": "移送前核对"})
    expect([one["record"] for one in opened["reception"]] == [SECRET], "who may open it reads that: %s" % opened)


def named_by_others(office, stack, paper):
    """Whoever holds a copy of the paper of an accusation and names it in a petition of his own is told what he is told of bytes
    that nobody ever had."""
    resident = Wire(stack.url, office.city.who("ROLE_PUB"), "resident")
    me = resident.client.get("/v1/me")["userId"]
    told = []
    for digest in (paper, "0d" * 32):
        petition = resident.client.post("/v1/petitions", {
            "areaCode": office.grid[:12], "channel": "NET", "type": "REQUEST", "contentCode": "Q05",
            "petitioner": [{"person": {"name": "周群众", "phone": "13900030772", "address": "一里社区2号", "userId": me}}],
            "content": {"request": "请求公开材料。", "facts": "见附件。", "attachmentSha256": [digest]}})["id"]
        expect(resident.client.get("/v1/petitions/" + petition)["content"]["attachmentSha256"] == [digest], "he is shown the digest")
        wait_drained(stack)
        status, headers, text = resident.ask("GET", "/v1/documents/petition/%s/%s" % (petition, digest))
        told.append((status, headers, text.replace(petition, "-").replace(digest, "-")))
    expect(told[0] == told[1] and told[0][0] == 404, "a digest alone gives bytes, or tells of them: %s" % told)


def at_the_committee(office, stack, document):
    """Two petitions that a committee mediates, one withdrawn, one found to be an accusation: its case says the same of both."""
    handler, committee = office.city.who("ROLE_PH", org=office.unit), office.city.who("ROLE_MC", org=office.grid[:12] + "-committee")
    notice = {"notice": {"text": "已受理", "contact": "0534-8220000", "how": "书面"}, "recusalChecked": True, "route": 6}
    refer = {"bridgeCode": "BR1", "bothConsent": True, "consentProofSha256": document, "disputeType": "D10", "partyCount": 2}
    people = [{"applicant": side == "SIDE_A", "person": {"name": "邵立群", "side": side}} for side in ("SIDE_A", "SIDE_B")]

    def cases():
        page = committee.get("/v1/mediation-cases?areaCode=%s&pageSize=100" % office.grid[:12])
        return {line["id"] for line in page.get("line", [])}  # a list without a line has none

    told = []
    for leave in (lambda petition: office.step("withdraw", office.clerk, petition, {"statement": "不再反映", "proofSha256": document}),
                  office.seal):
        before = cases()
        petition = office.at_unit(office.unit)
        office.step("confirmReceipt", handler, petition)
        office.step("accept", handler, petition, notice)
        office.step("referToMediation", handler, petition, refer)
        wait_drained(stack)
        (case,) = cases() - before
        committee.post("/v1/mediation-cases/%s:completeIntake" % case, {"party": people, "facts": "欠付离职补偿。"})
        leave(petition)
        wait_drained(stack)
        seen = committee.get("/v1/mediation-cases/" + case)
        expect(int(seen["handOverLapsedAtMs"]) > 0 and seen["status"] == "REGISTERED", "the committee is told: %s" % seen)
        steps = committee.get("/v1/mediation-cases/%s/steps" % case)["step"]
        told.append((sorted(seen), seen["allowedCommand"], [{key: step.get(key) for key in (
            "version", "command", "eventType", "actorId", "actorRole", "actorOrg")} for step in steps]))
    expect(told[0] == told[1], "of an accusation the committee's case tells the same: %s" % told)


def logs_are_silent(stack, sealed):
    for name in os.listdir(stack.path("log")):
        with open(stack.path("log", name), encoding="utf-8", errors="replace") as f:
            text = f.read()
        told = [word for word in (SECRET, "13900030771", *sealed) if word in text]
        expect(not told, "%s tells of the accusation: %s" % (name, told))


def main():
    with installation(sys.argv[1]) as stack:
        city = city_of(stack)
        grid, _, county = place_of(city)
        office = Office(city, grid)
        people = people_of(stack, city, office.unit, county)
        description = Description(stack.url)
        wait_drained(stack)
        feeds = Feeds(stack, people, county)
        expect("ROLE_PH of the unit" in feeds.open, "the unit has a feed")
        document = scanned(stack, office.clerk)
        direct = watched(office, feeds, document)
        retyped, returned = later_sealed(office, feeds)
        feeds.close()
        named_by_others(office, stack, document)
        at_the_committee(office, stack, document)
        asked_by_leaders(office, stack, city, people)
        with_what_says_the_same(office, people)
        wait_drained(stack)

        before = told_by_tables(description, people, grid, office.unit)
        office.register("ACCUSATION", SECRET)
        again = office.register(request=SECRET)
        office.seal(again)
        wait_drained(stack)
        same(before, told_by_tables(description, people, grid, office.unit), "after two accusations came in")
        for petition in (direct, returned, again):
            office.hand_over(petition)
        city.who("ROLE_DI").post("/v1/petitions/%s:receiveSealed" % direct, {"externalRef": "纪收1号"})
        same(before, told_by_tables(description, people, grid, office.unit), "after they were handed over")

        asked, reasons = attack(description, people, [direct, retyped, returned], document)
        print("%d people, %d questions about sealed petitions, answered like those about nothing; by the service itself %s" % (
            len(people), asked, dict(reasons)), flush=True)
        expect(reasons["NO_SUCH_MATTER"] > 0.8 * sum(reasons.values()), "the questions reach who decides: %s" % reasons)
        for path, body in (("/v1/petitions/{id}", None), ("/v1/petitions/{id}/steps", None),
                           ("/v1/petitions/{id}:confirmReceipt", {}), ("/v1/petitions/{id}/file:print", {"reason": "归档打印"})):
            times(people["ROLE_PH of the unit"], path, direct, body)
        logs_are_silent(stack, [direct, retyped, returned, again])
        opened = city.who("ROLE_DI").post("/v1/petitions/%s:openSealed" % retyped, {"reason": "初步核实线索"})
        expect(opened["content"]["request"] == SECRET, "its organ may read it")
        organ = Wire(stack.url, city.who("ROLE_DI"), "organ")
        expect(organ.ask("GET", "/v1/documents/petition/%s/%s" % (direct, document))[0] == 200, "and see its evidence")
    print("accusations cannot be told from nothing, by anybody, anywhere")


if __name__ == "__main__":
    main()
