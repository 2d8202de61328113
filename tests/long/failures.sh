#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The Tradewind Authors
# SPDX-License-Identifier: Apache-2.0
# Every single allocation and system call of an answer and of a measurement fails once (tests/cli/failures); the default suite tries a sample.
#   tests/long/failures.sh BUILD_FOLDER
set -euo pipefail
TRADEWIND_EVERY_FAILURE=1 exec "$1/failures_test"
