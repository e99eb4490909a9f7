#!/usr/bin/env python3
"""Do the includes follow layers.txt?

usage: include_arrows.py [--self-test] [ROOT]

Reads layers.txt of ROOT: "folder -> folders" lines say which other folders a folder may include; "! header : folders"
lines say which folders may include a third-party header. The longest matching folder counts. Also checks that a file
of a service includes no api.proto or entity proto of another service: only notices.proto files cross that border.
Prints "file:line: reason" for each broken arrow and exits with 1.
"""
import os
import re
import sys
import tempfile

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^">]+)[">]')
SERVICES = ("directory", "incident", "mediation", "oversight", "petition", "media", "notify")


def read_layers(root):
    arrows, foreign = {}, []
    with open(os.path.join(root, "layers.txt"), encoding="utf-8") as f:
        for line in f:
            line = line.split("#")[0].strip()
            if line.startswith("!"):
                header, folders = line[1:].split(":")
                foreign.append((header.strip(), folders.split()))
            elif "->" in line:
                folder, targets = line.split("->")
                arrows[folder.strip()] = targets.split()
    return arrows, foreign


def layer_of(path, arrows):
    at = os.path.dirname(path)
    while at:
        if at in arrows:
            return at
        at = os.path.dirname(at)
    return None


def proto_layer(header):
    """'incident/v1/api.pb.h' -> ('proto', 'incident', 'api'); None if the header is no generated one."""
    m = re.match(r"^([a-z_]+)/v1/([a-z_]+)\.pb\.h$", header)
    return (m.group(1), m.group(2)) if m else None


def check_file(root, path, arrows, foreign):
    errors = []
    layer = layer_of(path, arrows)
    if layer is None:
        return ["%s:1: layers.txt has no line for this folder" % path]
    allowed = arrows[layer]
    with open(os.path.join(root, path), encoding="utf-8") as f:
        for number, line in enumerate(f, 1):
            m = INCLUDE.match(line)
            if not m:
                continue
            header = m.group(2)
            where = "%s:%d: " % (path, number)
            for prefix, folders in foreign:
                hit = header.startswith(prefix) or header == prefix + ".h" or header == prefix + ".hpp"
                if hit and not any(path.startswith(f + "/") for f in folders):
                    errors.append(where + "only %s may include <%s>" % (", ".join(folders), header))
            generated = proto_layer(header)
            if generated:
                owner, stem = generated
                own = layer.split("/")[1] if layer.startswith("services/") and layer.count("/") else None
                if own in SERVICES and owner in SERVICES and owner != own and stem != "notices":
                    errors.append(where + "%s may hear of %s only by its notices.proto" % (layer, owner))
                continue
            if m.group(1) == "<":
                continue
            target = layer_of(header, arrows)
            if target is None or target == layer or "everything" in allowed:
                continue
            if target not in allowed:
                errors.append(where + "%s may not include %s (%s)" % (layer, header, target))
    return errors


def sources(root):
    for folder in ("base", "storage", "services", "gateway", "tools", "bench", "tests"):
        for at, dirs, files in os.walk(os.path.join(root, folder)):
            dirs[:] = [d for d in dirs if d not in ("node_modules", "build", "data", "corpus")]
            for name in sorted(files):
                if name.endswith((".h", ".cc")):
                    yield os.path.relpath(os.path.join(at, name), root)


def check(root):
    arrows, foreign = read_layers(root)
    errors = []
    for path in sources(root):
        errors += check_file(root, path, arrows, foreign)
    return errors


def self_test():
    with tempfile.TemporaryDirectory() as root:
        def write(path, text):
            os.makedirs(os.path.join(root, os.path.dirname(path)), exist_ok=True)
            with open(os.path.join(root, path), "w", encoding="utf-8") as f:
                f.write(text)
        write("layers.txt", "base -> base\nstorage -> base\nservices/incident -> base storage\n! rocksdb/ : storage\n")
        write("base/good.h", "#include <vector>\n")
        write("storage/good.cc", '#include <rocksdb/db.h>\n#include "base/good.h"\n')
        assert check(root) == [], check(root)
        write("base/bad.h", '#include "storage/good.h"\n#include <rocksdb/db.h>\n')
        write("services/incident/bad.cc", '#include "mediation/v1/api.pb.h"\n#include "mediation/v1/notices.pb.h"\n')
        found = check(root)
        assert len(found) == 3, found
        assert found[0].startswith("base/bad.h:1") and found[1].startswith("base/bad.h:2"), found
        assert found[2].startswith("services/incident/bad.cc:1"), found
    print("self-test passed")


if __name__ == "__main__":
    if "--self-test" in sys.argv:
        self_test()
        sys.exit(0)
    roots = [a for a in sys.argv[1:] if not a.startswith("-")]
    problems = check(roots[0] if roots else ".")
    print("\n".join(problems) if problems else "the arrows of layers.txt hold")
    sys.exit(1 if problems else 0)
