// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Adam (Kingma & Ba, arXiv:1412.6980, algorithm 1) over one flat vector of parameters, with decoupled weight decay (Loshchilov & Hutter,
// arXiv:1711.05101). The state is a plain value that belongs to one training run.
//
//   Adam adam(parameters.size(), {.rate = 1e-3});
//   adam.Step(gradient, parameters);
#pragma once

#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

namespace tradewind {

struct AdamOptions {
  double rate = 1e-3;
  double first_decay = 0.9, second_decay = 0.999;
  double weight_decay = 0;  // share of each parameter taken off a step, times the rate
};

class Adam {
 public:
  Adam(size_t parameters, const AdamOptions& options) : options_(options), first_(parameters, 0), second_(parameters, 0) {}

  void Step(std::span<const double> gradient, std::span<double> parameters) {
    constexpr double kEpsilon = 1e-8;
    first_power_ *= options_.first_decay;
    second_power_ *= options_.second_decay;
    for (size_t i = 0; i < first_.size(); ++i) {
      first_[i] += (1 - options_.first_decay) * (gradient[i] - first_[i]);
      second_[i] += (1 - options_.second_decay) * (gradient[i] * gradient[i] - second_[i]);
      const double first = first_[i] / (1 - first_power_), second = second_[i] / (1 - second_power_);
      parameters[i] -= options_.rate * (first / (std::sqrt(second) + kEpsilon) + options_.weight_decay * parameters[i]);
    }
  }

 private:
  AdamOptions options_;
  std::vector<double> first_, second_;
  double first_power_ = 1, second_power_ = 1;
};

}  // namespace tradewind
