"""Everybody who may ask, and everything that may be asked: accounts beside the demonstration's, one kept connection a person, and the
gateway's own description of its paths."""
import http.client
import json
import os
import re
import time
import urllib.parse
import urllib.request
import uuid

from harness import ROOT  # noqa: F401  it says where the others are
from client import Client

OF_ONE_REQUEST = ("date", "x-request-id", "ratelimit")
PASSWORD = "beside-the-others-2026"


def add_person(stack, city, login, org, grants, area=None):
    """An account with these (role, unit, area), signed in. Its password lasts: the installation's secret says so."""
    with open(os.path.join(stack.home, "keys", "bootstrap-secret"), encoding="utf-8") as f:
        secret = f.read().strip()
    admin = city.who("ROLE_SA")
    body = {"login": login, "name": "某工作人员", "phone": "19111110000", "orgId": org}
    if not org:
        body["areaCode"] = area
    user = admin.post("/v1/users", body)["id"]
    for role, unit, place in grants:
        granting = city.who("ROLE_SE") if role == "ROLE_AU" else admin
        granting.post("/v1/users/%s:grant" % user, {"role": role, "orgId": unit, "areaCode": place})
    admin.post("/v1/users/%s:resetPassword" % user, {"password": PASSWORD, "installationSecret": secret})
    return Client(stack.url).sign_in(login, PASSWORD)


def start_campaign(client, body):
    """As a dispatcher does it: what it takes of the grids is seen before it is asked of them. The campaign's id."""
    estimate = client.post("/v1/campaigns:estimate", body)
    seen = {"seenCostMinutes": estimate["cost"]["minutes"], "seenCampaignId": estimate.get("running", {}).get("id", "")}
    return client.post("/v1/campaigns", dict(body, **seen))["id"]


class Wire:
    """One person's kept connection."""

    def __init__(self, url, client, name):
        self.name, self.client = name, client
        self.connection = http.client.HTTPConnection(urllib.parse.urlsplit(url).netloc, timeout=60)

    def ask(self, method, path, body=None, version=None):
        """All that is told: status, headers, words; without the number of the one request."""
        headers = {"Authorization": "Bearer " + self.client.token} if self.client.token else {}
        data = None
        if body is not None:
            data = json.dumps(body).encode("utf-8")
            headers.update({"Content-Type": "application/json", "Idempotency-Key": '"%s"' % uuid.uuid4()})
        if version is not None:
            headers["If-Match"] = '"%d"' % version
        self.connection.request(method, path, data, headers)
        answer = self.connection.getresponse()
        text = answer.read().decode("utf-8", "replace")
        number = answer.getheader("X-Request-Id")
        told = tuple((k, v) for k, v in answer.getheaders() if k.lower() not in OF_ONE_REQUEST)
        return answer.status, told, text.replace(number, "-") if number else text


class Description:
    """The gateway's own description of what it offers."""

    def __init__(self, url):
        with urllib.request.urlopen(url + "/openapi.json") as answer:
            self.all = json.load(answer)

    def roles_of(self, path):
        """Who may ask by it; None: the method itself does not say."""
        return self.all["paths"][path]["get"].get("x-roles")

    def sheet_of(self, path, area):
        """What a sheet of an area is asked with: its months, if it wants some, and a form that can be read here."""
        asked = {}
        for one in self.all["paths"][path]["get"].get("parameters", []):
            name, schema = one["name"], one["schema"]
            if name == "areaCode":
                asked[name] = area
            elif name == "format":
                forms = self.all["components"]["schemas"][schema["$ref"].split("/")[-1]]["enum"]
                asked[name] = next(form for form in forms if form.endswith("JSON"))
            elif name.endswith("Month") and one.get("required"):
                asked[name] = time.strftime("%Y-%m")
        return asked

    def value(self, schema, name, depth=0):
        """Something that the rules of fields let pass, so that the question reaches who decides."""
        if "$ref" in schema:
            return self.value(self.all["components"]["schemas"][schema["$ref"].split("/")[-1]], name, depth)
        kind = schema.get("type")
        if "enum" in schema:
            return schema["enum"][min(1, len(schema["enum"]) - 1)]
        if kind == "object":
            return {k: self.value(s, k, depth + 1) for k, s in schema.get("properties", {}).items()
                    if k not in ("requestId", "expectedVersion", "deviceAtMs") and depth < 4}
        if kind == "array":
            return [self.value(schema["items"], name, depth + 1)]
        if kind == "boolean":
            return True
        if kind in ("integer", "number"):
            return 1
        if schema.get("format") in ("int64", "uint64"):
            return str(int(time.time() * 1000) - 1000)
        text = {"contentCode": "Q05", "areaCode": "371403", "phone": "13900000000", "idNumber": "11010519491231002X"}.get(name)
        if text is None:
            text = "ab" * 32 if name.lower().endswith("sha256") else "371403-hrss" if name.lower().endswith("org") else "如实说明"
        return text[:schema.get("maxLength", 64)].ljust(schema.get("minLength", 0), "x")

    def about_one(self, document):
        """(method, path with {id}, body, roles) of everything that names one matter."""
        for path, methods in self.all["paths"].items():
            names = re.findall(r"\{(\w+)\}", path)
            if not names or names == ["query_code"]:
                continue
            for method, what in methods.items():
                body = None
                if "requestBody" in what:
                    body = self.value(what["requestBody"]["content"]["application/json"]["schema"], "")
                filled = path
                for name in names:
                    other = {"petitioner_id": "content", "form": "register", "service": "petition", "sha256": document}
                    filled = filled.replace("{%s}" % name, other.get(name, "{id}"))
                if filled.count("{id}") == 1:
                    yield method.upper(), filled, body, what.get("x-roles")
