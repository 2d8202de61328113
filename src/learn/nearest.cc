// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "learn/nearest.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

namespace tradewind {
namespace {

constexpr size_t kLanes = 16;  // sums side by side: four vector registers even without AVX, so that no addition waits for the last

template <typename Term>
float Sum(const float* a, const float* b, size_t n, const Term& term) {
  float lanes[kLanes] = {};
  size_t i = 0;
  for (; i + kLanes <= n; i += kLanes) {
    for (size_t k = 0; k < kLanes; ++k) lanes[k] += term(a[i + k], b[i + k]);
  }
  for (size_t k = 0; i < n; ++i, ++k) lanes[k] += term(a[i], b[i]);
  float sum = 0;
  for (const float lane : lanes) sum += lane;
  return sum;
}

float Product(float a, float b) {
  return a * b;
}

float SquaredDifference(float a, float b) {
  return (a - b) * (a - b);
}

// Of length 1; a vector of length 0 stays.
void Normalise(std::span<float> vector) {
  double squares = 0;
  for (const float v : vector) squares += static_cast<double>(v) * v;
  if (!(squares > 0)) return;
  const double scale = 1 / std::sqrt(squares);
  for (float& v : vector) v = static_cast<float>(v * scale);
}

}  // namespace

void NearestNeighbours::Add(std::span<const float> vector) {
  assert(vector.size() == dimensions_);
  vectors_.insert(vectors_.end(), vector.begin(), vector.end());
  if (similarity_ == Similarity::kCosine) Normalise(std::span(vectors_).last(dimensions_));
  ++size_;
}

std::vector<Neighbour> NearestNeighbours::Find(std::span<const float> query, size_t k) const {
  assert(query.size() == dimensions_);
  std::vector<float> q(query.begin(), query.end());
  std::vector<Neighbour> all(size_);
  if (similarity_ == Similarity::kCosine) {
    Normalise(q);
    for (size_t i = 0; i < size_; ++i) {
      all[i] = {i, Sum(q.data(), vectors_.data() + i * dimensions_, dimensions_, [](float a, float b) { return Product(a, b); })};
    }
  } else {
    for (size_t i = 0; i < size_; ++i) {
      all[i] = {i,
                -Sum(q.data(), vectors_.data() + i * dimensions_, dimensions_, [](float a, float b) { return SquaredDifference(a, b); })};
    }
  }
  const size_t kept = std::min(k, size_);
  const auto end = all.begin() + static_cast<std::ptrdiff_t>(kept);
  const auto better = [](const Neighbour& a, const Neighbour& b) {
    return a.similarity != b.similarity ? a.similarity > b.similarity : a.index < b.index;
  };
  std::nth_element(all.begin(), end, all.end(), better);
  std::sort(all.begin(), end, better);
  all.resize(kept);
  return all;
}

double SimilarityWeightedMean(std::span<const Neighbour> neighbours, std::span<const double> values, double base) {
  if (neighbours.empty()) return std::numeric_limits<double>::quiet_NaN();
  double most = neighbours[0].similarity;
  for (const Neighbour& n : neighbours) most = std::max(most, n.similarity);
  double sum = 0, weights = 0;
  for (const Neighbour& n : neighbours) {
    const double nearness = most > 0 ? n.similarity / most - 1 : n.similarity - most;  // 0 of the nearest: far ones do not make it 0 / 0
    const double weight = std::pow(base, nearness);
    sum += weight * values[n.index];
    weights += weight;
  }
  return sum / weights;
}

}  // namespace tradewind
