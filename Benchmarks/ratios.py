#!/usr/bin/env python3
"""ratios.py MINE.csv PEERS.csv: how many times as fast as the fastest peer each workload is, as a Markdown table."""
import csv
import sys


def read(path):
    with open(path) as file:
        return list(csv.DictReader(file))


mine = {row["workload"]: row for row in read(sys.argv[1])}
peers = {}
for row in read(sys.argv[2]):
    peers.setdefault(row["workload"], []).append(row)

print("| workload | Glia | fastest peer | | times as fast |\n|---|---:|---:|---|---:|")
for name, row in mine.items():
    if name not in peers:
        continue
    more_is_better = row["unit"].endswith("/s")
    best = (max if more_is_better else min)(peers[name], key=lambda r: float(r["value"]))
    own, other = float(row["value"]), float(best["value"])
    ratio = own / other if more_is_better else other / own
    print(f"| {name} ({row['unit']}) | {own:g} | {other:g} | {best['framework']} | {ratio:.2f} |")
