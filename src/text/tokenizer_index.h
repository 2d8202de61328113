// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Two flat hash tables for tokenizers: from a piece's spelling to its id, and from a pair of ids to what it merges into. Built
// once, then read-only and thread-safe. Open addressing, as loading a vocabulary is part of the time to the first token.
//
//   PieceIndex index(pieces);                 // refers to the strings, which must stay where they are
//   int32_t id = index.Find("hello");         // kNoToken if absent
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tradewind {

inline constexpr int32_t kNoToken = -1;

class PieceIndex {
 public:
  PieceIndex() = default;
  explicit PieceIndex(std::span<const std::string> pieces);
  int32_t Find(std::string_view piece) const;
  // Two ids with one spelling, if there are such. Find gives the first of them; empty pieces are not in the index.
  std::optional<std::pair<int32_t, int32_t>> duplicate() const { return duplicate_; }
  size_t longest() const { return longest_; }  // bytes

 private:
  std::span<const std::string> pieces_;
  std::vector<int32_t> slots_;
  size_t longest_ = 0;
  std::optional<std::pair<int32_t, int32_t>> duplicate_;
};

struct Merge {
  uint32_t rank = 0;
  int32_t result = kNoToken;
};

class MergeIndex {
 public:
  MergeIndex() = default;
  explicit MergeIndex(size_t capacity);
  // Keeps the first of equal pairs. At most `capacity` calls; ids are not negative.
  void Insert(int32_t left, int32_t right, Merge merge);
  // nullptr if the pair does not merge.
  const Merge* Find(int32_t left, int32_t right) const;

 private:
  struct Slot {
    uint64_t pair = 0;
    Merge merge;  // result kNoToken: free
  };
  size_t Start(uint64_t pair) const;
  std::vector<Slot> slots_;
};

}  // namespace tradewind
