// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "sched/page_pool.h"

#include <gtest/gtest.h>

#include <set>

namespace tradewind {
namespace {

TEST(PagePool, GivesEachPageOnce) {
  PagePool pool(5);
  std::set<PageId> taken;
  while (const auto page = pool.Take()) taken.insert(*page);
  EXPECT_EQ(taken, (std::set<PageId>{0, 1, 2, 3, 4}));
  EXPECT_EQ(pool.used(), 5);
  EXPECT_EQ(pool.free(), 0);
}

TEST(PagePool, APageIsFreeWhenItsLastUserIsGone) {
  PagePool pool(1);
  const PageId page = pool.Take().value();
  pool.Use(page);
  pool.Drop(page);
  EXPECT_FALSE(pool.Take());
  pool.Drop(page);
  EXPECT_EQ(pool.Take(), page);
}

TEST(PagePool, WhatIsKeptIsNotFree) {
  PagePool pool(1);
  const PageId page = pool.Take().value();
  pool.Keep(page);
  EXPECT_EQ(pool.kept_only(), 0) << "it is in use";
  pool.Drop(page);
  EXPECT_EQ(pool.kept_only(), 1);
  EXPECT_EQ(pool.used(), 0);
  EXPECT_FALSE(pool.Take());
  pool.Use(page);
  EXPECT_EQ(pool.kept_only(), 0);
  pool.Forget(page);
  EXPECT_EQ(pool.free(), 0) << "it is in use";
  pool.Drop(page);
  EXPECT_EQ(pool.free(), 1);
}

TEST(PagePoolDeathTest, GivingBackTwiceIsABug) {
  PagePool pool(2);
  const PageId page = pool.Take().value();
  pool.Drop(page);
  EXPECT_DEATH(pool.Drop(page), "uses > 0");
  EXPECT_DEATH(pool.Use(page), "kept");
  EXPECT_DEATH(pool.Forget(page), "kept");
}

}  // namespace
}  // namespace tradewind
