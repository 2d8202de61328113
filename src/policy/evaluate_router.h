// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Fits a router to one table and judges it on others, with several seeds. Refuses to test what it trained on.
//
//   TW_ASSIGN(auto results, EvaluateRouter("classifier", train, {&mmlu, &gsm8k}, {.seeds = {1, 2, 3}}));
//   results[1].metrics.apgr    // on gsm8k, with the router as it was trained
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "policy/router.h"
#include "policy/routing_metrics.h"

namespace tradewind {

struct EvaluateOptions {
  std::vector<uint64_t> seeds = {1};
  std::shared_ptr<const TextEmbedder> embedder{};  // none: HashedNgrams
  std::map<std::string, double> parameters{};
  CurveOptions curve{};
};

struct RouterEvaluation {
  std::string router;
  std::vector<RoutingCurve> curves;       // of each seed, of the cheapest and the dearest arm
  TwoArmMetrics metrics;                  // means over the seeds
  std::vector<RoutingCurve> cost_curves;  // of each seed, over all arms
  Estimate area;                          // QualityCostArea of the first seed
  double embed_ms_p99 = 0;                // of one text,
  double decide_ms_p99 = 0;               // and of the decision from its features
};

// One evaluation for each test table, in order; the tables have the arms of `train` (else kInvalidInput), and a score of the cheapest and
// the dearest arm for each sample. kNotFound for an unknown router, naming those there are.
Result<std::vector<RouterEvaluation>> EvaluateRouter(const std::string& router, const RoutingTable& train,
                                                     const std::vector<const RoutingTable*>& tests, const EvaluateOptions& options);

}  // namespace tradewind
