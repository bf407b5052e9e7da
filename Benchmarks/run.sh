#!/usr/bin/env bash
# Whole-process figures of the release build: user seconds and greatest resident memory, the median of
# RUNS runs (default 3), beside the peers that are installed. Machines are noisy: compare within one run.
set -euo pipefail
cd "$(dirname "$0")/.."
graft=$(swift build -c release --show-bin-path)/graft
runs=${RUNS:-3}

# name, then the command
measure() {
  local name=$1; shift
  local times=() memory=0 line
  for _ in $(seq "$runs"); do
    line=$( { /usr/bin/time -f '%U %M' "$@" >/dev/null; } 2>&1 | tail -1)
    times+=("${line% *}")
    memory=${line#* }
  done
  local median
  median=$(printf '%s\n' "${times[@]}" | sort -n | sed -n "$(( (runs + 1) / 2 ))p")
  printf '%-34s %8s s user  %8s KiB\n' "$name" "$median" "$memory"
}

command -v /usr/bin/time >/dev/null || { echo "this needs GNU time: apt-get install time"; exit 1; }
measure 'sum of 1e8 integers: graft' "$graft" run -q Benchmarks/sum.graft
if command -v lua5.4 >/dev/null; then
  measure 'sum of 1e8 integers: Lua 5.4' lua5.4 Benchmarks/sum.lua
else
  echo 'skipped: lua5.4 is not installed'
fi

thousand=$(mktemp --suffix=.graft)
trap 'rm -f "$thousand"' EXIT
for i in $(seq 0 99); do
  printf 'scenario "s%d" {\n    var x = %d\n    let y = [1, 2, 3]\n    for z in y {\n        x = x + z * 2\n' "$i" "$i"
  printf '        assert x > z\n    }\n    if x > 3 { sleep 5ms } else { sleep 6ms }\n    assert x == %d\n}\n' "$((i + 12))"
done >"$thousand"
measure 'check of 1,000 lines' "$graft" check "$thousand"
measure 'check of an empty file' "$graft" check /dev/null

for n in 10_000 100_000 1_000_000 4_194_304; do
  measure "sleepers, n=$n" "$graft" run -q "Benchmarks/sleepers.graft::sleepers[n=$n]"
done
measure 'two loopers, one second (2e7 steps)' \
  "$graft" run -q 'Benchmarks/loopers.graft::a second of two loopers'
for n in 2 3; do
  measure "every schedule, $n loopers" "$graft" run -q "Benchmarks/loopers.graft::every schedule[n=$n]"
done
