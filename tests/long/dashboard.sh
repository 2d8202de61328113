#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The Tradewind Authors
# SPDX-License-Identifier: Apache-2.0
# The page of `tradewind serve` in Chromium: against a mock server in every state, then against the real server with the default model.
# Needs node and npm; installs Chromium and npm's packages (scripts/web_tests.sh). Quick enough to begin anew each time.
#   tests/long/dashboard.sh BUILD_FOLDER
set -euo pipefail
build=$1
bash scripts/web_tests.sh
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
