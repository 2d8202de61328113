// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Sampler: draws the next token from logits. Deterministic for a seed; one a session. Order: top-k, top-p, min-p, temperature.
//
//   Sampler sampler({.temperature = 0});
//   int32_t id = sampler.Draw(logits);
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/random.h"
#include "core/event.h"

namespace tradewind {

class Sampler {
 public:
  explicit Sampler(const Sampling& options) : options_(options), random_(options.seed) {}

  // The drawn id; of equal logits the lowest id wins under temperature 0.
  int32_t Draw(std::span<const float> logits);

 private:
  struct Weighted {
    int32_t id;
    float logit;
    double probability;
  };
  void Keep(std::span<const float> logits);
  Sampling options_;
  Random random_;
  std::vector<Weighted> kept_;
};

// The `count` likeliest ids, likeliest first; ties by id.
std::vector<int32_t> TopIds(std::span<const float> logits, int64_t count);

}  // namespace tradewind
