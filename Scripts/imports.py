#!/usr/bin/env python3
"""Compares every `import` line under Sources with the dependencies that Package.swift declares.

The picture in docs/architecture.md and the manifest say the same: a module imports only what stands below it.
"""
import json
import pathlib
import re
import subprocess
import sys

root = pathlib.Path(__file__).resolve().parent.parent
manifest = json.loads(subprocess.check_output(["swift", "package", "dump-package"], cwd=root))
targets = {target["name"]: target for target in manifest["targets"]}


def declared(target):
    names = set()
    for dependency in target["dependencies"]:
        (entry,) = [value for value in dependency.values() if value]
        names.add(entry[0])
    return names


complaints = []
for name, target in targets.items():
    folder = root / ("Tests" if target["type"] == "test" else "Sources") / name
    allowed = declared(target) | {name}
    for file in sorted(folder.rglob("*.swift")):
        for line in file.read_text(encoding="utf-8").splitlines():
            match = re.match(r"\s*(?:@\w+\s+)?(?:public |internal |package )?import (?:struct |class |func |enum )?(\w+)", line)
            if match and match.group(1) in targets and match.group(1) not in allowed:
                complaints.append(f"{file.relative_to(root)} imports {match.group(1)}, which {name} does not declare")
for complaint in complaints:
    print(complaint)
sys.exit(1 if complaints else 0)
