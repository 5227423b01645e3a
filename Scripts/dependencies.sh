#!/usr/bin/env bash
# Installs the libraries Glia is built on, or says in one line what to install.
set -euo pipefail

command -v swift >/dev/null || { echo "glia: install Swift 6.2 or later first: https://www.swift.org/install" >&2; exit 1; }

if [ "$(uname)" = Darwin ]; then
  command -v brew >/dev/null || { echo "glia: install Homebrew, then: brew install onednn lapack libpng" >&2; exit 1; }
  for formula in onednn lapack libpng; do
    brew list --formula "$formula" >/dev/null 2>&1 || brew install "$formula"
  done
  exit 0
fi

declare -A headers=(
  [libdnnl-dev]=oneapi/dnnl/dnnl.h
  [liblapacke-dev]=lapacke.h
  [libedit-dev]=histedit.h
  [zlib1g-dev]=zlib.h
  [libpng-dev]=png.h
)
missing=()
for package in "${!headers[@]}"; do
  found=
  for folder in /usr/include /usr/local/include /usr/include/"$(uname -m)"-linux-gnu; do
    [ -e "$folder/${headers[$package]}" ] && found=1
  done
  [ -n "$found" ] || missing+=("$package")
done
command -v python3 >/dev/null || missing+=(python3)
[ ${#missing[@]} -eq 0 ] && exit 0

install=(apt-get install -y --no-install-recommends "${missing[@]}")
if ! command -v apt-get >/dev/null; then
  echo "glia: please install the development files of: ${missing[*]}" >&2
  exit 1
fi
if [ "$(id -u)" = 0 ]; then
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive "${install[@]}"
elif command -v sudo >/dev/null; then
  sudo apt-get update -qq && sudo "${install[@]}"
else
  echo "glia: please run as root: ${install[*]}" >&2
  exit 1
fi
