// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// The pieces of a vocabulary as a trie over bytes: all pieces that a text starts with, in one walk. Built once without recursion;
// copies what it needs; read-only and thread-safe afterwards.
//
//   PieceTrie trie(pieces, ids);
//   for (uint32_t node = trie.Child(PieceTrie::kRoot, 'a'); node != PieceTrie::kNone; ...) trie.Id(node);
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "text/tokenizer_index.h"

namespace tradewind {

class PieceTrie {
 public:
  static constexpr uint32_t kRoot = 0;
  static constexpr uint32_t kNone = ~uint32_t{0};

  PieceTrie() : PieceTrie({}, {}) {}
  // Of the pieces with these ids, which are spelled differently and have fewer than 2^32 bytes together. Empty ones are left out.
  PieceTrie(std::span<const std::string> pieces, std::vector<int32_t> ids);

  // kNone if no piece goes on like that.
  uint32_t Child(uint32_t node, char byte) const;
  // The piece that ends at `node`, kNoToken if none does.
  int32_t Id(uint32_t node) const { return ids_[node]; }
  // The node that `bytes` lead to; kNone.
  uint32_t Walk(uint32_t node, std::string_view bytes) const;

 private:
  // Nodes in breadth-first order, so that the children of a node are neighbours, by ascending byte: first_child_[n] to first_child_[n + 1].
  std::vector<uint32_t> first_child_;
  std::vector<uint8_t> byte_;
  std::vector<int32_t> ids_;
  std::array<uint32_t, 256> root_children_{};  // where nearly every walk starts
};

}  // namespace tradewind
