// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Workload: what a tunable is measured on: samples, a primary metric, how requests arrive. Text workloads score log-probabilities of given
// text; later ones bring answers to check and environments to act in.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/event.h"
#include "core/frontier.h"

namespace tradewind {

struct Sample {
  std::string id;
  Prompt prompt;
  int64_t output_tokens = 0;  // to generate; 0 scores the prompt alone
};

struct Workload {
  std::string name;             // "text:FILE" as asked for
  std::string id;               // content-addressed: results are filed under it
  std::string primary_metric;   // "bits_per_byte"
  std::vector<Sample> quality;  // scored, or of many an even share; cover the text once
  std::vector<Sample> timing;   // timed: prompts of several lengths, each followed by some tokens
  // Answered by readings (recorded, closed form), asked by their ids: a metric's value is the mean over them.
  std::vector<Sample> recalled{};
  // What a frontier is drawn over, the primary metric first; empty: the primary metric, TTFT, TPOT and peak memory.
  std::vector<Axis> axes{};
  std::vector<double> reference{};  // the point that hypervolume is measured against, one value an axis; empty: none is stated
};

}  // namespace tradewind
