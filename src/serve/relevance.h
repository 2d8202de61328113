// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// How well documents answer a query, by what a model can do: an encoder by the cosine of its vectors, a language model by its log-odds of
// "yes" when asked. Blocks until all are judged; for a thread that may wait.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "serve/model_rack.h"

namespace tradewind {

struct Relevance {
  std::vector<double> scores;  // greater is better, in the order of the documents
  std::string_view method;     // "embedding" or "log_odds"
  int64_t tokens = 0;          // read
};

// kCancelled once `gone` says that nobody waits any more; else as embedding or answering.
Result<Relevance> JudgeRelevance(LoadedModel& model, const std::string& query, const std::vector<std::string>& documents,
                                 const std::function<bool()>& gone);

// log p(yes) - log p(no) of a first token's alternatives, each the sum over the spellings with capitals and a space before; what is not
// among them counts as the least likely of them.
double YesLogOdds(const std::vector<std::pair<std::string, double>>& alternatives);

}  // namespace tradewind
