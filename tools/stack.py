#!/usr/bin/env python3
"""Runs the processes of Fengqiao on one machine: keys, configuration, start, supervision, stop.

usage: stack.py up HOME [--bin DIR] [--detach]     start everything, restart what dies, Ctrl-C stops
       stack.py down HOME | status HOME

HOME holds everything an installation has: keys/ etc/ data/ log/ run/. Used by ./fengqiao up, by the system tests and by
the benchmarks, so that they all run the same thing. Only loopback addresses are used.
"""
import argparse
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

REPO = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SERVICES = ["directory", "incident", "mediation", "oversight", "petition", "media", "notify"]
FOLLOWS = {  # whose event stream each process follows
    "directory": [],
    "incident": ["directory", "mediation", "oversight", "petition"],
    "mediation": ["directory", "incident", "media", "oversight", "petition"],
    "oversight": ["directory", "incident", "mediation", "petition"],
    "petition": ["directory", "incident", "media", "mediation", "oversight"],
    "media": ["directory", "incident", "mediation", "petition"],
    "notify": ["directory", "incident", "mediation", "oversight", "petition"],
    "gateway": [s for s in SERVICES if s not in ("media", "notify")],  # nothing of theirs is for people
}
GATEWAY_PORT = 8080
FREE_PORTS = range(10000, 32000)
RESTART_DELAY_S = 0.5
STOP_TIMEOUT_S = 30


def free_port(taken=()):
    """Below what the kernel gives to outgoing connections: one of those took a port between its choice and its service."""
    while True:
        port = secrets.choice(FREE_PORTS)
        if port not in taken and is_free(port):
            return port


def is_free(port):
    with socket.socket() as s:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            s.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def write_private(path, text):
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as f:
        f.write(text)


class Stack:
    """All processes of one installation in `home`. With fixed=False every port is a free one."""

    def __init__(self, home, bin_dir, fixed=False, policy_dir=None, area_dir=None, services=None, rates=None):
        self.home = os.path.abspath(home)
        self.bin = os.path.abspath(bin_dir)
        self.policy_dir = os.path.abspath(policy_dir or os.path.join(REPO, "policy"))
        self.area_dir = os.path.abspath(area_dir or os.path.join(REPO, "policy", "areas"))
        self.services = services or SERVICES
        self.rates = rates or {}  # rate class -> requests a minute, for load tests
        self.children = {}
        self.offset_ms = 0  # of a rehearsal: how much the clock of every process differs from the real one
        self.plain_webhooks = False  # webhooks may go by http to this machine
        self.webhook_networks = []   # inner networks that webhooks may enter by https: "10.20.0.0/16"
        self.environment = {}  # process -> variables it gets beside ours
        for folder in ("keys", "etc", "data", "log", "run"):
            os.makedirs(os.path.join(self.home, folder), mode=0o700, exist_ok=True)
        self.ports = self._ports(fixed)

    def path(self, *parts):
        return os.path.join(self.home, *parts)

    def _ports(self, fixed):
        """Ports stay the same for the life of an installation: they are kept in run/ports.json. Of the fixed ones those that
        another installation has are replaced by free ones; the gateway's is only changed by who asks for it."""
        kept = self.path("run", "ports.json")
        asked = os.environ.get("FENGQIAO_PORT") if fixed else None
        ports = {}
        if os.path.exists(kept):
            with open(kept, encoding="utf-8") as f:
                ports = json.load(f)
            complete = all(name in ports for name in SERVICES)  # an older installation knows fewer processes
            if complete and (asked is None or ports["gateway"] == int(asked)):
                return ports

        def port(wanted):
            return wanted if fixed and is_free(wanted) else free_port(ports.values())
        for i, name in enumerate(SERVICES):
            ports.setdefault(name, port(7401 + i))
            ports.setdefault(name + ".bus", port(7501 + i))
            ports.setdefault(name + ".metrics", port(7601 + i))
        ports.setdefault("gateway.metrics", port(7600))
        if asked or "gateway" not in ports:
            ports["gateway"] = int(asked or GATEWAY_PORT) if fixed else free_port(ports.values())
        with open(kept, "w", encoding="utf-8") as f:
            json.dump(ports, f, indent=1)
        return ports

    @property
    def url(self):
        return "http://127.0.0.1:%d" % self.ports["gateway"]

    # -- what the processes read -------------------------------------------------------------------------------

    def prepare(self):
        """Keys (kept if they are there) and configuration files (written anew)."""
        names = self.services + ["gateway"]
        subprocess.run([os.path.join(self.bin, "fengqiao-keys"), self.path("keys")] + names, check=True,
                       stdout=subprocess.DEVNULL)
        bootstrap = self.path("keys", "bootstrap-secret")
        if not os.path.exists(bootstrap):
            write_private(bootstrap, secrets.token_urlsafe(24) + "\n")
        for name in self.services:
            write_private(self.path("etc", name + ".textproto"), self._service_config(name))
        write_private(self.path("etc", "gateway.textproto"), self._gateway_config())

    def _key(self, name):
        return self.path("keys", name)

    def _tls(self, name):
        return ('tls {\n  key_file: "%s"\n  certificate_file: "%s"\n  ca_file: "%s"\n}\n' %
                (self._key(name + ".key"), self._key(name + ".crt"), self._key("ca.crt")))

    def _tokens(self):
        return 'tokens { jwks_file: "%s" issuer: "fengqiao-directory" audience: "fengqiao" }\n' % self._key("jwks.json")

    def _rehearsal(self):
        return "rehearsal_offset_ms: %d\n" % self.offset_ms if self.offset_ms else ""

    def _upstreams(self, name, field="upstream"):
        text = ""
        for source in FOLLOWS[name]:
            if source in self.services:
                with open(self._key(source + ".curve.pub"), encoding="utf-8") as f:
                    public_key = f.read().strip()
                text += '%s { source: "%s" endpoint: "tcp://127.0.0.1:%d" public_key: "%s" }\n' % (
                    field, source, self.ports[source + ".bus"], public_key)
        return text

    def _service_config(self, name):
        text = 'service: "%s"\ndata_dir: "%s"\nlisten: "127.0.0.1:%d"\n' % (
            name, self.path("data", name), self.ports[name])
        text += self._tls(name) + self._tokens() + self._rehearsal()
        text += 'master_key_file: "%s"\n' % self._key(name + ".master")
        if name == "petition":
            text += 'sealing_key_file: "%s"\n' % self._key(name + ".sealing")
        text += 'bus { listen: "tcp://127.0.0.1:%d" curve_key_file: "%s" allow_file: "%s" }\n' % (
            self.ports[name + ".bus"], self._key(name + ".curve"), self._key("bus.allow"))
        text += 'metrics_listen: "127.0.0.1:%d"\n' % self.ports[name + ".metrics"]
        text += self._upstreams(name)
        if name == "directory":
            text += 'policy_dir: "%s"\narea_dir: "%s"\n' % (self.policy_dir, self.area_dir)
            text += 'token_signing_key_file: "%s"\n' % self._key("token.key")
            text += 'bootstrap_secret_file: "%s"\n' % self._key("bootstrap-secret")
        if name in ("media", "notify"):
            cases = [s for s in ("incident", "mediation", "petition") if s in self.services]
            lines = ['  case_service { name: "%s" address: "127.0.0.1:%d" }\n' % (s, self.ports[s]) for s in cases]
            if name == "notify" and self.plain_webhooks:
                lines.append("  plain_loopback: true\n")
            if name == "notify":
                lines += ['  webhook_network: "%s"\n' % network for network in self.webhook_networks]
            text += "%s {\n%s}\n" % (name, "".join(lines))
        if name == "mediation" and "directory" in self.services:
            text += 'directory { name: "directory" address: "127.0.0.1:%d" }\n' % self.ports["directory"]
        if name == "notify":
            text += 'policy_dir: "%s"\n' % self.policy_dir
        return text

    def _gateway_config(self):
        text = 'listen: "127.0.0.1:%d"\n' % self.ports["gateway"]
        text += self._tls("gateway") + self._tokens() + self._rehearsal()
        text += 'metrics_listen: "127.0.0.1:%d"\n' % self.ports["gateway.metrics"]
        text += 'curve_key_file: "%s"\n' % self._key("gateway.curve")
        for name in self.services:
            text += 'service { name: "%s" address: "127.0.0.1:%d" }\n' % (name, self.ports[name])
        descriptors = os.path.join(os.path.dirname(self.bin), "proto", "api.desc")
        if os.path.exists(descriptors):
            text += 'descriptor_file: "%s"\n' % descriptors
        for rate_class, per_minute in self.rates.items():
            text += 'rate { rate_class: "%s" per_minute: %d burst: %d }\n' % (rate_class, per_minute, per_minute)
        return text + self._upstreams("gateway", "feed")

    # -- processes ---------------------------------------------------------------------------------------------

    def start(self, name):
        log = open(self.path("log", name + ".log"), "ab")
        child = subprocess.Popen([os.path.join(self.bin, name), self.path("etc", name + ".textproto")],
                                 stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.home,
                                 env=dict(os.environ, **self.environment.get(name, {})), start_new_session=True)
        log.close()
        self.children[name] = child
        with open(self.path("run", name + ".pid"), "w", encoding="utf-8") as f:
            f.write("%d\n" % child.pid)
        return child

    def kill(self, name, how=signal.SIGKILL):
        child = self.children[name]
        child.send_signal(how)
        child.wait()

    def restart_dead(self):
        """Starts again what has died; returns the names."""
        dead = [n for n, c in self.children.items() if c.poll() is not None]
        for name in dead:
            self.start(name)
        return dead

    def start_all(self):
        for name in self.services + ["gateway"]:
            self.start(name)

    def stop_all(self):
        """Gateway first, then the services, each given time to finish what it has begun."""
        for name in ["gateway"] + list(reversed(self.services)):
            child = self.children.get(name)
            if child is None or child.poll() is not None:
                continue
            child.terminate()
            try:
                child.wait(STOP_TIMEOUT_S)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
        self.children.clear()

    def tail(self, name, lines=20):
        try:
            with open(self.path("log", name + ".log"), encoding="utf-8", errors="replace") as f:
                return "".join(f.readlines()[-lines:])
        except FileNotFoundError:
            return ""

    def wait_ready(self, timeout_s=120, report=None):
        """Until the gateway says that it and every service behind it are ready."""
        deadline = time.monotonic() + timeout_s
        said = None
        while time.monotonic() < deadline:
            for name, child in self.children.items():
                if child.poll() is not None:
                    raise RuntimeError("%s ended with %d:\n%s" % (name, child.returncode, self.tail(name)))
            try:
                with urllib.request.urlopen(self.url + "/readyz", timeout=2) as answer:
                    if answer.status == 200:
                        return
            except urllib.error.HTTPError as error:
                text = error.read().decode("utf-8", "replace").strip()
                if report and text != said:
                    report(text)
                    said = text
            except OSError:
                pass
            time.sleep(0.1)
        raise RuntimeError("not ready after %d s\n%s" % (timeout_s, "\n".join(
            "== %s\n%s" % (n, self.tail(n, 5)) for n in self.children)))


# -- command line -----------------------------------------------------------------------------------------------


def read_pid(home, name):
    """The process of this installation that the pid file names; None if it is gone or its number belongs to another."""
    try:
        with open(os.path.join(home, "run", name + ".pid"), encoding="utf-8") as f:
            pid = int(f.read())
        with open("/proc/%d/cmdline" % pid, "rb") as f:
            command = os.fsdecode(f.read()).split("\0")
        at = os.readlink("/proc/%d/cwd" % pid)
    except (OSError, ValueError):
        return None
    mark = home if name == "supervisor" else os.path.join(home, "etc", name + ".textproto")
    return pid if any(os.path.abspath(os.path.join(at, word)) == mark for word in command if word) else None


def stop_left_over(home):
    """Stops processes whose supervisor was killed: two of one kind must never want the same database."""
    left = [(name, pid) for name in ["gateway"] + list(reversed(SERVICES)) if (pid := read_pid(home, name))]
    for name, pid in left:
        print("%s (pid %d) was left over by a supervisor that is gone; stopping it" % (name, pid), flush=True)
        os.kill(pid, signal.SIGTERM)
        deadline = time.monotonic() + STOP_TIMEOUT_S
        while read_pid(home, name) and time.monotonic() < deadline:
            time.sleep(0.05)
        if read_pid(home, name):
            os.kill(pid, signal.SIGKILL)
            time.sleep(0.2)
    return bool(left)


def supervise(stack):
    """Until told to stop: what dies is started again, after a short delay so that a broken one does not spin."""
    stopping = []
    for s in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(s, lambda *_: stopping.append(True))
    while not stopping:
        for name in stack.restart_dead():
            print("%s had ended and was started again; see %s" % (name, stack.path("log", name + ".log")), flush=True)
        time.sleep(RESTART_DELAY_S)
    print("stopping…", flush=True)
    stack.stop_all()


def up(args):
    if read_pid(args.home, "supervisor"):
        sys.exit("already running; ./fengqiao down stops it")
    stop_left_over(args.home)
    # One administrator fills the installation at its first start: more sign-in requests a minute than a person makes.
    stack = Stack(args.home, args.bin, fixed=True, rates={"sign-in": 1200, "write": 3000})
    stack.webhook_networks = [n for n in os.environ.get("FENGQIAO_WEBHOOK_NETWORKS", "").split(",") if n]
    if not is_free(stack.ports["gateway"]):
        sys.exit("port %d is taken; FENGQIAO_PORT=%d ./fengqiao up takes another" % (stack.ports["gateway"], stack.ports["gateway"] + 1))
    with open(stack.path("run", "supervisor.pid"), "w", encoding="utf-8") as f:
        f.write("%d\n" % os.getpid())
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped while starting"))
    try:
        stack.prepare()
        stack.start_all()
        stack.wait_ready(300, report=lambda text: print("  waiting: " + text[:200], flush=True))
        if args.then:
            subprocess.run(args.then, check=True, env=dict(os.environ, FENGQIAO_URL=stack.url, FENGQIAO_HOME=stack.home))
        print("ready", flush=True)
        supervise(stack)
    except KeyboardInterrupt:
        stack.stop_all()
        sys.exit("stopped while starting")
    except RuntimeError as error:  # of wait_ready: it has shown what the process said
        stack.stop_all()
        sys.exit(str(error))
    except subprocess.CalledProcessError as error:
        stack.stop_all()
        sys.exit("%s ended with %d" % (" ".join(error.cmd[:2]), error.returncode))
    except BaseException:
        stack.stop_all()
        raise
    finally:
        os.unlink(stack.path("run", "supervisor.pid"))


def down(args):
    pid = read_pid(args.home, "supervisor")
    if not pid:
        print("stopped" if stop_left_over(args.home) else "not running")
        return
    os.kill(pid, signal.SIGTERM)
    while read_pid(args.home, "supervisor"):
        time.sleep(0.1)
    print("stopped; the data stays in %s" % os.path.join(args.home, "data"))


def status(args):
    for name in ["supervisor"] + SERVICES + ["gateway"]:
        pid = read_pid(args.home, name)
        print("%-10s %s" % (name, "pid %d" % pid if pid else "not running"))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    sub = parser.add_subparsers(dest="command", required=True)
    for name, run in (("up", up), ("down", down), ("status", status)):
        p = sub.add_parser(name)
        p.add_argument("home")
        p.set_defaults(run=run)
        if name == "up":
            p.add_argument("--bin", default=os.path.join(REPO, "build", "release", "bin"))
            p.add_argument("--then", nargs=argparse.REMAINDER, help="a program to run once everything is ready")
    args = parser.parse_args()
    args.home = os.path.abspath(args.home)
    args.run(args)


if __name__ == "__main__":
    main()
