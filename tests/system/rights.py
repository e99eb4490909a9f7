"""Who may see what, by the plain words of the domain model (3.2): role and area, or unit, or party; nothing of how services find it.

A matter is a dictionary: kind, area, code, id, and of an incident lead, co, sealed, reporter; of a case committee, committee_area,
begun, mediators; of a petition office, office_area, unit, sealed. A warning has an area, seen_from (a level) and matters; a suggestion an
area, to (the body that answers), sent and matters. A person has grants (role, unit, area) and an id."""
OVER_INCIDENTS = {"ROLE_" + r for r in "GW GH TD TL CD CL CC CYL VF SV HA".split()}
WITHOUT_CONTENT = {"ROLE_" + r for r in "AN SA SE AU".split()}
OVER_CASES = {"ROLE_" + r for r in "CT TD TL CD CL CC CYL SV".split()}
OVER_PETITIONS = {"ROLE_" + r for r in "PC PO TL CL CYL SV RV".split()}
UNITS_OF_PETITIONS = {"ROLE_" + r for r in "PC PO TL CL CYL SV PH DM DH".split()}
# Who reads how many there are as it is; others multiples of five, and nothing of fewer.
COUNTS = {"incident": OVER_INCIDENTS, "petition": OVER_PETITIONS,
          "case": {"ROLE_" + r for r in "TD TL CD CL CC CYL SV MR MC MD".split()}}
LEADERS = {"ROLE_" + r for r in "TL CL CYL TD CD CC SV".split()}  # whom oversight answers

LEVELS = {15: 1, 12: 2, 9: 3, 6: 4, 4: 5}


def level_of(area):
    return LEVELS[len(area)]


def covers(grant_area, area):
    return bool(grant_area) and area.startswith(grant_area)


def sees_incident(person, m):
    if m["reporter"] == person.id:
        return True
    for role, unit, area in person.grants:
        if role in WITHOUT_CONTENT:
            continue
        involved = bool(unit) and unit in [m["lead"], *m["co"]]
        if involved:
            return True
        open_to = not m["sealed"] or (unit and unit in (m["holder"], m["territorial"]))
        if role in OVER_INCIDENTS and open_to and covers(area, m["area"]):
            return True
    return False


def of_industry(org):
    return "-committee-" in org


def in_line(unit, m):
    """Intake is helped by the centre of an area and by committees of areas; those of an industry stand by themselves."""
    return unit.endswith("-centre") or (unit.endswith("-committee") and not of_industry(m["committee"]))


def sees_case(person, m):
    for role, unit, area in person.grants:
        own = unit and unit == m["committee"]
        if role in OVER_CASES and (own or covers(area, m["committee_area"])):
            return True
        # What is said in mediation stays with its committee; others of the line help with the intake (Art. 15).
        if role in ("ROLE_MR", "ROLE_MC") and (
                own or (not m["begun"] and covers(area, m["committee_area"]) and in_line(unit, m))):
            return True
        if role == "ROLE_MD" and (own or person.id in m["mediators"]):
            return True
    return False


def sees_petition(person, m):
    """A petition is its office's and of whoever stands above; of the unit that has it; nobody's below."""
    for role, unit, area in person.grants:
        if m["sealed"]:  # opened by another way, with a reason
            continue
        if role in OVER_PETITIONS and (covers(area, m["office_area"]) or (unit and unit == m["office"])):
            return True
        if role in UNITS_OF_PETITIONS and unit and (unit == m["unit"] or (
                unit == m["office"] and role in ("ROLE_PH", "ROLE_DM", "ROLE_DH"))):
            return True
    return False


def keeps_sealed(person, m):
    return m["kind"] == "petition" and m["sealed"] and any(g[0] == "ROLE_PO" and g[1] == m["office"] for g in person.grants)


SEES = {"incident": sees_incident, "case": sees_case, "petition": sees_petition}


def sees(person, m):
    return SEES[m["kind"]](person, m)


def hears_of(person, m):
    """As oversight shows it: to leaders and centres over the place, a petition from the level of its office up; to the head of a
    unit that has it. Numbers and standing, no content."""
    if m["sealed"]:
        return False
    for role, unit, area in person.grants:
        seen_from = level_of(m["office_area"]) if m["kind"] == "petition" else 0
        if role in LEADERS and covers(area, m["area"]) and level_of(area) >= seen_from:
            return True
        if role == "ROLE_DM" and unit and unit in (m.get("holder"), m.get("lead"), m.get("unit"), m.get("committee")):
            return True
    return False


def sees_warning(person, warning):
    """预警 is for leaders and centres over the place, from the level that may see what it was raised for."""
    return any(role in LEADERS and covers(area, warning["area"]) and level_of(area) >= warning["seen_from"]
               for role, _, area in person.grants)


def of_their_office(person, m):
    """The head of a petition office reads which petitions of its line a suggestion names."""
    return m["kind"] == "petition" and not m["sealed"] and any(
        role == "ROLE_PO" and covers(area, m["office_area"]) for role, _, area in person.grants)


OVER_SUGGESTIONS = {"ROLE_" + r for r in "SV PO CL CYL".split()}
ANSWERS_SUGGESTIONS = {"ROLE_" + r for r in "DM DI".split()}


def sees_suggestion(person, suggestion):
    """问责建议 is of the place where it is made; once it is sent, of the body that answers it; never of the unit it is about."""
    return any(role in OVER_SUGGESTIONS and covers(area, suggestion["area"]) or
               role in ANSWERS_SUGGESTIONS and suggestion["sent"] and unit == suggestion["to"] for role, unit, area in person.grants)


SEES_THING = {"warnings": sees_warning, "accountability-suggestions": sees_suggestion}
