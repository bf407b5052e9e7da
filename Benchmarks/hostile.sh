#!/usr/bin/env bash
# Files that somebody wrote against Graft, or a program did: what each command says of them and how long
# it takes. Seconds on the clock and the exit status, of the release build; TIMEOUT (20) ends what hangs.
#   Benchmarks/hostile.sh            every file with check, fmt --check and lint
#   Benchmarks/hostile.sh lets else  only those
set -euo pipefail
cd "$(dirname "$0")/.."
graft=${GRAFT:-$(swift build -c release --show-bin-path)/graft}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

repeat() { yes "$1" | head -n "$2" | tr -d '\n'; }
numbered() { seq 0 $(($2 - 1)) | sed "s|.*|$(tr '#' '&' <<<"$1")|"; }
body() { echo 'scenario "s" {'; cat; echo '}'; }

make_file() {
  case $1 in
    empty) : ;;
    ten_megabytes) repeat a 10000000 ;;
    comments) yes '# c' | head -n 1900000 ;;
    text) printf 'scenario "s" { print "'; repeat x 8000000; printf '" }\n' ;;
    braces) printf 'scenario "s" { assert '; repeat '{' 10000 ;;
    parentheses) printf 'scenario "s" { print '; repeat '(' 100000; printf 1; repeat ')' 100000; printf ' }\n' ;;
    terms) printf 'scenario "s" { let a = 1; print a'; repeat ' + a' 100000; printf ' }\n' ;;
    nul) head -c 1000000 /dev/zero ;;
    invalid) printf 'scenario "\xff\xfe" { sleep 1ms }\n' ;;
    identifiers) numbered 'n#' 1000000 | tr '\n' ' ' ;;
    interpolations) printf 'scenario "s" { let a = 1; print "'; repeat '{a}' 1000000; printf '" }\n' ;;
    list) printf 'scenario "s" { let n = 1; print ['; repeat 'n, ' 1000000; printf '] }\n' ;;
    unknown_in_text) printf 'scenario "s" { print "'; repeat '{a}' 1000000; printf '" }\n' ;;
    unknown_in_list) { echo 'print ['; numbered 'n#,' 800000; echo '1]'; } | tr '\n' ' ' | body ;;
    lets) numbered 'let n#=1' 500000 | body ;;
    else) { echo 'let a = in_progress'; repeat 'if a { } else ' 10000; echo '{ }'; } | body ;;
    unknown) numbered 'print unknown#' 100000 | body ;;
    unknown_calls) numbered 'foo#(1)' 100000 | body ;;
    unknown_patches) numbered 'apply foo#' 100000 | body ;;
    assigned) numbered 'foo# = 1' 100000 | body ;;
    variables) printf 'scenario "s" for '; numbered 'a# in [1], ' 100000 | tr -d '\n'; echo 'b in [1] { }' ;;
    chain)
      echo 'kernel "4.4" {'
      awk 'BEGIN { for (i = 0; i < 100000; i++) printf "fn f%d() { f%d() }\n", i, i + 1 }'
      echo 'fn f100000() { return }'; echo 'syscall g() { f0() } }'; echo 'program p { g() }'
      echo 'scenario "s" { spawn p }' ;;
    inline)
      echo 'kernel "4.4" {'
      awk 'BEGIN { for (i = 0; i < 30000; i++) printf "inline fn f%d() { f%d() }\n", i, (i + 1) % 30000 }'
      echo '}'; echo 'patch z { fn f0() { work 1us } }' ;;
    constants)
      echo 'kernel "4.4" {'
      awk 'BEGIN { for (i = 0; i < 100000; i++) printf "const c%d = c%d + 1\n", i, i + 1 }'
      echo 'const c100000 = 1 }' ;;
    functions) { echo 'kernel "4.4" {'; numbered 'fn f#() { return # }' 100000; echo '}'; echo 'scenario "s" { sleep 1ms }'; } ;;
    handlers)
      echo 'kernel "4.4" { queue q'
      awk 'BEGIN { for (i = 0; i < 2000; i++) printf "fn f%d() { f%d() }\n", i, i + 1 }'
      echo 'fn f2000() { work 1us }'
      numbered 'irq t# every 1ms { f0() }' 1000
      echo '}'; echo 'scenario "s" { sleep 1ms }' ;;
    programs) numbered 'program p# { loop { work 1ms } }' 50000; echo 'scenario "s" { sleep 1ms }' ;;
    scenarios) numbered 'scenario "s#" { sleep 1ms }' 50000 ;;
    matrix) echo 'scenario "s" for a in 1..300, b in 1..300 { print a + b }' ;;
    cycle) echo 'use "cycle.graft"' ;;
    outside) echo 'use "/etc/passwd"'; echo 'use "../x"'; echo 'use "."' ;;
    *) echo "no such file: $1" >&2; exit 1 ;;
  esac
}

names=("$@")
[ $# -gt 0 ] || names=(
  empty ten_megabytes comments text braces parentheses terms nul invalid identifiers interpolations list
  unknown_in_text unknown_in_list lets else unknown unknown_calls unknown_patches assigned functions chain
  inline constants handlers programs scenarios matrix variables cycle outside)
printf '%-16s %14s %14s %14s\n' file check fmt lint
for name in "${names[@]}"; do
  (cd "$folder" && make_file "$name" >"$name.graft" || true)
  printf '%-16s' "$name"
  for command in check 'fmt --check' lint; do
    status=0
    start=$(date +%s%N)
    # shellcheck disable=SC2086
    (cd "$folder" && timeout "${TIMEOUT:-20}" "$graft" $command "$name.graft" >/dev/null 2>&1) || status=$?
    end=$(date +%s%N)
    printf ' %8d.%03d (%d)' $(((end - start) / 1000000000)) $(((end - start) / 1000000 % 1000)) "$status"
  done
  printf '\n'
done
mkfifo "$folder/pipe.graft"
ln -s /dev/zero "$folder/endless.graft"
mkdir "$folder/folder.graft"
for name in pipe endless folder; do
  status=0
  timeout "${TIMEOUT:-20}" "$graft" check "$folder/$name.graft" >/dev/null 2>&1 || status=$?
  printf '%-16s exit status %d\n' "$name" "$status"
done
