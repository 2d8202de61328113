#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The Tradewind Authors
# SPDX-License-Identifier: Apache-2.0
# Every fuzzer under libFuzzer with sanitizers, TRADEWIND_FUZZ_SECONDS (900) of a CPU each, in turn; TRADEWIND_FUZZ_TARGETS names some of them.
# Inputs that reach something new stay in build/fuzz/found, and a program's seconds count until it changes: it goes on where it stopped. A run
# of full length is a line of fuzz/LEDGER.tsv, and so is one with findings: inputs, kept in build/fuzz/findings, that crash, leak, or take over
# 10 s of a CPU or 512 MiB. The file tests/long/fuzz.sh [BUILD_FOLDER] builds what it needs by itself.
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.."
program="./test --long=fuzz"
# shellcheck source=scripts/common.sh
source scripts/common.sh

slice_seconds=120  # of the clock: lost at most when it is stopped
# The clock of a busy machine says little, so what takes long is tried again with a limit on the CPU.
limits=(-timeout=40 -rss_limit_mb=512)
most_cpu_seconds=10
ledger=fuzz/LEDGER.tsv
export ASAN_OPTIONS=detect_stack_use_after_return=1:strict_string_checks=1:allocator_may_return_null=1:quarantine_size_mb=32
export UBSAN_OPTIONS=print_stacktrace=1
[ ! -w /dev/shm ] || export TMPDIR=/dev/shm  # for readers that take paths
ASAN_SYMBOLIZER_PATH=$(command -v llvm-symbolizer-19 || true)
export ASAN_SYMBOLIZER_PATH

# The readers of model files and the tokenizers first.
all_targets() {
  local first=(gguf safetensors tokenizer json_schema grammar chat_template importance_matrix) name
  printf '%s\n' "${first[@]}"
  for name in fuzz/*/*_fuzz.cc; do
    name=$(basename "$name" _fuzz.cc)
    [[ " ${first[*]} " == *" $name "* ]] || echo "$name"
  done
}

revision() {
  local commit
  commit=$(git rev-parse --short HEAD 2>/dev/null || echo unknown)
  git diff --quiet HEAD -- src fuzz/*/*.cc 2>/dev/null || commit+=+
  echo "$commit"
}

# Names of the kept inputs that the program still does not stand; forgets those that were only slow by the clock.
open_findings() {  # TARGET
  local input
  for input in "build/fuzz/findings/$1/"*; do
    [ -f "$input" ] || continue
    if ! (ulimit -t "$most_cpu_seconds" && "build/fuzz/${1}_fuzz" "${limits[@]/#-timeout=*/-timeout=600}" "$input") >/dev/null 2>&1 </dev/null; then
      basename "$input"
    elif [[ $input == */timeout-* || $input == */slow-unit-* ]]; then
      rm "$input"
    fi
  done
}

# One line a target, in the order of names.
write_ledger() {  # TARGET SECONDS RUNS EDGES FINDINGS REVISION NOTE
  local line header=$'target\tseconds\truns\tedges\tfindings\tdate\trevision\tnote'
  line=$(printf '%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s' "$1" "$2" "$3" "$4" "$5" "$(date -u +%F)" "$6" "$7")
  { tail -n +2 "$ledger" 2>/dev/null | awk -F '\t' -v target="$1" '$1 != target' || true; echo "$line"; } | sort >"$ledger.new"
  { echo "$header"; cat "$ledger.new"; } >"$ledger.newer"
  rm "$ledger.new"
  mv "$ledger.newer" "$ledger"
}

field() { sed -n "$1" "$2" | tail -n 1 | grep . || echo "$3"; }  # SED FILE FALLBACK

# Runs the fuzzer until its program has had SECONDS. Fails if an input is open.
fuzz_one() {  # TARGET SECONDS
  local target=$1 wanted=$2 binary=build/fuzz/${1}_fuzz state=build/fuzz/seconds/$1 log=build/fuzz/logs/$1.log
  local hash known='' seconds=0 runs=0 edges=0 used slice status open at TIMEFORMAT='cpu %U %S'
  mkdir -p "build/fuzz/found/$target" "build/fuzz/findings/$target" build/fuzz/seconds build/fuzz/logs
  hash=$(sha256sum "$binary" | cut -c1-16)
  at=$(revision)
  [ ! -f "$state" ] || read -r known seconds runs edges <"$state"
  [ "$known" = "$hash" ] || seconds=0 runs=0 edges=0
  open=$(open_findings "$target" | tr '\n' ' ')
  while [ "$seconds" -lt "$wanted" ] && [ -z "$open" ]; do
    status=0
    slice=$((wanted - seconds))
    slice=$((slice > slice_seconds ? slice_seconds : slice < 20 ? 20 : slice))
    { time "$binary" -max_total_time="$slice" -print_final_stats=1 "${limits[@]}" "-artifact_prefix=build/fuzz/findings/$target/" \
      "build/fuzz/found/$target" "fuzz/corpus/$target" </dev/null; } >"$log" 2>&1 || status=$?
    used=$(awk '/^cpu / {print int($2 + $3)}' "$log")
    seconds=$((seconds + used))
    runs=$((runs + $(field 's/^stat::number_of_executed_units: *//p' "$log" 0)))
    edges=$(field 's/.* cov: \([0-9]*\) .*/\1/p' "$log" "$edges")
    echo "$hash $seconds $runs $edges" >"$state"
    if [ "$status" -gt 128 ]; then  # a signal from outside: libFuzzer ends with codes below
      echo "$target: stopped by signal $((status - 128)) after $seconds s; run it again to go on"
      return 1
    fi
    [ "$status" -eq 0 ] || cp "$log" "build/fuzz/findings/$target.log"
    open=$(open_findings "$target" | tr '\n' ' ')
    # What does not show again (a leak of the whole run, say) was seen all the same.
    [ "$status" -eq 0 ] || [ "$status" -eq 70 ] || [ -n "$open" ] || open="build/fuzz/findings/$target.log"
  done
  write_ledger "$target" "$seconds" "$runs" "$edges" "$(wc -w <<<"$open")" "$at" "${open% }"
  echo "$target: $seconds s, $runs runs, $edges edges, ${open:-nothing found}"
  [ -z "$open" ]
}

main() {
  local seconds=${TRADEWIND_FUZZ_SECONDS:-900} targets target passed=0 failed=0
  mkdir -p build
  need_packages "${core[@]}" "${test[@]}" "${fuzz[@]}"
  configure fuzz
  read -ra targets <<<"${TRADEWIND_FUZZ_TARGETS:-$(all_targets | tr '\n' ' ')}"
  for target in "${targets[@]}"; do
    build fuzz "${target}_fuzz"
    if fuzz_one "$target" "$seconds"; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
  done
  echo "$passed passed, $failed failed"
  [ "$failed" -eq 0 ]
}
main "$@"
exit
