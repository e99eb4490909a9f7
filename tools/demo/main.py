#!/usr/bin/env python3
"""Plays flow-1 and flow-2 through the gateway, in plain words, with every deadline and its reason.

usage: main.py [1|2]      FENGQIAO_HOME names the installation (./fengqiao demo sets it)
"""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import flows  # noqa: E402
from client import City, Problem  # noqa: E402

STATUS_ZH = {"REPORTED": "已上报", "ACCEPTED": "已受理", "DISPATCHED": "已派遣", "PROCESSING": "办理中", "SUSPENDED": "缓办",
             "PENDING_VERIFY": "待核查", "CLOSED": "已办结", "REFERRED": "已移送", "EVALUATED": "已评价"}


def narrator():
    step = [0]

    def say(zh, en, view=None):
        step[0] += 1
        print("\n%2d. %s\n    %s" % (step[0], zh, en))
        if not view:
            return
        if view.get("holder"):
            print("    状态 %s · 谁在办 %s · 层级 %s" % (
                STATUS_ZH.get(view.get("status"), view.get("status")), view["holder"].get("name", view["holder"].get("id")),
                view.get("currentLevel", "")))
        for d in view.get("deadline", []):
            if d.get("outcome", "CLOCK_RUNNING") == "CLOCK_RUNNING":
                print("    · %s %s　%s" % (d["policyId"], d.get("dueLocal", ""), d.get("explanationZh", "")))
                print("      %s" % d.get("explanationEn", ""))
    return say


def place(city):
    """A grid of the demonstration village, and the units its flows need."""
    worker = city.find("ROLE_GW")
    grid = worker["area"] if len(worker["area"]) == 15 else worker["area"][:12] + "001"
    return grid, city.find("ROLE_MR", covers=grid)["org"], grid[:6]


def main():
    wanted = sys.argv[1:] or ["1", "2"]
    city = City.load(os.environ.get("FENGQIAO_HOME", "var/city"))
    grid, committee, county = place(city)
    if "1" in wanted:
        print("\n== 邻里纠纷：小事不出村　flow-1: a neighbours' quarrel stays in the village ==")
        flows.neighbour_dispute(city, grid, committee, narrator())
    if "2" in wanted:
        print("\n== 欠薪：逐级上报，县里定夺　flow-2: unpaid wages climb to the county, and are settled ==")
        flows.wage_dispute(city, grid, county + "-committee-labour", county + "-hrss", narrator())
    print()


if __name__ == "__main__":
    try:
        main()
    except (Problem, TimeoutError, KeyError, FileNotFoundError) as error:
        sys.exit("the demonstration stopped: %s" % error)
