// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "text/features.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>

namespace tradewind {
namespace {

constexpr size_t kShortestGram = 3;
constexpr size_t kLongestGram = 5;
constexpr size_t kColumnEntries = 4;
// A hashed n-gram: the bucket above, whether it counts negative in the lowest bit.
using Hashed = uint32_t;

bool IsSpace(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}
bool IsAsciiDigit(char c) {
  return c >= '0' && c <= '9';
}
// Letters, digits and all that is not ASCII.
bool IsWordByte(char c) {
  return IsAsciiDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
}

std::string Lowered(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return out;
}

Hashed FromHash(uint64_t hash) {
  return static_cast<Hashed>(hash >> 20) & (HashedNgrams::kBuckets * 2 - 1);
}

// Calls f(part) for each longest run of bytes that `is` holds of.
template <typename Is, typename F>
void ForEachRun(std::string_view text, const Is& is, const F& f) {
  for (size_t at = 0; at < text.size();) {
    size_t end = at;
    while (end < text.size() && is(text[end])) ++end;
    if (end > at) f(text.substr(at, end - at));
    at = end + 1;
  }
}

std::vector<Hashed> WordGrams(std::string_view text, uint64_t seed) {
  std::vector<Hashed> out;
  uint64_t before = 0;
  ForEachRun(text, IsWordByte, [&](std::string_view word) {
    const uint64_t hash = XXH3_64bits_withSeed(word.data(), word.size(), seed);
    out.push_back(FromHash(hash));
    if (before != 0) {
      const std::array<uint64_t, 2> pair = {before, hash};
      out.push_back(FromHash(XXH3_64bits_withSeed(pair.data(), sizeof pair, seed + 1)));
    }
    before = hash;
  });
  return out;
}

// With a space before and behind each word, so that beginnings and ends differ from what stands inside.
std::vector<Hashed> LetterGrams(std::string_view text, uint64_t seed) {
  std::vector<Hashed> out;
  std::string padded;
  const auto not_space = [](char c) { return !IsSpace(c); };
  ForEachRun(text, not_space, [&](std::string_view word) {
    padded.assign(1, ' ');
    padded.append(word).push_back(' ');
    for (size_t n = kShortestGram; n <= kLongestGram && n <= padded.size(); ++n) {
      for (size_t at = 0; at + n <= padded.size(); ++at) out.push_back(FromHash(XXH3_64bits_withSeed(padded.data() + at, n, seed + n)));
    }
  });
  return out;
}

// Adds the counts of one family of n-grams, damped and of the length given.
void Append(std::vector<Hashed> grams, double length, std::vector<std::pair<uint32_t, float>>& out) {
  std::sort(grams.begin(), grams.end());
  const size_t first = out.size();
  double squares = 0;
  for (size_t at = 0; at < grams.size();) {
    const uint32_t bucket = grams[at] >> 1;
    double count = 0;
    for (; at < grams.size() && grams[at] >> 1 == bucket; ++at) count += (grams[at] & 1) ? -1 : 1;
    if (count == 0) continue;
    const double damped = std::copysign(1 + std::log(std::abs(count)), count);
    squares += damped * damped;
    out.emplace_back(bucket, static_cast<float>(damped));
  }
  const auto scale = static_cast<float>(squares > 0 ? length / std::sqrt(squares) : 0);
  for (size_t i = first; i < out.size(); ++i) out[i].second *= scale;
}

struct Usual {
  double middle, spread;
};
// What is usual in questions to language models: rounded, and only there to bring the counts to one scale.
constexpr std::array<Usual, HashedNgrams::kCounts> kUsual = {{{5.5, 1},       // ln(1 + bytes)
                                                              {4, 1},         // ln(1 + words)
                                                              {0.02, 0.05},   // share of digits,
                                                              {0.05, 0.05},   // of capitals,
                                                              {0.05, 0.05},   // of marks,
                                                              {0, 0.05},      // of bytes beyond ASCII
                                                              {5, 1},         // bytes a word
                                                              {1, 1},         // ln(1 + line ends)
                                                              {0.5, 0.5},     // a question mark
                                                              {0.5, 0.5},     // a negation
                                                              {0.25, 0.5},    // a blank to fill
                                                              {0.25, 0.5}}};  // signs of formulas

std::array<double, HashedNgrams::kCounts> SurfaceCounts(std::string_view text, std::string_view lowered) {
  double digits = 0, capitals = 0, marks = 0, foreign = 0, lines = 0, words = 0, word_bytes = 0;
  for (const char c : text) {
    digits += IsAsciiDigit(c);
    capitals += c >= 'A' && c <= 'Z';
    marks += !IsWordByte(c) && !IsSpace(c);
    foreign += static_cast<unsigned char>(c) >= 0x80;
    lines += c == '\n';
  }
  ForEachRun(
      text, [](char c) { return !IsSpace(c); },
      [&](std::string_view word) {
        words += 1;
        word_bytes += static_cast<double>(word.size());
      });
  const auto has = [&](std::string_view part) { return lowered.find(part) != std::string_view::npos; };
  const double bytes = std::max<double>(1, static_cast<double>(text.size()));
  return {std::log1p(static_cast<double>(text.size())),
          std::log1p(words),
          digits / bytes,
          capitals / bytes,
          marks / bytes,
          foreign / bytes,
          words > 0 ? word_bytes / words : 0,
          std::log1p(lines),
          has("?") ? 1.0 : 0.0,
          has(" not ") || has("except") || has("n't ") ? 1.0 : 0.0,
          has("__") ? 1.0 : 0.0,
          has("=") || has("^") || has("\\") || has("$") ? 1.0 : 0.0};
}

}  // namespace

HashedNgrams::HashedNgrams(const HashedNgramOptions& options) : options_(options) {
  assert(options.dimensions > 0 && options.dimensions <= 65536);
}

std::string HashedNgrams::name() const {
  return "hashed_ngrams_v1_" + std::to_string(options_.dimensions) + "_" + std::to_string(options_.most_bytes) + "_" +
         std::to_string(options_.seed) + "_" + std::to_string(options_.surface_weight);
}

SparseText HashedNgrams::Sparse(std::string_view text) const {
  const std::string lowered = Lowered(text.substr(0, options_.most_bytes));
  std::vector<std::pair<uint32_t, float>> entries;
  Append(WordGrams(lowered, options_.seed), std::sqrt(0.5), entries);
  Append(LetterGrams(lowered, options_.seed), std::sqrt(0.5), entries);
  std::sort(entries.begin(), entries.end());
  SparseText out;
  double squares = 0;
  for (const auto& [bucket, value] : entries) {
    if (!out.bucket.empty() && out.bucket.back() == bucket) {
      out.value.back() += value;  // a word and an n-gram met in one bucket
    } else {
      out.bucket.push_back(bucket);
      out.value.push_back(value);
    }
  }
  for (const float value : out.value) squares += static_cast<double>(value) * value;
  const auto scale = static_cast<float>(squares > 0 ? 1 / std::sqrt(squares) : 0);
  for (float& value : out.value) value *= scale;
  return out;
}

void HashedNgrams::Embed(std::string_view text, std::span<float> out) const {
  assert(out.size() == dimensions());
  text = text.substr(0, options_.most_bytes);
  std::fill(out.begin(), out.end(), 0.0f);
  const std::span<float> projected = out.first(options_.dimensions);
  const SparseText sparse = Sparse(text);
  for (size_t i = 0; i < sparse.bucket.size(); ++i) {
    // 16 bits for each entry's row and sign: the column's hash is its whole definition, so that no matrix is stored.
    uint64_t hash = XXH3_64bits_withSeed(&sparse.bucket[i], sizeof(uint32_t), options_.seed + 100);
    for (size_t entry = 0; entry < kColumnEntries; ++entry, hash >>= 16) {
      const size_t row = ((hash & 0x7fff) * projected.size()) >> 15;
      projected[row] += (hash & 0x8000) ? -sparse.value[i] : sparse.value[i];
    }
  }
  double squares = 0;
  for (const float value : projected) squares += static_cast<double>(value) * value;
  const auto scale = static_cast<float>(squares > 0 ? 1 / std::sqrt(squares) : 0);
  for (float& value : projected) value *= scale;

  auto counts = SurfaceCounts(text, Lowered(text));
  for (size_t i = 0; i < kCounts; ++i) counts[i] = std::clamp((counts[i] - kUsual[i].middle) / kUsual[i].spread, -3.0, 3.0);
  size_t at = options_.dimensions;
  for (const double count : counts) out[at++] = static_cast<float>(options_.surface_weight * count);
  for (size_t i = 0; i < kCounts; ++i) {
    for (size_t k = i; k < kCounts; ++k) out[at++] = static_cast<float>(options_.surface_weight / 2 * counts[i] * counts[k]);
  }
}

}  // namespace tradewind
