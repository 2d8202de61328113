#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The Tradewind Authors
# SPDX-License-Identifier: Apache-2.0
# The scheduler under TRADEWIND_SIMULATION_SEEDS (100,000) random worlds, every step checked (a minute of a CPU); the default suite has 4,000
# (tests/sched/simulation_test.cc). It goes on where it stopped, as long as the program is the same.
#   tests/long/simulation.sh BUILD_FOLDER
set -euo pipefail
build=$1
seeds=${TRADEWIND_SIMULATION_SEEDS:-100000}
slice=5000
progress=$build/long-simulation-$(sha256sum "$build/sched_test" | cut -c1-16)
done=0
[ ! -f "$progress" ] || read -r done <"$progress"
while [ "$done" -lt "$seeds" ]; do
  count=$((seeds - done < slice ? seeds - done : slice))
  if ! TRADEWIND_SIMULATION=$done:$count "$build/sched_test" --gtest_filter='Simulation.*' --gtest_brief=1 >&2; then
    echo "0 passed, 1 failed"
    exit 1
  fi
  done=$((done + count))
  echo "$done" >"$progress"
  echo "$done of $seeds seeds" >&2
done
echo "1 passed, 0 failed"
