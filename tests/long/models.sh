#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The Tradewind Authors
# SPDX-License-Identifier: Apache-2.0
# Log-probabilities of the larger real models against the golden ones (about 10 minutes on two cores). Models come from the tests' catalogue; one
# that cannot be pulled is skipped by name. What has passed once with this build is not run again.
#   tests/long/models.sh BUILD_FOLDER
set -euo pipefail
build=$1
done=$build/long-models-$(sha256sum "$build/llm_test" | cut -c1-16)
mkdir -p "$done"
passed=0 failed=0 skipped=0
for model in gemma-3-270m qwen2.5-coder-0.5b qwen2.5-coder-1.5b; do
  if [ -e "$done/$model" ]; then
    passed=$((passed + 1))
    continue
  fi
  if ! TRADEWIND_CATALOGUE=tests/net/catalogue-tests.yaml "$build/tradewind" pull "$model" >&2; then
    echo "$model: could not be pulled; skipped" >&2
    skipped=$((skipped + 1))
    continue
  fi
  if TRADEWIND_LONG=1 "$build/llm_test" --gtest_filter="*Golden*/$(tr -c 'a-z0-9\n' _ <<<"$model")" >&2; then
    touch "$done/$model"
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
  fi
done
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
