#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The Tradewind Authors
# SPDX-License-Identifier: Apache-2.0
# Every single allocation and system call of an answer, a quantisation and a measurement fails once (tests/cli/failures); the default suite
# tries a sample. It goes on where it stopped, as long as the program is the same.
#   tests/long/failures.sh BUILD_FOLDER
set -euo pipefail
build=$1
progress=$build/long-failures-$(sha256sum "$build/failures_test" | cut -c1-16)
mkdir -p "$progress"
TRADEWIND_EVERY_FAILURE=$progress exec "$build/failures_test"
