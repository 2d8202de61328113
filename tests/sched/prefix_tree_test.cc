// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "sched/prefix_tree.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

#include "base/random.h"

namespace tradewind {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

using TokenText = std::vector<int32_t>;

class PrefixTreeTest : public testing::Test {
 protected:
  std::vector<PageId> Pages(size_t tokens) {
    std::vector<PageId> pages;
    for (size_t i = 0; i < (tokens + 3) / 4; ++i) pages.push_back(pool_.Take().value());
    return pages;
  }
  // Computes the text in fresh pages, keeps it and ends.
  std::vector<PageId> Keep(const std::string& space, const TokenText& text) {
    const std::vector<PageId> pages = Pages(text.size());
    tree_.Insert(space, text, pages);
    for (const PageId page : pages) pool_.Drop(page);
    return pages;
  }
  void TearDown() override { EXPECT_TRUE(tree_.Check()) << tree_.Check().error().ToString(); }

  PagePool pool_{16};
  PrefixTree tree_{pool_, 4};
};

TEST_F(PrefixTreeTest, WholePagesAreSharedAndTheRestCopied) {
  const auto pages = Keep("a", {1, 2, 3, 4, 5, 6, 7, 8, 9});
  const PrefixMatch match = tree_.Find("a", TokenText{1, 2, 3, 4, 5, 6, 0, 0, 0});
  EXPECT_THAT(match.pages, ElementsAre(pages[0]));
  EXPECT_EQ(match.partial, pages[1]);
  EXPECT_EQ(match.partial_positions, 2);
  EXPECT_EQ(match.positions, 6);
}

TEST_F(PrefixTreeTest, NothingOfAnotherSpace) {
  Keep("a", {1, 2, 3, 4});
  EXPECT_EQ(tree_.Find("b", TokenText{1, 2, 3, 4}).positions, 0);
  EXPECT_EQ(tree_.Find("a", TokenText{1, 2, 3, 4}).positions, 4) << "the control";
}

TEST_F(PrefixTreeTest, WhatIsThereIsNotKeptTwice) {
  Keep("a", {1, 2, 3, 4, 5, 6});
  Keep("a", {1, 2, 3, 4, 5});
  Keep("a", {1, 2, 3, 4, 5, 6});
  EXPECT_EQ(tree_.size(), 2);
  EXPECT_EQ(pool_.free(), 14);
}

TEST_F(PrefixTreeTest, ALongerTextTakesThePlaceOfAShorterOne) {
  Keep("a", {1, 2});
  Keep("a", {1, 2, 3});
  EXPECT_EQ(tree_.size(), 1);
  EXPECT_EQ(tree_.Find("a", TokenText{1, 2, 3, 4}).positions, 3);
}

TEST_F(PrefixTreeTest, AWriterGoesOnInThePageThatItShares) {
  const TokenText text{1, 2, 3, 4, 5, 6, 7};
  const std::vector<PageId> pages = Pages(text.size());
  for (size_t length = 1; length <= text.size(); ++length) {
    tree_.Insert("a", std::span(text).first(length), pages);
    EXPECT_EQ(tree_.Find("a", text).positions, static_cast<int64_t>(length));
    EXPECT_TRUE(tree_.Check());
  }
  EXPECT_EQ(tree_.size(), 2);
}

TEST_F(PrefixTreeTest, TwoWritersOfOneTextKeepOne) {
  const TokenText text{1, 2, 3, 4, 5};
  const std::vector<PageId> one = Pages(5), two = Pages(5);
  tree_.Insert("a", std::span(text).first(2), one);
  tree_.Insert("a", std::span(text).first(3), two);
  tree_.Insert("a", text, one);
  tree_.Insert("a", text, two);
  EXPECT_THAT(tree_.Find("a", text).pages, ElementsAre(one[0]));
  EXPECT_EQ(tree_.size(), 2) << "the second one's pages have gone from the tree";
  EXPECT_FALSE(pool_.kept(two[0]));
}

TEST_F(PrefixTreeTest, EvictsTheLeastRecentlyUsedLeafThatNobodyUses) {
  const auto a = Keep("s", {1, 1, 1, 1, 2});
  const auto b = Keep("s", {3, 3});
  const auto used = Pages(2);
  tree_.Insert("s", TokenText{4, 4}, used);
  tree_.Touch(tree_.Find("s", TokenText{1, 1, 1, 1, 2}));
  EXPECT_TRUE(tree_.EvictOne());
  EXPECT_FALSE(pool_.kept(b[0]));
  EXPECT_TRUE(tree_.EvictOne());
  EXPECT_FALSE(pool_.kept(a[1])) << "the leaf before its parent";
  EXPECT_TRUE(tree_.EvictOne());
  EXPECT_FALSE(pool_.kept(a[0]));
  EXPECT_FALSE(tree_.EvictOne()) << "what is left is in use";
  EXPECT_TRUE(pool_.kept(used[0]));
}

TEST_F(PrefixTreeTest, APageUnderWhichOthersAreUsedGoesLast) {
  Keep("s", {1, 1, 1, 1});
  const std::vector<PageId> pages = Pages(6);  // its own copy of the first page, and one more
  tree_.Insert("s", TokenText{1, 1, 1, 1, 2, 2}, pages);
  EXPECT_TRUE(tree_.EvictOne());
  EXPECT_EQ(tree_.size(), 0) << "with all that hangs on it";
  EXPECT_EQ(pool_.used(), 2);
  EXPECT_EQ(pool_.free(), 14);
}

TEST_F(PrefixTreeTest, DropsASpace) {
  Keep("s", {1, 1, 1, 1, 2});
  Keep("s", {1, 1, 1, 1, 3});
  Keep("t", {1});
  tree_.Drop("s");
  EXPECT_EQ(tree_.size(), 1);
  EXPECT_EQ(tree_.spaces(), 1);
  EXPECT_EQ(pool_.free(), 15);
}

// A text of a page a token: as deep as there are pages.
TEST(PrefixTree, ADeepTreeIsWalkedAndDestroyed) {
  constexpr int kDepth = 200'000;
  PagePool pool(kDepth);
  PrefixTree tree(pool, 1);
  TokenText text(kDepth);
  std::iota(text.begin(), text.end(), 0);
  std::vector<PageId> pages(kDepth);
  for (PageId& page : pages) page = pool.Take().value();
  tree.Insert("s", text, pages);
  EXPECT_EQ(tree.Find("s", text).positions, kDepth);
  for (const PageId page : pages) pool.Drop(page);
  tree.Drop("s");
  EXPECT_EQ(pool.free(), kDepth);
}

// Against a list of all texts that were kept: without eviction, what is found is the longest common beginning with any.
TEST(PrefixTree, FindsWhatASearchThroughAllTextsFinds) {
  for (uint64_t seed = 0; seed < 200; ++seed) {
    Random random(seed);
    PagePool pool(2000);
    PrefixTree tree(pool, 4);
    std::vector<TokenText> kept;
    for (int i = 0; i < 60; ++i) {
      TokenText text(1 + random.Below(14));
      for (int32_t& token : text) token = static_cast<int32_t>(random.Below(2));
      size_t most = 0;
      for (const TokenText& other : kept) {
        const size_t length = std::min(text.size(), other.size());
        const auto end = std::mismatch(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(length), other.begin()).first;
        most = std::max(most, static_cast<size_t>(end - text.begin()));
      }
      ASSERT_EQ(tree.Find("s", text).positions, static_cast<int64_t>(most)) << seed;
      std::vector<PageId> pages;
      for (size_t p = 0; p < (text.size() + 3) / 4; ++p) pages.push_back(pool.Take().value());
      tree.Insert("s", text, pages);
      if (random.Below(2) == 0) {
        for (const PageId page : pages) pool.Drop(page);
      }
      ASSERT_TRUE(tree.Check()) << seed;
      kept.push_back(text);
    }
  }
}

}  // namespace
}  // namespace tradewind
