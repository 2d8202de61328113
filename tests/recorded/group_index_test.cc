// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "recorded/group_index.h"

#include <gtest/gtest.h>

#include <map>

#include "base/random.h"

namespace tradewind {
namespace {

using Row = std::vector<uint32_t>;

TEST(GroupIndex, NumbersRowsAsAMapWould) {
  Random random(1);
  GroupIndex index(3);
  std::map<Row, uint32_t> map;
  EXPECT_FALSE(index.Find(Row{0, 0, 0}));
  for (int i = 0; i < 20000; ++i) {
    const Row row = {static_cast<uint32_t>(random.Below(30)), static_cast<uint32_t>(random.Below(30)),
                     static_cast<uint32_t>(random.Below(2) == 0 ? 0 : 0xffffffffu - random.Below(30))};
    const auto [wanted, is_new] = map.emplace(row, static_cast<uint32_t>(map.size()));
    EXPECT_EQ(index.Add(row), std::make_pair(wanted->second, is_new));
  }
  EXPECT_EQ(index.size(), map.size());
  for (const auto& [row, number] : map) EXPECT_EQ(index.Find(row), number);
  EXPECT_FALSE(index.Find(Row{30, 0, 0}));
}

TEST(GroupIndex, WithoutDigitsThereIsOneRow) {
  GroupIndex index;
  EXPECT_EQ(index.Add({}), std::make_pair(0u, true));
  EXPECT_EQ(index.Add({}), std::make_pair(0u, false));
  EXPECT_EQ(index.Find({}), 0u);
}

}  // namespace
}  // namespace tradewind
