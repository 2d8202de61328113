// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// What a fitted router gives and costs as its dial is turned from 0 to 1, with no training between. Thread-safe, as the router is read.
//
//   TW_ASSIGN(std::vector<DialStep> steps, WalkDial(*router, test, 100));
#pragma once

#include <vector>

#include "policy/router.h"

namespace tradewind {

struct DialStep {
  double dial = 0;
  double dearest_share = 0;    // of requests that go to the dearest arm
  double score = 0, cost = 0;  // means
};

// Steps 0, 1/n, ..., 1. kInvalidInput for n < 1, a bad table, one with other arms than the router's, or a score that is missing.
Result<std::vector<DialStep>> WalkDial(const Router& router, const RoutingTable& test, size_t n);

}  // namespace tradewind
