// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Expert selection on a table of what models scored: gates (a router) are trained on half of the table, the selection is made by what they
// predict, and judged by what the models scored in the other half (arXiv:2501.09410).
//
//   TW_ASSIGN(GatedSelection found, SelectOnHalves("classifier", table, /*split=*/1, {.energy_j = 500}));
#pragma once

#include <string>

#include "policy/expert_selection.h"
#include "policy/routing_table.h"

namespace tradewind {

struct GatedSelection {
  Selection exact, greedy, all;              // on predictions for the training half; `all` by trying every set
  double exact_score = 0, greedy_score = 0;  // in the other half, each request by the selected expert that the gates prefer; 0 of none
  double same_choice = 1;                    // share of those requests for which gates trained with the selected experts alone agree
};

// The arms' costs are their energies. As Router::Fit; kUnsupported for more than 20 arms.
Result<GatedSelection> SelectOnHalves(const std::string& router, const RoutingTable& table, uint64_t split, const SelectionLimits& limits);

}  // namespace tradewind
