// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// What an arm is worth that joins a fitted router by its scores alone (Router::AddArm), with no training: beside routing without it, and
// beside a router that was trained with it.
//
//   TW_ASSIGN(AddedArm added, EvaluateAddedArm("contrastive", table, 3, {.splits = {1, 2, 3}}, {}));
#pragma once

#include <string>

#include "policy/evaluate_router.h"

namespace tradewind {

struct AddedArm {
  Estimate over_without;  // AreaRatio of routing with the added arm to routing without it
  Estimate over_trained;  // and to a router trained with it
};

// For each split and seed: trains on one half of the table's groups without the arm, adds it by its scores on that half, and judges on the
// other half. kInvalidInput for an arm that the table does not have or that is its cheapest or dearest (the areas' costs would differ);
// kUnsupported for a router that takes no new arm.
Result<AddedArm> EvaluateAddedArm(const std::string& router, const RoutingTable& table, size_t arm, const HalvesOptions& halves,
                                  const EvaluateOptions& options);

}  // namespace tradewind
