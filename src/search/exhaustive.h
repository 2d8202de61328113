// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Exhaustive: every combination of the dimensions' values over a base setting, the last dimension turning fastest.
#pragma once

#include <vector>

#include "core/strategy.h"

namespace tradewind {

class Exhaustive final : public Strategy {
 public:
  // `limit` bounds the combinations: kInvalidInput names the number if there are more.
  static Result<Exhaustive> Make(Setting base, std::vector<SearchDimension> dimensions, size_t limit = 100'000);
  std::string_view name() const override { return "exhaustive"; }
  std::vector<Setting> Propose(size_t count) override;
  void Observe(const Point&) override {}
  std::optional<size_t> TotalTrials() const override { return total_; }

 private:
  Exhaustive(Setting base, std::vector<SearchDimension> dimensions, size_t total)
      : base_(std::move(base)), dimensions_(std::move(dimensions)), total_(total) {}
  Setting base_;
  std::vector<SearchDimension> dimensions_;
  size_t total_;
  size_t next_ = 0;
};

// Reads "knob=a,b,c"; every value is checked against the knob's domain.
Result<SearchDimension> ParseDimension(std::string_view text, std::span<const Knob> knobs);

}  // namespace tradewind
