// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "text/features.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"

namespace tradewind {
namespace {

double Dot(std::span<const float> a, std::span<const float> b) {
  double sum = 0;
  for (size_t i = 0; i < a.size(); ++i) sum += static_cast<double>(a[i]) * b[i];
  return sum;
}

double SparseDot(const SparseText& a, const SparseText& b) {
  double sum = 0;
  for (size_t i = 0, k = 0; i < a.bucket.size() && k < b.bucket.size();) {
    if (a.bucket[i] < b.bucket[k]) {
      ++i;
    } else if (a.bucket[i] > b.bucket[k]) {
      ++k;
    } else {
      sum += static_cast<double>(a.value[i++]) * b.value[k++];
    }
  }
  return sum;
}

// Words of random letters: no two texts share one but by plan.
std::string RandomWords(Random& random, int words) {
  std::string text;
  for (int i = 0; i < words; ++i) {
    for (int k = 0; k < 7; ++k) text.push_back(static_cast<char>('a' + random.Below(26)));
    text.push_back(' ');
  }
  return text;
}

TEST(HashedNgrams, SparseHasLengthOneAndRisingBuckets) {
  const SparseText s = HashedNgrams().Sparse("the cat sat on the mat, the cat");
  EXPECT_NEAR(SparseDot(s, s), 1, 1e-6);
  EXPECT_THAT(s.bucket, testing::WhenSorted(testing::ElementsAreArray(s.bucket)));
  for (size_t i = 1; i < s.bucket.size(); ++i) EXPECT_LT(s.bucket[i - 1], s.bucket[i]);
  for (const uint32_t bucket : s.bucket) EXPECT_LT(bucket, HashedNgrams::kBuckets);
}

// One word of one letter: the word, and the 3-gram " a ". Counts of both are 4, or 1; as each family has a fixed length, repeating the word
// changes only what the pair "a a" adds: the word then weighs (1 + ln 4) beside the pair's (1 + ln 3), and the 3-gram sqrt(1/2).
TEST(HashedNgrams, CountsAreDamped) {
  const SparseText once = HashedNgrams().Sparse("a");
  ASSERT_EQ(once.value.size(), 2u);
  EXPECT_NEAR(std::abs(once.value[0]), std::sqrt(0.5), 1e-6);
  const SparseText four = HashedNgrams().Sparse("a a a a");
  ASSERT_EQ(four.value.size(), 3u);
  const double word = 1 + std::log(4.0), pair = 1 + std::log(3.0);
  std::vector<double> sizes;
  for (const float v : four.value) sizes.push_back(std::abs(v));
  EXPECT_THAT(sizes, testing::UnorderedElementsAre(testing::DoubleNear(std::sqrt(0.5), 1e-6),
                                                   testing::DoubleNear(word / std::hypot(word, pair) * std::sqrt(0.5), 1e-6),
                                                   testing::DoubleNear(pair / std::hypot(word, pair) * std::sqrt(0.5), 1e-6)));
}

TEST(HashedNgrams, CapitalsAndSpacesDoNotCountButWordsDo) {
  const HashedNgrams e;
  EXPECT_NEAR(SparseDot(e.Sparse("The  CAT\tsat"), e.Sparse("the cat sat")), 1, 1e-6);
  Random random(5);
  const std::string a = RandomWords(random, 40), b = RandomWords(random, 40);
  EXPECT_LT(std::abs(SparseDot(e.Sparse(a), e.Sparse(b))), 0.1);
  const double half = SparseDot(e.Sparse(a), e.Sparse(a + b));
  EXPECT_NEAR(half, std::sqrt(0.5), 0.05);  // the shared half of the features of a text twice as long
}

// The lemma behind the projection: inner products are kept up to 1 / sqrt(dimensions).
TEST(HashedNgrams, TheProjectionKeepsInnerProducts) {
  for (const size_t dimensions : {256u, 1024u}) {
    const HashedNgrams e({.dimensions = dimensions});
    Random random(7);
    double squares = 0;
    constexpr int kPairs = 60;
    for (int i = 0; i < kPairs; ++i) {
      const std::string shared = RandomWords(random, 20);
      const std::string a = shared + RandomWords(random, 20), b = shared + RandomWords(random, 5);
      const auto x = e.Embed(a), y = e.Embed(b);
      const double projected = Dot(std::span(x).first(dimensions), std::span(y).first(dimensions));
      squares += std::pow(projected - SparseDot(e.Sparse(a), e.Sparse(b)), 2);
    }
    EXPECT_LT(std::sqrt(squares / kPairs), 1.2 / std::sqrt(static_cast<double>(dimensions)));
  }
}

TEST(HashedNgrams, PlainCountsTellLengthDigitsAndMarks) {
  const HashedNgrams e({.dimensions = 8, .surface_weight = 1});
  const auto plain = e.Embed("tell me a story about the sea"), sums = e.Embed("12345 + 67890 = $x?");
  EXPECT_GT(sums[8 + 2], plain[8 + 2]);    // digits
  EXPECT_LT(sums[8 + 0], plain[8 + 0]);    // length
  EXPECT_GT(sums[8 + 8], plain[8 + 8]);    // question mark
  EXPECT_GT(sums[8 + 11], plain[8 + 11]);  // formula
  // ln(1 + 29 bytes) lies (ln 30 - 5.5) / 1 spreads from the middle.
  EXPECT_NEAR(plain[8], std::log(30.0) - 5.5, 1e-5);
  EXPECT_NEAR(plain[8 + HashedNgrams::kCounts], plain[8] * plain[8] / 2, 1e-5);
  EXPECT_NEAR(plain[8 + HashedNgrams::kCounts + 1], plain[8] * plain[9] / 2, 1e-5);
}

TEST(HashedNgrams, AnyBytesGiveFiniteNumbersAndOneTextOneVector) {
  const HashedNgrams e;
  std::string all;
  for (int c = 0; c < 256; ++c) all.push_back(static_cast<char>(c));
  for (const std::string& text : {std::string(), std::string(3, '\0'), all, std::string(1 << 20, 'x'), std::string("\xff\xfe?!")}) {
    const auto x = e.Embed(text);
    ASSERT_EQ(x.size(), e.dimensions());
    for (const float v : x) ASSERT_TRUE(std::isfinite(v));
    EXPECT_EQ(x, HashedNgrams().Embed(text));
  }
  EXPECT_TRUE(e.Sparse(" \n\t").bucket.empty());
  // What lies beyond the limit is not read.
  const HashedNgrams brief({.most_bytes = 10});
  EXPECT_EQ(brief.Embed("0123456789"), brief.Embed("0123456789 and more"));
}

TEST(HashedNgrams, NamesWhatItsVectorsDependOn) {
  EXPECT_NE(HashedNgrams({.seed = 1}).name(), HashedNgrams({.seed = 2}).name());
  EXPECT_NE(HashedNgrams({.seed = 1}).Embed("a text of some words"), HashedNgrams({.seed = 2}).Embed("a text of some words"));
  EXPECT_NE(HashedNgrams({.dimensions = 64}).name(), HashedNgrams().name());
}

}  // namespace
}  // namespace tradewind
