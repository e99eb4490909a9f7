"""A small client of the gateway's HTTP interface, for the seed, the demonstration and the system tests.

Every change carries an Idempotency-Key, so that a repeated call has its effect once; answers that were not given
(connection lost, 429, 503) are asked for again with the same key.
"""
import http.client
import json
import os
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid

RETRY_SECONDS = 30


class Problem(Exception):
    """The gateway's problem document (RFC 9457)."""

    def __init__(self, status, body):
        self.status = status
        self.body = body if isinstance(body, dict) else {"detail": str(body)}
        super().__init__("%s %s: %s" % (status, self.reason, self.body.get("detail") or self.body.get("title", "")))

    @property
    def reason(self):
        return self.body.get("reason", "")


class Client:
    """One person's session. Without sign_in: somebody without an account."""

    def __init__(self, url, patience_s=RETRY_SECONDS):
        self.url = url.rstrip("/")
        self.token = None
        self.patience_s = patience_s
        self.login = None

    def sign_in(self, login, password):
        self.login = login
        answer = self.post("/v1/sessions", {"login": login, "password": password})
        self.token = answer["accessToken"]
        return self

    def get(self, path, **query):
        pairs = [(k, v) for k, v in query.items() if v is not None]
        return self.call("GET", path + ("?" + urllib.parse.urlencode(pairs, doseq=True) if pairs else ""))

    def every(self, path, field, **query):
        """All lines of a list, page after page."""
        token = None
        while token != "":
            page = self.get(path, page_token=token, **query)
            yield from page.get(field, [])
            token = page.get("nextPageToken", "")

    def post(self, path, body=None, key=None, version=None):
        headers = {"Idempotency-Key": '"%s"' % (key or uuid.uuid4())}
        if version is not None:
            headers["If-Match"] = '"%s"' % version
        return self.call("POST", path, body or {}, headers)

    def upload(self, data):
        """Puts a document into the platform's store (tus, in one piece); the digest of the bytes as they are kept. What was
        broken off is begun anew: the same bytes are the same document."""
        deadline = time.monotonic() + self.patience_s
        while True:
            try:
                at = self._tus("POST", "/v1/uploads", {"Upload-Length": str(len(data))}, None)["Location"]
                return self._tus("PATCH", at, {"Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"},
                                 data)["Fengqiao-Sha256"]
            except urllib.error.HTTPError as error:
                problem = Problem(error.code, _json(error.read()))
                if error.code not in (429, 503, 504) or time.monotonic() > deadline:
                    raise problem from None
                time.sleep(min(float(error.headers.get("Retry-After") or 0.2), 2.0))
            except (OSError, http.client.HTTPException):
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)

    def _tus(self, method, path, headers, data):
        wanted = {"Tus-Resumable": "1.0.0", "Authorization": "Bearer " + self.token, **headers}
        request = urllib.request.Request(self.url + path, data=data, headers=wanted, method=method)
        with urllib.request.urlopen(request, timeout=20) as answer:
            answer.read()
            return answer.headers

    def call(self, method, path, body=None, headers=None):
        data = None if body is None else json.dumps(body).encode("utf-8")
        wanted = dict(headers or {})
        if data is not None:
            wanted["Content-Type"] = "application/json"
        if self.token:
            wanted["Authorization"] = "Bearer " + self.token
        deadline = time.monotonic() + self.patience_s
        while True:
            try:
                request = urllib.request.Request(self.url + path, data=data, headers=wanted, method=method)
                with urllib.request.urlopen(request, timeout=20) as answer:
                    sized = answer.status == 204 or any(n in answer.headers for n in ("Content-Length", "Transfer-Encoding"))
                    if not sized:
                        raise http.client.IncompleteRead(b"")  # broken off among the headers: it may have been anything
                    return json.loads(answer.read() or b"{}")
            except urllib.error.HTTPError as error:
                problem = Problem(error.code, _json(error.read()))
                if error.code not in (429, 503, 504) or time.monotonic() > deadline:
                    raise problem from None
                time.sleep(min(float(error.headers.get("Retry-After") or 0.2), 2.0))
            except (OSError, http.client.HTTPException):  # also an answer that broke off
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)


def _json(data):
    try:
        return json.loads(data)
    except ValueError:
        return data.decode("utf-8", "replace")


class City:
    """The accounts of an installation, by role, unit and area; sessions are kept."""

    def __init__(self, url, accounts):
        self.url = url
        self.accounts = accounts
        self.sessions = {}

    @classmethod
    def load(cls, home, url=None):
        with open(os.path.join(home, "keys", "demo-accounts.json"), encoding="utf-8") as f:
            accounts = json.load(f)["accounts"]
        if url is None:
            with open(os.path.join(home, "run", "ports.json"), encoding="utf-8") as f:
                url = "http://127.0.0.1:%d" % json.load(f)["gateway"]
        return cls(url, accounts)

    def find(self, role, org=None, covers=None):
        """The account with this role whose unit is `org`, or whose area covers the code `covers`; narrowest first."""
        def fits(a):
            return (a["role"] == role and (org is None or a.get("org") == org) and
                    (covers is None or covers.startswith(a.get("area", ""))))
        found = [a for a in self.accounts if fits(a)]
        if not found:
            raise KeyError("no demo account with role %s%s%s" % (
                role, " in " + org if org else "", " over " + covers if covers else ""))
        return max(found, key=lambda a: len(a.get("area", "")))

    def who(self, role, org=None, covers=None):
        account = self.find(role, org, covers)
        login = account["login"]
        if login not in self.sessions:
            self.sessions[login] = Client(self.url).sign_in(login, account["password"])
        return self.sessions[login]


def wait_until(what, check, patience_s=30):
    """Asks until `check()` gives something true: what another service is about to hear takes a moment."""
    deadline = time.monotonic() + patience_s
    while True:
        found = check()
        if found:
            return found
        if time.monotonic() > deadline:
            raise TimeoutError("did not happen within %d s: %s" % (patience_s, what))
        time.sleep(0.05)
