// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "graph/native/view.h"

#include <gtest/gtest.h>

namespace tradewind {
namespace {

const NativeValue kValue = {.name = "v", .batch = 2, .height = 3, .width = 5, .channels = 4, .border = {1, 2, 1, 0}};

// Where each number of a view lies, in the view's own order.
std::vector<int64_t> Places(const View& view) {
  std::vector<int64_t> places = {view.Origin(kValue)};
  for (const auto& axis : view.Offsets(kValue)) {
    std::vector<int64_t> next;
    for (const int64_t p : places) {
      for (const int64_t offset : axis) next.push_back(p + offset);
    }
    places = next;
  }
  return places;
}

TEST(View, APictureIsChannelsRowsColumns) {
  const std::vector<int64_t> places = Places(View::OfPicture(kValue));
  size_t i = 0;
  for (int64_t n = 0; n < 2; ++n) {
    for (int64_t c = 0; c < 4; ++c) {
      for (int64_t y = 0; y < 3; ++y) {
        for (int64_t x = 0; x < 5; ++x) ASSERT_EQ(places[i++], kValue.At(n, y, x) + c);
      }
    }
  }
}

TEST(View, ReshapingKeepsTheOrder) {
  const View picture = View::OfPicture(kValue);
  for (const std::vector<int64_t>& shape :
       std::vector<std::vector<int64_t>>{{2, 60}, {8, 15}, {2, 2, 2, 3, 5}, {1, 2, 4, 1, 15}, {120}, {2, 4, 3, 5, 1}, {2, 2, 30}}) {
    const auto reshaped = picture.Reshaped(shape);
    ASSERT_TRUE(reshaped);
    EXPECT_EQ(reshaped->shape(), shape);
    EXPECT_EQ(Places(*reshaped), Places(picture));
    EXPECT_EQ(*reshaped->Reshaped(picture.shape()), picture) << "and back";
  }
}

TEST(View, WhatWouldHaveToMoveIsNothing) {
  const std::vector<int64_t> order = {0, 2, 1, 3};
  const View rows_first = View::OfPicture(kValue).Transposed(order);  // 2, 3, 4, 5
  const auto joined = rows_first.Reshaped(std::vector<int64_t>{2, 12, 5});
  ASSERT_TRUE(joined) << "joining never moves";
  EXPECT_FALSE(joined->Reshaped(std::vector<int64_t>{2, 4, 3, 5})) << "threes across rows of four channels";
  EXPECT_TRUE(joined->Reshaped(std::vector<int64_t>{2, 3, 4, 5}));
}

TEST(View, PartsBeginWhereTheyBegin) {
  const View picture = View::OfPicture(kValue);
  const View part = picture.Range(1, 2, 2).Taken(2, std::vector<int64_t>{2, 0});
  EXPECT_EQ(part.shape(), (std::vector<int64_t>{2, 2, 2, 5}));
  EXPECT_EQ(part.Origin(kValue), kValue.At(0, 2, 0) + 2);
  EXPECT_EQ(Places(part)[5], kValue.At(0, 0, 0) + 2);
  EXPECT_FALSE(part.IsChannels(1, kValue));
  EXPECT_TRUE(picture.IsChannels(1, kValue));
  EXPECT_FALSE(picture.IsChannels(2, kValue));
}

}  // namespace
}  // namespace tradewind
