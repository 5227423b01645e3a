#!/usr/bin/env python3
"""Writes docs/library.md, the page of every built-in, from what `glia help` says; with --check, compares instead.

    library_page.py --glia PATH [--check]
"""
import argparse
import pathlib
import re
import subprocess
import sys

PAGE = pathlib.Path(__file__).resolve().parent.parent / "docs" / "library.md"
HEAD = """# The Glia library

Every built-in function, by family, as `glia help NAME` shows it. This page is written by `Scripts/library_page.py`; the
texts stand beside the functions, and their examples are run by the tests.
"""


def families(listing):
    """(family, names) in order, from the list that `glia help` prints."""
    found = []
    for line in listing.splitlines()[1:]:
        if re.match(r"\S", line):
            found.append((line.strip(), []))
        elif line.strip() and found:
            found[-1][1].extend(line.split())
    return [(family, names) for family, names in found if names]


def page(glia):
    def say(*words):
        return subprocess.run([glia, "help", *words], text=True, capture_output=True, check=True).stdout

    parts = [HEAD]
    for family, names in families(say()):
        parts.append(f"\n## {family}\n")
        for name in names:
            signature, _, text = say(name).partition("\n")
            text = text.replace("\nExample:\n", "\nExample:\n\n")
            parts.append(f"\n### {name}\n\n`{signature}`\n{text.rstrip()}\n")
    return "".join(parts)


def main():
    parser = argparse.ArgumentParser(description="Write the page of every built-in.")
    parser.add_argument("--glia", required=True)
    parser.add_argument("--check", action="store_true", help="fail where the page is not what would be written")
    options = parser.parse_args()
    text = page(str(pathlib.Path(options.glia).resolve()))
    if not options.check:
        PAGE.write_text(text, encoding="utf-8")
        return 0
    if PAGE.read_text(encoding="utf-8") == text:
        return 0
    print("docs/library.md is not what `glia help` says: run Scripts/library_page.py --glia .build/release/glia")
    return 1


if __name__ == "__main__":
    sys.exit(main())
