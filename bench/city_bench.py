#!/usr/bin/env python3
"""The whole installation as `./fengqiao up` starts it: start, memory when idle, and the gateway beside nginx.

usage: city_bench.py BIN_DIR [--pairs 5] [--seconds 3]

All of real Dezhou's areas, free ports, loopback only, in a temporary folder that is removed at the end. The gateway is
loaded with wrk (one thread, 64 connections): reports as JSON with a fresh Idempotency-Key each, parsed, authorised, through
gRPC with certificates into the incident service, durable when answered. Beside it nginx (one worker) answers the same
requests with a constant. "JSON alone" is the same body with one field too long: parsed, bound and checked in the gateway,
answered with a problem document, no service behind it. Pairs back to back, medians, one Markdown row each.
"""
import argparse
import contextlib
import os
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, "tools"))

from client import City  # noqa: E402
from stack import Stack, free_port  # noqa: E402

FOREIGN_CORES_MAX = 0.15
PLENTY = {c: 1_000_000_000 for c in ("read", "list", "write", "public-write", "public-read", "sign-in")}
BODY = ('{"category":"%s","title":"东关路口小广告","text":"墙上和电线杆上贴满小广告，路口南侧约二十米内都有，影响村容，'
        '需要清理并联系张贴人。","place":{"text":"东关路口南侧公交站牌旁","lon":116.57,"lat":37.33,"hasPosition":true}}')
CONSTANT = '{"id":"01JCZ0000000000000000000AB","version":"1","status":"REPORTED","recordedAtMs":"1764000000000"}'
TICKS = os.sysconf("SC_CLK_TCK")


def cpu_of(pid):
    try:
        with open("/proc/%d/stat" % pid, encoding="utf-8", errors="replace") as f:
            fields = f.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICKS
    except OSError:
        return 0.0


class Foreign:
    """Cores that other processes than `pids`, this one and its ended children used since it was made."""

    def __init__(self, pids):
        self.pids = pids
        self.start = self.now()

    def now(self):
        with open("/proc/stat", encoding="utf-8") as f:
            everything = sum(int(n) for n in f.readline().split()[1:4]) / TICKS
        ended = resource.getrusage(resource.RUSAGE_CHILDREN)
        own = sum(cpu_of(p) for p in self.pids) + cpu_of(os.getpid()) + ended.ru_utime + ended.ru_stime
        return time.monotonic(), everything - own

    def cores(self):
        (t0, c0), (t1, c1) = self.start, self.now()
        return max(0.0, (c1 - c0) / (t1 - t0))


def mark(cores):
    return "%.2f%s" % (cores, " (!)" if cores > FOREIGN_CORES_MAX else "")


def row(measure, product, limit, ratio, aim, foreign):
    print("| %s | %s | %s | %s | %s | %s |" % (measure, product, limit, ratio, aim, foreign), flush=True)


def memory_mb(pid):
    with open("/proc/%d/smaps_rollup" % pid, encoding="utf-8") as f:
        text = f.read()
    return [int(re.search(r"^%s:\s+(\d+)" % what, text, re.M).group(1)) / 1024 for what in ("Rss", "Pss")]


@contextlib.contextmanager
def nginx(folder):
    port = free_port()
    os.makedirs(folder)
    config = os.path.join(folder, "nginx.conf")
    with open(config, "w", encoding="utf-8") as f:
        f.write("""daemon off; worker_processes 1; pid %(d)s/pid; error_log %(d)s/error.log;
events { worker_connections 1024; }
http {
  access_log off; keepalive_requests 100000000; client_body_temp_path %(d)s/body; proxy_temp_path %(d)s/proxy;
  fastcgi_temp_path %(d)s/fastcgi; uwsgi_temp_path %(d)s/uwsgi; scgi_temp_path %(d)s/scgi;
  server { listen 127.0.0.1:%(p)d; default_type application/json; location / { return 200 '%(c)s'; } }
}
""" % {"d": folder, "p": port, "c": CONSTANT})
    if os.geteuid() == 0:  # the worker must not be another user than the owner of the folder
        with open(config, "r+", encoding="utf-8") as f:
            text = f.read()
            f.seek(0)
            f.write("user root;\n" + text)
    child = subprocess.Popen(["nginx", "-p", folder, "-c", config, "-e", os.path.join(folder, "error.log")])
    try:
        time.sleep(0.5)
        if child.poll() is not None:
            raise RuntimeError("nginx did not start; see %s" % folder)
        yield "http://127.0.0.1:%d/v1/incidents" % port, child.pid
    finally:
        child.terminate()
        child.wait()


def children_of(pid):
    with open("/proc/%d/task/%d/children" % (pid, pid), encoding="utf-8") as f:
        return [int(p) for p in f.read().split()]


def wrk(url, script, seconds):
    """Requests a second, p50 and p99 in ms, answers that were not 2xx or 3xx."""
    out = subprocess.run(["wrk", "-t1", "-c64", "-d%ds" % seconds, "--latency", "-s", script, url], check=True,
                         capture_output=True, text=True).stdout
    unit = {"us": 1e-3, "ms": 1.0, "s": 1e3}

    def at(percent):
        value, scale = re.search(r"%s%%\s+([\d.]+)(us|ms|s)" % percent, out).groups()
        return float(value) * unit[scale]
    failed = re.search(r"Non-2xx or 3xx responses: (\d+)", out)
    if "Socket errors" in out:
        sys.stderr.write(out)
    return float(re.search(r"Requests/sec:\s+([\d.]+)", out).group(1)), at(50), at(99), int(failed.group(1)) if failed else 0


def write_script(path, body, token):
    with open(path, "w", encoding="utf-8") as f:
        f.write("""local n, run = 0, "%d"
local body = %s
request = function()
  n = n + 1
  return wrk.format("POST", nil, {["Content-Type"] = "application/json", ["Authorization"] = "Bearer %s",
                                  ["Idempotency-Key"] = '"' .. run .. "-" .. os.time() .. "-" .. n .. '"'}, body)
end
""" % (os.getpid(), "[==[" + body + "]==]", token))


def measure_gateway(stack, folder, pairs, seconds):
    worker = City.load(stack.home, stack.url).who("ROLE_GW")
    good, bad = os.path.join(folder, "good.lua"), os.path.join(folder, "bad.lua")
    write_script(good, BODY % "0706", worker.token)
    write_script(bad, BODY % "070600", worker.token)
    url = stack.url + "/v1/incidents"
    durable, alone, foreign = [], [], []
    with nginx(os.path.join(folder, "nginx")) as (limit_url, nginx_pid):
        pids = [c.pid for c in stack.children.values()] + [nginx_pid] + children_of(nginx_pid)
        for i in range(pairs):
            watch = Foreign(pids)
            limit = wrk(limit_url, good, seconds)
            product = wrk(url, good, seconds)
            json_work = wrk(url, bad, seconds)
            foreign.append(watch.cores())
            if product[3] or not json_work[3]:
                raise RuntimeError("%d reports were refused, %d faulty ones" % (product[3], json_work[3]))
            durable.append((product, limit, product[0] / limit[0]))
            alone.append((json_work, limit, json_work[0] / limit[0]))
            print("  pair %d: nginx %.0f/s, durable %.0f/s, JSON alone %.0f/s, foreign %.2f" % (
                i + 1, limit[0], product[0], json_work[0], foreign[-1]), file=sys.stderr, flush=True)
    for name, rows, aim in (("gateway: JSON report, parsed, authorised, durable", durable, "≥ 0.10"),
                            ("gateway: JSON work alone", alone, "≥ 0.50")):
        ratios = [r[2] for r in rows]
        row("%s, p50 %.1f ms, p99 %.1f ms" % (name, statistics.median(r[0][1] for r in rows),
                                             statistics.median(r[0][2] for r in rows)),
            "%.0f /s" % statistics.median(r[0][0] for r in rows), "nginx constant %.0f /s" % statistics.median(
                r[1][0] for r in rows),
            "**%.3f** [%.3f–%.3f]" % (statistics.median(ratios), min(ratios), max(ratios)), aim, mark(max(foreign)))


def measure_start(stack, what):
    watch = Foreign([])
    start = time.monotonic()
    stack.start_all()
    watch.pids = [c.pid for c in stack.children.values()]
    stack.wait_ready(300)
    row("start of all processes, " + what, "%.1f s" % (time.monotonic() - start), "–", "–", "≤ 3 s after a kill",
        mark(watch.cores()))


def measure_memory(stack):
    time.sleep(5)
    each = {name: memory_mb(child.pid) for name, child in stack.children.items()}
    detail = ", ".join("%s %.0f" % (name, pss) for name, (_, pss) in each.items())
    row("memory of all processes, idle, all of Dezhou (%s)" % detail, "%.0f MB PSS, %.0f MB RSS" % (
        sum(pss for _, pss in each.values()), sum(rss for rss, _ in each.values())), "–", "–", "≤ 400 MB", "–")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("bin")
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=3)
    args = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="fengqiao-bench-")
    stack = Stack(os.path.join(folder, "city"), args.bin, rates=PLENTY)
    try:
        print("| measure | product | limit | ratio [least–most] | aim | foreign cores |\n| --- | --- | --- | --- | --- | --- |")
        stack.prepare()
        measure_start(stack, "first time, with the city's 11 counties and their areas")
        subprocess.run([sys.executable, os.path.join(ROOT, "tools", "seed", "main.py"), "--accounts-only"], check=True,
                       env=dict(os.environ, FENGQIAO_URL=stack.url, FENGQIAO_HOME=stack.home), stdout=subprocess.DEVNULL)
        for name in list(stack.children):
            stack.kill(name)
        measure_start(stack, "after kill -9 of all")
        measure_memory(stack)
        measure_gateway(stack, folder, args.pairs, args.seconds)
    finally:
        stack.stop_all()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
