// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "stats/block_design.h"

#include <cassert>
#include <cmath>
#include <map>

namespace tradewind {

Interval BlockedValues::Widen(const Interval& interval, double statistic) const {
  const auto moved = [&](double end) { return statistic * std::pow(end / statistic, widening); };
  return {moved(interval.low), moved(interval.high), interval.confidence};
}

BlockedValues WithoutBlockEffects(std::span<const std::vector<double>> values, size_t own, std::span<const int64_t> stratum_ids) {
  assert(values.size() >= 2 && own < values.size());
  const auto treatments = static_cast<double>(values.size());
  struct Stratum {
    double sum = 0, blocks = 0;
  };
  std::map<int64_t, Stratum> strata;
  std::vector<double> level(stratum_ids.size());  // the mean logarithm of a block
  for (size_t b = 0; b < stratum_ids.size(); ++b) {
    for (const std::vector<double>& of_treatment : values) {
      assert(of_treatment.size() == stratum_ids.size() && of_treatment[b] > 0);
      level[b] += std::log(of_treatment[b]) / treatments;
    }
    Stratum& stratum = strata[stratum_ids[b]];
    stratum.sum += level[b];
    stratum.blocks += 1;
  }
  BlockedValues out{.values = {}, .widening = std::sqrt(treatments / (treatments - 1))};
  for (size_t b = 0; b < stratum_ids.size(); ++b) {
    const Stratum& stratum = strata[stratum_ids[b]];
    out.values.push_back(values[own][b] * std::exp(stratum.sum / stratum.blocks - level[b]));
  }
  return out;
}

}  // namespace tradewind
