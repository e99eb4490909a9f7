#!/usr/bin/env python3
"""flow-1 and flow-2 through the running processes by HTTP; then everything is stopped, started again, and still there.
fengqiao-check finds nothing wrong then, and does find an oversight that was put back to yesterday's disk and a search
index that lacks a matter.

usage: flows_test.py BIN_DIR
"""
# spec: flow-1 flow-2 R8
import os
import shutil
import subprocess
import sys

from harness import city_of, expect, installation, place_of, wait_drained  # first: it says where the others are
from checks import check_sees_a_wrong_index
import flows


def quiet(*_):
    pass


def check_village_resolved(result):
    view = result["incident"]
    expect(view["status"] == "CLOSED", "flow-1 ends closed, not %s" % view["status"])
    expect(view["closureType"] == "VIA_MEDIATION", "flow-1 is closed by mediation, not %s" % view.get("closureType"))
    expect(view.get("resolvedLevel") == 2, "flow-1 is resolved in the village, not at level %s" % view.get("resolvedLevel"))
    expect(view.get("proceduralClosed") and view.get("substantivelyResolved"), "closed and resolved are two facts, both true")
    expect(result["case"]["status"] == "EFFECTIVE", "the oral agreement binds, not %s" % result["case"]["status"])
    expect(result["case"]["matterCode"] == view["matterCode"], "one matter, one code")


def check_wages(result):
    view = result["incident"]
    expect(view["status"] == "CLOSED" and view.get("substantivelyResolved"), "flow-2 ends closed and resolved")
    expect(view.get("resolvedLevel") == 4, "flow-2 is resolved at the county, not at level %s" % view.get("resolvedLevel"))
    expect(sorted(set(view.get("levelPath", []))) == [2, 3, 4] or 4 in view.get("levelPath", []),
           "the path shows every level: %s" % view.get("levelPath"))
    case = result["case"]
    expect((case["status"], case.get("endReason")) == ("ENDED", "E04_PARTY_REFUSES"), "mediation ended by refusal: %s" % case)


def snapshot(city, codes):
    """What a person sees of both matters, without what changes by itself as time passes."""
    clerk = city.who("ROLE_CD")
    seen = []
    for code in codes:
        view = clerk.get("/v1/incidents/" + code)
        steps = clerk.get("/v1/incidents/%s/steps" % code)["step"]
        seen.append((view["matterCode"], view["status"], view["version"], [s["hash"] for s in steps]))
    return seen


def check(stack):
    return subprocess.run([os.path.join(stack.bin, "fengqiao-check"), stack.path("data"), "--caught-up"],
                          capture_output=True, text=True)


def check_sees_an_older_disk(stack, yesterday):
    """A database put back behind the others' backs is whole in itself; only the comparison shows it."""
    today = stack.path("data", "oversight")
    os.rename(today, today + ".today")
    shutil.copytree(yesterday, today)
    verdict = check(stack)
    expect(verdict.returncode == 1 and "incident hears oversight" in verdict.stderr,
           "an oversight of yesterday was not noticed:\n%s%s" % (verdict.stdout, verdict.stderr))
    shutil.rmtree(today)
    os.rename(today + ".today", today)


def main():
    with installation(sys.argv[1]) as stack:
        city = city_of(stack)
        grid, committee, county = place_of(city)
        first = flows.neighbour_dispute(city, grid, committee, quiet)
        check_village_resolved(first)
        stack.stop_all()
        yesterday = stack.path("oversight.yesterday")
        shutil.copytree(stack.path("data", "oversight"), yesterday)
        stack.start_all()
        stack.wait_ready(60)

        city = city_of(stack)
        second = flows.wage_dispute(city, grid, county + "-committee-labour", county + "-hrss", quiet)
        check_wages(second)
        before = snapshot(city, [first["code"], second["code"]])
        wait_drained(stack)
        stack.stop_all()
        verdict = check(stack)
        expect(verdict.returncode == 0, "fengqiao-check: " + verdict.stderr)
        check_sees_an_older_disk(stack, yesterday)
        for service in ("incident", "mediation"):
            expect("%-9s  search index equal to its states" % service in verdict.stdout, verdict.stdout)
            check_sees_a_wrong_index(stack, service)
        stack.start_all()
        stack.wait_ready(60)
        after = snapshot(city_of(stack), [first["code"], second["code"]])
        expect(before == after, "after stop and start everything is as it was:\n%s\n%s" % (before, after))
    print("flow-1 and flow-2 hold, and survive stop and start")


if __name__ == "__main__":
    main()
