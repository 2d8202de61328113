// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Fits a router to one table and judges it on others, with several seeds. Refuses to test what it trained on.
//
//   TW_ASSIGN(auto results, EvaluateRouter("classifier", train, {&mmlu, &gsm8k}, {.seeds = {1, 2, 3}}));
//   results[1].metrics.apgr    // on gsm8k, with the router as it was trained
//   TW_ASSIGN(auto means, EvaluateOnHalves("classifier", mmlu, {&gsm8k}, {.splits = {1, 2, 3}}, {}));   // half of the subjects each
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

// How long one of many takes; of several splits, that of the slowest.
struct Waits {
  double median = 0, p99 = 0;
};

struct RouterEvaluation {
  std::string router;
  std::vector<RoutingCurve> curves;       // of each seed (of each split), of the cheapest and the dearest arm
  TwoArmMetrics metrics;                  // means over them
  std::vector<RoutingCurve> cost_curves;  // the same over all arms
  Estimate area;                          // QualityCostArea, their mean
  Waits embed_ms{};                       // of one text,
  Waits decide_ms{};                      // and of the decision from its features
};

// One evaluation for each test table, in order; the tables have the arms of `train` (else kInvalidInput), and a score of the cheapest and
// the dearest arm for each sample. kNotFound for an unknown router, naming those there are.
Result<std::vector<RouterEvaluation>> EvaluateRouter(const std::string& router, const RoutingTable& train,
                                                     const std::vector<const RoutingTable*>& tests, const EvaluateOptions& options);

struct HalvesOptions {
  std::vector<uint64_t> splits = {1};         // seeds of SplitInHalves
  std::vector<std::string> not_trained_on{};  // QuestionKeys that no training half may hold, such as lists of contaminated prompts
};

// For each split: trains on one half of the table's groups, without questions that are tested or named above, and judges on the other half
// (the first evaluation) and on each of `carried`. The numbers are means over splits and seeds. To compare two routers, call it for both
// with the same options, and ApgrDifference or AreaRatio with their curves.
Result<std::vector<RouterEvaluation>> EvaluateOnHalves(const std::string& router, const RoutingTable& table,
                                                       const std::vector<const RoutingTable*>& carried, const HalvesOptions& halves,
                                                       const EvaluateOptions& options);

}  // namespace tradewind
