#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The Tradewind Authors
# SPDX-License-Identifier: Apache-2.0
# symbols.sh LIBRARY: of the shared library, the functions that the C header declares are seen, all of them and nothing else.
set -euo pipefail
header=$(dirname "$0")/../../include/tradewind/c.h
diff <(grep -o '\btw_[a-z_]*(' "$header" | tr -d '(' | grep -xFf <(grep '^TW_API' "$header" | grep -o 'tw_[a-z_]*(' | tr -d '(') | sort -u) \
  <(nm -D --defined-only "$1" | awk '$2 != "A" {print $3}' | sed 's/@.*//' | sort -u)
