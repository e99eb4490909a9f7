"""What oversight counts and lists, a second time: figures, the lists behind them, tables of analysis, a month beside others and lights,
counted one by one over the matters that the test made, by the plain words of 3.10 of the domain model. Whoever may open no list reads
multiples of five, and nothing of fewer; in tables that are copied out numbers from one to four are nobody's."""
import collections
import time

from harness import expect  # first: it says where the others are
from drawn import OPEN_INCIDENT, day
from rights import LEADERS, covers, level_of

FEW = 5
OUT = ("MERGED", "REFUSED", "REJECTED", "CANCELLED")  # no matter of the area: of another one, or of none
BELOW = {4: 6, 6: 9, 9: 12}
METRICS, BEHIND, TABLES = "/v1/metrics", "/v1/metrics/{id}/counted", "/v1/oversight/analysis"
MONTH, LIGHTS = "/v1/oversight/analysis:month", "/v1/oversight/lights"
OF_PERSONS = ("K-07",)  # hidden from everybody while few
# The periods in which an incident's units have to do something; the others are for looking again.
DUTIES = ("DI-01", "DI-02", "DI-03", "DI-05", "DI-06", "DA-01", "DA-02", "DA-03", "DA-04", "DA-05")
RIGHTS = ("DP-04", "DP-07", "DP-09")  # what somebody may do and need not
A_MINUTE = 60_000  # a light turns within it


def rounded(n):
    return (n + 2) // 5 * 5


def kind_of(category):
    """The first level: two digits of an incident's, all of a dispute's or a petition's."""
    return category[:2] if category.isdigit() else category


def running(m):
    """Clocks of a matter for which a unit answers: holder, and from when they are yellow. An incident that is closed binds nobody."""
    if m["kind"] == "incident" and m["status"] not in OPEN_INCIDENT:
        return
    for policy, holder, yellow_at in m["clocks"]:
        if holder and policy not in RIGHTS and (m["kind"] != "incident" or policy in DUTIES):
            yield holder, yellow_at


class Recounts:
    """Of one person, as scope_test asks for them; `compared` says how many of each were."""

    def __init__(self, scope, compared):
        self.scope, self.person, self.asking, self.matters = scope, scope.person, scope.asking, scope.world.matters
        self.month_of_world, self.compared = scope.world.month, compared

    def all_of(self, area):
        self.figures(area)
        self.lists_behind(area)
        for by in ("BY_AREA", "BY_CATEGORY"):
            self.table(area, by)
        self.month(area)
        self.lights_of_area(area)

    # -- what is there ------------------------------------------------------------------------------------------------

    def looks(self, path, area):
        """From how high the person looks at the area, and whether they may open what is counted there."""
        openers = self.scope.description.roles_of(BEHIND)
        opening = [g for g in self.person.grants if g[0] in openers and covers(g[2], area)]
        over = opening or [g for g in self.scope.grants_for(path) if covers(g[2], area)]
        return max(level_of(g[2]) for g in over), bool(opening)

    def known(self, area, looking):
        """Of what is sealed oversight hears nothing; a petition is counted from the level of its office up."""
        return [m for m in self.matters if not m["sealed"] and m["status"] not in OUT and covers(area, m["area"]) and
                (m["kind"] != "petition" or level_of(m["office_area"]) <= looking)]

    def asked(self, path, area, **query):
        """The answer for whoever is over the place; nobody else has one."""
        status, said, _ = self.asking.get(path, areaCode=area, **query)
        expect((status == 200) == self.scope.over(path, area), "%s asks %s of %s: %s" % (self.person, path, area, status))
        return said if status == 200 else None

    # -- figures --------------------------------------------------------------------------------------------------------

    def behind(self, area, looking):
        """Matters behind numerator and denominator. Nothing of the world was due before it was asked for, sent back to be done again,
        or extended."""
        known = self.known(area, looking)
        closed = [m for m in known if m["status"] == "CLOSED"]
        appeals = [m for m in known if m.get("awaits") is not None and m["sent"]]
        petitions = [m for m in known if m["kind"] == "petition"]
        return {"K-01": ([m for m in closed if m["resolved"]], closed), "K-05": (closed, closed), "K-07": ([], petitions),
                "K-09": ([m for m in appeals if m["awaits"] != "AWAITS_CONTACT"], appeals), "K-14": ([], closed),
                "K-15": ([], [m for m in known if m["kind"] == "incident" and m["sent"]]), "K-16": ([], closed)}

    def figures(self, area):
        said = self.asked(METRICS, area, fromDay=day(-1))
        if said is None:
            return
        looking, exact = self.looks(METRICS, area)
        figures = {f["id"]: f for f in said["figure"]}
        for name, (part, of) in self.behind(area, looking).items():
            self.figure(area, figures[name], len(part), len(of), exact)

    def figure(self, area, said, part, of, exact):
        told = {key: int(said[key]) for key in ("numerator", "denominator") if key in said}
        what = "%s reads %s of %s: %s, not %d of %d" % (self.person, said["id"], area, said, part, of)
        if of == 0:
            expect(said.get("noData") and not any(told.values()), what)
        elif of < FEW and (said["id"] in OF_PERSONS or not exact):
            expect(said.get("hidden") and not told and "value" not in said, what)
        else:
            wanted = (part, of) if exact else (rounded(part), rounded(of))
            expect(told == dict(zip(("numerator", "denominator"), wanted)), what)
        self.compared["figures"] += 1

    def lists_behind(self, area):
        """Drill-down: exactly the matters that were counted; whoever is not over the place opens none."""
        for name, numerator in (("K-01", True), ("K-01", False), ("K-07", False), ("K-09", True), ("K-14", False)):
            status, named = self.asking.every(BEHIND.replace("{id}", name), areaCode=area, fromDay=day(-1), pageSize=7,
                                              numerator=str(numerator).lower())
            if not self.scope.over(BEHIND, area):
                expect(status != 200, "%s opens %s of %s" % (self.person, name, area))
                continue
            of = self.behind(area, self.looks(BEHIND, area)[0])[name][0 if numerator else 1]
            shut = name in OF_PERSONS and 0 < len(of) < FEW  # a list of few persons is as good as their number
            expect((status == 200) != shut, "%s opens %s of %s, behind which are %d: %s" % (self.person, name, area, len(of), status))
            self.scope.same(named, set() if shut else {m["code"] for m in of}, "what %s counts in %s" % (name, area))
            self.compared["lists behind figures"] += 1

    # -- analysis -------------------------------------------------------------------------------------------------------

    def quantity(self, said, n, exact, what):
        """One number of a table. Withheld is what would give a small one away."""
        if 0 < n < FEW:
            expect(said.get("few") and "count" not in said, what)
        elif not (exact and said.get("withheld") and "count" not in said):
            expect(not said.get("few") and int(said.get("count", -1)) == (n if exact else rounded(n)), what)
        self.compared["numbers of tables"] += 1

    def column(self, rows, total, wanted, exact, what):
        """One column and its sum: each number, and none of the hidden ones can be had by subtraction."""
        for key, said in rows.items():
            self.quantity(said, wanted[key], exact, "%s, %s: %s, not %d" % (what, key, said, wanted[key]))
        expect(not set(+wanted) - set(rows), "%s: without %s" % (what, set(+wanted) - set(rows)))
        if total is None:
            return
        everything = sum(wanted.values())
        self.quantity(total, everything, exact, "%s, all: %s, not %d" % (what, total, everything))
        hidden = [key for key, said in rows.items() if "count" not in said]
        withheld = [said for said in [total, *rows.values()] if said.get("withheld")]
        expect(not exact or "count" not in total or len(hidden) != 1, "%s: %s is had by subtraction" % (what, hidden))
        expect(not withheld or any(rows[key].get("few") for key in hidden), "%s: withheld for nothing" % what)

    def table(self, area, by):
        said = self.asked(TABLES, area, by=by)
        if said is None:
            return
        looking, exact = self.looks(TABLES, area)
        known = self.known(area, looking)

        def count(matters):
            return collections.Counter(m["area"][:BELOW[len(area)]] if by == "BY_AREA" else kind_of(m["category"]) for m in matters)
        closed = [m for m in known if m["status"] == "CLOSED"]
        rows, what = {row["key"]: row for row in said.get("row", [])}, "%s %s of %s for %s" % (TABLES, by, area, self.person)
        expect(len(rows) == len(said.get("row", [])), what + ": a row comes twice")
        for name, matters in (("came", known), ("closed", closed)):
            self.column({key: row[name] for key, row in rows.items()}, said["total"][name], count(matters), exact, what + ", " + name)
        # Beside a hidden number of closed ones even how many of them were solved is nobody's.
        of_closed, solved = count(closed), count([m for m in closed if m["resolved"]])
        for key, row in rows.items():
            if 0 < of_closed[key] < FEW:
                expect(row["resolved"].get("few") or row["resolved"].get("withheld"), "%s: %s" % (what, row))
            else:
                self.quantity(row["resolved"], solved[key], exact, "%s: %s, %d solved" % (what, row, solved[key]))

    def month(self, area):
        """This month by category, and of each where five or more of them are. There is none before it in this world."""
        said = self.asked(MONTH, area)
        if said is None or day(0)[:7] != self.month_of_world:
            return
        looking, exact = self.looks(MONTH, area)
        known, what = self.known(area, looking), "%s of %s for %s" % (MONTH, area, self.person)
        rows = {row["category"]: row for row in said.get("category", [])}
        self.column({key: row["came"] for key, row in rows.items()}, said["all"]["came"],
                    collections.Counter(kind_of(m["category"]) for m in known), exact, what)
        for key, row in rows.items():
            there = collections.Counter(m["area"][:BELOW[len(area)]] for m in known if kind_of(m["category"]) == key)
            many = {place: n if exact else rounded(n) for place, n in there.items() if n >= FEW}
            named = {place["areaCode"]: int(place["count"]) for place in row.get("place", [])}
            expect("mean" not in row and named.items() <= many.items(), "%s: %s, not %s" % (what, row, many))
            expect(exact or named == many, "%s: %s, not %s" % (what, row, many))

    # -- lights ---------------------------------------------------------------------------------------------------------

    def leads(self, area):
        return any(g[0] in LEADERS and covers(g[2], area) for g in self.person.grants)

    def lights_of_area(self, area):
        """What is yellow or red there and stands at or below the level of who is asked about; a city reads its counties'."""
        before = time.time() * 1000
        status, named = self.asking.every(LIGHTS, areaCode=area, pageSize=7)
        right = bool(self.scope.grants_for(LIGHTS)) and len(area) <= 9 and self.leads(area)
        expect((status == 200) == right, "%s asks the lights of %s: %s" % (self.person, area, status))
        if not right:
            return
        known = self.known(area, level_of(area)) if len(area) > 4 else []
        turned = {m["code"] for m in known if any(at < before - A_MINUTE for _, at in running(m))}
        turning = {m["code"] for m in known if any(at <= time.time() * 1000 for _, at in running(m))}
        self.scope.same(named & turned, turned, "the lights of " + area)
        self.scope.same(named, named & turning, "the lights of " + area)
        self.compared["lists of lights"] += 1

    def lights_of_unit(self, org):
        """Every running clock of a unit: for the unit, and for whoever is over its place."""
        status, named = self.asking.every(LIGHTS, holderOrg=org, pageSize=7)
        asking = self.scope.grants_for(LIGHTS)
        right = any(g[1] == org for g in asking) or bool(asking) and self.leads(org.split("-")[0])
        expect((status == 200) == right, "%s asks the lights of %s: %s" % (self.person, org, status))
        if right:
            held = {m["code"] for m in self.matters if not m["sealed"] and any(holder == org for holder, _ in running(m))}
            self.scope.same(named, held, "the lights of " + org)
            self.compared["lists of lights"] += 1
