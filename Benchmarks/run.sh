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

# Seconds of processor time, the median of the runs.
processor_of() {
  for _ in $(seq "$runs"); do
    { /usr/bin/time -f '%U %S' "$@" >/dev/null; } 2>&1 | tail -1 | awk '{ print $1 + $2 }'
  done | sort -n | sed -n "$(( (runs + 1) / 2 ))p"
}

command -v /usr/bin/time >/dev/null || { echo "this needs GNU time: apt-get install time"; exit 1; }
measure 'sum of 1e8 integers: graft' "$graft" run -q Benchmarks/sum.graft
if command -v lua5.4 >/dev/null; then
  measure 'sum of 1e8 integers: Lua 5.4' lua5.4 Benchmarks/sum.lua
else
  echo 'skipped: lua5.4 is not installed'
fi

# Parsing and checking apart from the start of the process: a file of 100,000 lines less an empty one,
# a hundredth of it.
many=$(mktemp --suffix=.graft)
trap 'rm -f "$many"' EXIT
for i in $(seq 0 9999); do
  printf 'scenario "s%d" {\n    var x = %d\n    let y = [1, 2, 3]\n    for z in y {\n        x = x + z * 2\n' "$i" "$i"
  printf '        assert x > z\n    }\n    if x > 3 { sleep 5ms } else { sleep 6ms }\n    assert x == %d\n}\n' "$((i + 12))"
done >"$many"
measure 'check of 100,000 lines' "$graft" check "$many"
long=$(processor_of "$graft" check "$many")
short=$(processor_of "$graft" check /dev/null)
awk -v l="$long" -v s="$short" 'BEGIN { printf "%-34s %8.2f ms\n", "parse and check, each 1,000 lines", (l - s) * 10 }'

# The same of one file as a project has them: a kernel of 200 functions, a system call that calls
# them, and 30 scenarios each of which starts a task; 1,157 lines, less an empty file.
project=$(mktemp --suffix=.graft)
trap 'rm -f "$many" "$project"' EXIT
{
  printf 'kernel "4.4" {\n'
  for i in $(seq 0 199); do
    printf '    fn f%d(n) {\n        work 1us\n        return n + %d\n    }\n' "$i" "$i"
  done
  printf '    syscall go(n) {\n        var sum = 0\n'
  for i in $(seq 0 199); do printf '        sum = sum + f%d(n)\n' "$i"; done
  printf '        return sum\n    }\n}\nprogram p { go(1) }\n'
  for i in $(seq 30); do
    printf 'scenario "s%d" {\n    spawn p\n    sleep %dms\n    assert not in_progress\n}\n' "$i" "$i"
  done
} >"$project"
forty() { for _ in $(seq 40); do "$graft" check "$1" || return; done; }
export -f forty
export graft
long=$(processor_of bash -c 'forty "$1"' - "$project")
short=$(processor_of bash -c 'forty "$1"' - /dev/null)
awk -v l="$long" -v s="$short" 'BEGIN { printf "%-34s %8.2f ms\n", "check of a kernel and 30 scenarios", (l - s) * 25 }'

for n in 10_000 100_000 1_000_000 4_194_304; do
  measure "sleepers, n=$n" "$graft" run -q "Benchmarks/sleepers.graft::sleepers[n=$n]"
done
measure 'two loopers, one second (2e7 steps)' \
  "$graft" run -q 'Benchmarks/loopers.graft::a second of two loopers'
for n in 2 3; do
  measure "every schedule, $n loopers" "$graft" run -q "Benchmarks/loopers.graft::every schedule[n=$n]"
done

# Wake-ups: n tasks that sleep again and again. Processor time of the whole process, start and birth
# of the tasks included ("as run"), and of each further wake-up ("steady"), the best of RUNS runs.
# name, few, many, then the command without its number of times
wakeups() {
  local tasks=$1 few=$2 many=$3 name=$4; shift 4
  local first second
  first=$(processor "$@" "$few")
  second=$(processor "$@" "$many")
  awk -v n="$tasks" -v f="$few" -v m="$many" -v a="$first" -v b="$second" -v name="$name" '
    BEGIN { printf "%-34s %8.0f ns as run  %8.0f ns steady\n", name ", " n " tasks",
      a * 1e9 / (n * f), (b - a) * 1e9 / (n * (m - f)) }' | tee -a "$figures"
}
# Seconds of user and system time of the quickest run, to the millisecond.
processor() {
  local TIMEFORMAT='%3U %3S' best=''
  for _ in $(seq "$runs"); do
    best=$(printf '%s\n' "$best" "$( { time "$@" >/dev/null 2>&1; } 2>&1 | awk '{ print $1 + $2 }')" |
      grep . | sort -g | head -1)
  done
  echo "$best"
}
wakeups_graft() { "$graft" run -q "Benchmarks/wakeups.graft::wake-ups[tasks=$1,times=$2]"; }
wakeups_simgrid() {
  "$simgrid" "$1" "$2" --cfg=contexts/stack-size:16 --cfg=contexts/guard-size:0
}

figures=$(mktemp) simgrid=$(mktemp)
trap 'rm -f "$many" "$project" "$figures" "$simgrid"' EXIT
hasSimGrid=1 hasSimPy=1
g++ -O2 Benchmarks/wakeups.cpp -o "$simgrid" -lsimgrid 2>/dev/null ||
  { hasSimGrid=; echo 'skipped: SimGrid is not installed'; }
python3 -c 'import simpy' 2>/dev/null || { hasSimPy=; echo 'skipped: SimPy is not installed'; }
for row in '1000 50 200' '100000 3 23'; do
  read -r tasks few many <<<"$row"
  label=$(printf '%s' "$tasks" | sed 's/000$/_000/')
  : >"$figures"
  wakeups "$tasks" "$few" "$many" 'wake-ups: graft' wakeups_graft "$label"
  [ -z "$hasSimGrid" ] || wakeups "$tasks" "$few" "$many" 'wake-ups: SimGrid' wakeups_simgrid "$tasks"
  [ -z "$hasSimPy" ] ||
    wakeups "$tasks" "$few" "$many" 'wake-ups: SimPy' python3 Benchmarks/wakeups.py "$tasks"
  awk '{ for (i = 1; i <= NF; i++) if ($i == "ns") v[NR, ++c[NR]] = $(i - 1); name[NR] = $2 }
    END { for (i = 2; i <= NR; i++) printf "  graft against %-10s %6.1f times as run, %6.1f steady\n",
      name[i], v[i, 1] / v[1, 1], v[i, 2] / v[1, 2] }' "$figures"
done

Benchmarks/batch.sh

# Going back at a prompt: the difference of the two is forty times `back 1`, and once to the beginning.
way=$(mktemp)
trap 'rm -f "$many" "$project" "$figures" "$simgrid" "$way"' EXIT
printf '%s\n' 'load Benchmarks/sleepers.graft' 'spawn 100_000 of server' 'sleep 60s' 'wake packets' 'sleep 60s' \
  'wake packets' 'sleep 60s' >"$way"
measure 'prompt: 100,000 tasks, 10^6 steps' sh -c "$graft repl <$way"
for i in $(seq 40); do echo 'back 1'; done >>"$way"
measure '  and 40 times back 1' sh -c "$graft repl <$way"
echo 'goto #10' >>"$way"
measure '  and back to the beginning' sh -c "$graft repl <$way"
