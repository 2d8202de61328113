// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// A set of characters as a small deterministic automaton over their UTF-8 bytes, so that a text may be cut inside a character.
// Immutable once made; thread-safe.
//
//   Utf8Class digits(MergeRanges({{U'0', U'9'}}));
//   digits.Step(Utf8Class::kStart, '7') == Utf8Class::kAccept
#pragma once

#include <cstdint>
#include <vector>

namespace tradewind {

struct CharRange {
  char32_t low;
  char32_t high;  // inclusive
  bool operator==(const CharRange&) const = default;
};

// Sorted, disjoint, neither touching nor empty. Surrogates and what lies past U+10FFFF are dropped: they are no characters.
std::vector<CharRange> MergeRanges(std::vector<CharRange> ranges);
// All characters outside of these merged ranges.
std::vector<CharRange> ComplementRanges(const std::vector<CharRange>& merged);

class Utf8Class {
 public:
  static constexpr int kStart = 0;
  static constexpr int kAccept = -1;
  static constexpr int kReject = -2;

  struct Edge {
    uint8_t low;
    uint8_t high;
    int target;  // a node, or kAccept
  };

  explicit Utf8Class(const std::vector<CharRange>& merged);
  int Step(int node, uint8_t byte) const;
  const std::vector<std::vector<Edge>>& nodes() const { return nodes_; }

 private:
  void Add(char32_t low, char32_t high);
  std::vector<std::vector<Edge>> nodes_;
};

}  // namespace tradewind
