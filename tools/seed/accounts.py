#!/usr/bin/env python3
"""Makes the demonstration's accounts, one or more for every role, through the administrators' own interface.

usage: accounts.py      FENGQIAO_URL and FENGQIAO_HOME name the installation (./fengqiao up sets them)

Passwords are made at random for each installation, or all taken from FENGQIAO_DEMO_PASSWORD (ten characters or more). They
are kept in HOME/keys/demo-accounts.json, mode 0600, before anything is sent: a run that was interrupted goes on where it
stopped, and a second run changes nothing. The first administrator is made with the secret of the installation, and the same
secret exempts these accounts from replacing their passwords at the first sign-in.
"""
import json
import os
import secrets
import sys
import uuid

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from client import Client, Problem  # noqa: E402

NAMESPACE = uuid.UUID("b3f1f6f0-1a5e-5f0b-9d58-0f6f9f3a7c21")
CITY, COUNTY, TOWNSHIP = "3714", "371403", "371403001"
DEPARTMENTS = ["hrss", "housing", "market", "urban", "emergency", "agriculture", "land", "environment", "civil", "health",
               "education", "transport", "industry", "police", "justice", "water", "power", "volunteer"]


def plan(village):
    """(role, organisation, area, login, name): real places, invented people."""
    grid = village + "001"
    rows = [
        ("ROLE_SA", CITY + "-centre", CITY, "admin-sa", "系统管理员"),
        ("ROLE_SE", CITY + "-centre", CITY, "admin-se", "安全管理员"),
        ("ROLE_AU", CITY + "-centre", CITY, "admin-au", "审计管理员"),
        ("ROLE_PUB", "", village, "resident", "周群众"),
        ("ROLE_GW", village + "-centre", grid, "grid-worker", "李网格"),
        ("ROLE_GH", village + "-centre", village, "grid-head", "王网格长"),
        ("ROLE_TD", TOWNSHIP + "-centre", TOWNSHIP, "town-dispatcher", "赵调度"),
        ("ROLE_TL", TOWNSHIP + "-gov", TOWNSHIP, "town-leader", "孙镇长"),
        ("ROLE_CD", COUNTY + "-centre", COUNTY, "county-dispatcher", "钱调度"),
        ("ROLE_CL", COUNTY + "-gov", COUNTY, "county-leader", "吴县长"),
        ("ROLE_CC", CITY + "-centre", CITY, "city-centre", "郑中心"),
        ("ROLE_CYL", CITY + "-gov", CITY, "city-leader", "冯市长"),
        ("ROLE_VF", COUNTY + "-centre", COUNTY, "verifier", "陈核查"),
        ("ROLE_CT", COUNTY + "-court", COUNTY, "court-liaison", "褚法官"),
        ("ROLE_PC", COUNTY + "-petition", COUNTY, "petition-clerk", "卫登记"),
        ("ROLE_PO", COUNTY + "-petition", COUNTY, "petition-head", "蒋局长"),
        ("ROLE_PH", COUNTY + "-hrss", COUNTY, "petition-handler", "沈承办"),
        ("ROLE_RV", COUNTY + "-petition", COUNTY, "reviewer", "韩复查"),
        ("ROLE_LD", COUNTY + "-gov", COUNTY, "case-leader", "杨包案"),
        ("ROLE_SV", COUNTY + "-centre", COUNTY, "supervisor", "朱督查"),
        ("ROLE_DI", COUNTY + "-discipline", COUNTY, "discipline", "秦纪检"),
        ("ROLE_HA", CITY + "-hotline", CITY, "hotline", "尤坐席"),
        ("ROLE_VT", COUNTY + "-volunteer", COUNTY, "volunteers", "许队长"),
        ("ROLE_AN", COUNTY + "-centre", COUNTY, "analyst", "何统计"),
        ("ROLE_DM", COUNTY + "-hrss", COUNTY, "hrss-head", "吕局长"),
        ("ROLE_PH", COUNTY + "-housing", COUNTY, "housing-petition-handler", "喻承办"),
        ("ROLE_DM", COUNTY + "-housing", COUNTY, "housing-head", "柏局长"),
        ("ROLE_DM", COUNTY + "-urban", COUNTY, "urban-head", "牛局长"),
        ("ROLE_PO", TOWNSHIP + "-petition", TOWNSHIP, "town-petition-head", "秦主任"),
        ("ROLE_PO", CITY + "-petition", CITY, "city-petition-head", "章局长"),
        ("ROLE_RV", CITY + "-petition", CITY, "city-reviewer", "窦复核"),
        # What is forwarded to a township's government is handled there, reviewed by the county and re-reviewed by the city.
        ("ROLE_PC", TOWNSHIP + "-petition", TOWNSHIP, "town-petition-clerk", "岳登记"),
        ("ROLE_PH", TOWNSHIP + "-gov", TOWNSHIP, "town-petition-handler", "苗承办"),
        ("ROLE_DM", TOWNSHIP + "-gov", TOWNSHIP, "town-gov-head", "方主任"),
        ("ROLE_PC", CITY + "-petition", CITY, "city-petition-clerk", "任登记"),
    ]
    for committee, area, short in ((village + "-committee", village, "village"), (TOWNSHIP + "-committee", TOWNSHIP, "town"),
                                   (COUNTY + "-committee-labour", COUNTY, "labour")):
        rows += [("ROLE_MR", committee, area, short + "-registrar", "施受理"),
                 ("ROLE_MC", committee, area, short + "-chair", "张主任"),
                 ("ROLE_MD", committee, area, short + "-mediator", "孔调解")]
    rows += [("ROLE_DH", COUNTY + "-" + d, COUNTY, d + "-handler", "曹承办") for d in DEPARTMENTS]
    return rows


class Accounts:
    def __init__(self, url, home):
        self.url, self.home = url, home
        self.file = os.path.join(home, "keys", "demo-accounts.json")

    def save(self, accounts):
        beside = self.file + ".new"
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as f:
            json.dump(accounts, f, ensure_ascii=False, indent=1)
        os.replace(beside, self.file)

    def load(self):
        """The accounts of this installation, planned now if there are none."""
        if os.path.exists(self.file):
            with open(self.file, encoding="utf-8") as f:
                return json.load(f)
        village = Client(self.url).get("/v1/areas", parent=TOWNSHIP, pageSize=1)["area"][0]["code"]
        given = os.environ.get("FENGQIAO_DEMO_PASSWORD")
        accounts = {"complete": False, "accounts": [
            {"role": role, "org": org, "area": area, "login": login, "name": name,
             "password": given or secrets.token_urlsafe(12)} for role, org, area, login, name in plan(village)]}
        self.save(accounts)
        return accounts

    def key(self, *parts):
        """The same step of the same installation has the same key, whoever runs it again."""
        return str(uuid.uuid5(NAMESPACE, self.home + "/".join(parts)))

    def secret(self):
        with open(os.path.join(self.home, "keys", "bootstrap-secret"), encoding="utf-8") as f:
            return f.read().strip()

    def first_administrator(self, account):
        try:
            Client(self.url).post("/v1/bootstrap", {"secret": self.secret(), "login": account["login"],
                                                    "password": account["password"], "name": account["name"]})
        except Problem as problem:
            if problem.reason != "ALREADY_DONE":
                raise

    def create(self, admin, account, number):
        login = account["login"]
        body = {"login": login, "name": account["name"], "phone": "1990000%04d" % number, "orgId": account["org"]}
        if not account["org"]:
            body["areaCode"] = account["area"]
        user = admin.post("/v1/users", body, key=self.key(login, "create"))["id"]
        admin.post("/v1/users/%s:grant" % user, {"role": account["role"], "orgId": account["org"],
                                                 "areaCode": account["area"]}, key=self.key(login, "grant"))
        # With the installation's secret these passwords last; any other that an administrator gives must be replaced by its
        # owner at the first sign-in, and nobody owns the accounts of a demonstration.
        admin.post("/v1/users/%s:resetPassword" % user,
                   {"password": account["password"], "installationSecret": self.secret()}, key=self.key(login, "password"))

    def ensure(self):
        accounts = self.load()
        if not accounts["complete"]:
            administrator = accounts["accounts"][0]
            self.first_administrator(administrator)
            admin = Client(self.url).sign_in(administrator["login"], administrator["password"])
            for number, account in enumerate(accounts["accounts"]):
                if number > 0:
                    self.create(admin, account, number)
            accounts["complete"] = True
            self.save(accounts)
        return accounts["accounts"]


def show(accounts, file):
    print("演示账号　demonstration accounts (also in %s):" % file)
    for a in accounts:
        print("  %-9s %-20s %-18s %s" % (a["role"][5:], a["login"], a["password"], a["org"] or a["area"]))


def main():
    home = os.environ.get("FENGQIAO_HOME", "var/city")
    url = os.environ.get("FENGQIAO_URL")
    if url is None:
        with open(os.path.join(home, "run", "ports.json"), encoding="utf-8") as f:
            url = "http://127.0.0.1:%d" % json.load(f)["gateway"]
    maker = Accounts(url, os.path.abspath(home))
    show(maker.ensure(), maker.file)


if __name__ == "__main__":
    try:
        main()
    except (Problem, FileNotFoundError) as error:
        sys.exit("the accounts could not be made: %s" % error)
