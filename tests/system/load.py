"""People under load: clients that repeat with the same key until they are answered, as a tablet does, and a book of every
promise they were given. Used while processes are killed and disks fail.
"""
import http.client
import json
import random
import threading
import time
import urllib.error
import urllib.request
import uuid

from harness import expect
from client import City, Client, Problem
import flows

HONEST = (429, 503, 504)  # "not now": the caller may repeat with the same key
LOST = (OSError, http.client.HTTPException, ValueError)  # ValueError: half of an answer


class Book:
    """What was promised, and what troubles there were. Any thread."""

    def __init__(self):
        self.lock = threading.Lock()
        self.promised = {}      # key -> (path, receipt)
        self.given_up = set()   # keys of requests that were not answered and not asked again
        self.counts = {}
        self.errors = []

    def count(self, what, n=1):
        with self.lock:
            self.counts[what] = self.counts.get(what, 0) + n

    def promise(self, key, path, receipt):
        with self.lock:
            before = self.promised.get(key)
            self.promised[key] = (path, receipt)
        if before:
            old = before[1]
            expect((old["id"], old.get("seq"), old.get("version")) ==
                   (receipt["id"], receipt.get("seq"), receipt.get("version")),
                   "one key, two answers: %s and %s" % (old, receipt))

    def reports(self):
        with self.lock:
            return {k: r for k, (path, r) in self.promised.items() if path == "/v1/incidents"}


class PatientClient(Client):
    """Repeats what was not answered. An answer other than success, an honest refusal or "not now" ends the test."""

    def __init__(self, url, book, chance, patience_s=180):
        super().__init__(url, patience_s)
        self.book, self.chance, self.password = book, chance, None

    def sign_in(self, login, password):
        self.login, self.password, self.token = login, password, None
        self.token = super().call("POST", "/v1/sessions", {"login": login, "password": password},
                                  {"Idempotency-Key": '"%s"' % uuid.uuid4()})["accessToken"]
        return self

    def call(self, method, path, body=None, headers=None):
        key = (headers or {}).get("Idempotency-Key", "").strip('"')
        if not key or path == "/v1/sessions":
            return self._until_answered(method, path, body, headers)
        receipt = self._until_answered(method, path, body, headers)
        self.book.promise(key, path, receipt)
        if receipt.get("repeated"):
            self.book.count("answers lost after their effect, given again")
        elif self.chance.random() < 0.05:  # a tablet that did not see the answer asks once more
            again = self._until_answered(method, path, body, headers)
            expect(again.get("repeated"), "a repeated request was done again: %s" % again)
            self.book.promise(key, path, again)
            self.book.count("repeated on purpose")
        return receipt

    def _until_answered(self, method, path, body, headers):
        deadline = time.monotonic() + self.patience_s
        while True:
            try:
                return self._once(method, path, body, headers)
            except Problem as problem:
                if problem.status == 401 and path != "/v1/sessions":
                    self.book.count("signed in again")
                    self.sign_in(self.login, self.password)
                    continue
                if problem.status not in HONEST or time.monotonic() > deadline:
                    raise
                self.book.count("answered %d, not now" % problem.status)
                expect(problem.reason, "an answer without a reason: %s" % problem.body)
                time.sleep(self.chance.uniform(0.05, 0.3))
            except LOST:
                self.book.count("no answer")
                if time.monotonic() > deadline:
                    raise
                time.sleep(self.chance.uniform(0.05, 0.3))

    def _once(self, method, path, body, headers):
        self.book.count("requests sent")
        wanted = dict(headers or {})
        data = None
        if body is not None:
            data = json.dumps(body).encode("utf-8")
            wanted["Content-Type"] = "application/json"
        if self.token:
            wanted["Authorization"] = "Bearer " + self.token
        request = urllib.request.Request(self.url + path, data=data, headers=wanted, method=method)
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return json.loads(answer.read() or b"{}")
        except urllib.error.HTTPError as error:
            text = error.read()
            try:
                raise Problem(error.code, json.loads(text)) from None
            except ValueError:
                raise Problem(error.code, text.decode("utf-8", "replace")) from None


class PatientCity(City):
    """One thread's people: their sessions are its own."""

    def __init__(self, url, accounts, book, seed):
        super().__init__(url, accounts)
        self.book, self.chance = book, random.Random(seed)

    def session(self, account):
        return PatientClient(self.url, self.book, self.chance).sign_in(account["login"], account["password"])

    def who(self, role, org=None, covers=None):
        account = self.find(role, org, covers)
        if account["login"] not in self.sessions:
            self.sessions[account["login"]] = self.session(account)
        return self.sessions[account["login"]]


class Load:
    """Threads of people: some report, some settle quarrels by mediation (flow-1), some take a wage dispute through
    mediation, the county leader and a department (flow-2), some bring letters to the petition office. Every step goes through `book`."""

    def __init__(self, stack, accounts, grid, committee, seed, reporters=5, quarrels=2, wages=2, signers=0,
                 petitions=0):
        self.stop = threading.Event()
        self.book = Book()
        self.grid, self.committee, self.county = grid, committee, grid[:6]
        self.played = {"flow-1": 0, "flow-2": 0}
        if petitions:
            self.played["petition"] = 0
        self.threads = []
        kinds = [self._report] * reporters + [self._quarrel] * quarrels + [self._wages] * wages + [self._sign_in] * signers
        kinds += [self._petition] * petitions
        for i, kind in enumerate(kinds):
            city = PatientCity(stack.url, accounts, self.book, seed * 1000 + i)
            self.threads.append(threading.Thread(target=self._run, args=(kind, city), daemon=True))

    def start(self):
        for t in self.threads:
            t.start()

    def join(self, patience_s=300):
        self.stop.set()
        for t in self.threads:
            t.join(patience_s)
            expect(not t.is_alive(), "a client hangs")

    def _run(self, kind, city):
        while not self.stop.is_set():
            try:
                kind(city)
            except Exception as error:  # whatever it is, the test must hear of it
                self.book.errors.append(repr(error))
                return

    def _report(self, city):
        chance = city.chance
        climbs = chance.random() < 0.1  # ten people or more: once accepted it goes to the county, by itself
        key = str(uuid.UUID(int=chance.getrandbits(128), version=4))
        receipt = city.who("ROLE_GW", covers=self.grid).post("/v1/incidents", {
            "category": "0105" if climbs else "0802", "areaCode": self.grid,
            "scale": "S4_10_TO_49" if climbs else "S1_ONE", "text": "压力演练：第%s号事项" % key[:8]}, key=key)
        if climbs:
            city.who("ROLE_GH", covers=self.grid[:12]).post("/v1/incidents/%s:accept" % receipt["id"],
                                                            {"complexity": "COMPLEX"})

    def _sign_in(self, city):
        city.session(city.find("ROLE_CD"))
        self.book.count("signed in")

    def _quarrel(self, city):
        flows.neighbour_dispute(city, self.grid, self.committee, lambda *_: None)
        self._count("flow-1")

    def _wages(self, city):
        flows.wage_dispute(city, self.grid, self.county + "-committee-labour", self.county + "-hrss", lambda *_: None)
        self._count("flow-2")

    def _petition(self, city):
        """A letter is registered, forwarded, received and accepted."""
        key = str(uuid.UUID(int=city.chance.getrandbits(128), version=4))
        letter = city.who("ROLE_PC", org=self.county + "-petition").post("/v1/petitions", {
            "areaCode": self.grid[:12], "channel": "LETTER", "type": "REQUEST", "contentCode": "Q05",
            "petitioner": [{"person": {"name": "邵立群", "phone": "13900030001", "address": "一里社区1号"}}],
            "content": {"request": "压力演练：第%s号来信" % key[:8], "facts": "三个月没有答复。"}}, key=key)
        at = "/v1/petitions/%s:" % letter["id"]
        city.who("ROLE_PO", org=self.county + "-petition").post(at + "forward", {
            "toOrg": self.county + "-hrss", "reason": "属于该单位职责"})
        handler = city.who("ROLE_PH", org=self.county + "-hrss")
        handler.post(at + "confirmReceipt", {})
        handler.post(at + "accept", {"route": 6, "recusalChecked": True, "notice": {
            "text": "已收到您的来信，按规定办理。", "contact": "区信访局接待大厅", "how": "书面送达"}})
        self._count("petition")

    def _count(self, flow):
        with self.book.lock:
            self.played[flow] += 1
