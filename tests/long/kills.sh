#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The Tradewind Authors
# SPDX-License-Identifier: Apache-2.0
# kill -9 at 100 random moments of a search with recorded costs (26 s on two cores); the default suite has 10 (tests/cli/kills_test.cc).
#   tests/long/kills.sh BUILD_FOLDER
set -euo pipefail
build=$1
if TRADEWIND_KILLS=100 "$build/cli_test" --gtest_filter='KillsTest.*' >&2; then
  echo "1 passed, 0 failed"
else
  echo "0 passed, 1 failed"
  exit 1
fi
