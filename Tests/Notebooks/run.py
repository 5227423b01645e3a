#!/usr/bin/env python3
"""Runs every notebook under Notebooks twice and checks what a reader relies on.

    run.py --glia PATH [NOTEBOOK …]

Exit status 0; both runs leave the same files with the same bytes (run.json apart, which holds times); each report
holds no error; each picture is well-formed XML. Closes with `N passed, N failed`.
"""
import argparse
import os
import pathlib
import subprocess
import sys
import tempfile
import xml.dom.minidom

ROOT = pathlib.Path(__file__).resolve().parents[2]


def run(glia, notebook, out):
    return subprocess.run([glia, "run", str(notebook), "--quiet", "--out", str(out)], cwd=ROOT, text=True, timeout=600,
                          stdin=subprocess.DEVNULL, capture_output=True, env=dict(os.environ, NO_COLOR="1"))


def files(folder):
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def check(glia, notebook):
    with tempfile.TemporaryDirectory(prefix="glia-notebook-") as temporary:
        first, second = pathlib.Path(temporary, "1"), pathlib.Path(temporary, "2")
        for out in (first, second):
            done = run(glia, notebook, out)
            if done.returncode != 0:
                return f"status {done.returncode}: {done.stderr.strip()[:400]}"
        a, b = files(first), files(second)
        if a.keys() != b.keys():
            return f"the runs left different files: {sorted(a.keys() ^ b.keys())}"
        for name in a:
            if os.path.basename(name) != "run.json" and a[name] != b[name]:
                return f"{name} differs between two runs"
            if name.endswith(".svg"):
                xml.dom.minidom.parseString(a[name])
        if not any(name.endswith("report.md") for name in a):
            return "no report.md"
    return None


def main():
    parser = argparse.ArgumentParser(description="Run the notebooks twice and compare.")
    parser.add_argument("--glia", required=True)
    parser.add_argument("notebooks", nargs="*", type=pathlib.Path)
    options = parser.parse_args()
    notebooks = options.notebooks or sorted((ROOT / "Notebooks").glob("*.glia"))
    failed = 0
    for notebook in notebooks:
        problem = check(os.path.abspath(options.glia), notebook)
        if problem:
            failed += 1
            print(f"FAIL {notebook.name}: {problem}")
    print(f"{len(notebooks) - failed} passed, {failed} failed")
    return 1 if failed or not notebooks else 0


if __name__ == "__main__":
    sys.exit(main())
