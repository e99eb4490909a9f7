#!/usr/bin/env python3
"""Which tests say that they prove a product rule: a comment `spec: … R6 …` above a test, in it, or at the head of a file.

usage: collect_proofs.py ROOT OUT.cc     (run by the build)
       collect_proofs.py --self-test

A mark above or beside a C++ TEST is of that test; one before the first test, with a blank line or code between, is of the
whole file. Scripts carry it for the whole file.
"""
import os
import re
import sys
import tempfile

MARK = re.compile(r"(?://|#).*?\bspec:([^\n]*)")
RULE = re.compile(r"\bR(?:[1-9]|1[0-4])\b")
TEST = re.compile(r"\s*TEST(?:_F|_P)?\((\w+),\s*(\w+)\)")


def proofs_of(path, text):
    found = []
    lines = text.split("\n")
    for at, line in enumerate(lines):
        mark = MARK.search(line)
        rules = RULE.findall(mark.group(1)) if mark else []
        if not rules:
            continue
        for rule in rules:
            found.append((rule, name_at(path, lines, at), path))
    return found


def name_at(path, lines, at):
    if not path.endswith(".cc"):
        return os.path.basename(path)
    for line in lines[at:]:
        test = TEST.match(line)
        if test:
            return "%s.%s" % test.groups()
        if not line.lstrip().startswith("//"):
            break
    for line in reversed(lines[:at]):  # inside the body of a test
        if line.startswith("}"):
            break
        test = TEST.match(line)
        if test:
            return "%s.%s" % test.groups()
    return os.path.basename(path)


def collect(root):
    rows = set()
    for folder, dirs, files in os.walk(os.path.join(root, "tests")):
        dirs[:] = sorted(d for d in dirs if d not in ("node_modules", "testproto", "corpus", "golden"))
        for name in files:
            if not name.endswith((".cc", ".py")):
                continue
            path = os.path.join(folder, name)
            with open(path, encoding="utf-8") as f:
                rows.update(proofs_of(os.path.relpath(path, root), f.read()))
    return sorted(rows, key=lambda row: (int(row[0][1:]), row[2], row[1]))


def generated(rows):
    lines = ['// Made by collect_proofs.py from the tests.', '#include "services/selfcheck/proofs.h"', '',
             'namespace selfcheck {', 'namespace {', '']
    if rows:
        lines.append("constexpr Proof kProofs[] = {")
        lines += ['    {"%s", "%s", "%s"},' % row for row in rows]
        lines.append("};")
    lines += ['', '}  // namespace', '']
    lines.append("std::span<const Proof> Proofs() { return %s; }" % ("kProofs" if rows else "{}"))
    lines += ['', '}  // namespace selfcheck', '']
    return "\n".join(lines)


def self_test():
    text = "\n".join(["// A file. spec: R9", "#include <x>", "", "// spec: I1 R6", "TEST(Report, IsTaken) {", "}", "",
                      "TEST_F(Two, Keep) {  // spec: R9 R14", "  // spec: R3", "}", "// R5 alone is no mark", "// spec: RX R15"])
    found = proofs_of("tests/x_test.cc", text)
    wanted = [("R9", "x_test.cc"), ("R6", "Report.IsTaken"), ("R9", "Two.Keep"), ("R14", "Two.Keep"), ("R3", "Two.Keep")]
    assert [row[:2] for row in found] == wanted, found
    assert proofs_of("tests/y.py", "# spec: R8\nimport os\n") == [("R8", "y.py", "tests/y.py")]
    with tempfile.TemporaryDirectory() as root:
        os.mkdir(os.path.join(root, "tests"))
        assert collect(root) == [] and "return {};" in generated([])


def main(argv):
    if argv[1:] == ["--self-test"]:
        self_test()
        return 0
    root, out = argv[1:]
    with open(out, "w", encoding="utf-8") as f:
        f.write(generated(collect(root)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
