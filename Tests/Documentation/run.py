#!/usr/bin/env python3
"""Runs the examples of README.md and docs/ and compares what they print.

    run.py --glia PATH [--update] [PAGE …]

A block fenced as ```glia that is followed by a block fenced as ```text is a program and its output (standard output,
then standard error where the program fails). A ```glia block alone must run without an error, unless its fence says
`glia fragment`: code that shows a form and cannot stand alone, which must parse. `--update` writes what is printed into the page, to be read and
committed by a person. Closes with `N passed, N failed`.
"""
import argparse
import difflib
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"^```(glia[ \w]*|text)\n(.*?)^```$", re.M | re.S)


def examples(page):
    """(line, source, expected output or None, is fragment) for each program on a page."""
    text = page.read_text(encoding="utf-8")
    blocks = list(BLOCK.finditer(text))
    for index, block in enumerate(blocks):
        if not block.group(1).startswith("glia"):
            continue
        expected = None
        if index + 1 < len(blocks) and blocks[index + 1].group(1) == "text":
            between = text[block.end():blocks[index + 1].start()]
            if between.count("\n\n") <= 2 and not between.strip().startswith("#"):
                expected = blocks[index + 1].group(2)
        yield text.count("\n", 0, block.start()) + 1, block.group(2), expected, "fragment" in block.group(1)


def run(glia, source, is_fragment):
    with tempfile.TemporaryDirectory(prefix="glia-docs-") as folder:
        pathlib.Path(folder, "example.glia").write_text(source, encoding="utf-8")
        command = ["format", "--check", "example.glia"] if is_fragment else ["run", "example.glia", "--out", "out"]
        env = dict(os.environ, NO_COLOR="1")
        done = subprocess.run([glia] + command, cwd=folder, env=env, text=True, timeout=120,
                              stdin=subprocess.DEVNULL, capture_output=True)
        return done


def update(glia, page):
    """Puts what each program prints below it; a program that prints nothing keeps no output block."""
    text = page.read_text(encoding="utf-8")
    out, position = [], 0
    for block in BLOCK.finditer(text):
        if block.start() < position or not block.group(1).startswith("glia") or "fragment" in block.group(1):
            continue
        out.append(text[position:block.end()])
        position = block.end()
        done = run(glia, block.group(2), False)
        printed = (done.stdout + (done.stderr if done.returncode != 0 else "")).strip("\n")
        following = BLOCK.match(text, position + 2) if text[position:position + 2] == "\n\n" else None
        if following and following.group(1) == "text":
            position = following.end()
        if printed:
            out.append(f"\n\n```text\n{printed}\n```")
    page.write_text("".join(out) + text[position:], encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description="Run the examples of the documentation.")
    parser.add_argument("--glia", required=True)
    parser.add_argument("--update", action="store_true", help="write what is printed into the pages")
    parser.add_argument("pages", nargs="*", type=pathlib.Path)
    options = parser.parse_args()
    glia = os.path.abspath(options.glia)
    pages = options.pages or [ROOT / "README.md"] + sorted((ROOT / "docs").rglob("*.md"))
    if options.update:
        for page in pages:
            update(glia, page.resolve())
        return 0
    passed = failed = 0
    for page in pages:
        for line, source, expected, is_fragment in examples(page):
            done = run(glia, source, is_fragment)
            problem = None
            if is_fragment:
                if done.returncode == 3 or "error[syntax]" in done.stderr:
                    problem = done.stderr.strip()
            elif expected is None:
                if done.returncode != 0:
                    problem = done.stderr.strip()
            else:
                got = done.stdout + (done.stderr if done.returncode != 0 else "")
                if got.strip() != expected.strip():
                    problem = "\n".join(difflib.unified_diff(
                        expected.strip().splitlines(), got.strip().splitlines(), "documented", "printed", lineterm=""))
            if problem is None:
                passed += 1
            else:
                failed += 1
                name = page.relative_to(ROOT) if page.is_absolute() else page
                print(f"FAIL {name}:{line}\n" + "\n".join("    " + row for row in problem.splitlines()[:30]))
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
