#!/usr/bin/env bash
# Searches over every schedule, on one thread: states, transitions, seconds of processor time, memory; beside Spin's
# compiled verifier on the same model, if spin and gcc are installed. Machines are noisy: compare within one run.
#   Benchmarks/search.sh          the model with 4, 5 and 6 tasks, alike ones with up to 8, the whole engine with 2 to 8
#   Benchmarks/search.sh 4 5      the model with so many tasks
# `migration.pml` is the model of kGraft's lazy migration for Spin, `migration.sh` the same with the same atomicity
# in Graft's language, its state in kernel variables alone, `migration-alike.sh` one whose tasks are alike.
# `loopers.graft` is the whole engine. Spin gets up to TIMEOUT (300) seconds each time.
set -euo pipefail
cd "$(dirname "$0")/.."
graft=${GRAFT:-$(swift build -c release --show-bin-path)/graft}
here=$PWD/Benchmarks
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
command -v /usr/bin/time >/dev/null || { echo "this needs GNU time: apt-get install time"; exit 1; }

# name, states, transitions, seconds, KiB
row() {
  awk -v name="$1" -v s="$2" -v t="$3" -v u="$4" -v k="$5" 'BEGIN {
    printf "%-38s %10d %11d %8.2f s %7.2f M/s %8.1f MiB %5.0f B/state\n",
      name, s, t, u, (u > 0 ? t / u / 1e6 : 0), k / 1024, (s > 0 ? k * 1024 / s : 0) }'
}

ours() {
  local name=$1 line; shift
  /usr/bin/time -o "$work/time" -f '%U %S %M' "$graft" explore --jobs 1 --states 2000000000 "$@" >"$work/out" || true
  line=$(sed -nE 's/.* ([0-9]+) states, ([0-9]+) transitions.*/\1 \2/p' "$work/out" | tail -1)
  # shellcheck disable=SC2046,SC2086
  set -- $line $(tail -1 "$work/time")
  row "$name" "${1:-0}" "${2:-0}" "$(awk -v u="$3" -v s="$4" 'BEGIN { print u + s }')" "$5"
  grep -E '^  (ALWAYS|SOMETIMES|NEVER|bounded)' "$work/out" | sed 's/^/    /'
}

spins() {
  local tasks=$1 reduce=$2
  (cd "$work" && spin -a "-DN=$tasks" "$here/migration.pml" \
    && gcc -O2 -DSAFETY "-D$reduce" -DMEMLIM=16000 -o pan pan.c 2>/dev/null)
  if ! (cd "$work" && timeout "${TIMEOUT:-300}" /usr/bin/time -o time -f '%U %S %M' ./pan -m10000000 -w24 >out); then
    printf '%-38s more than %s s\n' "spin $reduce, $tasks tasks" "${TIMEOUT:-300}"
    return
  fi
  local states transitions user system memory
  states=$(awk '/states, stored/ { print $1 }' "$work/out")
  transitions=$(awk '/transitions \(=/ { print $1 }' "$work/out")
  read -r user system memory < <(tail -1 "$work/time")
  row "spin $reduce, $tasks tasks" "$states" "$transitions" \
    "$(awk -v u="$user" -v s="$system" 'BEGIN { print u + s }')" "$memory"
}

for tasks in "${@:-4 5 6}"; do
  for count in $tasks; do
    "$here/migration.sh" "$count" >"$work/migration.graft"
    ours "graft, $count tasks" "$work/migration.graft"
    ours "graft, every order, $count tasks" --no-partial-order "$work/migration.graft"
    "$here/migration-alike.sh" "$count" >"$work/alike.graft"
    ours "graft, $count alike tasks" "$work/alike.graft"
    if command -v spin >/dev/null && command -v gcc >/dev/null; then
      spins "$count" NOREDUCE
      spins "$count" REDUCED
    else
      echo 'skipped: spin or gcc is not installed'
    fi
  done
done
[ $# -gt 0 ] && exit 0
for count in 7 8; do
  "$here/migration-alike.sh" "$count" >"$work/alike.graft"
  ours "graft, $count alike tasks" "$work/alike.graft"
done
for count in 2 3 4; do
  ours "whole engine, $count loopers, one by one" --no-symmetry --no-partial-order "Benchmarks/loopers.graft::every schedule[n=$count]"
done
for count in 4 5 6; do
  ours "whole engine, $count loopers, every order" --no-partial-order "Benchmarks/loopers.graft::every schedule[n=$count]"
done
for count in 2 3 4 5 6 7 8; do
  ours "whole engine, $count loopers" "Benchmarks/loopers.graft::every schedule[n=$count]"
done
