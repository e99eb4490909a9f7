#!/usr/bin/env python3
"""Random people against random matters by HTTP: incidents, cases and petitions of two counties on every level, forty people with roles
and places drawn by lot, and every path of the gateway's description that shows several matters or says how many there are. Each answer
is compared with a plain filter over all matters by the rights of the domain model; what is named in an answer can be opened by whoever
got it, and what cannot be opened is named nowhere. So it is with instructions, inspections, tasks and campaigns, and to the last one with
appeals of enterprises, early warnings and suggestions of accountability: whatever counts them counts what the same person may list.
Figures, the tables of analysis, months and lights are recounted from the same matters: recounts.py.

usage: scope_test.py BIN_DIR [SEED]
"""
# spec: 3.2 A5 A6 O8 O10 O11 C10 R9
import collections
import json
import os
import sys
import tempfile
import time
import types
import urllib.parse

from harness import city_of, expect, installation, small_city, wait_drained  # first: it says where the others are
from asked import Description, Wire
from drawn import COUNTIES, OPEN_CASE, OPEN_INCIDENT, OPEN_PETITION, World, draw_people
from feed_test import Watcher
from recounts import Recounts
from rights import ANSWERS_SUGGESTIONS, COUNTS, LEADERS, OVER_SUGGESTIONS, SEES_THING, covers, hears_of, keeps_sealed, level_of, of_their_office, sees

SEED = 2
# What shows no matter. Everything else that the description offers without naming one is asked.
ABOUT_NO_MATTER = {"/v1/areas", "/v1/areas:search", "/v1/calendar", "/v1/grants:unsettled", "/v1/jwks.json", "/v1/me",
                   "/v1/organisations", "/v1/policy", "/v1/sessions", "/v1/users"}
FORBIDDEN = (401, 403, 404)
FEW = 5


def coarse(numbers):
    """As whoever may open none of them reads it."""
    return {key: (n + 2) // 5 * 5 for key, n in numbers.items() if n >= FEW}


class Asking:
    """One person's questions, and what of the world an answer names."""

    def __init__(self, stack, world, person):
        self.world, self.person, self.named = world, person, {}
        self.wire = Wire(stack.url, person.client, person.login)
        self.questions = 0

    def get(self, path, **query):
        """Status, the document if it is one, and every matter named in the words of the answer."""
        text = path + ("?" + urllib.parse.urlencode(query) if query else "")
        status, _, words = self.wire.ask("GET", text)
        self.questions += 1
        try:
            said = json.loads(words)
        except ValueError:
            said = {}
        named = {m["code"] for m in self.world.matters if m["code"] in words or m["id"] in words}
        things = {t["id"] for t in self.world.things if t["id"] in words}
        if status != 200:
            expect(not named, "%s: a refusal names %s" % (text, named))
            expect(not things or all(t in path for t in things), "%s: a refusal names %s" % (text, things))
        else:
            for thing in things:
                self.named.setdefault(thing, set()).add(text)
        return status, said, named

    def every(self, path, **query):
        """All pages of a list: the status of the first, and everything named."""
        status, said, named = self.get(path, **query)
        token = said.get("nextPageToken") if status == 200 else None
        while token:
            _, said, more = self.get(path, pageToken=token, **query)
            named |= more
            token = said.get("nextPageToken")
        return status, named


class Scope:
    """What one person is told, beside what a filter over everything says."""

    def __init__(self, stack, world, description, person):
        self.world, self.description, self.person = world, description, person
        self.asking = Asking(stack, world, person)
        self.mine = {m["code"] for m in world.matters if sees(person, m)}
        self.told = {m["code"] for m in world.matters if hears_of(person, m)}
        self.heard = self.told | self.mine
        self.behind = {"warnings": self.told,
                       "accountability-suggestions": self.told | {m["code"] for m in world.matters if of_their_office(person, m)}}

    def grants_for(self, path):
        roles = self.description.roles_of(path)
        return [g for g in self.person.grants if roles is None or g[0] in roles]

    def by(self, path):
        """The person as asking by this path: a role that opens it and a sight that another role gives never add up."""
        return types.SimpleNamespace(id=self.person.id, grants=self.grants_for(path))

    def may_see(self, path):
        asking = self.by(path)
        return {m["code"] for m in self.world.matters if sees(asking, m)}

    def same(self, said, wanted, what):
        expect(said == wanted, "%s asks %s:\n too much %s\n too little %s" % (
            self.person, what, sorted(said - wanted), sorted(wanted - said)))

    def opened(self, path, kind, seen):
        """One by one: what may be seen opens, nothing else does."""
        asking = self.by(path)
        for matter in self.world.matters:
            if matter["kind"] != kind and kind:
                continue
            at = path.replace("{id}", matter["id"] if kind else matter["code"])
            status, _, _ = self.asking.get(at)
            right = bool(asking.grants) and seen(asking, matter)
            expect((status == 200) == right and status in (200, *FORBIDDEN), "%s opens %s: %s" % (self.person, matter, status))

    # -- lists -----------------------------------------------------------------------------------------------------

    def lists(self, area):
        """Of a place: who is over it gets exactly what of it is theirs, everybody else is refused."""
        for path, kind, is_open in (("/v1/incidents", "incident", OPEN_INCIDENT), ("/v1/mediation-cases", "case", OPEN_CASE),
                                    ("/v1/petitions", "petition", OPEN_PETITION)):
            status, named = self.asking.every(path, areaCode=area, pageSize=7)
            wanted = {m["code"] for m in self.world.of(kind) if m["status"] in is_open and covers(area, m["area"]) and
                      not m["sealed"]} & self.may_see(path)
            if status == 200:
                self.same(named, wanted, "%s of %s" % (path, area))
            else:
                expect(status in (400, 403), "%s of %s: %s" % (path, area, status))
                over = any(covers(g[2], area) for g in self.grants_for(path))
                expect(not (wanted and over and kind == "incident"), "%s is refused %s of %s" % (self.person, path, area))

    def own_lists(self):
        status, named = self.asking.every("/v1/incidents", pageSize=7)
        if status == 200:
            areas = [g[2] for g in self.grants_for("/v1/incidents")]
            self.same(named, {m["code"] for m in self.world.of("incident") if not m["sealed"] and m["status"] in OPEN_INCIDENT and
                              any(covers(a, m["area"]) for a in areas)} & self.may_see("/v1/incidents"), "the own list")
        for path, kind, word in (("/v1/incidents:search", "incident", "范围"), ("/v1/mediation-cases:search", "case", "范围"),
                                 ("/v1/petitions:search", "petition", "范围")):
            status, named = self.asking.every(path, q=word, pageSize=7)
            if status == 200:
                self.same(named, {m["code"] for m in self.world.of(kind) if not m["sealed"]} & self.may_see(path), path)
            else:
                expect(status == 403 and not self.grants_for(path), "%s may not search %s: %s" % (self.person, path, status))

    def of_units(self, org):
        for path, field in (("/v1/incidents", "holderOrg"), ("/v1/mediation-cases", "committeeOrg"), ("/v1/petitions", "unitOrg"),
                            ("/v1/petitions", "officeOrg"), ("/v1/petition-sealed", "org"), ("/v1/mediation-promises", "committeeOrg"),
                            ("/v1/incidents:search", "orgId"), ("/v1/petitions:search", "orgId"), ("/v1/mediation-cases:search", "orgId")):
            status, named = self.asking.every(path, **{field: org})
            kept = {m["code"] for m in self.world.matters if path == "/v1/petition-sealed" and keeps_sealed(self.person, m)}
            self.no_more_than(named, self.may_see(path) | kept, status, "%s %s=%s" % (path, field, org))
        for path, field in (("/v1/oversight/lights", "holderOrg"), ("/v1/oversight/orders", "toOrg"),
                            ("/v1/oversight/instructions", "addresseeOrg")):
            status, named = self.asking.every(path, **{field: org})
            self.no_more_than(named, self.heard | self.world.before(org), status, "%s %s=%s" % (path, field, org))

    def no_more_than(self, named, allowed, status, what):
        expect(status in (200, 400, *FORBIDDEN), "%s: %s" % (what, status))
        expect(named <= allowed, "%s asks %s and is told of %s" % (self.person, what, sorted(named - allowed)))

    # -- numbers ---------------------------------------------------------------------------------------------------

    def counts(self, area):
        """Who is over a place is told how many there are: all of what that level may know, as counted one by one; whoever may open
        none of them in multiples of five."""
        for path, kind, wanted in (("/v1/incidents:count", "incident", self.by_status("incident", area)),
                                   ("/v1/mediation-cases:count", "case", self.by_status("case", area)),
                                   ("/v1/petitions:count", "petition", self.by_status("petition", area))):
            status, said, named = self.asking.get(path, areaCode=area)
            over = any(covers(g[2], area) for g in self.grants_for(path)) and len(area) <= 9
            expect((status == 200) == over, "%s counts %s of %s: %s" % (self.person, kind, area, status))
            if not over:
                continue
            exact = any(g[0] in COUNTS[kind] and covers(g[2], area) for g in self.person.grants)
            wanted = wanted if exact else coarse(wanted)
            expect(bool(said.get("rounded")) != exact, "%s of %s by %s: %s" % (path, area, self.person, said))
            rows = said.get("count", said.get("byStatus", []))
            counted = {r["status"]: int(r["count"]) for r in rows if int(r["count"])}
            expect(counted == wanted, "%s counts %s of %s: %s, not %s" % (self.person, kind, area, counted, wanted))

    def by_status(self, kind, area):
        """An accusation is in no number; of what else is sealed there are numbers, and nothing more (3.1.3)."""
        counted = collections.Counter()
        over = [g for g in self.person.grants if covers(g[2], area)]
        opening = [g for g in over if g[0] in COUNTS["petition"]]
        looking = max([0, *(level_of(g[2]) for g in opening or [g for g in self.grants_for("/v1/petitions:count") if g in over])])
        for m in self.world.of(kind):
            if m["status"] in ("MERGED", "SEALED") or not covers(area, m["area"]):
                continue
            if kind != "petition" or level_of(m["office_area"]) <= looking:
                counted[m["status"]] += 1
        return dict(counted)

    def review(self, area):
        """The leaders' page: open, and at their level or above it, or once there."""
        status, named = self.asking.every("/v1/oversight/review", areaCode=area, pageSize=7)
        over = len(area) <= 9 and any(covers(g[2], area) for g in self.grants_for("/v1/oversight/review"))
        expect((status == 200) == over, "%s reads the page of %s: %s" % (self.person, area, status))
        if not over:
            return
        wanted = {m["code"] for m in self.world.matters if self.stands_before(m, area)}
        self.same(named, wanted, "the page of " + area)
        _, said, _ = self.asking.get("/v1/oversight/review:count", areaCode=area)
        expect(int(said.get("total", 0)) == len(wanted), "%s: %s on it, %s are counted" % (area, len(wanted), said.get("total")))

    def stands_before(self, m, area):
        level = level_of(area)
        if m["sealed"] or not covers(area, m["area"]) or m["status"] not in OPEN_INCIDENT + OPEN_CASE + OPEN_PETITION:
            return False
        if m["kind"] == "petition":
            return m["level"] == level
        return m["level"] >= level

    def figures(self, area):
        """K-15 counts the dispatches of the place, and the list behind it has them."""
        status, said, _ = self.asking.get("/v1/metrics/K-15", areaCode=area)
        over = len(area) <= 9 and any(covers(g[2], area) for g in self.grants_for("/v1/metrics"))
        expect((status == 200) == over, "%s asks the figures of %s: %s" % (self.person, area, status))
        sent = {m["code"] for m in self.world.of("incident") if covers(area, m["area"]) and m["sent"]}
        opens = any(covers(g[2], area) for g in self.grants_for("/v1/metrics/{id}/counted"))
        if over and (opens or not sent):
            expect(int(said["denominator"]) == len(sent), "%s: %s dispatches of %s, not %d" % (self.person, said, area, len(sent)))
        elif over:  # whoever may not open the list reads multiples of five
            shown = None if len(sent) < 5 else (len(sent) + 2) // 5 * 5
            expect(int(said["denominator"]) == shown if shown else said.get("hidden"), "%s: %s of %d" % (self.person, said, len(sent)))
        status, named = self.asking.every("/v1/metrics/K-15/counted", areaCode=area, pageSize=7)
        if status == 200:
            self.same(named, sent, "what K-15 counts in " + area)
        else:
            over = any(covers(g[2], area) for g in self.grants_for("/v1/metrics/{id}/counted")) and len(area) <= 9
            expect(not over, "%s may not open the figure of %s: %s" % (self.person, area, status))

    def sheets(self, area):
        for path in (p for p, what in self.description.all["paths"].items() if "-sheets/" in p and "{" not in p and "get" in what):
            status, _, named = self.asking.get(path, **self.description.sheet_of(path, area))
            over = len(area) <= 9 and any(covers(g[2], area) for g in self.grants_for(path))
            expect((status == 200) == over, "%s takes %s of %s: %s" % (self.person, path, area, status))
            looking = max([0, *(level_of(g[2]) for g in self.grants_for(path) if covers(g[2], area))])
            there = {m["code"] for m in self.world.matters if covers(area, m["area"]) and not m["sealed"] and (
                m["kind"] != "petition" or looking >= level_of(m["office_area"]))}
            self.no_more_than(named, there, status, "%s of %s" % (path, area))

    def everything_else(self, area):
        """Whatever else may be asked, today or later: no matter is named that is not theirs."""
        known = {"/v1/incidents", "/v1/mediation-cases", "/v1/petitions", "/v1/oversight/review"}
        for path, methods in self.description.all["paths"].items():
            if "get" not in methods or "{" in path or path in known or path in ABOUT_NO_MATTER or "-sheets/" in path:
                continue
            status, named = self.asking.every(path, areaCode=area)
            self.no_more_than(named, self.heard, status, "%s of %s" % (path, area))

    # -- what stands before leaders by itself -------------------------------------------------------------------------

    def over(self, path, area):
        return any(covers(g[2], area) for g in self.grants_for(path)) and len(area) <= 9

    def of_kind(self, kind):
        return [t for t in self.world.things if t["kind"] == kind]

    def rows(self, path, field, **query):
        """All lines of a list, page after page, and of the first page the status."""
        status, said, _ = self.asking.get(path, pageSize=3, **query)
        rows, token = list(said.get(field, [])), said.get("nextPageToken")
        while status == 200 and token:
            _, said, _ = self.asking.get(path, pageSize=3, pageToken=token, **query)
            rows, token = rows + said.get(field, []), said.get("nextPageToken")
        return status, rows

    def appeals(self, area):
        """Open appeals of the place by what the enterprise waits for: numbers, places and lists say the same."""
        waiting = [m for m in self.world.of("incident") if m.get("awaits") and covers(area, m["area"])]
        status, said, _ = self.asking.get("/v1/oversight/appeals:count", areaCode=area)
        expect((status == 200) == self.over("/v1/oversight/appeals:count", area), "%s counts appeals of %s: %s" % (self.person, area, status))
        if status == 200:
            stages, places = collections.Counter(), {}
            for row in said.get("stage", []):
                stages[row["stage"]] += int(row["count"])
            below = {4: 6, 6: 9, 9: 12}[len(area)]
            places = {row["areaCode"]: int(row["count"]) for row in said.get("place", [])}
            expect(stages == collections.Counter(m["awaits"] for m in waiting) and int(said.get("total", 0)) == len(waiting) and
                   places == collections.Counter(m["area"][:below] for m in waiting), "%s counts appeals of %s: %s" % (self.person, area, said))
        status, rows = self.rows("/v1/oversight/appeals", "appeal", areaCode=area)
        expect((status == 200) == self.over("/v1/oversight/appeals", area), "%s lists appeals of %s: %s" % (self.person, area, status))
        if status == 200:
            expect(sorted((r["item"]["matterCode"], r["stage"]) for r in rows) == sorted((m["code"], m["awaits"]) for m in waiting),
                   "%s lists appeals of %s: %s" % (self.person, area, rows))
            for stage in ("AWAITS_CONTACT", "AWAITS_CONFIRMATION"):
                _, named = self.asking.every("/v1/oversight/appeals", areaCode=area, stage=stage)
                self.same(named, {m["code"] for m in waiting if m["awaits"] == stage}, "appeals of %s, %s" % (area, stage))
            _, named = self.asking.every("/v1/oversight/appeals", areaCode=area, listed="true")
            self.same(named, set(), "listed appeals of " + area)

    def warnings(self, area):
        """Of the place, as far as its level may see them; of each the matters that the reader hears of; and as many are counted."""
        raised = {t["id"]: t for t in self.of_kind("warnings")
                  if covers(area, t["area"]) and len(area) <= 9 and level_of(area) >= t["seen_from"]}
        status, rows = self.rows("/v1/oversight/warnings", "warning", areaCode=area)
        expect((status == 200) == self.over("/v1/oversight/warnings", area), "%s lists warnings of %s: %s" % (self.person, area, status))
        if status == 200:
            self.same({row["id"] for row in rows}, set(raised), "warnings of " + area)
            for row in rows:
                self.names_behind(row, raised[row["id"]])
        months = {"fromMonth": time.strftime("%Y-%m", time.localtime(time.time() - 86_400)), "untilMonth": time.strftime("%Y-%m")}
        status, said, _ = self.asking.get("/v1/oversight/warnings:count", areaCode=area, **months)
        expect((status == 200) == self.over("/v1/oversight/warnings:count", area), "%s counts warnings of %s: %s" % (self.person, area, status))
        if status == 200:
            counted = {row["rule"]: (int(row["raised"]), int(row["open"])) for row in said.get("row", [])}
            wanted = collections.Counter(t["rule"] for t in raised.values())
            exact = any(g[0] in LEADERS and covers(g[2], area) for g in self.person.grants)
            wanted = wanted if exact else coarse(wanted)
            expect(counted == {rule: (n, n) for rule, n in wanted.items()}, "%s counts warnings of %s: %s" % (self.person, area, said))

    def suggestions(self, area):
        """Made in a place: for whoever is over it, and exactly those."""
        path = "/v1/oversight/accountability-suggestions"
        over = len(area) <= 9 and any(g[0] in OVER_SUGGESTIONS and covers(g[2], area) for g in self.grants_for(path))
        self.suggestions_by({"areaCode": area}, over, [t for t in self.of_kind("accountability-suggestions") if t["area"] == area])

    def suggestions_to(self, org):
        """Sent to a body: for whoever answers there."""
        answers = any(g[0] in ANSWERS_SUGGESTIONS and g[1] == org for g in self.person.grants)
        self.suggestions_by({"recipientOrg": org}, answers, [
            t for t in self.of_kind("accountability-suggestions") if t["to"] == org and t["sent"]])

    def suggestions_by(self, query, right, there):
        for closed in (False, True):
            status, rows = self.rows("/v1/oversight/accountability-suggestions", "suggestion", closed=str(closed).lower(), **query)
            expect((status == 200) == right, "%s lists suggestions by %s: %s" % (self.person, query, status))
            if not right:
                continue
            made = {t["id"]: t for t in there if t["closed"] == closed}
            self.same({row["id"] for row in rows}, set(made), "suggestions by %s" % query)
            for row in rows:
                self.names_behind(row, made[row["id"]])

    def names_behind(self, said, thing):
        self.same(set(said.get("matterCode", [])), set(thing["matters"]) & self.behind[thing["kind"]], "what is behind %s" % thing)

    def exactly(self, thing):
        """A warning, a suggestion: opened by whoever may see it, and named to nobody else."""
        sees_it, path = SEES_THING[thing["kind"]], "/v1/oversight/%s/{id}" % thing["kind"]
        status, said, _ = self.asking.get(thing["at"])
        right = bool(self.grants_for(path)) and sees_it(self.by(path), thing)
        expect((status == 200) == right and status in (200, *FORBIDDEN), "%s opens %s: %s" % (self.person, thing, status))
        if right:
            self.names_behind(said, thing)
        told = self.asking.named.get(thing["id"], set())
        expect(sees_it(self.person, thing) or not told, "%s is told of %s by %s" % (self.person, thing, told))

    def things(self):
        """What leaders and supervision made: for whoever is over its place, or belongs to a unit it is about; a campaign besides for
        whoever it asks. Nothing that was answered before named another."""
        for thing in self.world.things:
            if thing["kind"] in SEES_THING:
                self.exactly(thing)
                continue
            grants = self.grants_for("/v1/oversight/" + thing["kind"])
            status, _, _ = self.asking.get(thing["at"], **({"areaCode": thing["area"]} if thing["kind"] == "campaigns" else {}))
            over = [g for g in self.person.grants if covers(g[2], thing["area"])]
            theirs = over or any(g[1] in thing["units"] for g in self.person.grants) or (
                thing["kind"] == "campaigns" and any(covers(thing["area"], g[2]) for g in self.person.grants))
            told = self.asking.named.get(thing["id"], set())
            if thing["about"] in self.heard:  # that it was asked stands with the matter, for whoever is over its place; not what
                told = {by for by in told if not by.startswith(("/v1/oversight/matters/", "/v1/oversight/review"))}
            expect(theirs or not told, "%s is told of %s by %s" % (self.person, thing, told))
            expect(theirs or status != 200, "%s opens %s" % (self.person, thing))
            lead = any(g in over and g[0] in ("ROLE_CL", "ROLE_CYL", "ROLE_SV") for g in grants)
            expect(status == 200 or not lead, "%s opens %s: %s" % (self.person, thing, status))
            expect(status in (200, *FORBIDDEN), "%s opens %s: %s" % (self.person, thing, status))
            if not lead or thing["kind"] == "campaigns":
                continue
            _, said, _ = self.asking.get("/v1/oversight/" + thing["kind"], areaCode=thing["area"], pageSize=100)
            expect(thing["id"] in json.dumps(said), "%s is not shown %s" % (self.person, thing))

    def feed(self, watcher):
        """The feed tells of a place down to its village: a grid worker hears of the village, nobody of more."""
        if watcher.status != 200:
            return
        wider = [g[2][:12] for g in self.person.grants]
        allowed = self.heard | {m["code"] for m in self.world.matters if m["kind"] != "petition" and not m["sealed"] and any(
            covers(a, m["area"]) for a in wider)}
        told = {e["mattercode"] for e in watcher.events if e.get("mattercode")}
        expect(told <= allowed, "%s hears of %s" % (self.person, sorted(told - allowed)))


def main():
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else SEED
    base = tempfile.mkdtemp(prefix="fengqiao-system-")
    areas = small_city(os.path.join(base, "areas"), COUNTIES)
    with installation(sys.argv[1], home=base, areas=areas) as stack:
        city = city_of(stack)
        people = draw_people(stack, city, seed)
        watchers = {p: Watcher(stack, p.client, p.grants[0][2][:12]) for p in people}
        world = World(stack, city, seed)
        wait_drained(stack)
        world.oversee()
        wait_drained(stack)
        description = Description(stack.url)
        questions = answered = 0
        compared = collections.Counter()
        for person in people:
            scope = Scope(stack, world, description, person)
            recounts = Recounts(scope, compared)
            scope.opened("/v1/incidents/{id}", "incident", sees)
            scope.opened("/v1/mediation-cases/{id}", "case", sees)
            scope.opened("/v1/petitions/{id}", "petition", sees)
            scope.opened("/v1/oversight/matters/{id}", None, hears_of)
            scope.own_lists()
            for area in world.places(person):
                scope.lists(area)
                scope.counts(area)
                scope.review(area)
                scope.figures(area)
                scope.sheets(area)
                scope.appeals(area)
                scope.warnings(area)
                scope.suggestions(area)
                recounts.all_of(area)
                scope.everything_else(area)
            for org in world.units(person):
                scope.of_units(org)
                scope.suggestions_to(org)
                recounts.lights_of_unit(org)
            scope.things()
            scope.feed(watchers[person])
            questions += scope.asking.questions
            answered += len(scope.mine)
        for watcher in watchers.values():
            if watcher.status == 200:
                watcher.cut()
    expect(answered > len(people), "the lot gave them something to see: %d" % answered)
    expect(all(compared[what] > len(people) for what in ("figures", "lists behind figures", "lists of lights", "numbers of tables")),
           "the lot gave them something to count: %s" % compared)
    print("%d people with %d questions about %d matters: nothing outside their scope, nothing of theirs missing (seed %d)" % (
        len(people), questions, len(world.matters), seed))
    print("compared with a recount: %s" % ", ".join("%d %s" % (n, what) for what, n in sorted(compared.items())))


if __name__ == "__main__":
    main()
