// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Exact k nearest neighbours among float vectors, by cosine or Euclidean distance: a plain scan, which up to some ten thousand vectors is
// faster than an index is worth. Read it from any thread; Add from one, with no reader.
//
//   NearestNeighbours seen(128, Similarity::kCosine);
//   for (const auto& e : embeddings) seen.Add(e);
//   double expected = SimilarityWeightedMean(seen.Find(query, 20), outcomes);
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace tradewind {

enum class Similarity {
  kCosine,     // of a vector of length 0: 0 to everything
  kEuclidean,  // minus the squared distance
};

struct Neighbour {
  size_t index = 0;  // in the order of Add
  double similarity = 0;
};

class NearestNeighbours {
 public:
  NearestNeighbours(size_t dimensions, Similarity similarity) : dimensions_(dimensions), similarity_(similarity) {}

  // Vectors have `dimensions` values (asserted), all finite; they are copied.
  void Add(std::span<const float> vector);
  size_t size() const { return size_; }

  // The k most similar, best first (all, where there are fewer); of equal ones that added first.
  std::vector<Neighbour> Find(std::span<const float> query, size_t k) const;

 private:
  size_t dimensions_;
  Similarity similarity_;
  size_t size_ = 0;
  std::vector<float> vectors_;  // one after the other; for cosine of length 1
};

// The mean of values[neighbour.index], each weighted by base^(similarity / the largest similarity), as RouteLLM does (arXiv:2406.18665,
// section 4.2, with 10); by base^(similarity - the largest) where none is above 0. NaN of none.
double SimilarityWeightedMean(std::span<const Neighbour> neighbours, std::span<const double> values, double base = 10);

}  // namespace tradewind
