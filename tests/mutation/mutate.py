#!/usr/bin/env python3
"""Takes one rule at a time out of the product and looks whether the tests that name the rule notice.

usage: mutate.py [--list] [--self-test] [SERVICE | ID | "SERVICE ID"]...     from the root, after `cmake --preset release`

Every SERVICE.txt beside this file holds mutants: a head `ID ID: how the rule is broken`, the file, the old text after `<`, the
new after `>`; `@` names text after which the old one is looked for. A mutant is compiled from a copy, linked before the
libraries, and run with the tests of tests/SERVICE whose comment `// spec:` names the id: nothing in the tree is changed.
"""
import collections
import os
import re
import shlex
import subprocess
import sys
import tempfile

ROOT = os.path.realpath(os.path.join(os.path.dirname(__file__), "..", ".."))
BUILD = os.path.join(ROOT, "build", os.environ.get("FENGQIAO_PRESET", "release"))
TEST_SECONDS_MAX = 300

ID = re.compile(r"\b(?:[MPOW][1-9]\d?|D[MPO]-\d\d|K-\d\d[abc]?|3\.6\.[16]|3\.10)\b")
WANTED = {
    "mediation": ["M%d" % n for n in range(1, 26)] + ["DM-%02d" % n for n in range(1, 9)],
    "petition": ["P%d" % n for n in range(1, 32)] + ["DP-%02d" % n for n in range(1, 16)],
    "oversight": ["O%d" % n for n in range(1, 16)] + ["W%d" % n for n in range(1, 10)] +
                 ["DO-%02d" % n for n in range(1, 5)] +
                 ["K-%02d" % n for n in range(1, 29) if n != 4] + ["K-04a", "K-04b", "K-04c"] + ["3.6.1", "3.6.6", "3.10"],
    "notify": ["O1", "O5", "O8"],
}

Mutant = collections.namedtuple("Mutant", "service ids words path edits line")  # edits: (anchor, old, new)


class Mistake(Exception):
    """Of the list, not of the product: the text is not there, or not once, or does not compile."""


def parse(service, text):
    mutants = []
    for at, block in blocks(text):
        head, path, *rest = block
        ids, colon, words = head.partition(":")
        if not colon or not ID.findall(ids) or ID.sub("", ids).strip():
            raise Mistake("%s.txt:%d: ID ID: words" % (service, at))
        mutants.append(Mutant(service, ID.findall(ids), words.strip(), path, edits_of(service, at, rest), at))
    return mutants


def blocks(text):
    block, start = [], 0
    for at, line in enumerate(text.split("\n") + [""], 1):
        if line.startswith("#"):
            continue
        if line.strip():
            start = start if block else at
            block.append(line)
        elif block:
            yield start, block
            block = []


def edits_of(service, at, lines):
    edits, anchor, last = [], "", ""
    for line in lines:
        kind, text = line[0], line[2:]
        if kind == "@":
            anchor = text
        elif kind == "<":
            if last != "<":
                edits.append([anchor, [], []])
                anchor = ""
            edits[-1][1].append(text)
        elif kind == ">" and edits:
            edits[-1][2].append(text)
        else:
            raise Mistake("%s.txt:%d: lines begin with @, < or >" % (service, at))
        last = kind
    if not edits:
        raise Mistake("%s.txt:%d: nothing is changed" % (service, at))
    return [(anchor, "\n".join(old), "\n".join(new)) for anchor, old, new in edits]


def changed(text, edits):
    for anchor, old, new in edits:
        start = text.find(anchor)
        if start < 0:
            raise Mistake("does not apply any more: no %r" % anchor)
        at = text.find(old, start)
        if at < 0:
            raise Mistake("does not apply any more: no %r" % old.split("\n")[0].strip())
        if not anchor and text.find(old, at + 1) >= 0:
            raise Mistake("more than once, name text before it with @: %r" % old.split("\n")[0].strip())
        text = text[:at] + new + text[at + len(old):]
    return text


TEST = re.compile(r"TEST(_F|_P)?\((\w+),\s*(\w+)\)")
ONLY_IDS = re.compile(r"^//[\s\w.-]*$")


def named_tests(text):
    """{id: set of gtest filters} of one file: by the comment right above a test."""
    found = collections.defaultdict(set)
    ids = []
    for line in text.split("\n"):
        test = TEST.match(line)
        if line.startswith("//"):
            if "spec:" in line:
                ids += ID.findall(line.split("spec:")[1])
            elif ids and ONLY_IDS.match(line) and all(ID.fullmatch(word) for word in line[2:].split()):
                ids += ID.findall(line)
        elif test:
            ids += ID.findall(line.split("spec:")[1]) if "spec:" in line else []
            shape = "*/%s.%s/*" if test.group(1) == "_P" else "%s.%s"
            for one in ids:
                found[one].add(shape % test.groups()[1:])
            ids = []
        else:
            ids = []
    return found


def tests_of(service):
    """{id: {binary: set of gtest filters}} of tests/SERVICE, and its binaries."""
    folder = os.path.join(ROOT, "tests", service)
    with open(os.path.join(folder, "CMakeLists.txt"), encoding="utf-8") as f:
        binaries = re.findall(r"platform_test\((\w+)\s+SOURCES([^)]*?)DEPS", f.read())
    found = collections.defaultdict(lambda: collections.defaultdict(set))
    for binary, sources in binaries:
        for name in sources.split():
            with open(os.path.join(folder, name), encoding="utf-8") as f:
                for one, filters in named_tests(f.read()).items():
                    found[one][binary] |= filters
    return found, [binary for binary, _ in binaries]


def run(words, where, seconds=None):
    try:
        done = subprocess.run(words, cwd=where, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=seconds)
        return done.returncode, done.stdout.decode("utf-8", "replace")
    except subprocess.TimeoutExpired:
        return None, ""


def verdict(code, output):
    """Which test noticed; empty: none did."""
    if code == 0:
        return ""
    failed = re.findall(r"^\[  FAILED  \] ([\w./]+)", output, re.M)
    begun = re.findall(r"^\[ RUN      \] ([\w./]+)", output, re.M)
    if failed and re.search(r"^\[==========\] \d+ tests? .* ran\.", output, re.M):
        return failed[0]
    return "%s (%s)" % (begun[-1] if begun else "?", "hangs" if code is None else "crash")


class Workshop:
    """Compiles and links mutants beside the build, never in it."""

    def __init__(self, service, binaries, temp):
        self.service, self.binaries, self.temp = service, binaries, temp
        self.commands = {}  # source or "link BINARY" -> words
        self.headers = {}   # folder -> header compiled ahead, or ""
        for binary in binaries:
            code, output = run(["ninja", "-t", "commands", binary], BUILD)
            if code != 0:
                raise SystemExit(output)
            lines = output.strip().split("\n")
            for line in lines[:-1]:
                source = re.search(r" -c (\S+)$", line)
                if source:
                    self.commands[os.path.relpath(source.group(1), ROOT)] = line
            self.commands["link " + binary] = lines[-1]

    def compile_words(self, path):
        words = [w for w in shlex.split(self.commands[path]) if not w.endswith("ccache")]
        out, skip = [], False
        for word in words:
            if skip or word in ("-MT", "-MF", "-o"):
                skip = not skip
            elif word not in ("-MD", "-Werror", "-c", "-O2", "-g1") and not word.endswith(path):
                out.append(word)
        return out + ["-O0", "-w"]

    def header(self, path):
        """Most of the time of a compilation goes into what every file of a domain includes: that is done once."""
        folder = os.path.dirname(path)
        if folder not in self.headers:
            name = os.path.join(self.temp, folder.replace("/", "_") + ".h")
            self.headers[folder] = ""
            if os.path.exists(os.path.join(ROOT, folder, "decide.h")):
                with open(name, "w", encoding="utf-8") as f:
                    f.write('#include "%s/decide.h"\n' % folder)
                code, _ = run(self.compile_words(path) + ["-x", "c++-header", name, "-o", name + ".gch"], BUILD)
                self.headers[folder] = name if code == 0 else ""
        return self.headers[folder]

    def compile(self, mutant, text):
        """The object of the changed file; of a header, of the one source beside it that includes it."""
        source = os.path.join(self.temp, os.path.basename(mutant.path))
        with open(source, "w", encoding="utf-8") as f:
            f.write(text)
        if mutant.path.endswith(".h"):
            return self.compile_includer(mutant.path, source)
        words = self.compile_words(mutant.path)
        ahead = self.header(mutant.path)
        if ahead:
            words += ["-include", ahead]
        code, output = run(words + ["-c", source, "-o", source + ".o"], BUILD)
        if code != 0:
            raise Mistake("does not compile: " + "".join(re.findall(r"error:[^\n]*", output)[:1]))
        return source + ".o"

    def compile_includer(self, path, header):
        include = '#include "%s"' % path
        folder = os.path.dirname(path)
        for name in sorted(os.listdir(os.path.join(ROOT, folder))):
            with open(os.path.join(ROOT, folder, name), encoding="utf-8") as f:
                text = f.read()
            if name.endswith(".cc") and include in text:
                source = os.path.join(self.temp, name)
                with open(source, "w", encoding="utf-8") as f:
                    f.write(text.replace(include, '#include "%s"' % header))
                code, output = run(self.compile_words(os.path.join(folder, name)) + ["-c", source, "-o", source + ".o"], BUILD)
                if code != 0:
                    raise Mistake("does not compile: " + "".join(re.findall(r"error:[^\n]*", output)[:1]))
                return source + ".o"
        raise Mistake("no source includes %s" % path)

    def link(self, binary, changed_object):
        """The test binary with this object before the libraries that hold the unchanged one."""
        command = self.commands["link " + binary].removeprefix(": && ").removesuffix(" && :")
        before, after = command.split(" -o bin/" + binary, 1)
        out = os.path.join(self.temp, binary)
        code, output = run(shlex.split("%s %s -o %s %s" % (before, changed_object, out, after)), BUILD)
        if code != 0:
            raise Mistake("does not link: " + output[-200:])
        return out

    def folder_with(self, path, text):
        """The tree with another text of one file that tests read: links to everything else."""
        root = tempfile.mkdtemp(dir=self.temp)
        here, there = ROOT, root
        for part in path.split("/"):
            for name in os.listdir(here):
                if name != part and not (here == ROOT and name in ("build", ".git")):
                    os.symlink(os.path.join(here, name), os.path.join(there, name))
            here, there = os.path.join(here, part), os.path.join(there, part)
            if os.path.isdir(here):
                os.mkdir(there)
        with open(there, "w", encoding="utf-8") as f:
            f.write(text)
        return root


def text_of(mutant):
    with open(os.path.join(ROOT, mutant.path), encoding="utf-8") as f:
        return changed(f.read(), mutant.edits)


def check_applies(mutants):
    for mutant in mutants:
        try:
            text_of(mutant)
        except (Mistake, OSError) as mistake:
            print("%s.txt:%d: %s: %s" % (mutant.service, mutant.line, mutant.words, mistake))


def try_mutant(mutant, named, shop, ids):
    """Yields (id, result, killed) of one mutant."""
    try:
        text = text_of(mutant)
        is_code = mutant.path.endswith((".cc", ".h"))
        where = ROOT if is_code else shop.folder_with(mutant.path, text)
        changed_object = shop.compile(mutant, text) if is_code else ""
        built = {}
        for one in ids:
            killer = ""
            for binary in shop.binaries:  # as the build lists them: the plain tests first
                if killer or binary not in named[one]:
                    continue
                if binary not in built:
                    built[binary] = shop.link(binary, changed_object) if is_code else os.path.join(BUILD, "bin", binary)
                filters = "--gtest_filter=" + ":".join(sorted(named[one][binary]))
                killer = verdict(*run([built[binary], filters], where, TEST_SECONDS_MAX))
            yield one, killer or ("SURVIVED" if named[one] else "SURVIVED: no test names it"), bool(killer)
    except (Mistake, OSError) as mistake:
        yield " ".join(ids), "MISTAKE: %s" % mistake, False


def baseline(shop, named):
    for binary in shop.binaries:
        code, output = run(["nice", "-n", "15", "ninja", "-C", BUILD, "-j1", binary], ROOT)
        if code != 0:
            raise SystemExit(output[-2000:])
        filters = sorted({f for of in named.values() for f in of.get(binary, ())})
        if filters:
            code, output = run([os.path.join(BUILD, "bin", binary), "--gtest_filter=" + ":".join(filters)], ROOT)
            if code != 0:
                raise SystemExit("tests fail without any mutant:\n" + output[-2000:])


def main(argv):
    if "--self-test" in argv:
        return self_test()
    asked = [word for arg in argv[1:] if not arg.startswith("--") for word in arg.split()]
    services = [word for word in asked if word in WANTED] or list(WANTED)
    asked_ids = {word for word in asked if word not in WANTED}
    counts = collections.Counter()
    here = os.path.dirname(os.path.abspath(__file__))
    for service in services:
        with open(os.path.join(here, service + ".txt"), encoding="utf-8") as f:
            mutants = parse(service, f.read())
        named, binaries = tests_of(service)
        for one in WANTED[service]:
            if one not in named:
                print("%-6s has no test" % one)
            if not any(one in mutant.ids for mutant in mutants):
                print("%-6s has no mutant" % one)
        mutants = [m for m in mutants if not asked_ids or asked_ids & set(m.ids)]
        if "--list" in argv:
            check_applies(mutants)
        if "--list" in argv or not mutants:
            continue
        with tempfile.TemporaryDirectory(prefix="mutants") as temp:
            shop = Workshop(service, binaries, temp)
            baseline(shop, named)
            for mutant in mutants:
                ids = [one for one in mutant.ids if not asked_ids or one in asked_ids]
                for one, result, killed in try_mutant(mutant, named, shop, ids):
                    counts["killed" if killed else result.split(":")[0]] += 1
                    print("%-6s %-74s %s" % (one, mutant.words, result), flush=True)
    print(", ".join("%d %s" % (n, what) for what, n in sorted(counts.items())))
    return 1 if counts["SURVIVED"] + counts["MISTAKE"] else 0


def self_test():
    text = "\n".join(["# a comment", "M1 DM-01: the clock does not start", "a/b.cc", "@ Apply(", "< Start(1);", "> ", "",
                      "P2: two lines", "c.cc", "< one", "<   two", "> none"])
    first, second = parse("mediation", text)
    assert first.ids == ["M1", "DM-01"] and first.edits == [("Apply(", "Start(1);", "")], first
    assert second.edits == [("", "one\n  two", "none")], second
    assert changed("Start(1); Apply() Start(1);", first.edits) == "Start(1); Apply() "
    for bad in ("Start(1);", "Apply( nothing"):
        try:
            changed(bad, first.edits)
            raise AssertionError(bad)
        except Mistake:
            pass
    tests = named_tests("\n".join(["// Why. spec: P1 P2", "// P3 P4", "TEST(A, B) {", "}", "// P5 is said, not proved", "TEST(C, D) {",
                                   "// spec: K-04a", "TEST_P(E, F) {  // spec: W1"]))
    assert tests == {"P1": {"A.B"}, "P2": {"A.B"}, "P3": {"A.B"}, "P4": {"A.B"}, "K-04a": {"*/E.F/*"}, "W1": {"*/E.F/*"}}, tests
    ran = "[ RUN      ] A.B\n[  FAILED  ] A.B (1 ms)\n[==========] 1 test from 1 test suite ran. (2 ms total)\n"
    assert verdict(0, "") == "" and verdict(1, ran) == "A.B"
    assert verdict(-6, "[ RUN      ] A.B\nCHECK") == "A.B (crash)" and verdict(None, "") == "? (hangs)"
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
