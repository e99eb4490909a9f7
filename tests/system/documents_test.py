#!/usr/bin/env python3
"""Official papers through the running processes by HTTP: the papers of a petition and the file of a mediation case, as HTML and
PDF, in clear for who has the right and gives a reason; recorded with the check code that stands on the
paper. And a paper is there only when its bytes are.

usage: documents_test.py BIN_DIR
"""
# spec: M24 P8
import hashlib
import json
import re
import subprocess
import sys
import urllib.error
import urllib.request

from harness import city_of, expect, installation, place_of  # first: it says where the others are
from client import Problem, wait_until

NOTICE = {"text": "已收到您的来信，按规定办理。", "contact": "区信访局接待大厅", "how": "书面送达"}


def printed(client, path, body):
    """Bytes, content type and name of a paper."""
    request = urllib.request.Request(client.url + path, data=json.dumps(body).encode("utf-8"), method="POST", headers={
        "Content-Type": "application/json", "Authorization": "Bearer " + client.token})
    try:
        with urllib.request.urlopen(request, timeout=120) as answer:
            return answer.read(), answer.headers["Content-Type"], answer.headers.get("Content-Disposition", "")
    except urllib.error.HTTPError as error:
        raise Problem(error.code, json.loads(error.read() or b"{}")) from None


def refused(ask):
    try:
        ask()
    except Problem as problem:
        return problem
    raise AssertionError("it was not refused")


def code_of(html):
    return re.search(r'name="check-code" content="([0-9a-f]{64})"', html).group(1)


def both_formats(client, path, wanted):
    html, kind, name = printed(client, path, {"reason": "归档打印", "format": "HTML"})
    text = html.decode("utf-8")
    expect(kind.startswith("text/html"), "HTML: %s %s" % (kind, name))
    for part in wanted:
        expect(part in text, "%s is on the paper" % part)
    again, _, _ = printed(client, path, {"reason": "归档打印"})
    expect(again == html, "the same facts give the same bytes")
    pdf, kind, name = printed(client, path, {"reason": "归档打印", "format": "PDF"})
    expect(kind == "application/pdf" and pdf.startswith(b"%PDF-"), "PDF: %s %s" % (kind, name))
    info = subprocess.run(["pdfinfo", "-"], input=pdf, capture_output=True, check=True).stdout.decode("utf-8")
    expect("sha256:" + code_of(text) in info, "the PDF says the check code: " + info)
    expect("A4" in info and "CreationDate" not in info, "A4, without the time of printing: " + info)
    return text, pdf


def petition(city, grid):
    clerk, head = city.who("ROLE_PC", org=grid[:6] + "-petition"), city.who("ROLE_PO", org=grid[:6] + "-petition")
    person = {"name": "邵㛃群", "phone": "13900030001", "idNumber": "11010519491231002X", "address": "一里社区1号"}
    matter = clerk.post("/v1/petitions", {
        "areaCode": grid[:12], "channel": "LETTER", "type": "REQUEST", "contentCode": "Q05", "petitioner": [{"person": person}],
        "content": {"request": "请求支付离职补偿，电话13912345678。", "facts": "离职三个月没有支付。"}})["id"]
    head.post("/v1/petitions/%s:forward" % matter, {"toOrg": grid[:6] + "-hrss", "reason": "属于该单位职责"})
    papers = clerk.get("/v1/petitions/%s/documents" % matter)["line"]
    expect([p["form"] for p in papers] == ["register", "forward"], "the papers there are: %s" % papers)
    both_formats(clerk, "/v1/petitions/%s/documents/register:print" % matter,
                 ["信访事项登记表", "邵㛃群", "13900030001", "11010519491231002X", "电话13912345678"])
    _, pdf = both_formats(clerk, "/v1/petitions/%s/file:print" % matter, ["卷 内 目 录", "信访事项登记表", "转送函"])
    text = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode("utf-8")
    expect(re.search(r"1\s+信访事项登记表\s+2\s", text), "the contents say pages: %s" % text[:600])
    missing = refused(lambda: printed(clerk, "/v1/petitions/%s/documents/opinion:print" % matter, {"reason": "归档打印"}))
    expect(missing.reason == "NO_SUCH_PAPER", "no opinion yet: %s" % missing)
    for_nobody = refused(lambda: printed(city.who("ROLE_AN"), "/v1/petitions/%s/file:print" % matter, {"reason": "归档打印"}))
    expect(for_nobody.status == 403, "an analyst prints nothing: %s" % for_nobody)
    expect(refused(lambda: printed(clerk, "/v1/petitions/%s/file:print" % matter, {})).status == 400, "a reason is needed")
    sealed = clerk.post("/v1/petitions", {
        "areaCode": grid[:12], "channel": "LETTER", "type": "REQUEST", "contentCode": "Q05", "petitioner": [{"person": person}],
        "content": {"request": "举报", "facts": "有人收钱"}})["id"]
    clerk.post("/v1/petitions/%s:retype" % sealed, {"type": "ACCUSATION", "reason": "属于检举控告"})
    told = []
    for at in (sealed, "01ARZ3NDEKTSV4RRFFQ69G5FAV"):
        problem = refused(lambda at=at: printed(clerk, "/v1/petitions/%s/file:print" % at, {"reason": "归档打印"}))
        told.append({k: v for k, v in problem.body.items() if k not in ("instance", "requestId", "traceId")})
    expect(told[0] == told[1], "a sealed petition cannot be told from none: %s" % told)


def who_is_a_party(city, grid, committee):
    """Nobody is on both sides, and a child is marked as one: by what was typed, which nobody sees afterwards."""
    registrar = city.who("ROLE_MR", org=committee)

    def enter(one, other):
        return registrar.post("/v1/mediation-cases", {
            "areaCode": grid[:12], "committeeOrg": committee, "disputeType": "D02", "facts": "楼上漏水。", "voluntary": True,
            "party": [{"person": dict(one, side="SIDE_A"), "applicant": True}, {"person": dict(other, side="SIDE_B")}]})
    zhang, child = {"name": "张三", "idNumber": "11010519491231002X"}, {"name": "许某", "idNumber": "37140320140309001X"}
    twice = refused(lambda: enter(zhang, {"name": "张叁", "idNumber": "11010519491231002x"}))
    expect((twice.status, twice.reason) == (400, "PARTY_TWICE"), "one person is not both sides: %s" % twice.body)
    unmarked = refused(lambda: enter(zhang, child))
    expect((unmarked.status, unmarked.reason) == (400, "MINOR_NOT_MARKED"), "the number says a child: %s" % unmarked.body)
    expect("37140320140309001X" not in json.dumps(unmarked.body), "and the refusal does not repeat it")
    at = "/v1/mediation-cases/" + enter(zhang, dict(child, minor=True))["id"]
    answer = {"partyId": "p2", "answer": "AGREED_TO_MEDIATE", "how": "当面"}
    alone = refused(lambda: registrar.post(at + ":recordConsent", answer))
    expect(alone.reason == "GUARDIAN_CONSENTS", "a child does not agree alone: %s" % alone.body)
    registrar.post(at + ":recordConsent", dict(answer, capacity="GUARDIAN_OF_PARTY", byName="许母", byRelation="母亲"))
    view = registrar.get(at)
    expect(view["party"][1]["consentAs"] == "GUARDIAN_OF_PARTY", "as what: %s" % view["party"][1])
    expect("许母" not in json.dumps(view, ensure_ascii=False), "who it was is hidden like every name")
    register, _, _ = printed(registrar, at + "/documents/1b:print", {"reason": "归档打印", "format": "HTML"})
    expect("由法定代理人许母（母亲）同意调解" in register.decode("utf-8"), "and stands on the register")


def mediation(city, grid, committee):
    registrar = city.who("ROLE_MR", org=committee)
    case = registrar.post("/v1/mediation-cases", {
        "areaCode": grid[:12], "committeeOrg": committee, "disputeType": "D02", "facts": "楼上漏水，电话13912345678。", "voluntary": True,
        "claim": ["修好漏水"], "amountFen": 80000, "party": [
            {"person": {"name": "许𠮷", "phone": "13900030005", "address": "一里社区1号楼", "side": "SIDE_A"}, "applicant": True,
             "occupation": "教师"},
            {"person": {"name": "何" * 60, "side": "SIDE_B"}}]})["id"]
    lines = {line["key"]: line for line in registrar.get("/v1/mediation-cases/%s/file-index" % case)["line"]}
    expect(lines["1"]["state"] == "PAPER_TO_SIGN" and lines["0"]["state"] == "PAPER_PRESENT", "the checklist: %s" % lines)
    both_formats(registrar, "/v1/mediation-cases/%s/documents/1:print" % case,
                 ["人民调解申请书", "许𠮷", "何" * 60, "教师", "一里社区1号楼", "修好漏水", "捌佰元整", "电话13912345678"])
    _, pdf = both_formats(registrar, "/v1/mediation-cases/%s/file:print" % case, ["卷 内 目 录", "人民调解受理登记表", "卷宗终"])
    text = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode("utf-8")
    expect("何" * 30 in text.replace("\n", "").replace(" ", ""), "the long name is in the PDF")
    contents = re.search(r"1\s+人民调解申请书\s+(\d+)", text)
    expect(contents and contents.group(1) == "3", "the contents say pages: %s" % text[:600])
    missing = refused(lambda: printed(registrar, "/v1/mediation-cases/%s/documents/7:print" % case, {"reason": "归档打印"}))
    expect(missing.reason == "NOT_IN_FILE", "no record yet: %s" % missing)
    other = refused(lambda: printed(registrar, "/v1/mediation-cases/%s/documents/F8_AGREEMENT:print" % case, {"reason": "归档打印"}))
    expect(other.reason == "NOT_IN_FILE" and "1b" in str(other), "which forms there are: %s" % other)
    return case


def names(stack, city, committee, case):
    """What staff are called on a paper, the directory says: nobody types it, and without the directory there is no paper."""
    registrar, at = city.who("ROLE_MR", org=committee), "/v1/mediation-cases/%s/documents/1b:print" % case
    name = city.find("ROLE_MR", org=committee)["name"]
    paper, _, _ = printed(registrar, at, {"reason": "归档打印"})
    expect(name in paper.decode("utf-8"), "the registrar is named")
    listed = city.who("ROLE_PUB").get("/v1/organisations/%s/staff" % committee, role="ROLE_MD")["member"]
    expect([m["name"] for m in listed] == [city.find("ROLE_MD", org=committee)["name"]], "who may be chosen: %s" % listed)
    own = city.who("ROLE_MD", org=committee).get("/v1/me")["userId"]
    told = city.who("ROLE_PUB").get("/v1/staff:names", user_id=[own, registrar.get("/v1/me")["userId"], "nobody"])["staff"]
    expect([m["userId"] == own for m in told] == [True, False], "whoever mediates or registers has a name: %s" % told)
    nobody = refused(lambda: registrar.get("/v1/organisations/%s-discipline/staff" % committee[:6], role="ROLE_DI"))
    expect(nobody.reason == "NO_RIGHT", "who opens accusations is shown to nobody: %s" % nobody)
    typed = refused(lambda: printed(registrar, at, {"reason": "归档打印", "staff": [{"userId": "x", "name": "假冒人"}]}))
    expect(typed.status == 400, "no name is typed: %s" % typed)
    stack.kill("directory")
    problem = refused(lambda: printed(registrar, at, {"reason": "归档打印"}))
    expect(problem.status == 503 and problem.reason == "NAMES_UNAVAILABLE", "no paper without its names: %s" % problem)


def waits_for_the_upload(city, grid, committee):
    """The file is not closed over a paper that nobody has uploaded, and is when it came."""
    registrar, chair = city.who("ROLE_MR", org=committee), city.who("ROLE_MC", org=committee)
    case = registrar.post("/v1/mediation-cases", {
        "areaCode": grid[:12], "committeeOrg": committee, "disputeType": "D02", "facts": "楼上漏水", "voluntary": True, "party": [
            {"person": {"name": "许甲", "side": "SIDE_A"}, "applicant": True}, {"person": {"name": "何乙", "side": "SIDE_B"}}]})["id"]
    step = "/v1/mediation-cases/%s:" % case
    registrar.post(step + "recordConsent", {"partyId": "p2", "answer": "REFUSED_TO_MEDIATE", "how": "电话"})
    paper = b"%PDF-1.7\n% the notice, signed by both\n%%EOF\n"
    digest = hashlib.sha256(paper).hexdigest()
    registrar.post(step + "fileDocument", {"form": "F_END_NOTICE", "sha256": digest, "title": "签收的告知书"})

    def line():
        lines = registrar.get("/v1/mediation-cases/%s/file-index" % case)["line"]
        return next(one for one in lines if one["form"] == "F_END_NOTICE")

    def archive():
        return chair.post(step + "archive", {"volumeTitle": "不予受理"})
    expect(line()["state"] == "PAPER_NOT_RECEIVED" and line()["awaitedSha256"] == [digest], "not received: %s" % line())
    task = line()["task"][0]
    expect(task["kind"] == "UPLOAD_PAPER" and "重新上传" in task["textZh"], "who does what next: %s" % task)
    problem = refused(archive)
    expect(problem.reason == "FILE_INCOMPLETE" and problem.body["metadata"]["missing"] == "F_END_NOTICE[%s]" % digest,
           "the gate says which form and digest: %s" % problem.body)
    expect(registrar.upload(paper) == digest, "a PDF is kept as it is")
    wait_until("mediation hears that the paper came", lambda: line()["state"] == "PAPER_SIGNED")
    expect(archive()["status"] == "ARCHIVED", "the file is whole")


def petition_papers(city, grid):
    clerk = city.who("ROLE_PC", org=grid[:6] + "-petition")
    paper = b"%PDF-1.7\n% a letter\n%%EOF\n"
    digest = hashlib.sha256(paper).hexdigest()
    matter = clerk.post("/v1/petitions", {
        "areaCode": grid[:12], "channel": "LETTER", "type": "REQUEST", "contentCode": "Q05",
        "petitioner": [{"person": {"name": "邵丙", "address": "一里社区1号"}}],
        "content": {"request": "请求支付离职补偿。", "facts": "见来信。", "attachmentSha256": [digest]}})["id"]

    def awaited():
        papers = clerk.get("/v1/petitions/%s/documents" % matter)["paper"]
        expect([p["sha256"] for p in papers] == [digest], "the papers people brought: %s" % papers)
        return papers[0].get("awaited", False)
    expect(awaited(), "nobody has uploaded it yet")
    clerk.upload(paper)
    wait_until("petition hears that the letter came", lambda: not awaited())


def main():
    with installation(sys.argv[1]) as stack:
        city = city_of(stack)
        grid, committee, _ = place_of(city)
        petition(city, grid)
        who_is_a_party(city, grid, committee)
        case = mediation(city, grid, committee)
        waits_for_the_upload(city, grid, committee)
        petition_papers(city, grid)
        names(stack, city, committee, case)  # the last: it stops the directory
    print("papers: fine")


if __name__ == "__main__":
    main()
