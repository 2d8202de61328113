// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// TextEmbedder: a text as a vector of fixed length, for what is learnt from texts (routers, quality predictors). HashedNgrams needs no
// model: words, pairs of words and letters' n-grams are hashed, projected to a few hundred numbers, and joined by plain counts such as the
// length and the share of digits, and their products, so that a linear model can bend along them. Embedders are immutable: one may be
// shared by many threads.
//
//   HashedNgrams embedder({.dimensions = 256});
//   std::vector<float> x = embedder.Embed("What is 7 times 6?");   // embedder.dimensions() values
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tradewind {

class TextEmbedder {
 public:
  virtual ~TextEmbedder() = default;
  // Names the vectors, not only the class: what was fitted to vectors of one name may be used with no other.
  virtual std::string name() const = 0;
  virtual size_t dimensions() const = 0;
  // Any bytes, also none and invalid UTF-8. `out` has dimensions() values (asserted); all of them are finite.
  virtual void Embed(std::string_view text, std::span<float> out) const = 0;

  std::vector<float> Embed(std::string_view text) const {
    std::vector<float> out(dimensions());
    Embed(text, out);
    return out;
  }
};

// Buckets in rising order, each once, with a value other than 0.
struct SparseText {
  std::vector<uint32_t> bucket;
  std::vector<float> value;
};

struct HashedNgramOptions {
  size_t dimensions = 256;      // of the projection, 1 to 65536; the plain counts and their products come on top
  size_t most_bytes = 16384;    // of the text; the rest is not read
  uint64_t seed = 1;            // another seed gives other collisions
  double surface_weight = 0.1;  // length of one spread of a plain count, beside n-grams of length 1
};

class HashedNgrams final : public TextEmbedder {
 public:
  static constexpr uint32_t kBuckets = 1u << 18;
  // Behind the projection: plain counts, and the products of each two (a count with itself, too).
  static constexpr size_t kCounts = 12;
  static constexpr size_t kSurface = kCounts + kCounts * (kCounts + 1) / 2;

  explicit HashedNgrams(const HashedNgramOptions& options = {});
  std::string name() const override;
  size_t dimensions() const override { return options_.dimensions + kSurface; }
  using TextEmbedder::Embed;
  // The projection of Sparse(text) by a sparse random matrix, four entries of +-1/2 in each column (Kane and Nelson, arXiv:1012.1577), of
  // length 1 (0 for a text without words); then the plain counts, each centred and scaled by what is usual in questions, within +-3
  // spreads; then their products, at half the weight.
  void Embed(std::string_view text, std::span<float> out) const override;

  // Signed feature hashing (Weinberger et al., arXiv:0902.2206) of words and pairs of words, and of n-grams of 3 to 5 bytes within words.
  // A count c weighs 1 + ln c; words and letters have equal weight; length 1 (empty for a text without words). Capitals count as small.
  SparseText Sparse(std::string_view text) const;

 private:
  HashedNgramOptions options_;
};

}  // namespace tradewind
