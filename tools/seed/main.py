#!/usr/bin/env python3
"""Fills a fresh installation: accounts for every role, then matters in every state. Running it again changes nothing.

usage: main.py [--accounts-only]     FENGQIAO_URL and FENGQIAO_HOME name the installation (./fengqiao up sets them)
"""
import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from accounts import Accounts, show  # noqa: E402
from client import City, Problem  # noqa: E402
from matters import Seeder, ready  # noqa: E402


def main():
    home = os.path.abspath(os.environ["FENGQIAO_HOME"])
    url = os.environ["FENGQIAO_URL"]
    maker = Accounts(url, home)
    accounts = maker.ensure()
    if "--accounts-only" not in sys.argv:
        done = os.path.join(home, "run", "seeded")
        if not os.path.exists(done):
            city = City(url, accounts)
            grid = city.find("ROLE_GW")["area"]
            ready(city, grid)
            Seeder(city, grid, grid[:12] + "-committee", int(time.time() * 1000)).run(print)
            with open(done, "w", encoding="utf-8") as f:
                f.write("%d\n" % int(time.time()))
        show(accounts, maker.file)
        print("\n网关 gateway        %s\n接口 interface      %s/openapi.json" % (url, url))


if __name__ == "__main__":
    try:
        main()
    except (Problem, TimeoutError, KeyError) as error:
        sys.exit("the installation could not be filled: %s" % error)
