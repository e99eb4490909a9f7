#!/usr/bin/env bash
# All benchmarks, or the one named. Each runs its limit beside the product and prints one row of a Markdown table.
# Usually called by ./fengqiao bench, which installs what is needed and builds; by hand:
#
#   bench/run.sh BIN_DIR [writer|report|stream|visibility|lifecycle|search|city|redis|stored|found]
#
# `stored` fills three services with a million matters each, which takes ten minutes; `found` two and their search
# indexes, which takes half an hour: by name only.
#
# Figures mean something only on a machine that does nothing else: rows with more than 0.15 foreign cores are marked (!).
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."
bin=${1:?usage: bench/run.sh BIN_DIR [NAME]}
shift
names=("$@")
[ ${#names[@]} -gt 0 ] || names=(writer report stream visibility lifecycle search city redis)

for name in "${names[@]}"; do
  printf '\n%s  (%s)\n\n' "$name" "$(date -u +%FT%TZ)"
  case $name in
    city | redis) python3 "bench/${name}_bench.py" "$bin" ;;
    *) "$bin/${name}_bench" ;;
  esac
done
