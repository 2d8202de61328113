// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// The trie against a look at every piece.
#include "text/tokenizer_trie.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <set>

#include "base/random.h"

namespace tradewind {
namespace {

TEST(PieceTrieTest, FindsAllPiecesThatATextStartsWith) {
  Random random(3);
  for (int round = 0; round < 200; ++round) {
    std::set<std::string> distinct;
    for (uint64_t count = random.Below(60); distinct.size() < count;) {
      std::string piece;
      for (uint64_t length = 1 + random.Below(6); piece.size() < length;) piece.push_back("ab\xFF\x01"[random.Below(4)]);
      distinct.insert(piece);
    }
    std::vector<std::string> pieces(distinct.begin(), distinct.end());
    for (size_t i = pieces.size(); i > 1; --i) std::swap(pieces[i - 1], pieces[random.Below(i)]);
    std::vector<int32_t> ids;
    for (size_t id = 0; id < pieces.size(); ++id) {
      if (random.Below(4)) ids.push_back(static_cast<int32_t>(id));
    }
    const PieceTrie trie(pieces, ids);
    std::string text;
    for (int i = 0; i < 8; ++i) text.push_back("ab\xFF\x01"[random.Below(4)]);
    std::set<int32_t> found;
    uint32_t node = PieceTrie::kRoot;
    for (size_t i = 0; i < text.size() && (node = trie.Child(node, text[i])) != PieceTrie::kNone; ++i) {
      if (trie.Id(node) == kNoToken) continue;
      EXPECT_EQ(pieces[static_cast<size_t>(trie.Id(node))].size(), i + 1);
      found.insert(trie.Id(node));
    }
    std::set<int32_t> expected;
    for (const int32_t id : ids) {
      if (text.starts_with(pieces[static_cast<size_t>(id)])) expected.insert(id);
    }
    EXPECT_EQ(found, expected);
  }
}

TEST(PieceTrieTest, EmptyOnesAndWalks) {
  EXPECT_EQ(PieceTrie().Child(PieceTrie::kRoot, 'a'), PieceTrie::kNone);
  EXPECT_EQ(PieceTrie().Id(PieceTrie::kRoot), kNoToken);
  const std::vector<std::string> pieces = {"", "abc", "ab"};
  const PieceTrie trie(pieces, {0, 1, 2});
  EXPECT_EQ(trie.Id(PieceTrie::kRoot), kNoToken);
  EXPECT_EQ(trie.Id(trie.Walk(PieceTrie::kRoot, "ab")), 2);
  EXPECT_EQ(trie.Id(trie.Walk(trie.Walk(PieceTrie::kRoot, "a"), "bc")), 1);
  EXPECT_EQ(trie.Walk(PieceTrie::kRoot, "abcd"), PieceTrie::kNone);
  EXPECT_EQ(trie.Walk(PieceTrie::kRoot, ""), PieceTrie::kRoot);
}

// A chain as deep as a piece may be long, built and walked without recursion.
TEST(PieceTrieTest, DeepChains) {
  const std::vector<std::string> pieces = {std::string(100'000, 'a')};
  const PieceTrie trie(pieces, {0});
  EXPECT_EQ(trie.Id(trie.Walk(PieceTrie::kRoot, pieces[0])), 0);
}

}  // namespace
}  // namespace tradewind
