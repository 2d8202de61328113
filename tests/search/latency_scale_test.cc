// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "search/predictors/latency_scale.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace tradewind {
namespace {

using V = std::vector<double>;

TEST(LatencyScale, ReferencesGetMeanZeroAndDeviationOneAndComeBack) {
  const V references = {2, 3, 5, 8, 13};
  for (const double power : {0.0, 0.5, 1.0}) {
    const LatencyScale scale = ScaleByReferences(references, power);
    double sum = 0, square = 0;
    for (const double y : references) {
      const double z = scale.Standardise(y);
      sum += z;
      square += z * z;
      EXPECT_NEAR(scale.Latency(z), y, 1e-9 * y) << power;
    }
    EXPECT_NEAR(sum, 0, 1e-12);
    EXPECT_NEAR(square / 4, 1, 1e-12);  // n - 1
  }
}

TEST(LatencyScale, KnownValues) {
  // Of 1 and 9: mean 5 and deviation sqrt(32); of their roots 2 and sqrt(2); of their logarithms log 3 and log 9 / sqrt(2).
  EXPECT_NEAR(ScaleByReferences(V{1, 9}, 1).Standardise(5 + std::sqrt(32.0)), 1, 1e-12);
  EXPECT_NEAR(ScaleByReferences(V{1, 9}, 0.5).Standardise(16), std::sqrt(2.0), 1e-12);
  EXPECT_NEAR(ScaleByReferences(V{1, 9}, 0).Standardise(27), std::sqrt(2.0), 1e-12);
}

TEST(LatencyScale, LatenciesArePositiveAndRiseHoweverLowTheNumber) {
  for (const double power : {0.0, 0.5, 1.0}) {
    const LatencyScale scale = ScaleByReferences(V{4, 5, 9}, power);
    double last = 0;
    for (double z = -8; z < 8; z += 0.01) {
      const double y = scale.Latency(z);
      EXPECT_GT(y, last) << power << " at " << z;
      if (z > -7) {
        EXPECT_LT(y / last, 1.2) << "a jump at " << z;
      }
      last = y;
    }
  }
}

TEST(LatencyScale, ReferencesAllAlikeCountAsSpreadByATenth) {
  for (const double power : {0.5, 1.0}) {
    const LatencyScale scale = ScaleByReferences(V{4, 4, 4}, power);
    EXPECT_NEAR(std::pow(scale.Latency(1) / 4, power), 1.1, 1e-9) << power;
  }
  EXPECT_NEAR(ScaleByReferences(V{4, 4, 4}, 0).Latency(1), 4 * std::exp(0.1), 1e-9);
}

}  // namespace
}  // namespace tradewind
