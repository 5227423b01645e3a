#!/usr/bin/env bash
# Everything that proves Glia right, in the order of cost; closes with `N passed, N failed`.
# A stage counts one; the unit tests, conformance programs and golden cases count each.
set -uo pipefail
cd "$(dirname "$0")/.."
export GLIA_STRICT=1
passed=0
failed=0
failures=()
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# stage NAME COMMAND…: runs, shows the output, counts.
stage() {
  local name=$1
  shift
  echo "== $name"
  if "$@" 2>&1 | tee "$log"; [ "${PIPESTATUS[0]}" -eq 0 ]; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    failures+=("$name")
  fi
}

# Adds the numbers of the last `N passed, N failed` line of the stage that just ran.
count_cases() {
  local line
  line=$(grep -E '^[0-9]+ passed, [0-9]+ failed' "$log" | tail -n 1) || return 0
  passed=$((passed + $(awk '{print $1}' <<<"$line")))
  failed=$((failed + $(awk '{print $3}' <<<"$line")))
}

# Adds Swift Testing's own count.
count_unit_tests() {
  local line all broken
  line=$(grep -E 'Test run with [0-9]+ tests' "$log" | tail -n 1) || return 0
  all=$(grep -oE 'with [0-9]+ tests' <<<"$line" | grep -oE '[0-9]+')
  broken=$(grep -cE '^. Test .* failed after' "$log" || true)
  passed=$((passed + all - broken))
  failed=$((failed + broken))
}

stage "layout" swift format lint --strict --recursive --parallel Sources Tests Package.swift
stage "imports" python3 Scripts/imports.py
stage "unit tests" swift test --no-parallel --explicit-target-dependency-import-check error
count_unit_tests
stage "release build" swift build -c release --static-swift-stdlib --product glia
glia=.build/release/glia
if [ -x "$glia" ]; then
  stage "conformance" python3 Tests/Conformance/run.py --glia "$glia" Tests/Conformance --jobs 2
  count_cases
  stage "golden numbers" python3 Tests/Golden/run.py --glia "$glia"
  count_cases
  stage "killed runs" python3 Tests/TrainingRuns/killed_runs.py --glia "$glia"
  stage "notebooks" python3 Tests/Notebooks/run.py --glia "$glia"
  count_cases
  stage "library page" python3 Scripts/library_page.py --glia "$glia" --check
  stage "documentation" python3 Tests/Documentation/run.py --glia "$glia"
  count_cases
fi

for name in "${failures[@]}"; do echo "failed: $name"; done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
