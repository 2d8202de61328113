// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "learn/nearest.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/random.h"

namespace tradewind {
namespace {

using Vector = std::vector<float>;

TEST(Nearest, IsWhatSortingByTheFormulaGives) {
  Random random(1);
  for (const size_t d : {1U, 7U, 16U, 37U}) {
    for (const Similarity kind : {Similarity::kCosine, Similarity::kEuclidean}) {
      NearestNeighbours seen(d, kind);
      std::vector<Vector> vectors(200, Vector(d));
      Vector query(d);
      for (float& v : query) v = static_cast<float>(random.Normal());
      for (Vector& vector : vectors) {
        for (float& v : vector) v = static_cast<float>(random.Normal());
        seen.Add(vector);
      }
      std::vector<double> expected;
      for (const Vector& vector : vectors) {
        double dot = 0, a = 0, b = 0, distance = 0;
        for (size_t j = 0; j < d; ++j) {
          dot += static_cast<double>(query[j]) * vector[j];
          a += static_cast<double>(query[j]) * query[j];
          b += static_cast<double>(vector[j]) * vector[j];
          distance += std::pow(static_cast<double>(query[j]) - vector[j], 2);
        }
        expected.push_back(kind == Similarity::kCosine ? dot / std::sqrt(a * b) : -distance);
      }
      const std::vector<Neighbour> found = seen.Find(query, 9);
      ASSERT_EQ(found.size(), 9U);
      for (const Neighbour& n : found) EXPECT_NEAR(n.similarity, expected[n.index], 1e-5 * (1 + std::abs(expected[n.index])));
      std::sort(expected.rbegin(), expected.rend());
      for (size_t i = 0; i < 9; ++i) EXPECT_NEAR(found[i].similarity, expected[i], 1e-5 * (1 + std::abs(expected[i])));
    }
  }
}

TEST(Nearest, EqualOnesComeInTheirOrder) {
  NearestNeighbours seen(2, Similarity::kEuclidean);
  for (int i = 0; i < 5; ++i) seen.Add(Vector{1, 1});
  seen.Add(Vector{0, 0});
  const auto found = seen.Find(Vector{1, 1}, 3);
  for (size_t i = 0; i < 3; ++i) EXPECT_EQ(found[i].index, i);
  EXPECT_EQ(seen.Find(Vector{1, 1}, 100).size(), 6U);
  EXPECT_TRUE(NearestNeighbours(2, Similarity::kCosine).Find(Vector{1, 1}, 3).empty());
  EXPECT_EQ(seen.size(), 6U);
}

TEST(Nearest, OfLengthZeroIsLikeNothing) {
  NearestNeighbours seen(2, Similarity::kCosine);
  seen.Add(Vector{0, 0});
  seen.Add(Vector{-1, 0});
  const auto found = seen.Find(Vector{3, 0}, 2);
  EXPECT_EQ(found[0].index, 0U);
  EXPECT_EQ(found[0].similarity, 0);
  EXPECT_NEAR(found[1].similarity, -1, 1e-6);
}

TEST(Nearest, WeightedMeanInClosedForm) {
  const std::vector<double> values = {5, 1, 3};
  const std::vector<Neighbour> equal = {{0, 0.5}, {2, 0.5}};
  EXPECT_DOUBLE_EQ(SimilarityWeightedMean(equal, values), 4);
  const std::vector<Neighbour> apart = {{0, 1}, {1, 0}};
  EXPECT_NEAR(SimilarityWeightedMean(apart, values), (10 * 5 + 1) / 11.0, 1e-12);
  const std::vector<Neighbour> far = {{0, -1e6}, {1, -2e6}};
  EXPECT_DOUBLE_EQ(SimilarityWeightedMean(far, values), 5);
  EXPECT_TRUE(std::isnan(SimilarityWeightedMean({}, values)));
}

}  // namespace
}  // namespace tradewind
