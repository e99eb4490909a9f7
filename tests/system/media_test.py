#!/usr/bin/env python3
"""Photographs and papers through the running processes: uploaded by tus over a line that drops and past processes that are
killed, cleaned, referred to by a matter, and given to those who may see it.

usage: media_test.py BIN_DIR [--seed N]
"""
# spec: A8 A15
import argparse
import base64
import hashlib
import http.client
import json
import os
import random
import shutil
import signal
import socket
import struct
import subprocess
import sys
import threading
import zlib

from harness import city_of, expect, installation, place_of, wait_drained  # first: it says where the others are
import flows
from client import wait_until

MAX = 50 << 20
KILLS = 10


def png(size, seed):
    """A PNG of about `size` bytes that holds noise, and says where it was taken."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    width = 1000
    rows = max(1, size // (width + 1))
    noise = random.Random(seed).randbytes(width * rows)
    pixels = b"".join(b"\0" + noise[i * width:(i + 1) * width] for i in range(rows))
    head = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, rows, 8, 0, 0, 0, 0))
    tail = chunk(b"IDAT", zlib.compress(pixels, 0)) + chunk(b"IEND", b"")
    return head + chunk(b"tEXt", b"GPS\x0037.435N 116.357E") + tail, head + tail


class Line:
    """A TCP line to the gateway that breaks after a random number of bytes, in either direction."""

    def __init__(self, port, seed, low, high):
        self.to, self.chance, self.low, self.high = port, random.Random(seed), low, high
        self.cuts = 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                near, _ = self.listener.accept()
            except OSError:
                return
            left = [self.chance.randint(self.low, self.high)]
            try:
                far = socket.create_connection(("127.0.0.1", self.to))
            except OSError:
                near.close()
                continue
            for a, b in ((near, far), (far, near)):
                threading.Thread(target=self._pass, args=(a, b, left), daemon=True).start()

    def _pass(self, a, b, left):
        try:
            while True:
                data = a.recv(min(16384, max(1, left[0])))
                if not data:
                    break
                b.sendall(data)
                left[0] -= len(data)
                if left[0] <= 0:
                    self.cuts += 1
                    break
        except OSError:
            pass
        for s in (a, b):  # a reset, as when a telephone leaves its cell
            try:
                s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                s.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            s.close()

    def close(self):
        self.listener.close()


class Tus:
    """The protocol by hand, for what a well-behaved client never does."""

    def __init__(self, stack, token):
        self.port, self.token = stack.ports["gateway"], token

    def call(self, method, path="/v1/uploads", body=None, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        sent = {"Tus-Resumable": "1.0.0"}
        if self.token:
            sent["Authorization"] = "Bearer " + self.token
        if method == "PATCH":
            sent["Content-Type"] = "application/offset+octet-stream"
        for name, value in headers.items():
            sent[name.replace("_", "-")] = value
        connection.request(method, path, body=body, headers={k: v for k, v in sent.items() if v is not None})
        answer = connection.getresponse()
        data = answer.read()
        connection.close()
        return answer.status, {k.lower(): v for k, v in answer.getheaders()}, data

    def create(self, length):
        status, headers, _ = self.call("POST", Upload_Length=str(length))
        expect(status == 201, "created: %s" % status)
        return headers["location"]


def protocol(stack, worker, other):
    tus = Tus(stack, worker.token)
    status, headers, _ = Tus(stack, None).call("OPTIONS", Tus_Resumable=None)
    expect(status == 204 and headers["tus-version"] == "1.0.0", "OPTIONS: %s %s" % (status, headers))
    expect(headers["tus-extension"] == "creation,checksum,termination,expiration", "extensions: %s" % headers)
    expect(Tus(stack, None).call("POST", Upload_Length="5")[0] == 401, "nobody uploads without having signed in")
    status, headers, _ = tus.call("POST", Tus_Resumable="0.2.2", Upload_Length="5")
    expect(status == 412 and headers["tus-version"] == "1.0.0", "another version: %s" % status)
    for length, wanted in ((None, 400), ("", 400), ("-5", 400), ("0", 400), ("5x", 400), ("1e3", 400),
                           (str(MAX + 1), 413), ("9" * 30, 413)):
        status = tus.call("POST", Upload_Length=length)[0]
        expect(status == wanted, "Upload-Length %r: %s, not %s" % (length, status, wanted))
    expect(tus.call("POST", Upload_Defer_Length="1")[0] == 400, "the length is said at once")

    whole, clean = png(3000, 1)
    at = tus.create(len(whole))
    status, headers, _ = tus.call("HEAD", at)
    expect(status == 200 and headers["upload-offset"] == "0" and headers["upload-length"] == str(len(whole)),
           "HEAD: %s %s" % (status, headers))
    expect(headers["cache-control"] == "no-store" and "GMT" in headers["upload-expires"], "HEAD: %s" % headers)
    for path in ("/v1/uploads/..%2f..%2fetc%2fpasswd", "/v1/uploads/blob%2fx", "/v1/uploads/01JDB0000000000000000000ZZ"):
        expect(tus.call("HEAD", path)[0] == 404, "%s exists" % path)
    stranger = Tus(stack, other.token)
    for method in ("HEAD", "PATCH", "DELETE"):
        expect(stranger.call(method, at, Upload_Offset="0", body=b"x" if method == "PATCH" else None)[0] == 404,
               "%s of somebody else's" % method)
    expect(tus.call("PATCH", at, whole, Upload_Offset="0", Content_Type="text/plain")[0] == 415, "another type")
    for offset in (None, "-1", "x", "1" * 20):
        expect(tus.call("PATCH", at, whole, Upload_Offset=offset)[0] == 400, "offset %s" % offset)
    expect(tus.call("PATCH", at, whole, Upload_Offset="7")[0] == 409, "not where it stands")
    expect(tus.call("PATCH", at, whole + b"more", Upload_Offset="0")[0] == 413, "more than was said")
    sha1 = "sha1 " + base64.b64encode(hashlib.sha1(whole[:1000]).digest()).decode()
    expect(tus.call("PATCH", at, whole[:999] + b"X", Upload_Offset="0", Upload_Checksum=sha1)[0] == 460, "does not match")
    expect(tus.call("PATCH", at, whole[:1000], Upload_Offset="0", Upload_Checksum="md5 AAAA")[0] == 400, "md5")
    expect(tus.call("HEAD", at)[1]["upload-offset"] == "0", "what did not match is thrown away")
    status, headers, _ = tus.call("PATCH", at, whole[:1000], Upload_Offset="0", Upload_Checksum=sha1)
    expect(status == 204 and headers["upload-offset"] == "1000", "PATCH: %s %s" % (status, headers))
    sha256 = "sha256 " + base64.b64encode(hashlib.sha256(whole[1000:]).digest()).decode()
    status, headers, _ = tus.call("PATCH", at, whole[1000:], Upload_Offset="1000", Upload_Checksum=sha256)
    expect(status == 204 and headers["fengqiao-sha256"] == hashlib.sha256(clean).hexdigest(),
           "kept clean under its digest: %s %s" % (status, headers))
    view = worker.get(at)
    expect(view["status"] == "STORED" and view["contentType"] == "image/png", "the view: %s" % view)
    expect(tus.call("PATCH", at, b"", Upload_Offset=str(len(whole)))[0] == 410, "it has ended")

    at = tus.create(40)
    expect(tus.call("PATCH", at, b"<html><script>alert(1)</script></html>  ", Upload_Offset="0")[0] == 415, "no picture")
    expect(tus.call("HEAD", at)[0] == 410, "and has ended")
    at = tus.create(40)
    expect(tus.call("DELETE", at)[0] == 204 and tus.call("HEAD", at)[0] == 410, "terminated")
    expect(tus.call("DELETE", "/v1/uploads")[0] == 405, "the collection is not deleted")


def two_at_once(stack, worker):
    tus = Tus(stack, worker.token)
    whole, clean = png(1_500_000, 2)
    at = tus.create(len(whole))
    answers = []
    people = [threading.Thread(target=lambda: answers.append(tus.call("PATCH", at, whole, Upload_Offset="0")[0]))
              for _ in range(2)]
    for one in people:
        one.start()
    for one in people:
        one.join()
    expect(sorted(answers) in ([204, 409], [204, 410]), "one of two: %s" % answers)
    expect(worker.get(at)["sha256"] == hashlib.sha256(clean).hexdigest(), "and it is whole")


def node_upload(stack, url, token, whole, *chunk):
    file = stack.path("run", "photo.png")
    with open(file, "wb") as f:
        f.write(whole)
    folder = os.path.join(os.path.dirname(stack.bin), "tests", "gateway", "connect")
    done = subprocess.run(["node", os.path.join(folder, "upload.mjs"), url, token, file, *chunk], cwd=folder,
                          capture_output=True, text=True, timeout=300)
    expect(done.returncode == 0, "tus-js-client gave up: %s" % done.stderr[-2000:])
    return json.loads(done.stdout)


def dropping_line(stack, worker, seed):
    whole, clean = png(5_000_000, seed)
    line = Line(stack.ports["gateway"], seed, 20_000, 900_000)
    told = node_upload(stack, "http://127.0.0.1:%d" % line.port, worker.token, whole)
    line.close()
    expect(line.cuts > 3, "the line broke only %d times" % line.cuts)
    view = worker.get("/v1/uploads/" + told["url"].rsplit("/", 1)[1])
    expect(view["sha256"] == hashlib.sha256(clean).hexdigest(), "the same at the other end: %s" % view)
    return line.cuts, told["retries"]


def killed(stack, worker, seed):
    """media dies after parts it has acknowledged, and while it is given more than it will live to take."""
    whole, clean = png(6_000_000, seed)
    chance = random.Random(seed)
    tus = Tus(stack, worker.token)
    at = tus.create(len(whole))
    offset = kills = 0

    def stands():
        status, headers, _ = tus.call("HEAD", at)
        expect(status in (200, 503), "HEAD: %s" % status)
        return headers if status == 200 else None

    def again():
        stack.kill("media", signal.SIGKILL)
        stack.start("media")
        return int(wait_until("media is back", stands, 60)["upload-offset"])

    def given(end):
        """As a client would: asked again where it stands while one of the gateway's connections looks for the new process."""
        def taken():
            stood = int(wait_until("media answers", stands)["upload-offset"])
            try:
                status, headers, _ = tus.call("PATCH", at, whole[stood:end], Upload_Offset=str(stood))
            except OSError:
                return None  # the gateway may answer and close while this is still being sent
            expect(status in (204, 503), "a part after %d kills: %s" % (kills, status))
            return headers if status == 204 else None
        return int(wait_until("a part is taken after %d kills" % kills, taken, 60)["upload-offset"])
    while kills < KILLS:
        offset = given(offset + 200_000)
        found = again()
        expect(found == offset, "%d bytes were acknowledged, %d are there" % (offset, found))

        def rest():
            try:
                tus.call("PATCH", at, whole[offset:offset + 1_500_000], Upload_Offset=str(offset))
            except OSError:
                pass  # the gateway may close while this is still being sent
        sender = threading.Thread(target=rest)
        sender.start()
        sender.join(chance.uniform(0, 0.05))
        found = again()
        sender.join()
        expect(found >= offset, "%d bytes were acknowledged, %d are there" % (offset, found))
        offset = int(wait_until("media answers", stands)["upload-offset"])
        kills += 2
        if offset == len(whole):
            break
    expect(kills >= 4, "media died only %d times" % kills)
    if offset < len(whole):
        expect(given(len(whole)) == len(whole), "the last part")
    view = worker.get(at)
    expect(view["sha256"] == hashlib.sha256(clean).hexdigest(), "whole after %d kills: %s" % (kills, view))
    return view["sha256"], clean, kills


def fetch(stack, token, path, **headers):
    connection = http.client.HTTPConnection("127.0.0.1", stack.ports["gateway"], timeout=30)
    connection.request("GET", path, headers=dict(headers, Authorization="Bearer " + token))
    answer = connection.getresponse()
    data = answer.read()
    connection.close()
    return answer.status, {k.lower(): v for k, v in answer.getheaders()}, data


def referred(stack, city, grid, worker, other, sha256, clean):
    """A matter refers to the photograph: whoever sees the matter has it, and it is kept."""
    report = worker.post("/v1/incidents", {
        "category": "0102", "areaCode": grid, "scale": "S2_2_TO_4", "text": "路口路灯不亮，夜间行人不便",
        "attachment": [{"sha256": sha256, "mime": "image/png", "sizeBytes": str(len(clean))}]})
    at = "/v1/documents/incident/%s/%s" % (report["id"], sha256)
    status, headers, data = fetch(stack, worker.token, at)
    expect(status == 200 and data == clean, "the reporter has it: %s %s" % (status, data[:300]))
    expect(headers["content-type"] == "image/png" and headers["etag"] == '"%s"' % sha256, "its head: %s" % headers)
    expect(fetch(stack, worker.token, at, **{"If-None-Match": '"%s"' % sha256})[0] == 304, "it is there already")
    dispatcher = city.who("ROLE_TD", covers=grid)
    wait_until("media hears who named it, and the township has it", lambda: fetch(stack, dispatcher.token, at)[2] == clean)

    def told(client, path):
        status, _, data = fetch(stack, client.token, path)
        body = json.loads(data)
        for varies in ("requestId", "instance"):
            body.pop(varies, None)
        return status, body
    nowhere = "/v1/documents/incident/01JDB0000000000000000000ZZ/" + sha256
    answers = [told(other, at), told(other, nowhere), told(worker, nowhere), told(worker, at[:-64] + "f" * 64),
               told(worker, "/v1/documents/petition/%s/%s" % (report["id"], sha256))]
    expect(answers[0][0] == 404 and all(a == answers[0] for a in answers), "these can be told apart: %s" % answers)
    return report


def handed_over(stack, city, grid, committee, report, sha256, clean):
    """移送材料: the committee reads the photograph because whoever handed the matter over had it, while the hand-over stands."""
    head = city.who("ROLE_GH", covers=grid[:12])
    registrar = city.who("ROLE_MR", org=committee)
    head.post("/v1/incidents/%s:accept" % report["id"], {"complexity": "SIMPLE"})
    head.post("/v1/incidents/%s:referToMediation" % report["id"], {
        "disputeType": "D02", "partyCount": 2, "consentKnown": True, "committeeOrg": committee, "facts": "双方愿意谈路灯装在哪里。"})
    case = flows.referred_case(registrar, report["matterCode"])["id"]
    at = "/v1/documents/mediation/%s/%s" % (case, sha256)
    wait_until("the committee has the photograph", lambda: fetch(stack, registrar.token, at)[2] == clean)
    wait_until("and hears that it is here", lambda: not registrar.get(
        "/v1/mediation-cases/" + case)["handedPaper"][0].get("awaited", False))
    registrar.post("/v1/mediation-cases/%s:completeIntake" % case, {"facts": "路灯装在谁家墙上。", "party": [
        {"applicant": True, "person": {"name": "邵立群", "side": "SIDE_A"}},
        {"person": {"name": "葛长河", "side": "SIDE_B"}}]})
    registrar.post("/v1/mediation-cases/%s:refuse" % case, {"code": "NOT_CIVIL", "whereToGo": "镇政府", "noticeHow": "当面送达"})
    expect(fetch(stack, registrar.token, at)[0] == 404, "what was given ends with the hand-over")
    expect(fetch(stack, head.token, "/v1/documents/incident/%s/%s" % (report["id"], sha256))[2] == clean, "it is the sender's")


def on_disk(stack, sha256, clean):
    path = stack.path("data", "media", "blobs", sha256[:2], sha256[2:4], sha256)
    with open(path, "rb") as f:
        stored = f.read()
    expect(clean[1000:1064] not in stored and b"PNG" not in stored[:200], "the picture lies open on the disk")
    expect(not os.listdir(stack.path("data", "media", "blobs", "new")), "something half-written is left")
    check = subprocess.run([os.path.join(stack.bin, "fengqiao-check"), stack.path("data"), "--caught-up"],
                           capture_output=True, text=True)
    expect(check.returncode == 0, check.stdout + check.stderr)
    log = subprocess.run([os.path.join(stack.bin, "fengqiao-dump"), "show", stack.path("data", "media", "db"),
                          "--space=log"], capture_output=True, text=True, check=True).stdout
    expect("blob_linked" in log, "media heard of the reference")
    expect("身份证" not in log and "jpg" not in log, "the name of a file was kept")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("bin")
    parser.add_argument("--seed", type=int, default=20261122)
    args = parser.parse_args()
    if shutil.which("node") is None or not os.path.isdir(
            os.path.join(os.path.dirname(os.path.abspath(args.bin)), "tests", "gateway", "connect", "node_modules")):
        print("the npm packages of tests/gateway/connect are not installed")
        return 77
    with installation(args.bin) as stack:
        city = city_of(stack)
        grid, committee, _ = place_of(city)
        worker = city.who("ROLE_GW")
        other = city.who("ROLE_PUB")
        protocol(stack, worker, other)
        two_at_once(stack, worker)
        cuts, retries = dropping_line(stack, worker, args.seed)
        sha256, clean, kills = killed(stack, worker, args.seed)
        report = referred(stack, city, grid, worker, other, sha256, clean)
        matter = report["id"]
        handed_over(stack, city, grid, committee, report, sha256, clean)
        wait_drained(stack)
        stack.stop_all()
        on_disk(stack, sha256, clean)
        stack.start_all()
        stack.wait_ready(60)
        worker = city.who("ROLE_GW")
        data = wait_until("the document is there after a restart",
                          lambda: fetch(stack, worker.token, "/v1/documents/incident/%s/%s" % (matter, sha256))[2])
        expect(data == clean, "after a restart")
    print("5 MB over a line that broke %d times (%d retries), 6 MB past %d kills: the same at the other end" % (
        cuts, retries, kills))
    return 0


if __name__ == "__main__":
    sys.exit(main())
