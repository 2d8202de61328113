// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "base/page_arena.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>

namespace tradewind {
namespace {

TEST(PageArena, GivesAlignedZerosUntilTheRoomIsUsedUp) {
  PageArena arena = PageArena::Map(10'000).value();
  std::byte* first = arena.Take(100);
  std::byte* second = arena.Take(9'000);
  ASSERT_NE(first, nullptr);
  ASSERT_NE(second, nullptr);
  EXPECT_EQ(reinterpret_cast<uintptr_t>(first) % 64, 0u);
  EXPECT_EQ(reinterpret_cast<uintptr_t>(second) % 64, 0u);
  EXPECT_GE(second, first + 100);
  EXPECT_TRUE(std::all_of(second, second + 9'000, [](std::byte b) { return b == std::byte{}; }));
  std::memset(first, 1, 100);
  std::memset(second, 2, 9'000);
  EXPECT_EQ(first[99], std::byte{1});
  EXPECT_EQ(arena.Take(4'000), nullptr);
  EXPECT_NE(arena.Take(1), nullptr) << "what is left can still be had";
  EXPECT_EQ(arena.Take(~uint64_t{0}), nullptr);
}

TEST(PageArena, LargeOnesBeginAtAHugePage) {
  PageArena arena = PageArena::Map(5 << 20).value();
  std::byte* all = arena.Take(5 << 20);
  ASSERT_NE(all, nullptr);
  EXPECT_EQ(reinterpret_cast<uintptr_t>(all) % (2 << 20), 0u);
  std::memset(all, 7, 5 << 20);
}

TEST(PageArena, CollapsingKeepsAddressesAndContents) {
  PageArena arena = PageArena::Map(5 << 20, PageArena::Filling::kSparse).value();
  std::byte* all = arena.Take(5 << 20);
  ASSERT_NE(all, nullptr);
  for (size_t i = 0; i < 5 << 20; i += 10'007) all[i] = static_cast<std::byte>(i * 31 / 7);
  arena.Collapse();
  for (size_t i = 0; i < 5 << 20; i += 10'007) ASSERT_EQ(all[i], static_cast<std::byte>(i * 31 / 7)) << i;
  EXPECT_EQ(all[10'008], std::byte{});
  PageArena().Collapse();
  PageArena::Map(100, PageArena::Filling::kSparse)->Collapse();
}

TEST(PageArena, MovesAndEmptyOnesHaveNoRoom) {
  PageArena empty;
  EXPECT_EQ(empty.Take(1), nullptr);
  EXPECT_EQ(PageArena::Map(0)->Take(1), nullptr);
  PageArena arena = PageArena::Map(4096).value();
  std::byte* piece = arena.Take(64);
  PageArena moved = std::move(arena);
  piece[0] = std::byte{5};
  EXPECT_EQ(moved.Take(64), piece + 64);
}

TEST(PageArena, WhatCannotBeHadIsNamed) {
  const auto arena = PageArena::Map(uint64_t{1} << 60);
  ASSERT_FALSE(arena);
  EXPECT_EQ(arena.error().code(), StatusCode::kResourceExhausted);
  EXPECT_NE(arena.error().message().find("1152921504606846976"), std::string::npos);
}

}  // namespace
}  // namespace tradewind
