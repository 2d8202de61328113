#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The Tradewind Authors
# SPDX-License-Identifier: Apache-2.0
# The page of `tradewind serve` in Chromium: against a mock server in every state, then against the real server with the default model, whose
# frontier is measured first (three minutes, kept in BUILD_FOLDER). Needs node and npm; installs Chromium and npm's packages
# (scripts/web_tests.sh).
#   tests/long/dashboard.sh BUILD_FOLDER
set -euo pipefail
build=$1
bash scripts/web_tests.sh
export TRADEWIND_STORE=$PWD/$build/dashboard.db
"$build/tradewind" search auto --quick --workload "text:$PWD/data/quickstart.txt" >&2
log=$(mktemp)
"$build/tradewind" serve smollm2-135m --port 0 2>"$log" &
server=$!
trap 'kill "$server" 2>/dev/null; rm -f "$log"' EXIT
for _ in $(seq 100); do
  url=$(sed -n 's/.*serving on //p' "$log")
  [ -z "$url" ] || break
  sleep 0.1
done
[ -n "$url" ] || { cat "$log" >&2; exit 1; }
bash scripts/web_tests.sh --url "$url"
