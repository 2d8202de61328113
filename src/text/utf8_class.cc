// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "text/utf8_class.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "text/utf8.h"

namespace tradewind {
namespace {

constexpr char32_t kLastCharacter = 0x10FFFF;
constexpr char32_t kBeforeSurrogates = 0xD7FF;
constexpr char32_t kAfterSurrogates = 0xE000;

// The greatest characters of one, two, three and four bytes.
constexpr std::array<char32_t, 4> kLastOfLength = {0x7F, 0x7FF, 0xFFFF, kLastCharacter};

void AddScalars(char32_t low, char32_t high, std::vector<CharRange>& out) {
  high = std::min(high, kLastCharacter);
  if (low <= high) out.push_back({low, high});
}

// A piece of `range` whose bytes are a product of byte ranges; `range` keeps what comes after it.
CharRange CutProduct(CharRange& range) {
  char32_t high = range.high;
  for (const char32_t last : kLastOfLength) {
    if (range.low <= last) {
      high = std::min(high, last);
      break;
    }
  }
  // Where the ends differ above the last `bits` bits, these bits have to run through all their values.
  for (const int bits : {6, 12, 18}) {
    const char32_t mask = (char32_t{1} << bits) - 1;
    if (range.low < 0x80 || (range.low & ~mask) == (high & ~mask)) continue;
    if ((range.low & mask) != 0) {
      high = range.low | mask;
      break;
    }
    if ((high & mask) != mask) high = (high & ~mask) - 1;
  }
  const CharRange piece = {range.low, high};
  range.low = high + 1;
  return piece;
}

}  // namespace

std::vector<CharRange> MergeRanges(std::vector<CharRange> ranges) {
  std::vector<CharRange> scalars;
  for (const CharRange& r : ranges) {
    AddScalars(r.low, std::min(r.high, kBeforeSurrogates), scalars);
    AddScalars(std::max(r.low, kAfterSurrogates), r.high, scalars);
  }
  std::sort(scalars.begin(), scalars.end(), [](const CharRange& a, const CharRange& b) { return a.low < b.low; });
  std::vector<CharRange> merged;
  for (const CharRange& r : scalars) {
    if (!merged.empty() && r.low <= merged.back().high + 1) {
      merged.back().high = std::max(merged.back().high, r.high);
    } else {
      merged.push_back(r);
    }
  }
  return merged;
}

std::vector<CharRange> ComplementRanges(const std::vector<CharRange>& merged) {
  std::vector<CharRange> out;
  char32_t next = 0;
  for (const CharRange& r : merged) {
    if (r.low > next) out.push_back({next, r.low - 1});
    next = r.high + 1;
  }
  if (next <= kLastCharacter) out.push_back({next, kLastCharacter});
  return MergeRanges(std::move(out));
}

Utf8Class::Utf8Class(const std::vector<CharRange>& merged) : nodes_(1) {
  for (CharRange rest : merged) {
    while (rest.low <= rest.high) {
      const CharRange piece = CutProduct(rest);
      Add(piece.low, piece.high);
    }
  }
}

// Of two pieces one never holds a part of the other's first bytes: they are equal or apart, so that equal edges suffice.
void Utf8Class::Add(char32_t low, char32_t high) {
  std::string first;
  std::string last;
  AppendUtf8(low, first);
  AppendUtf8(high, last);
  int node = kStart;
  for (size_t i = 0; i < first.size(); ++i) {
    const auto from = static_cast<uint8_t>(first[i]);
    const auto to = static_cast<uint8_t>(last[i]);
    const bool end = i + 1 == first.size();
    auto& edges = nodes_[static_cast<size_t>(node)];
    if (!end && !edges.empty() && edges.back().low == from && edges.back().high == to) {
      node = edges.back().target;
      continue;
    }
    const int target = end ? kAccept : static_cast<int>(nodes_.size());
    edges.push_back({from, to, target});
    if (!end) nodes_.emplace_back();
    node = target;
  }
}

int Utf8Class::Step(int node, uint8_t byte) const {
  for (const Edge& e : nodes_[static_cast<size_t>(node)]) {
    if (byte >= e.low && byte <= e.high) return e.target;
  }
  return kReject;
}

}  // namespace tradewind
