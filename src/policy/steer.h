// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// From the store to a decision: the measured points of a workload on this device, what each would give a request of this length, and which
// one the policy takes.
//
//   TW_ASSIGN(Known known, LoadKnown(store, tunable, workload_name));
//   Steering s = Steer(known, {.prompt_bytes = 420, .max_tokens = 256, .budget = budget}, policy);
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/policy.h"
#include "core/tunable.h"
#include "policy/recent_answers.h"
#include "search/latency_predictor.h"
#include "store/profile_store.h"

namespace tradewind {

// One measured setting with its fitted predictors.
struct KnownPoint {
  Point point;
  std::optional<LatencyPredictor> prefill;  // ms to the first token of a loaded model, from prompt tokens
  std::optional<LatencyPredictor> step;     // ms per token, from depth
  std::optional<Prediction> load;           // ms
  double bytes_per_token = 4;
  int64_t trial = 0;                                   // its id in the store
  MachineDrift drift{DriftOf({}, 0), DriftOf({}, 0)};  // since then; unknown, if nobody says
};

struct Known {
  StoredWorkload workload;
  Axis primary;
  std::vector<KnownPoint> points;
};

// `workload`: a name or id; empty for the default one. kNotFound says how to measure one.
Result<Known> LoadKnown(const ProfileStore& store, const Tunable& tunable, const std::string& workload);

// The same from the store file at `path`, with how the machine drifted since (policy/recent_answers.h). kNotFound if there is no store.
Result<Known> LoadKnownToday(const std::string& path, const Tunable& tunable, const std::string& workload);

struct SteerRequest {
  int64_t prompt_bytes = 0;
  std::optional<int64_t> prompt_tokens;  // instead, where they are known
  int64_t held_tokens = 0;               // of them: read before, in an open session with this setting
  int64_t max_tokens = 256;
  Budget budget;
  bool count_load = true;         // the model is yet to be loaded, within the budget
  std::optional<Duration> spent;  // since the request was accepted
};

struct Steering {
  std::vector<Candidate> candidates;  // one for each known point
  Decision decision;
};

Candidate Predict(const KnownPoint& known, const SteerRequest& request);
Steering Steer(const Known& known, const SteerRequest& request, Policy& policy);

}  // namespace tradewind
