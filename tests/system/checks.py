"""What must be true after any trouble, looked up in the databases of the stopped services and by HTTP."""
import os
import re
import shutil
import sqlite3
import subprocess

from harness import city_of, expect

SERVICE_OF = (("/v1/incidents", "incident"), ("/v1/mediation-cases", "mediation"), ("/v1/oversight", "oversight"),
              ("/v1/petitions", "petition"))


def records(stack, service):
    """(seq, aggregate id, request id, event type) of every entry of a stopped service's log."""
    out = subprocess.run([os.path.join(stack.bin, "fengqiao-dump"), "show", stack.path("data", service, "db"),
                          "--space=log"], capture_output=True, text=True, check=True).stdout
    for line in out.splitlines():
        found = re.search(r'seq: (\d+) aggregate_id: "([^"]*)"', line)
        request = re.search(r' request_id: "([^"]*)"', line)
        kind = re.search(r' event_type: "([^"]*)"', line)
        yield int(found[1]), found[2], request[1] if request else "", kind[1]


def check_promises(stack, book):
    """In the databases themselves: each acknowledged command once, where its receipt says; nobody's report twice."""
    for service in ("incident", "mediation", "oversight", "petition"):
        by_request, reported = {}, 0
        for seq, aggregate, request, kind in records(stack, service):
            reported += kind == "reported" and request not in book.given_up
            if request:
                by_request.setdefault(request, []).append((seq, aggregate))
        promised = {k: r for k, (path, r) in book.promised.items()
                    if next(s for prefix, s in SERVICE_OF if path.startswith(prefix)) == service}
        for key, receipt in promised.items():
            seqs = [s for s, _ in by_request.get(key, [])]
            expect(seqs, "%s lost the acknowledged request %s: %s" % (service, key, receipt))
            expect(int(receipt["seq"]) in seqs and receipt["id"] in {a for _, a in by_request[key]},
                   "%s: request %s is not where its receipt says: %s" % (service, key, receipt))
            expect(seqs == list(range(seqs[0], seqs[0] + len(seqs))), "%s: %s is there twice: %s" % (service, key, seqs))
        unknown = set(by_request) - set(promised) - book.given_up
        expect(not unknown, "%s did what nobody was told of: %s" % (service, sorted(unknown)[:3]))
        if service == "incident":
            expect(reported == len(book.reports()), "%d reports in the log, %d promised" % (reported, len(book.reports())))


def check_by_http(stack, load):
    """What people see: every reported matter by its code, the live counts, the leader's page."""
    clerk = city_of(stack).who("ROLE_CD")
    status_of, at_county = {}, set()
    for receipt in load.book.reports().values():
        view = clerk.get("/v1/incidents/" + receipt["matterCode"])
        expect(view["id"] == receipt["id"], "%s is another matter" % receipt["matterCode"])
        status_of[receipt["matterCode"]] = view["status"]
        if view.get("currentLevel", 0) >= 4 and view["status"] != "CLOSED":
            at_county.add(receipt["matterCode"])
    expect(len(status_of) == len(load.book.reports()), "a matter code was given twice")
    counted = {c["status"]: int(c["count"]) for c in clerk.get("/v1/incidents:count", area_code=load.county)["count"]}
    recount = {}
    for status in status_of.values():
        recount[status] = recount.get(status, 0) + 1
    expect({k: v for k, v in counted.items() if v} == recount, "live counts %s, recount %s" % (counted, recount))
    shown = [item["matterCode"]
             for item in clerk.every("/v1/oversight/review", "item", area_code=load.county, page_size=100)]
    letters = city_of(stack).who("ROLE_PC", org=load.county + "-petition").every("/v1/petitions", "line", area_code=load.county, page_size=100)
    petitions = [line["matterCode"] for line in letters]  # the open ones: the county's office has them
    expect(at_county and sorted(shown) == sorted(list(at_county) + petitions),
           "the county's review has %d matters; %d incidents and %d petitions stand there" % (
               len(shown), len(at_county), len(petitions)))
    total = int(clerk.get("/v1/oversight/review:count", area_code=load.county).get("total", 0))
    expect(total == len(shown), "the count of the review says %d, the list has %d" % (total, len(shown)))
    dispatched = int(clerk.get("/v1/metrics/K-15", area_code=load.county)["denominator"])
    behind = sum(int(row["count"]) for row in clerk.every(
        "/v1/metrics/K-15/counted", "counted", area_code=load.county, page_size=100))
    expect(dispatched == behind, "%d dispatches are counted, %d are listed" % (dispatched, behind))
    return recount


def check_sees_a_wrong_index(stack, service):
    """A document that the search index lost: found by nobody, and nothing else would say so."""
    today = stack.path("data", service, "search")
    shutil.copytree(today, today + ".today")
    (name,) = [name for name in os.listdir(today) if name.endswith(".sqlite")]
    index = sqlite3.connect(os.path.join(today, name))
    index.execute("DELETE FROM doc WHERE row = (SELECT min(row) FROM doc)")
    index.commit()
    index.close()
    verdict = subprocess.run([os.path.join(stack.bin, "fengqiao-check"), stack.path("data"), "--caught-up"],
                             capture_output=True, text=True)
    expect(verdict.returncode == 1 and service + ": its search index is not what its states say" in verdict.stderr,
           "a search index without a matter was not noticed:\n%s%s" % (verdict.stdout, verdict.stderr))
    shutil.rmtree(today)
    os.rename(today + ".today", today)


def check_agreement(stack):
    verdict = subprocess.run([os.path.join(stack.bin, "fengqiao-check"), stack.path("data"), "--caught-up"],
                             capture_output=True, text=True)
    print(verdict.stdout, end="", flush=True)
    expect(verdict.returncode == 0, "fengqiao-check: " + verdict.stderr)
