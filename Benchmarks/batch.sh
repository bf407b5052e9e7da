#!/usr/bin/env bash
# Batches: FILES small scenario files (default 2,000), beside lit on as many empty tests and bats on a tenth of
# them, for its time grows with the square; and both with graft started for each file. Seconds of the wall's clock, the best of RUNS (default 3). Then
# the memory that 100,000 scenarios take with every report on, beside that of 1,000.
set -euo pipefail
cd "$(dirname "$0")/.."
graft=$(swift build -c release --show-bin-path)/graft
files=${FILES:-2000} runs=${RUNS:-3}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# A small scenario: a patch, a sleeper, an assertion.
scenario() {
  cat <<END
kernel "3.12.61-52-default" {
    queue packets
    fn verify() { return 1 }
    syscall recv() { wait packets; verify() }
}
patch fix { fn verify() { return 2 } }
program server { loop { recv() } }
scenario "file $1" {
    let servers = spawn 2 of server
    sleep 10ms
    apply fix
    wake packets
    await not in_progress within 10s
    assert every(t in servers: t.universe == new)
}
END
}
mkdir -p "$folder"/{graft,lit,lit-graft,bats,bats-graft}
for i in $(seq "$files"); do
  scenario "$i" >"$folder/graft/$i.graft"
  echo '# RUN: true' >"$folder/lit/$i.test"
  echo "# RUN: $graft run -q $folder/graft/$i.graft" >"$folder/lit-graft/$i.test"
done
for kind in lit lit-graft; do
  printf 'import lit.formats\nconfig.name = "b"\nconfig.test_format = lit.formats.ShTest()\nconfig.suffixes = [".test"]\n' \
    >"$folder/$kind/lit.cfg.py"
done
# bats has no parallel runs without GNU parallel, and one file of many tests is its quickest.
seq "$((files / 10))" | sed 's/.*/@test "&" { true; }/' >"$folder/bats/b.bats"
seq "$((files / 10))" | sed "s|.*|@test \"&\" { $graft run -q $folder/graft/&.graft; }|" >"$folder/bats-graft/b.bats"

# name, number of tests, then the command
best() {
  local name=$1 count=$2 best='' TIMEFORMAT=%3R; shift 2
  for _ in $(seq "$runs"); do
    best=$(printf '%s\n' "$best" "$( { time "$@" >/dev/null 2>&1; } 2>&1)" | grep . | sort -g | head -1)
  done
  awk -v n="$count" -v s="$best" -v name="$name" 'BEGIN { printf "%-34s %8.3f s  %8.0f files/s\n", name, s, n / s }'
}
best 'graft run -q FOLDER' "$files" "$graft" run -q "$folder/graft"
best 'graft run -q FOLDER, all reports' "$files" "$graft" run -q "$folder/graft" --report-junit "$folder/r.xml" \
  --report-tap "$folder/r.tap" --report-json "$folder/r.json" --github-summary "$folder/r.md"
if command -v lit >/dev/null; then
  best 'lit, RUN: true' "$files" lit -q "$folder/lit"
  best 'lit, graft for each file' "$files" lit -q "$folder/lit-graft"
else
  echo 'skipped: lit is not installed'
fi
if command -v bats >/dev/null; then
  best 'bats, true' "$((files / 10))" bats "$folder/bats/b.bats"
  best 'bats, graft for each file' "$((files / 10))" bats "$folder/bats-graft/b.bats"
else
  echo 'skipped: bats is not installed'
fi

# 100,000 scenarios: a matrix in files of a thousand rows.
command -v /usr/bin/time >/dev/null || { echo "this needs GNU time: apt-get install time"; exit 1; }
rows=$(seq -s, 1000)
for i in $(seq 100); do
  mkdir -p "$folder/many"
  echo "scenario \"many $i\" for n in [$rows] { sleep 1ms; assert n > 0 }" >"$folder/many/$i.graft"
done
resident() {
  /usr/bin/time -o "$folder/resident" -f %M "$graft" run -q "$1" --report-json "$folder/r.json" \
    --report-junit "$folder/r.xml" --report-tap "$folder/r.tap" --github-summary "$folder/r.md" \
    --report-trace "$folder/r.trace" --slowest 10 >/dev/null 2>&1 || true
  tail -1 "$folder/resident"
}
few=$(resident "$folder/many/1.graft") many=$(resident "$folder/many")
awk -v a="$few" -v b="$many" 'BEGIN {
  printf "memory: %d KiB for 1,000 scenarios, %d KiB for 100,000: %.0f bytes a scenario\n", a, b, (b - a) * 1024 / 99000 }'
