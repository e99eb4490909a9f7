#!/usr/bin/env python3
"""The house style as a test.

usage: tidy.py [--self-test] [ROOT]

Checks: files of at most 500 lines, functions of at most 70 (measured with universal-ctags), lines of at most 120
characters, words that are banned with what to use instead, machine paths. Prints "file:line: reason", exits with 1.
"""
import os
import re
import subprocess
import sys
import tempfile

FILE_LINES_MAX = 500
FUNCTION_LINES_MAX = 70
LINE_LENGTH_MAX = 120

# pattern, files it is allowed in, what to use instead
BANNED = [
    (r"\bsystem_clock\b|\bgettimeofday\b|\bclock_gettime\b|\btime\(nullptr\)|\bstd::time\(",
     ("base/clock", "tests/arch/tidy.py"),
     "base/clock.h: only it reads the system clock"),
    (r"\bsteady_clock\b", ("base/clock", "base/thread", "bench/", "services/bus/zmq", "gateway/", "tests/"),
     "base/clock.h SteadyUs()"),
    (r"\bstd::random_device\b|\bgetrandom\b|\bmt19937|\bRAND_bytes\b", ("base/random", "base/crypto"),
     "base/random.h: only it draws entropy"),
    (r"\b(std::)?rand\(\)", (), "base/random.h"),
    (r"\bsleep_for\b|\busleep\(|\bnanosleep\(|\bsleep_until\b", ("base/clock", "base/thread", "bench/"),
     "a condition or a poll with a deadline; nothing sleeps"),
    (r"\bTODO\b|\bFIXME\b|\bXXX\b", ("tests/arch/tidy.py",), "finish it, or leave it out and say so"),
    (r"\busing namespace std\b", (), "the names themselves"),
    (r"\bstd::regex\b", ("tests/arch/tidy.py",), "a small parser with a limit: std::regex recurses on its input"),
    (r"(?<![\w./])/(work|root|home)/[a-z]", ("tests/arch/tidy.py",), "a path relative to the repository or a temporary folder"),
]


def sources(root, suffixes):
    for folder in ("base", "storage", "proto", "services", "gateway", "tools", "bench", "tests", "cmake"):
        for at, dirs, files in os.walk(os.path.join(root, folder)):
            dirs[:] = [d for d in dirs if d not in ("node_modules", "build", "data", "corpus")]
            for name in sorted(files):
                if name.endswith(suffixes):
                    yield os.path.relpath(os.path.join(at, name), root)


def check_lines(root, path):
    errors = []
    with open(os.path.join(root, path), encoding="utf-8") as f:
        lines = f.read().split("\n")
    if len(lines) - 1 > FILE_LINES_MAX:
        errors.append("%s:1: %d lines; at most %d: split it by topic" % (path, len(lines) - 1, FILE_LINES_MAX))
    for number, line in enumerate(lines, 1):
        where = "%s:%d: " % (path, number)
        if path.endswith((".h", ".cc")) and display_width(line) > LINE_LENGTH_MAX and "http" not in line:
            errors.append(where + "%d columns; at most %d" % (display_width(line), LINE_LENGTH_MAX))
        for pattern, allowed, instead in BANNED:
            if re.search(pattern, line) and not any(path.startswith(a) for a in allowed):
                errors.append(where + "banned here (%s): use %s" % (line.strip()[:60], instead))
    return errors


def display_width(line):
    """Chinese characters take one place here, as the compiler's tools count them."""
    return len(line)


def check_functions(root):
    paths = list(sources(root, (".cc", ".h")))
    if not paths:
        return []
    out = subprocess.run(
        ["ctags", "-L", "-", "-f", "-", "--languages=C++", "--kinds-C++=f", "--fields=+ne", "--langmap=C++:.cc.h"],
        input="\n".join(paths), capture_output=True, text=True, cwd=root, check=True).stdout
    errors = []
    for line in out.split("\n"):
        parts = line.split("\t")
        if len(parts) < 3:
            continue
        fields = dict(p.split(":", 1) for p in parts[3:] if ":" in p)
        if "line" in fields and "end" in fields:
            length = int(fields["end"]) - int(fields["line"]) + 1
            if length > FUNCTION_LINES_MAX:
                errors.append("%s:%s: %s has %d lines; at most %d" %
                              (parts[1], fields["line"], parts[0], length, FUNCTION_LINES_MAX))
    return errors


def check(root):
    errors = []
    for path in sources(root, (".h", ".cc", ".proto", ".py", ".cmake", ".mjs", ".ts", ".sh")):
        errors += check_lines(root, path)
    return errors + check_functions(root)


def self_test():
    with tempfile.TemporaryDirectory() as root:
        os.makedirs(os.path.join(root, "base"))
        def write(name, text):
            with open(os.path.join(root, "base", name), "w", encoding="utf-8") as f:
                f.write(text)
        write("good.cc", "int Answer() {\n  return 42;\n}\n")
        assert check(root) == [], check(root)
        write("bad.cc", "void Long() {\n" + "  ;\n" * 80 + "}\n// " + "x" * 120 + "\n// TO" + "DO later\n"
              "auto t = std::chrono::system_clock::now();\n")
        found = check(root)
        for expected in ("columns", "banned", "base/clock", "has 82 lines"):
            assert any(expected in e for e in found), (expected, found)
        write("big.cc", "int x;\n" * 501)
        assert any("501 lines" in e for e in check(root))
    print("self-test passed")


if __name__ == "__main__":
    if "--self-test" in sys.argv:
        self_test()
        sys.exit(0)
    roots = [a for a in sys.argv[1:] if not a.startswith("-")]
    problems = check(roots[0] if roots else ".")
    print("\n".join(problems) if problems else "the house style holds")
    sys.exit(1 if problems else 0)
