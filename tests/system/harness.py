"""A small installation in a temporary folder for the system tests: the real programs, free ports, loopback only."""
import contextlib
import csv
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "tools"))
sys.path.insert(0, os.path.join(ROOT, "tools", "seed"))
sys.path.insert(0, os.path.join(ROOT, "tools", "demo"))

from client import City, wait_until  # noqa: E402
from stack import FOLLOWS, Stack  # noqa: E402

COUNTY = "371403"
PLENTY = {c: 10_000_000 for c in ("read", "list", "write", "upload", "public-write", "public-read", "sign-in", "export", "reveal")}


def small_city(target, counties=(COUNTY,)):
    """The official list of 2023, cut to some counties: the same files, fewer rows."""
    source = os.path.join(ROOT, "policy", "areas", "dezhou-2023")
    folder = os.path.join(target, "dezhou-2023")
    os.makedirs(folder)
    for name in os.listdir(source):
        with open(os.path.join(source, name), encoding="utf-8", newline="") as f:
            rows = list(csv.reader(f))
        if name != "vintage.csv":
            rows = rows[:1] + [r for r in rows[1:] if any(r[0].startswith(c) for c in counties)]
        with open(os.path.join(folder, name), "w", encoding="utf-8", newline="") as f:
            csv.writer(f, lineterminator="\n").writerows(rows)
    return target


@contextlib.contextmanager
def installation(bin_dir, seed=True, home=None, areas=None, keep=False, configure=None):
    """Started, with demo accounts; stopped and removed at the end, whatever happened. `configure` gets it before."""
    base = home or tempfile.mkdtemp(prefix="fengqiao-system-")
    stack = Stack(os.path.join(base, "city"), bin_dir, rates=PLENTY,
                  area_dir=areas or small_city(os.path.join(base, "areas")))
    try:
        stack.prepare()
        if configure:
            configure(stack)
        stack.start_all()
        stack.wait_ready(120)
        if seed:
            make_accounts(stack)
        yield stack
    except BaseException:
        for name in stack.children:
            print("== %s\n%s" % (name, stack.tail(name, 15)), file=sys.stderr)
        raise
    finally:
        stack.stop_all()
        if not keep:
            shutil.rmtree(base, ignore_errors=True)


def make_accounts(stack):
    subprocess.run([sys.executable, os.path.join(ROOT, "tools", "seed", "main.py"), "--accounts-only"], check=True,
                   env=dict(os.environ, FENGQIAO_URL=stack.url, FENGQIAO_HOME=stack.home), stdout=subprocess.DEVNULL)


def city_of(stack):
    return City.load(stack.home, stack.url)


def place_of(city):
    """The demonstration grid, its committee and its county."""
    worker = city.find("ROLE_GW")
    grid = worker["area"] if len(worker["area"]) == 15 else worker["area"][:12] + "001"
    return grid, city.find("ROLE_MR", covers=grid)["org"], grid[:6]


def expect(condition, text):
    if not condition:
        raise AssertionError(text)


def metric(stack, name, text):
    """The values of one metric of a process, by label text."""
    with urllib.request.urlopen("http://127.0.0.1:%d/metrics" % stack.ports[name + ".metrics"], timeout=5) as answer:
        lines = answer.read().decode().splitlines()
    return {line.rsplit(" ", 1)[0]: float(line.rsplit(" ", 1)[1]) for line in lines if line.startswith(text + "{")}


def wait_drained(stack):
    """Until every service has an open stream from each it follows and has applied all of it, seen twice."""
    def drained():
        for _ in range(2):
            for source in stack.services:
                try:
                    lag = metric(stack, source, "esp_lag")
                except OSError:
                    return None
                followers = [n for n in stack.services if source in FOLLOWS[n]]
                applied = [n for n in followers if any(n + "/main" in label and v == 0 for label, v in lag.items())]
                if applied != followers:
                    return None
            time.sleep(0.3)
        return True
    wait_until("all streams are applied", drained, 120)
