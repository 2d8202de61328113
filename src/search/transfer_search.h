// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// The search that a few measurements of an unseen device allow, when quality is known: its frontier, and the best quality under latency
// bounds (arXiv:2106.08630, table 4), with few-shot predictions and with what learns from the same measurements alone. Pure functions,
// thread-safe.
//
//   TransferSearchOptions options{.transfer = {.train = ..., .valid = ..., .test = {"fpga"}, .seeds = {1, 2, 3}}};
//   TW_ASSIGN(std::vector<TransferSearchRow> rows, FewShotSearch(table, accuracy, options));
#pragma once

#include <string>
#include <vector>

#include "search/transfer.h"
#include "search/transfer_frontier.h"

namespace tradewind {

struct TransferSearchOptions {
  TransferOptions transfer;  // tested_architectures is not used: every architecture may be chosen
  // Bounds, as quantiles of the device's true latencies: the user's wish, of which predictors know nothing.
  std::vector<double> bounds = {0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9};
  size_t checks = 5;  // measurements that each bound may take beside the samples
  // few_shot, or what MakeSampleRegressor knows.
  std::vector<std::string> predictors = {"few_shot", "flops", "additive_table", "mlp"};
};

struct TransferSearchRow {
  std::string predictor, device;  // device "mean": over the tested devices
  std::vector<double> shares;     // by seed: of the true frontier's hypervolume
  double share = 0;
  Interval share_interval;  // Student's t over seeds
  std::vector<double> met;  // by seed: the part of the bounds kept within 5 %
  double met_share = 0;
  Interval met_interval;
  double met_unchecked = 0;  // the same with no measurement beside the samples
  double quality_lost = 0;   // the best quality within the bound less the quality chosen, mean over bounds and seeds; a choice above the
                             // bound, but within 5 %, may be below 0
  double measurements = 0;   // of the device, for one bound: the samples and the mean number of checks
  double unaided = 0;        // mean BoundedChoice::unaided: measurements of a search without predictions, for one bound
};

// A row a predictor and device, then a mean a predictor. kInvalidInput as FewShotTransfer, and for quality of another length or not finite,
// bounds outside 0 to 1, no bounds. kNotFound for an unknown predictor.
Result<std::vector<TransferSearchRow>> FewShotSearch(const LatencyTable& table, std::span<const double> quality,
                                                     const TransferSearchOptions& options);

}  // namespace tradewind
