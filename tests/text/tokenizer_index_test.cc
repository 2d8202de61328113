// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
#include "text/tokenizer_index.h"

#include <gtest/gtest.h>

#include <map>

#include "base/random.h"

namespace tradewind {
namespace {

TEST(PieceIndexTest, FindsWhatIsThereAndNothingElse) {
  std::vector<std::string> pieces;
  for (int i = 0; i < 5000; ++i) pieces.push_back("piece" + std::to_string(i * 7));
  pieces.push_back("");
  const PieceIndex index(pieces);
  for (size_t id = 0; id + 1 < pieces.size(); ++id) ASSERT_EQ(index.Find(pieces[id]), static_cast<int32_t>(id));
  EXPECT_EQ(index.Find(""), kNoToken);
  EXPECT_EQ(index.Find("piece1"), kNoToken);
  EXPECT_EQ(index.Find(std::string(1000, 'p')), kNoToken);
  EXPECT_EQ(index.longest(), std::string("piece34993").size());
  EXPECT_FALSE(index.duplicate());
}

TEST(PieceIndexTest, EmptyIndexFindsNothing) {
  EXPECT_EQ(PieceIndex().Find("a"), kNoToken);
  EXPECT_EQ(PieceIndex(std::span<const std::string>()).Find("a"), kNoToken);
}

TEST(PieceIndexTest, NamesTheFirstDuplicate) {
  const std::vector<std::string> pieces = {"a", "b", "", "", "b", "a"};
  const PieceIndex index(pieces);
  EXPECT_EQ(index.duplicate(), (std::pair<int32_t, int32_t>(1, 4)));
  EXPECT_EQ(index.Find("b"), 1);
}

TEST(PieceIndexTest, SurvivesMovingThePieces) {
  std::vector<std::string> pieces = {"short", std::string(100, 'x')};
  const PieceIndex index(pieces);
  const std::vector<std::string> moved = std::move(pieces);
  EXPECT_EQ(index.Find("short"), 0);
  EXPECT_EQ(index.Find(moved[1]), 1);
}

TEST(MergeIndexTest, AgreesWithAMap) {
  Random random(7);
  std::map<std::pair<int32_t, int32_t>, uint32_t> expected;
  MergeIndex index(4000);
  for (uint32_t rank = 0; rank < 4000; ++rank) {
    const auto left = static_cast<int32_t>(random.Below(80));
    const auto right = static_cast<int32_t>(random.Below(80));
    expected.emplace(std::pair(left, right), rank);
    index.Insert(left, right, {rank, 5});
  }
  for (int32_t left = -2; left < 80; ++left) {
    for (int32_t right = -2; right < 80; ++right) {
      const auto want = expected.find({left, right});
      const Merge* found = index.Find(left, right);
      ASSERT_EQ(found != nullptr, want != expected.end());
      if (found) {
        ASSERT_EQ(found->rank, want->second);
      }
    }
  }
}

TEST(MergeIndexTest, EmptyIndexFindsNothing) {
  EXPECT_EQ(MergeIndex().Find(0, 0), nullptr);
  EXPECT_EQ(MergeIndex(0).Find(0, 0), nullptr);
}

}  // namespace
}  // namespace tradewind
