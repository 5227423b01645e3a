#!/usr/bin/env python3
"""Runs every golden case through the language, in float32 and in float64, and compares the numbers.

    run.py --glia PATH [--filter WORD] [--precision float32|float64] [--show]

The reference numbers and their rules are described in README.md beside this file. Closes with `N passed, N failed`.
"""
import argparse
import glob
import json
import math
import os
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

from programs import program

HERE = os.path.dirname(os.path.abspath(__file__))
# What scikit-learn calls otherwise than Glia.
COLUMNS = {"thresholds": "threshold", "f1-score": "f1"}
RANDOM_KINDS = ("statistics", "orthogonal", "fresh")


def number(word):
    return {"true": 1.0, "false": 0.0}.get(word) if word in ("true", "false") else float(word)


def parse(stdout):
    """{name: [(dtype, shape, values), …]} in order of appearance."""
    results = {}
    for line in stdout.splitlines():
        if not line.startswith("= "):
            continue
        name, dtype, shape, values = (part.strip() for part in line[2:].split("|", 3))
        sizes = [int(float(word)) for word in re.findall(r"[\d.e+]+", shape)]
        words = values.strip("()").replace(",", " ").split()
        results.setdefault(name, []).append((dtype, sizes, [number(word) for word in words]))
    return results


def close(got, want, rtol, atol):
    if math.isnan(want) or math.isinf(want):
        return (math.isnan(got) and math.isnan(want)) or got == want
    return abs(got - want) <= atol + rtol * abs(want)


def compare(name, got, want, rtol, atol):
    """A complaint or None; `got` is a list of reports that stack along axis 0 where there are several."""
    data = [float(v) for v in want["data"]]
    shapes = [shape for _, shape, _ in got]
    values = [value for _, _, vs in got for value in vs]
    shape = shapes[0] if len(got) == 1 else [len(got)] + shapes[0]
    wanted = want["shape"]
    if shape != wanted and not (len(values) == 1 and len(data) == 1):
        if not (len(got) > 1 and wanted == [len(got)] and len(values) == len(data)):
            return f"{name}: shape {shape}, expected {wanted}"
    if len(values) != len(data):
        return f"{name}: {len(values)} values, expected {len(data)}"
    exact = want.get("dtype") in ("int32", "bool")
    for index, (a, b) in enumerate(zip(values, data)):
        if a != b if exact else not close(a, b, rtol, atol):
            return f"{name}[{index}]: {a!r}, expected {b!r}"
    return None


def statistics(case, values):
    mean = sum(values) / len(values)
    std = math.sqrt(sum((v - mean) ** 2 for v in values) / len(values))
    complaints = []
    if abs(mean - case["mean"]) > case["mean_atol"]:
        complaints.append(f"mean {mean}, expected {case['mean']}")
    if abs(std - case["std"]) > case["std_atol"]:
        complaints.append(f"std {std}, expected {case['std']}")
    if min(values) < case.get("low", -math.inf) - 1e-6 or max(values) > case.get("high", math.inf) + 1e-6:
        complaints.append(f"range {min(values)} to {max(values)}, expected {case.get('low')} to {case.get('high')}")
    return complaints


def orthogonal(shape, values, atol):
    columns = shape[-1]
    rows = len(values) // columns
    w = [values[i * columns:(i + 1) * columns] for i in range(rows)]
    vectors = w if rows <= columns else list(zip(*w))
    for i, a in enumerate(vectors):
        for j, b in enumerate(vectors):
            if abs(sum(p * q for p, q in zip(a, b)) - (i == j)) > max(atol, 1e-5) * 2:
                return [f"vectors {i} and {j} are not orthonormal"]
    return []


def from_moments(case):
    """The weight 1 after each of Adam's steps, from the corrected moments that the lecture prints."""
    w, weights = 1.0, []
    for t, (m, v) in enumerate(zip(case["outputs"]["m_hat"]["data"], case["outputs"]["v_hat"]["data"]), start=1):
        root = math.sqrt(v)
        w -= 0.001 * m / (root + 1e-7 / math.sqrt(1 - 0.999 ** t))
        weights.append(w)
    return {"w": {"shape": [len(weights)], "data": weights}}


def cluster_order(name, got, want):
    """Cluster numbers are free: centres are sorted, labels renumbered by first appearance."""

    def ordered(shape, values):
        if name == "centres":
            width = shape[-1]
            rows = sorted(values[i:i + width] for i in range(0, len(values), width))
            return [v for row in rows for v in row]
        if name == "labels":
            seen = list(dict.fromkeys(values))
            return [float(seen.index(v)) for v in values]
        return values

    return ([(d, s, ordered(s, vs)) for d, s, vs in got],
            dict(want, data=ordered(want["shape"], [float(v) for v in want["data"]])))


def judge(case, results, precision):
    rtol, atol = case["rtol"], case["atol"]
    if precision == "float64" and case["kind"] not in RANDOM_KINDS:
        rtol, atol = 1e-7, 1e-8
        if case["kind"] == "table":
            rtol = 1e-6
    if case["kind"] == "statistics":
        return statistics(case, results["y"][0][2])
    if case["kind"] == "orthogonal":
        return orthogonal(results["y"][0][1], results["y"][0][2], atol)
    outputs = dict(case["outputs"])
    if case["kind"] == "table":
        outputs = {"w": outputs["w"]} if "w" in outputs else from_moments(case)
    expected = [(name, want) for name, want in outputs.items()]
    expected += [(f"gradient.{name}", want) for name, want in case.get("gradients", {}).items()]
    complaints = []
    for name, want in expected:
        absolute = name.endswith("_abs")
        key = name[:-4] if absolute else name
        key = COLUMNS.get(key, key)
        if case["kind"] == "penalty" and name.startswith("gradient.") and name[9:] in case["inputs"]:
            continue  # the step of a layer shows its weights' gradients, not its input's
        if key not in results:
            complaints.append(f"{name} was not reported")
            continue
        got = results[key]
        if case["name"] == "kmeans":
            got, want = cluster_order(name, got, want)
        if name == "thresholds":  # a column is as long as the table; the closing point has no threshold
            got = [(d, want["shape"], vs[:len(want["data"])]) for d, s, vs in got]
        if absolute:
            got = [(d, s, [abs(v) for v in vs]) for d, s, vs in got]
        complaint = compare(name, got, want, rtol, atol)
        if complaint:
            complaints.append(complaint)
    return complaints


def execute(glia, source):
    with tempfile.TemporaryDirectory(prefix="glia-golden-") as folder:
        path = os.path.join(folder, "case.glia")
        with open(path, "w", encoding="utf-8") as file:
            file.write(source)
        done = subprocess.run([glia, "run", "case.glia", "--quiet", "--out", "out"], cwd=folder, text=True, timeout=60,
                              stdin=subprocess.DEVNULL, capture_output=True, env=dict(os.environ, NO_COLOR="1"))
        return done.returncode, done.stdout, done.stderr


def check(glia, case, precision):
    try:
        status, stdout, stderr = execute(glia, program(case, precision))
    except subprocess.TimeoutExpired:
        return ["no end after 60 s"]
    if status != 0:
        lines = [line for line in stderr.splitlines() if line.strip()]
        return [f"status {status}: " + " ".join(lines[:2])[:200]]
    try:
        return judge(case, parse(stdout), precision)
    except (KeyError, ValueError, IndexError) as problem:
        return [f"unreadable results: {problem!r}"]


def main():
    parser = argparse.ArgumentParser(description="Run the golden cases through the language.")
    parser.add_argument("--glia", required=True)
    parser.add_argument("--filter", default="", help="only cases whose file/name contains this")
    parser.add_argument("--precision", choices=("float32", "float64"), help="one precision alone")
    parser.add_argument("--show", action="store_true", help="print the programs instead of running them")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    glia = os.path.abspath(options.glia)
    work = []
    for path in sorted(glob.glob(os.path.join(HERE, "*.json"))):
        family = os.path.basename(path)[:-5]
        with open(path, encoding="utf-8") as file:
            for case in json.load(file)["cases"]:
                label = f"{family}/{case['name']}"
                if options.filter not in label:
                    continue
                for precision in ("float32", "float64"):
                    if options.precision in (None, precision) and not (precision == "float64" and case["kind"] in RANDOM_KINDS):
                        work.append((label, case, precision))
    if options.show:
        for label, case, precision in work:
            print(f"# {label} {precision}\n{program(case, precision)}")
        return 0
    failed = 0
    with ThreadPoolExecutor(options.jobs) as pool:
        for (label, _, precision), complaints in zip(work, pool.map(lambda w: check(glia, w[1], w[2]), work)):
            if complaints:
                failed += 1
                print(f"FAIL {label} {precision}: " + "; ".join(complaints), flush=True)
    print(f"{len(work)} cases ran")
    print(f"{len(work) - failed} passed, {failed} failed")
    return 1 if failed or not work else 0


if __name__ == "__main__":
    sys.exit(main())
