#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The Tradewind Authors
# SPDX-License-Identifier: Apache-2.0
# `tradewind serve` (keys and values within 512 MiB, which are full after the first minute) at four times what it carries for ten minutes (OVERLOAD_SECONDS): tests/serve/overload.py says what must hold. A run that
# passed is not repeated for the same program.
#   tests/long/overload.sh BUILD_FOLDER
set -euo pipefail
build=$1
seconds=${OVERLOAD_SECONDS:-600}
done_mark=$build/long-overload-$seconds-$(sha256sum "$build/tradewind" | cut -c1-16)
[ ! -e "$done_mark" ] || { cat "$done_mark"; exit 0; }
log=$(mktemp)
"$build/tradewind" serve smollm2-135m --port 0 --kv-memory 512MiB 2>"$log" &
server=$!
trap 'kill "$server" 2>/dev/null; rm -f "$log"' EXIT
for _ in $(seq 100); do
  port=$(sed -n 's/.*serving on .*:\([0-9]*\)$/\1/p' "$log")
  [ -z "$port" ] || break
  sleep 0.1
done
[ -n "$port" ] || { cat "$log" >&2; exit 1; }
python3 tests/serve/overload.py "$port" "$server" --seconds "$seconds" >"$done_mark.new" || { cat "$done_mark.new" >&2; exit 1; }
mv "$done_mark.new" "$done_mark"
cat "$done_mark"
