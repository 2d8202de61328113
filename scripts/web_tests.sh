#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The Tradewind Authors
# SPDX-License-Identifier: Apache-2.0
# scripts/web_tests.sh [--url URL [--api-key KEY]] [--shots FOLDER]: the tests of the dashboard. First those of its pure parts in node, then
# the page in Chromium against a mock server, or against the real server at URL (tests that need the mock's scripts are then skipped).
# --shots writes screenshots. Installs what is missing: chromium by apt, playwright-core and axe-core by npm into build/web.
# Where GTEST_OUTPUT asks for reports, one in JUnit's format is written for each file.
set -euo pipefail
program=web_tests.sh
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."
# shellcheck source=scripts/common.sh
source scripts/common.sh

arguments=()
while [ $# -gt 0 ]; do
  case $1 in
    --url | --api-key) arguments+=("$1" "${2:?$1 needs a value}") ;;
    --shots) arguments+=("$1" "$(realpath -m "${2:?--shots needs a folder}")") ;;
    *) die "unknown argument $1: use [--url URL [--api-key KEY]] [--shots FOLDER]" ;;
  esac
  shift 2
done

for tool in node npm python3; do
  command -v "$tool" >/dev/null || die "$tool is missing: install it (apt-get install nodejs npm python3), version 20 or later of node"
done
mkdir -p build/web
[ -x /usr/bin/chromium ] || need_packages chromium

# Again only when the pinned versions changed.
if ! cmp -s tests/web/package-lock.json build/web/package-lock.json || [ ! -d build/web/node_modules/playwright-core ]; then
  cp tests/web/package.json tests/web/package-lock.json build/web/
  (cd build/web && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error) >&2 || {
    rm -f build/web/package-lock.json
    die "npm could not install playwright-core and axe-core into build/web: check the network and run $program again"
  }
fi

[ -z "${GTEST_OUTPUT:-}" ] || mkdir -p "$(dirname "${GTEST_OUTPUT#xml:}x")"
failed=0
for name in units dashboard answers instruments; do
  report=(--test-reporter=spec --test-reporter-destination=stdout)
  [ -z "${GTEST_OUTPUT:-}" ] || report+=(--test-reporter=junit "--test-reporter-destination=${GTEST_OUTPUT#xml:}web_${name}_junit.xml")
  (cd build/web && exec node "${report[@]}" "../../tests/web/${name}_test.mjs" "${arguments[@]}") || failed=1
done
exit "$failed"
