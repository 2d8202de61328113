#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The Tradewind Authors
# SPDX-License-Identifier: Apache-2.0
# ./test --tidy [FILE...]: clang-format and clang-tidy (.clang-format, .clang-tidy) over the named files, or over all of ours.
set -euo pipefail
files=("$@")
[ ${#files[@]} -gt 0 ] || mapfile -t files < <(find src include tests fuzz bench -name '*.cc' -o -name '*.h' 2>/dev/null | sort)
status=0
clang-format-19 --dry-run -Werror "${files[@]}" || status=1

# Units that the build compiles; headers are checked through them. Compilers differ in what they know of each other's flags.
units=()
for file in "${files[@]}"; do
  [[ $file != *.cc ]] || ! grep -qF "\"$(pwd)/$file\"" build/dev/compile_commands.json || units+=("$file")
done
[ ${#units[@]} -gt 0 ] || exit "$status"
printf '%s\0' "${units[@]}" | xargs -0 -n 1 -P "$(nproc)" nice clang-tidy-19 -p build/dev --quiet \
  --extra-arg=-Wno-unknown-warning-option --extra-arg=-Wno-ignored-optimization-argument || status=1
exit "$status"
