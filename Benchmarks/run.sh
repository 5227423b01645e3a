#!/usr/bin/env bash
# Times every workload and writes out/bench.csv (workload,framework,version,value,unit); prints the table.
#
#   Benchmarks/run.sh [--peers] [NAME…]
#
# --peers runs the peers' own script beside it (PEERS_DIR, default ../shared/bench; interpreters in PEERS_PY, TORCH_PY)
# and prints the ratios. THREADS=1 keeps everything on one thread. Figures are medians; compare only what ran together.
set -euo pipefail
cd "$(dirname "$0")/.."
peers=
names=()
for argument in "$@"; do
  if [ "$argument" = --peers ]; then peers=1; else names+=("$argument"); fi
done
export OMP_NUM_THREADS=${THREADS:-$(nproc)}
swift build -c release --package-path Benchmarks >&2
mkdir -p out
version=$(git rev-parse --short HEAD 2>/dev/null || echo unknown)
{
  echo workload,framework,version,value,unit
  Benchmarks/.build/release/bench ${names[@]+"${names[@]}"} | tee /dev/stderr | awk -F'\t' -v v="$version" '{print $1 ",glia," v "," $2 "," $3}'
  glia=.build/release/glia
  if [ -x "$glia" ] && [ ${#names[@]} = 0 ]; then
    for program in Benchmarks/Language/*.glia; do
      name=$(basename "$program" .glia)
      # Whole processes, start to exit; the median of five.
      seconds=$(for _ in 1 2 3 4 5; do
        start=$(date +%s.%N)
        "$glia" < "$program" > /dev/null
        echo "$start $(date +%s.%N)" | awk '{printf "%.4f\n", $2 - $1}'
      done | sort -n | sed -n 3p)
      echo "lang/$name,glia,$version,$seconds,s" | tee /dev/stderr
    done
    # Reading and compiling, without running: functions that nothing calls.
    long=$(mktemp)
    for i in $(seq 1500); do
      echo "fn unit$i() {"
      cat Benchmarks/Language/nbody.glia Benchmarks/Language/table_access.glia
      echo "}"
    done > "$long"
    lines=$(wc -l < "$long")
    seconds=$(for _ in 1 2 3 4 5; do
      start=$(date +%s.%N)
      "$glia" < "$long" > /dev/null
      echo "$start $(date +%s.%N)" | awk '{printf "%.4f\n", $2 - $1}'
    done | sort -n | sed -n 3p)
    rm -f "$long"
    echo "lang/parse_compile,glia,$version,$(awk "BEGIN { printf \"%.1f\", $lines / $seconds * 60 / 1e6 }"),million lines/min" | tee /dev/stderr
  fi
} > out/bench.csv
if [ -n "$peers" ]; then
  directory=${PEERS_DIR:-../shared/bench}
  copy=$(mktemp -d)
  trap 'rm -rf "$copy"' EXIT
  cp -r "$directory"/. "$copy"/
  chmod -R u+w "$copy"
  rm -f "$copy"/results.jsonl
  WORKLOADS="${names[*]:-${WORKLOADS:-seed_mlp xor mlp_mnist mlp_small_batch cnn_mnist resnet_cifar lstm gru gpt_char autoencoder infer_mlp_b1 infer_cnn_b1 matmul_1024 elementwise}}" \
    "$copy"/run_peers.sh
  python3 Benchmarks/ratios.py out/bench.csv "$copy"/results.csv
fi
