// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Policy: picks a setting for one request from the frontier, the budget and what is predicted, and learns from outcomes.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "core/budget.h"
#include "core/frontier.h"
#include "core/outcome.h"
#include "core/predictor.h"

namespace tradewind {

// A point with what it would give this request.
struct Candidate {
  Point point;
  std::optional<Prediction> ttft_ms;
  std::optional<Prediction> tpot_ms;
  std::optional<Prediction> total_ms;  // to the last token, if max_tokens are generated
  double memory_bytes = 0;             // 0: unknown
};

struct RejectedCandidate {
  size_t candidate = 0;
  std::string reason;  // "TPOT 31 ms over 20 ms"
};

struct Decision {
  std::optional<size_t> chosen;             // absent when nothing fits
  std::string reason;                       // one sentence for a person
  std::optional<size_t> nearest;            // when nothing fits: the one that misses by least
  std::vector<RejectedCandidate> rejected;  // the losers and why
};

// What is asked, for policies that look at it.
struct Request {
  std::string_view text;
};

class Policy {
 public:
  virtual ~Policy() = default;
  virtual std::string_view name() const = 0;
  virtual Decision Choose(std::span<const Candidate> candidates, const Budget& budget, const Axis& primary) = 0;
  virtual void Learn(const Outcome& outcome) = 0;
  // The same for one request; a policy that does not look at requests has only the above.
  virtual Decision ChooseFor(const Request&, std::span<const Candidate> candidates, const Budget& budget, const Axis& primary) {
    return Choose(candidates, budget, primary);
  }
  virtual void LearnFrom(const Request&, const Outcome& outcome) { Learn(outcome); }
};

}  // namespace tradewind
